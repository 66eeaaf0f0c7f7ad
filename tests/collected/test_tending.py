"""What was collected is tidied beside loads: nothing waits for it, nothing is lost or doubled by it."""

import itertools
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ganj
from collecting import collect, event, group, identify, segment, workspace
from ganj.miner import Reads
from ganj.miners.rfm import Rfm
from ganj.store import derived, fresh, packing, piles, taking, works

PEOPLE = 6


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Three files made one, runs of twelve events, three runs made one; pieces of two rows."""
    monkeypatch.setattr(fresh, "MANY", 3)
    monkeypatch.setattr(fresh, "LARGE", 9)
    monkeypatch.setattr(piles, "LARGE", 9)
    monkeypatch.setattr(piles, "STACK", 12)
    monkeypatch.setattr(piles, "NARROW", 5)
    monkeypatch.setattr(taking, "AT_ONCE", 1)
    monkeypatch.setattr(works, "FAN", 3)
    monkeypatch.setattr(works, "MANY_DISPLACED", 1)
    monkeypatch.setattr(packing, "GROUP", 1)
    monkeypatch.setattr(works, "rows_at_once", lambda _: 2)


@pytest.fixture
def held(monkeypatch):
    """Writing of runs that has begun when the first says so, and goes on when the second does."""
    going_on, enough = threading.Event(), threading.Event()

    def slowly(*told):
        going_on.set()
        assert enough.wait(30)
        return packing.packed(*told)

    monkeypatch.setattr(works, "packed", slowly)
    return going_on, enough


def of_most(shop, most):
    """Let so many events stay fresh."""
    shop.store._derived.tending._most = most
    return shop


def bought(number, who, at):
    about = {"order_id": f"o{number}", "total": number + 1, "products": [{"product_id": "a", "price": 2}]}
    return event("Order Completed", f"c{who}", at, m=f"m{number}", p=about)


def events(shop):
    """All that is stored, by customer and time."""
    parts = shop.store.histories(Reads(columns=("time", "event", "amount", "order"), nobody=True))
    rows = [
        (
            int(part.customer[who]),
            *(part.columns[name][row].item() for name in ("time", "event", "amount", "order")),
        )
        for part in parts
        for row, who in enumerate(part.owner)
    ]
    return repr(sorted(rows, key=repr)), len(rows)


def count(shop):
    return events(shop)[1]


def reports(shop):
    profiles = [shop.store.profile(number) for number in range(PEOPLE)]
    return [repr(shop.mine(Rfm()).to_json() | {"data_version": None}), events(shop), repr(profiles)]


load = st.tuples(
    st.just("load"),
    st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 5)), min_size=1, max_size=6),
)
other = st.tuples(st.sampled_from(["settle", "seal", "merge", "undo", "look"]), st.integers(0, 30))


numbers = itertools.count()


def do(shop, what, told, merges):
    if what == "load":
        collect(shop, *(bought(next(numbers), who, at) for who, at in told))
    elif what == "merge":
        one, two = told % PEOPLE, told // PEOPLE
        if one != two and two < PEOPLE:
            try:
                merges.append(shop.merge(f"customer_id:c{one}", f"customer_id:c{two}", {"why": "test"}).id)
            except ganj.GanjError:  # they are one already
                return
    elif what == "undo" and merges:
        shop.unmerge(merges.pop(told % len(merges)))
    elif what == "settle":
        shop.store.settle()
    elif what == "seal":
        shop.store.seal()


@given(story=st.lists(st.one_of(load, load, other), min_size=4, max_size=14))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_happens_between_it_is_as_if_made_anew(story):
    with tempfile.TemporaryDirectory() as folder, workspace(Path(folder), currency="USD") as shop:
        of_most(shop, 12)
        collect(shop, *(identify(f"c{n}", m=f"i{n}") for n in range(PEOPLE)))
        merges = []
        for what, told in story:
            do(shop, what, told, merges)
        before = reports(shop)
        shop.store.settle()
        assert reports(shop) == before
        assert shop.verify() == ()
        shop.rebuild()
        assert reports(shop) == before


def sealed_beside(shop, going_on, enough):
    """Let a seal come between the beginning of a tidying and its end."""
    collect(of_most(shop, 7), *(event(m=f"a{n}") for n in range(8)))
    assert going_on.wait(30)
    shop.store.seal()
    enough.set()
    shop.store.settle()


def test_loads_go_on_while_runs_are_made_one(tmp_path, held):
    going_on, enough = held
    with workspace(tmp_path) as shop:
        of_most(shop, 7)
        collect(shop, *(event(m=f"a{n}") for n in range(8)))
        assert going_on.wait(30)
        for n in range(6):  # all of it while the first eight are being written
            begun = time.monotonic()
            assert collect(shop, event(m=f"b{n}")).events == 1
            assert time.monotonic() - begun < 2
            assert count(shop) == 9 + n
        assert collect(shop, event(m="a3"), event(m="b3")).duplicates == 2
        enough.set()
        shop.store.settle()
        assert count(shop) == 14
        assert len(list((shop.folder / "runs").glob("*.parquet"))) >= 1
        assert collect(shop, event(m="a3"), event(m="b3")).duplicates == 2
        assert shop.verify() == ()


def test_what_an_import_has_sealed_meanwhile_is_not_exchanged(tmp_path, held):
    with workspace(tmp_path) as shop:
        sealed_beside(shop, *held)
        assert count(shop) == 8
        assert shop.verify() == ()
        named = {run.path.name for run in shop.store.snapshot.runs}
        assert {path.name for path in (shop.folder / "runs").glob("*.parquet")} == named


def test_what_it_would_read_was_made_one_file_with_others_meanwhile(tmp_path, held):
    with workspace(tmp_path) as shop:
        of_most(shop, 100)
        collect(shop, event(m="first"))
        shop.store.seal()  # writes a file of identities, which the next seal writes anew
        sealed_beside(shop, *held)
        assert count(shop) == 9
        assert collect(shop, event(m="first"), event(m="a3")).duplicates == 2
        assert shop.verify() == ()


def test_many_runs_become_few_and_those_who_were_merged_lie_together(tmp_path):
    with workspace(tmp_path, currency="USD") as shop:
        of_most(shop, 7)
        for n in range(14):
            collect(shop, *(bought(4 * n + k, k, n) for k in range(4)))
            shop.store.settle()
        shop.merge("customer_id:c0", "customer_id:c1", {"why": "test"})
        before = reports(shop)
        for n in range(200, 203):
            collect(shop, *(event(m=f"x{n}{k}", user=f"y{k}") for k in range(8)))
            shop.store.settle()
        assert not len(shop.store.snapshot.standing.displaced)
        assert reports(shop)[0] == before[0]
        assert len(shop.store.snapshot.runs) <= 5 * 9
        assert shop.verify() == ()


def test_a_byte_that_changes_in_what_was_packed_is_found(tmp_path):
    with workspace(tmp_path) as shop:
        collect(of_most(shop, 7), *(event(m=f"a{n}") for n in range(8)))
        shop.store.settle()
        assert shop.verify() == ()
        path = next((shop.folder / "runs").glob("*.parquet"))
        whole = bytearray(path.read_bytes())
        whole[len(whole) // 2] ^= 1
        path.write_bytes(whole)
        (wrong,) = shop.verify()
        assert wrong.path == str(path)


WORK = """
import sys
from pathlib import Path
from ganj.store import Limits, Store, fresh, works
fresh.MANY = works.FAN = 3
with Store.open(Path(sys.argv[1]), Limits(fresh=1)) as store:
    print("open", flush=True)
    while store.absorb(0).lines:
        pass
    store.settle()
    print("done", flush=True)
"""


def test_killed_while_tidying_nothing_is_lost_or_doubled(tmp_path, monkeypatch):
    dice = random.Random(5)
    with workspace(tmp_path) as shop:
        folder = shop.folder
    monkeypatch.setattr(derived, "SMALL", 1_000)
    for number in range(60):
        segment(
            folder / "log",
            group(*(event(m=f"{number}-{n}", user=f"u{n}") for n in range(5))),
            number=number + 1,
        )
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", WORK, str(folder)], stdout=subprocess.PIPE, text=True
        ) as worker:
            worker.stdout.readline()
            time.sleep(dice.uniform(0.0, 0.6))
            worker.send_signal(signal.SIGKILL)
    with ganj.open(folder) as shop:
        shop.store.absorb()
        assert count(shop) == 300
        assert shop.verify() == ()
        shop.store.settle()
        assert count(shop) == 300
        assert shop.verify() == ()
