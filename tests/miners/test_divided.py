"""Broken down, an analysis says of each value what it says of that value's customers alone."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj import miners
from ganj.parameters import build
from ganj.views.divided import OTHERS, SHOWN, Split
from words import write

NAMES = ("lifecycle", "stickiness", "timing", "paths", "journey")
every_name = pytest.mark.parametrize("name", NAMES)


def asked(name, by):
    cls = miners.find(name)
    own = (
        {"activity": "any", "intervals": 100}
        if name == "stickiness"
        else {"events": "any"}
        if name == "timing"
        else {}
    )
    words = {"until": "2024-04-15", "zone": "Asia/Tehran", "calendar": "jalali", **cls.example, **own}
    return build(cls, {**words, "events": (), "by": by} if name == "journey" else {**words, "by": by})


def value_of(person, city, by):
    """The slow way: the trait, or the first channel among a customer's events in order of time."""
    if by == "city":
        return city or ""
    told = sorted(
        (float(word.split("@")[1].split("=")[0].split("[")[0]), at, word)
        for at, word in enumerate(person.split())
    )
    return next((word.split("channel=")[1][:-1] for *_, word in told if "channel=" in word), "")


@st.composite
def shops(draw):
    event = st.sampled_from(["visit", "cart", "order=10", "ticket"])
    day = st.sampled_from([0, 0.02, 1, 1, 8, 31, 60.5, 61])
    channel = st.sampled_from(["", "[channel=app]", "[channel=web]"])
    people = []
    for _ in range(draw(st.integers(1, 7))):
        each = draw(st.lists(st.tuples(event, day, channel), max_size=5))
        words = [e.replace("=", f"@{d}=") + c if "=" in e else f"{e}@{d}{c}" for e, d, c in each]
        people.append(" ".join(sorted(words, key=lambda word: float(word.split("@")[1].split("=")[0].split("[")[0]))))  # fmt: skip
    cities = draw(st.lists(st.sampled_from(["Rey", "Qom", None]), min_size=len(people), max_size=len(people)))
    return people, cities


@every_name
@pytest.mark.parametrize("by", ["city", "channel"])
@given(shop=shops())
@settings(max_examples=12, deadline=None)
def test_each_value_is_its_customers_alone(name, by, shop):
    people, cities = shop
    miner = asked(name, by)
    whole = as_read(miner, write(*people, traits={"city": cities}))
    report, plain = run(miner, whole), msgspec.structs.replace(miner, by="")
    values = [value_of(*one, by) for one in zip(people, cities, strict=True)]
    for label in set(values):
        alone = run(plain, whole.choose(np.array([value == label for value in values])))
        for table in (f"{one}_by" for one in alone.tables):
            if table in report.tables:
                same_rows(report.tables[table], label, alone.tables[table[:-3]])


def same_rows(told, label, alone):
    """The rows of one value are those of the value alone; rows that others have and it lacks are zero."""
    codes = [name for name, _ in told.columns[0].choices]
    if label not in codes:  # it has nobody to tell of
        return
    mine = np.flatnonzero(np.asarray(told.values["group"]) == codes.index(label))
    head = [c for c in alone.columns if c.unit in {"period", "category"} or c.name in {"intervals", "hour", "place"}]  # fmt: skip
    counts = [c for c in alone.columns if c.unit in {"customers", "count"} and c not in head and c.name != "steps"]  # fmt: skip
    found = {
        tuple(plain(told, c.name, row) for c in head): [told.values[c.name][row] for c in counts]
        for row in mine
    }
    wanted = {
        tuple(plain(alone, c.name, row) for c in head): [alone.values[c.name][row] for c in counts]
        for row in range(len(alone))
    }
    assert {key: row for key, row in found.items() if any(row)} == {
        key: row for key, row in wanted.items() if any(row)
    }


def plain(table, name, row):
    """A value as a program reads it."""
    column = next(c for c in table.columns if c.name == name)
    value = table.values[name][row]
    return column.choices[value][0] if column.unit == "category" else value


@every_name
def test_the_values_add_up_to_everyone_and_few_are_told_apart(name):
    people = [
        f"visit@{n % 5 + 90} order@{n % 5 + 90.01}=10 visit@{n % 5 + 90.015}[city=c{min(n // 3, 14)}]"
        for n in range(60)
    ]
    miner = asked(name, "city")
    histories = as_read(miner, write(*people))
    report, found = run(miner, histories), scores(miner, histories)
    groups = report.tables["groups"]
    assert len(groups) == SHOWN + 1
    assert groups.columns[0].choices[-1][0] == OTHERS
    assert groups.values["customers"].sum() == 60
    assert groups.values["customers"][0] == 18  # the last value has the most customers
    assert [len(behind(found, opens)) for opens in groups.opens["customers"]] == groups.values["customers"].tolist()  # fmt: skip


def test_more_values_than_are_kept_are_joined_and_nobody_is_lost():
    parts = [Split(1, {f"{n}": (1 + n % 7, 1 + n % 7) for n in range(k, 400, 3)}) for k in range(3)]
    joined = parts[0] + parts[1] + parts[2]
    assert len(joined.each) == 257
    assert sum(size for size, _ in joined.each.values()) == sum(1 + n % 7 for n in range(400))
    assert all(size == state for size, state in joined.each.values())
    assert list(joined.shown())[-1] == OTHERS
