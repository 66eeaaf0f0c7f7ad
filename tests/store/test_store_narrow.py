"""Columns of numbers read straight from the pages of a file are those that Arrow reads, whatever the file is like."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganj.kernels.pages import ROOM, unpaged
from ganj.kernels.sifting import begins
from ganj.store.narrow import Narrow

ROWS = 700
FORMS = {
    "plain": {"use_dictionary": False},
    "codes": {"use_dictionary": ["few", "runs", "many", "one"]},
    "codes until there are too many": {"use_dictionary": True, "dictionary_pagesize_limit": 64},
    "small pages": {"use_dictionary": ["few", "runs"], "data_page_size": 200, "write_batch_size": 50},
    "packed": {"compression": "zstd"},
    "newer pages": {"data_page_version": "2.0"},
    "differences": {"use_dictionary": False, "column_encoding": {"when": "DELTA_BINARY_PACKED"}},
}


def written(path, seed, rows=ROWS, **form):
    random = np.random.default_rng(seed)
    columns = {
        "few": random.integers(0, random.integers(1, 300), rows).astype(np.int32) - 1,
        "runs": np.sort(random.integers(0, 40, rows)).astype(np.int32),
        "many": random.integers(-(2**31), 2**31, rows).astype(np.int32),
        "one": np.full(rows, 7, np.int32),
        "when": random.integers(-(2**62), 2**62, rows),
        "amount": np.where(random.random(rows) < 0.2, np.inf, random.normal(size=rows)),
        "words": np.array(["a", "b", None], object)[random.integers(0, 3, rows)],
    }
    bare = [
        pa.field(name, pa.array(column).type, nullable=name == "words") for name, column in columns.items()
    ]
    table = pa.table(columns, pa.schema(bare))
    pq.write_table(table, path, row_group_size=300, **{"compression": "none", **form})
    return table


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rows", [0, 1, ROWS])
def test_what_is_read_is_what_was_written(tmp_path, form, rows):
    table = written(tmp_path / "run", rows, rows, **FORMS[form])
    read = Narrow(tmp_path / "run").read([*table.column_names, "what it lacks"])
    assert read.equals(table)
    assert read.schema.equals(table.schema)


def test_files_of_the_usual_form_need_no_arrow(tmp_path):
    table = written(tmp_path / "run", 1, use_dictionary=["few", "runs"])
    narrow = Narrow(tmp_path / "run")
    read = narrow._quickly({name: narrow._of(name) for name in ("amount", "few", "when")})
    assert all(column.equals(table[name].combine_chunks()) for name, column in read.items())
    assert list(read) == ["amount", "few", "when"]


def test_columns_that_some_rows_lack_are_left_to_arrow(tmp_path):
    table = pa.table({"some": pa.array([1, None, 3], pa.int32()), "lists": [[1], [], [2, 3]]})
    pq.write_table(table, tmp_path / "run", compression="none")
    assert Narrow(tmp_path / "run").read(["some", "lists"]).equals(table)


@given(st.data(), st.integers(0, 20))
def test_a_damaged_page_writes_nothing_elsewhere(tmp_path_factory, data, seed):
    path = tmp_path_factory.mktemp("damaged") / "run"
    written(path, seed, 300, use_dictionary=["few", "runs"])
    group = pq.read_metadata(path).row_group(0)
    place = group.column(data.draw(st.integers(0, 5)))
    begin = place.dictionary_page_offset or place.data_page_offset
    pages = bytearray(path.read_bytes()[begin : begin + place.total_compressed_size])
    for _ in range(data.draw(st.integers(1, 3))):
        pages[data.draw(st.integers(0, min(len(pages), 120) - 1))] = data.draw(st.integers(0, 255))
    wide = 8 if place.physical_type in {"INT64", "DOUBLE"} else 4
    out = np.full(300 * wide + 64, 77, np.uint8)
    held = np.frombuffer(bytes(pages) + bytes(ROOM), np.uint8)
    unpaged(held.ctypes.data, len(pages), out.ctypes.data + 32, 300 * wide, wide)
    assert (out[:32] == 77).all()
    assert (out[-32:] == 77).all()


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(0, 5))
def test_where_customers_begin(sizes, without):
    everyone = np.arange(len(sizes) + without, dtype=np.int32) * 3
    customer = np.repeat(everyone[: len(sizes)], sizes)
    assert (
        begins(customer, everyone).tolist()
        == np.searchsorted(customer, np.append(everyone, 1 << 30)).tolist()
    )
