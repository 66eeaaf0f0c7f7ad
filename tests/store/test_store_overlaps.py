"""Overlapping exports unite; taking one back leaves exactly the other."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganj.store import Limits, Store
from store_words import load, replay, told

WHO = st.sampled_from(["ali", "ali&mail:a@x", "mail:a@x", "sara", "phone:+1", "sara&phone:+1", "-"])
WHAT = st.sampled_from(["order", "return"])


@st.composite
def lines(draw):
    """One line of an order, or a visit."""
    who, day = draw(WHO), draw(st.integers(1, 4))
    if draw(st.booleans()):
        return f"{who} visit@{day} city={draw(st.sampled_from(['Rey', 'Qom']))}"
    product, price = (
        draw(st.sampled_from(["apple", "fig"])),
        draw(st.sampled_from(["0.1", "0.7", "1000000.3"])),
    )
    order = draw(st.sampled_from(["O1", "O2", "O3"]))
    return f"{who} {draw(WHAT)}@{day} {order} {product}*{draw(st.integers(1, 3))}@{price}"


FILES = st.lists(lines(), min_size=2, max_size=12, unique=True)
FRESH = st.sampled_from([0, 2, 1000])
slowly = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@contextmanager
def stores(fresh, count=2):
    with TemporaryDirectory() as folder:
        made = []
        for n in range(count):
            (Path(folder) / str(n)).mkdir()
            made.append(Store.create(Path(folder) / str(n) / "ws", buckets=2, limits=Limits(fresh=fresh)))
        try:
            yield made
        finally:
            for store in made:
                store.close()


def alike(lines):
    """Identities that hang on what came before are another test: here everyone has one identifier."""
    lines = [line.replace("ali&mail:a@x", "ali").replace("sara&phone:+1", "sara") for line in lines]
    return list(dict.fromkeys(lines))


@slowly
@given(FILES, st.integers(0, 12), st.integers(0, 12), st.booleans(), FRESH)
def test_two_overlapping_files_in_either_order_are_as_one(every, start, stop, turned, fresh):
    every = alike(every)
    start, stop = sorted((start % (len(every) + 1), stop % (len(every) + 1)))
    parts = [every[:stop] or every[:1], every[start:] or every[-1:]]
    with stores(fresh) as (one, two):
        whole = load(one, list(dict.fromkeys(parts[0] + parts[1])))
        loaded = [load(two, part) for part in (reversed(parts) if turned else parts)]
        assert told(two) == told(one)
        assert sum(part.imported for part in loaded) == whole.imported
        assert abs(sum(part.amount for part in loaded) - whole.amount) < 1e-6
        assert two.verify() == []


@slowly
@given(st.lists(FILES, min_size=2, max_size=3), st.data(), FRESH)
def test_an_import_taken_back_was_never_there(files, data, fresh):
    with stores(fresh) as (one, two):
        for lines_of in files:
            load(one, lines_of)
        gone = data.draw(st.permutations(range(len(files))))[: data.draw(st.integers(1, len(files)))]
        for number in gone:
            one.undo(number + 1, replay)
        for number, lines_of in enumerate(files):
            if number not in gone:
                load(two, lines_of)
        assert told(one) == told(two)
        assert one.names("event") == two.names("event")
        assert one.names("product") == two.names("product")
        assert one.span() == two.span()
        kept = [batch.counts for batch in one.batches() if batch.active]
        for mine, theirs in zip(kept, (batch.counts for batch in two.batches()), strict=True):
            mine.batch = theirs.batch = 0
            assert mine == theirs
        assert one.verify() == []


def test_what_was_left_out_as_double_comes_back_when_the_first_is_undone(tmp_path):
    with Store.create(tmp_path / "ws", buckets=2) as store:
        load(store, ["ali order@1 O1 apple*1@5", "sara order@2 O2 fig*1@7"])
        load(store, ["sara order@2 O2 fig*1@7", "reza order@3 O3 fig*1@9"])
        version = store.data_version
        info = store.undo(1, replay)
        assert (info.status, info.counts.imported, info.counts.amount) == ("undone", 2, 12.0)
        first, second = store.batches()
        assert first.status == "undone"
        assert (second.counts.imported, second.counts.duplicates, second.counts.amount) == (2, 0, 16.0)
        assert [line[0] for line in told(store)] == ["customer_id:reza", "customer_id:sara"]
        assert store.data_version != version
