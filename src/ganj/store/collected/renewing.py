"""Collected events that are told anew: their earlier form is left out wherever it lies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ganj.store.collected.place import Place
from ganj.store.fresh import FreshFile, as_one, keep
from ganj.store.sealing import plain, without
from ganj.store.sql import query


def renewed(
    files: Sequence[FreshFile], replaced: pa.Array, folder: Path, written: list[Path]
) -> tuple[list[FreshFile], list[FreshFile]]:
    """Return the files of fresh events in which some lie, and what stands for these without them."""
    old, new = [], []
    for file in files:
        there = pc.is_in(plain(file.table["message_id"]), value_set=replaced)
        if pc.any(there).as_py():
            events, others = as_one([file])
            old.append(file)
            new.append(keep(folder, events.filter(pc.invert(there)), others, written))
    return old, new


def leave_out(cursor: duckdb.DuckDBPyConnection, replaced: pa.Table, place: Place) -> None:
    """Let readers leave some events out of the runs in which they lie.

    Parameters
    ----------
    replaced : ``message_id origin``
    """
    wanted = plain(replaced["message_id"]).combine_chunks()
    cursor.register("told", replaced)
    for file, bucket in cursor.execute(query("runs_holding"), {"buckets": place.buckets}).fetchall():
        stored = pq.read_table(place.runs / file, columns=["message_id"], use_threads=False)["message_id"]
        there = stored.filter(pc.is_in(plain(stored), value_set=wanted))
        if len(there):
            cursor.register("told", pa.table({"bucket": np.full(len(there), bucket), "message_id": there}))
            cursor.execute(query("new_replaced"))


def elsewhere(replaced: pa.Table, files: Sequence[FreshFile]) -> pa.Table:
    """Return those of some events that lie in none of some files."""
    for file in files:
        replaced = without(replaced, file.table["message_id"])
    return replaced
