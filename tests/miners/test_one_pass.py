"""What is counted in one pass is what the lists of every customer's periods, sessions and moves add up to."""

import msgspec
import numpy as np
import pytest

from ganj.calendar import edges
from ganj.histories import DAY, HOUR, Histories
from ganj.miners.lifecycle import Lifecycle
from ganj.miners.paths import Paths
from ganj.miners.retention import Retention
from ganj.miners.sessions import Sessions
from ganj.views.retention_cells import slowly

NAMES = ("visit", "cart", "order")
BEGUN = 1_700_000_000_000_000
TEHRAN = {"calendar": "jalali", "zone": "Asia/Tehran", "week_start": 5}


def some(seed):
    """Customers with up to 40 events, some of one instant, some customers with none."""
    dice = np.random.default_rng(seed)
    sizes = dice.integers(0, 40, 25) * (dice.random(25) < 0.8)
    rows = int(sizes.sum())
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    steps = dice.choice([0, 1, HOUR // 2, 5 * HOUR, DAY, 40 * DAY], rows)
    time = np.concatenate([np.cumsum(part) for part in np.split(steps, offsets[1:-1])]) + BEGUN
    return Histories(
        customer=np.arange(25, dtype=np.int32),
        offsets=offsets,
        columns={
            "time": time.astype(np.int64),
            "event": dice.integers(0, 3, rows).astype(np.int32),
            "amount": np.where(dice.random(rows) < 0.5, np.nan, dice.integers(1, 9, rows)),
            "channel": np.full(rows, -1, np.int32),
        },
        names={"event": NAMES},
    )


def same(one, other):
    np.testing.assert_array_equal(one.keys, other.keys)
    np.testing.assert_allclose(one.values, other.values)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_retention(seed, period):
    histories = some(seed)
    for more in ({}, {"cohorts": "recurring"}, {"at_least": 2}, {"brackets": (1, 3)}):
        miner = Retention(**TEHRAN, period=period, ages=5, start="order", returns=("any",), **more)
        found = miner.scan(histories)
        cells, flow = slowly(miner._spells(histories), miner._spans, miner._bins, miner._rule)
        same(found.cells, cells)
        same(found.flow, flow)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("period", ["day", "month"])
def test_life_cycle(seed, period):
    histories = some(seed)
    miner = Lifecycle(
        **TEHRAN, period=period, activity=("visit", "order"), responses=("cart",), purchases=("order",)
    )
    for idle in (2 * DAY, 60 * DAY):
        asked = msgspec.structs.replace(
            miner, idle=msgspec.convert(idle / 1e6, type(miner.idle), strict=False)
        )
        found, (states, flows, stages, ever) = asked.scan(histories), asked._slowly(histories)
        same(found.states, states)
        same(found.flows, flows)
        np.testing.assert_array_equal(found.stages, stages)
        np.testing.assert_array_equal(found.ever, ever)


@pytest.mark.parametrize("seed", range(12))
def test_sessions(seed):
    histories = some(seed)
    miner = Sessions(
        **TEHRAN, events=("visit", "cart"), views=("visit",), purchases=("order",), period="week"
    )
    found, slow = miner.scan(histories), miner._slowly(histories)
    same(found.periods, slow["periods"])
    np.testing.assert_allclose(found.total, slow["total"])
    for name in ("lengths", "pages"):
        np.testing.assert_array_equal(getattr(found, name).keys, slow[name].keys)
        np.testing.assert_array_equal(getattr(found, name).count, slow[name].count)
    for name in ("entries", "exits"):
        groups = getattr(found, name).values
        assert groups.keys() == slow[name].values.keys()
        for label, row in groups.items():
            np.testing.assert_allclose(row, slow[name].values[label])


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("collapse", [True, False])
def test_paths(seed, collapse):
    histories = some(seed)
    miner = Paths(steps=3, collapse=collapse, events=("visit", "cart", "order"))
    found, (tallies, sessions, customers) = miner.scan(histories), miner._counted(miner._cut(histories))
    assert (found.sessions, found.customers) == (sessions, customers)
    for name, tally in tallies.items():
        same(found.sums.tallies[name], tally)


def test_the_last_period_holds_the_last_instant_though_clocks_went_back_over_midnight():
    one_to_midnight = 1_162_090_860_000_000  # 2006-10-29 00:01 in St John's, where it became 23:01 again
    _, begins = edges(
        one_to_midnight - 60_000_000, one_to_midnight + 1, "day", "gregorian", "America/St_Johns"
    )
    assert begins[0] <= one_to_midnight - 60_000_000
    assert begins[-1] > one_to_midnight
