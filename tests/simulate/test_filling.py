"""The demo goes the road of every file: nothing is asked, and it can be rebuilt from what was kept."""

import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ganj import workspace
from ganj.display import Display
from ganj.errors import BadFile
from ganj.events import ROWS
from ganj.intake import Rejects, detect, rows
from ganj.simulate import fill
from ganj.simulate.told import TOLD


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    told = []
    with workspace.create(tmp_path_factory.mktemp("demo") / "shop", Display()) as made:
        drawn = fill(made, customers=400, seed=5, until=date(2026, 11, 21), progress=told.append)
        yield made, drawn, told


def test_every_file_is_an_import(filled):
    made, drawn, told = filled
    assert [(b.kind, b.counts.read) for b in made.batches()][::-1] == [
        ("rows", len(drawn.table(source))) for source in TOLD
    ]
    assert told == sorted(told)
    assert told[-1] == 1
    assert made.verify() == ()


def test_the_truth_lies_beside_it(filled):
    made, drawn, _ = filled
    assert json.loads((made.folder / "truth.json").read_text()) == json.loads(json.dumps(drawn.truth))


def test_a_rebuild_finds_the_same(filled):
    made, _, _ = filled
    before = [(b.id, b.counts) for b in made.batches()]
    made.rebuild()
    assert [(b.id, b.counts) for b in made.batches()] == before


def test_the_same_file_twice_changes_nothing(filled, tmp_path):
    made, drawn, _ = filled
    path = drawn.write(tmp_path)[1]
    again = made.load(made.plan(path))
    assert (again.imported, again.duplicates) == (0, again.read)


def written(path, **columns):
    """Return a file of one row in the schema of rows."""
    row = {
        "row": 0,
        "content": b"0123456789abcdef",
        "event": "Call Made",
        "time": 1,
        "customer_id": "a",
    } | columns
    pq.write_table(pa.Table.from_pylist([row], ROWS), path)
    return path


def test_ready_rows_need_no_answer_and_are_counted_anew(tmp_path):
    plan = detect(written(tmp_path / "calls.parquet", row=7, properties='{"owner":"x"}'), base="IRR")
    (batch,) = rows(plan, [tmp_path / "calls.parquet"], progress=lambda _: None, rejects=Rejects(None))
    assert plan.kind == "rows"
    assert batch.schema == ROWS
    assert batch["row"].to_pylist() == [0]


@pytest.mark.parametrize(
    "wrong",
    [{"properties": "[1]"}, {"traits": "{"}, {"product_traits": "[" * 100_000}, {"time": None}],
)
def test_rows_the_store_cannot_rely_on_are_refused(tmp_path, wrong):
    path = written(tmp_path / "wrong.parquet", **wrong)
    plan = detect(path, base="IRR")
    with pytest.raises(BadFile):
        list(rows(plan, [path], progress=lambda _: None, rejects=Rejects(None)))


def test_the_names_of_rows_with_other_types_are_refused(tmp_path):
    path = tmp_path / "texts.parquet"
    pq.write_table(pa.table({name: ["x"] for name in ROWS.names}), path)
    plan = detect(path, base="IRR")
    with pytest.raises(BadFile):
        list(rows(plan, [path], progress=lambda _: None, rejects=Rejects(None)))
