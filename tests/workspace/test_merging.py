"""Merges and their undoing, over every analysis: what was undone never was, what was merged always was one."""

import hashlib
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import ganj
from ganj import miners
from ganj.errors import UnknownName
from ganj.events import ROWS
from ganj.identity.errors import AlreadyUndone, BadIdentifier, NoSuchIdentifier, SamePerson, UnknownMerge
from ganj.parameters import build
from stored import UTC_SETTINGS, row

HOUR = 3_600_000_000
BEGIN = 1_704_067_200_000_000  # 2024-01-01
EVENTS = (
    *("Page Viewed", "Product Viewed", "Product Added", "Checkout Started", "Signed Up"),
    *("Order Completed", "Order Refunded", "Ticket Opened", "Ticket Solved"),
    *miners.find("journey").example["events"],
)
PEOPLE = 7
quick = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def rows(persons, seed):
    """Some hundred events of customers ``c0`` … with traits; whoever ``persons`` says is one has one id."""
    dice = np.random.default_rng(seed)
    told = []
    for n in range(150):
        number = int(dice.integers(PEOPLE))
        event = str(EVENTS[n] if n < len(EVENTS) else dice.choice(EVENTS))
        order = event.startswith("Order")
        one = row(
            n,
            customer=f"c{persons[number]}",
            event=event,
            time=BEGIN + n * 9 * HOUR + int(dice.integers(HOUR)),
            properties={
                "device": str(dice.choice(["phone", "desk"])),
                "gateway": str(dice.choice(["one", "two"])),
                "path": f"/{dice.integers(4)}",
                "topic": str(dice.choice(["late", "broken"])),
            },
            order=f"O{n}" if order else None,
            amount=float(dice.integers(1, 90)) * 1000 if order else None,
            product=str(dice.choice(["apple", "pear", "fig"])) if n % 3 else None,
            quantity=1.0 if order else None,
            traits={
                "city": str(dice.choice(["Rey", "Qom", "Yazd"])),
                "province": str(dice.choice(["Tehran", "Fars"])),
                "gender": str(dice.choice(["woman", "man"])),
                "age": float(dice.integers(20, 60)),
            },
        )
        told.append(one | {"content": hashlib.md5(str(n).encode()).digest()})
    return told


@contextmanager
def shop(persons=range(PEOPLE), seed=0, imports=2):
    with TemporaryDirectory() as name:
        folder = Path(name)
        with ganj.create(folder / "shop", UTC_SETTINGS, buckets=3) as made:
            for part in np.array_split(np.arange(150), imports):
                told = rows(list(persons), seed)[part[0] : part[-1] + 1]
                pq.write_table(pa.Table.from_pylist(told, schema=ROWS), folder / "rows.parquet")
                made.load_rows(folder / "rows.parquet")
            yield made


def example(name):
    return build(miners.find(name), {"until": "2024-03-01", **miners.find(name).example})


def alike(told):
    """Return a report without the customers' numbers and the last bits of sums.

    A shop of fewer customers numbers them otherwise and adds their parts in another order.
    """
    for table in told["tables"].values():
        names = [column["name"] for column in table["columns"]]
        if "customer" in names:
            at = names.index("customer")
            order = sorted({row[at] for row in table["rows"]})
            table["rows"] = [[*row[:at], order.index(row[at]), *row[at + 1 :]] for row in table["rows"]]
    return rounded(told)


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


def reports(made, *, numbers=True):
    """All that every analysis says, as bytes; without the customers' numbers where these do not matter."""
    told = {}
    for name in miners.names():
        mined = made.mine(example(name))
        said = msgspec.json.decode(msgspec.json.encode(mined.to_json(UTC_SETTINGS), enc_hook=str))
        said.pop("data_version", None)
        told[name] = msgspec.json.encode(said if numbers else alike(said))
        if miners.find(name).scored:
            scores = mined.scores().to_pydict()
            told[f"{name} scores"] = repr(scores if numbers else rounded(scores | {"customer": None}))
    return told


pairs = st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), pairs),
        st.tuples(st.just("undo"), st.integers(0, 5)),
        st.tuples(st.sampled_from(["seal", "rebuild", "settle", "read"]), st.none()),
    ),
    max_size=9,
)


def do(made, what, given_, merges, monkeypatch=None):
    """Do one step; merges that stand are kept in ``merges``."""
    if what == "merge":
        try:
            merges.append(made.merge(*(f"customer_id:c{n}" for n in given_), {"why": "test"}).id)
        except SamePerson:
            return
    elif what == "undo" and merges:
        made.unmerge(merges.pop(given_ % len(merges)))
    elif what == "rebuild":
        made.rebuild()
    elif what == "read":
        assert made.store.snapshot.customers == PEOPLE
    elif what in {"seal", "settle"}:
        with pytest.MonkeyPatch.context() as patch:
            if what == "settle":
                patch.setattr("ganj.store.sealing.MANY_DISPLACED", 1)
            made.store.seal()


@given(story=steps, seed=st.integers(0, 3))
@quick
def test_undoing_restores_every_report_byte_for_byte(story, seed):
    with shop(seed=seed) as made:
        before, merges = reports(made), []
        for what, told in story:
            do(made, what, told, merges)
        assert made.verify() == ()
        while merges:
            made.unmerge(merges.pop())
        assert reports(made) == before
        assert made.verify() == ()


@given(story=steps, seed=st.integers(0, 3))
@quick
def test_merged_is_as_if_collected_as_one_from_the_start(story, seed):
    with shop(seed=seed) as made:
        merges = []
        for what, told in story:
            do(made, what, told, merges)
        now = [made.store.persons.owner(("customer_id", f"c{n}")) for n in range(PEOPLE)]
        first = [now.index(customer) for customer in now]
        found = reports(made, numbers=False)
    with shop(first, seed=seed) as other:
        assert reports(other, numbers=False) == found


def test_who_is_merged_why_and_by_whom_is_listed():
    with shop() as made:
        merge = made.merge("customer_id:c1", 0, {"same": "national code"}, by="sara")
        assert made.merges() == [merge]
        assert (merge.by, merge.evidence, merge.automatic) == ("sara", {"same": "national code"}, False)
        undone = made.unmerge(merge.id, by="ali")
        assert (undone.undone_by, undone.undone is not None) == ("ali", True)
        made.rebuild()
        assert made.merges() == [undone]


@pytest.mark.parametrize(
    ("sides", "mistake"),
    [
        (("customer_id:c1", "customer_id:nobody"), NoSuchIdentifier),
        (("customer_id:c1", 10**6), UnknownName),
        (("customer_id:c1", -1), UnknownName),
        (("customer_id:c1", 10**12), UnknownName),
        (("customer_id:c1", "what is this"), BadIdentifier),
        (("customer_id:c1", "national_code:1234567890"), BadIdentifier),
        (("customer_id:c1", "customer_id:c1"), SamePerson),
    ],
    ids=str,
)
def test_what_cannot_be_merged_says_why(sides, mistake):
    with shop() as made, pytest.raises(mistake) as why:
        made.merge(*sides)
    assert why.value.message("fa")
    assert why.value.message("en")


def test_what_cannot_be_undone_says_why():
    with shop() as made:
        with pytest.raises(UnknownMerge):
            made.unmerge("never")
        merge = made.merge("customer_id:c1", "customer_id:c2").id
        made.unmerge(merge)
        with pytest.raises(AlreadyUndone):
            made.unmerge(merge)
