"""Files that are written a piece at a time are the files they would be otherwise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ganj.log.pacing import Paced


@given(parts=st.lists(st.binary(max_size=50)), piece=st.integers(1, 20))
def test_all_that_is_written_is_in_the_file(parts, piece, tmp_path_factory):
    path = tmp_path_factory.mktemp("paced") / "file"
    with Paced(path, piece) as file:
        assert [file.write(part) for part in parts] == [len(part) for part in parts]
        assert path.read_bytes() == b"".join(parts)


def test_what_lay_there_is_gone_and_a_place_may_be_looked_up(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"of another one")
    with Paced(path, 3) as file:
        file.truncate(16)
        file.seek(8)
        file.write(np.array([1], "<i8").data)
        file.write(np.zeros(0).data)
    assert path.read_bytes() == bytes(8) + b"\1" + bytes(7)


def test_arrow_writes_to_it(tmp_path: Path):
    table = pa.table({"text": ["سلام"] * 1000})
    path = tmp_path / "file"
    with Paced(path, 1000) as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    assert pa.ipc.open_file(path).read_all() == table
