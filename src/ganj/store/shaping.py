"""Shapes unsealed events and their lines, which lie in two tables, as rows of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.store.runs import EVENTS, LISTS, halves, numbers, schema


def shaped(events: pa.Table, lines: pa.Table, properties: int) -> pa.Table:
    """Return one bucket's events, in order, as rows of a run.

    Parameters
    ----------
    events : as in the table ``fresh``, in order
    lines : as in ``fresh_lines``, with the ``place`` of their event, in order
    properties : how many properties were ever promoted
    """
    place = lines["place"].to_numpy().astype(np.int64)
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(place, minlength=len(events)))))
    nested = {f"line_{name}": _lists(offsets, lines[name], kind) for name, kind in LISTS.items()}
    nested["line_properties"] = _told_apart(events, lines, place)
    arrays = [nested[field.name] if field.name in nested else events[field.name] for field in EVENTS]
    promoted = _promoted(events, lines, place, properties)
    return pa.table([*arrays, *(pa.array(codes) for codes in promoted)], schema=schema(properties))


def _lists(offsets: Array, values: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), _flat(values).cast(kind))


def _told_apart(events: pa.Table, lines: pa.Table, place: Array) -> pa.Array:
    """Return the properties of each line, of events whose lines do not all say the same."""
    apart = ~events["alike"].to_numpy().astype(bool)
    sizes = np.where(apart, np.bincount(place, minlength=len(events)), 0)
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    return _lists(offsets, lines["properties"].filter(pa.array(apart[place])), pa.string())


def _promoted(events: pa.Table, lines: pa.Table, place: Array, properties: int) -> Array:
    """Return int32[properties, events]: the code each event has of each promoted property.

    Facts are ``property * 1024 + code``.  Where the lines of an order say different things of a
    property, the order says nothing of it.
    """
    owner, facts = _facts(events["facts"])
    line, more = _facts(lines["facts"])
    owner, facts = np.concatenate((owner, place[line])), np.concatenate((facts, more))
    number, code = facts >> 10, facts & 1023
    codes = np.full((properties, len(events)), -1, np.int32)
    codes[number, owner] = code
    torn = codes[number, owner] != code
    codes[number[torn], owner[torn]] = -1
    return codes


def _facts(column: pa.ChunkedArray) -> tuple[Array, Array]:
    lists = _flat(column)
    owner = pa.compute.list_parent_indices(lists).to_numpy(zero_copy_only=False)
    return owner.astype(np.int64), lists.flatten().to_numpy(zero_copy_only=False)


def _flat(column: pa.ChunkedArray) -> Any:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def in_order(events: pa.Table) -> pa.Table:
    """Put rows of ``fresh`` in order of (bucket, customer, time, message_id); many times quicker than a database."""
    high, low = halves(events["message_id"])
    keys = (numbers(events[name]) for name in ("time", "customer", "bucket"))
    return events.combine_chunks().take(pa.array(np.lexsort((low, high, *keys))))


def placed(lines: pa.Table, events: pa.Table) -> pa.Table:
    """Put rows of ``fresh_lines`` in the order of their events, and say the place of each in its bucket.

    Parameters
    ----------
    lines : in any order
    events : in order; a line without one is left out
    """
    at = _event_of(halves(lines["message_id"]), halves(events["message_id"]))
    bucket = numbers(events["bucket"])
    place = np.arange(len(bucket)) - np.searchsorted(bucket, bucket)
    lines, at = lines.combine_chunks().filter(pa.array(at >= 0)), at[at >= 0]
    order = np.lexsort((numbers(lines["row"]), at))
    found = lines.drop_columns(["message_id", "row", "bucket"]).take(pa.array(order))
    found = found.append_column("bucket", pa.array(bucket[at[order]].astype(np.int32)))
    return found.append_column("place", pa.array(place[at[order]]))


def _event_of(wanted: tuple[Array, Array], known: tuple[Array, Array]) -> Array:
    """Return where each identity is among known ones: int64[n], -1 nowhere."""
    order = np.lexsort((known[1], known[0]))
    high, low = known[0][order], known[1][order]
    at = np.searchsorted(high, wanted[0])
    found = np.full(len(at), -1, np.int64)
    asked = np.arange(len(at))
    while len(asked := asked[at[asked] < len(high)]):  # once, unless two identities have equal halves
        asked = asked[high[at[asked]] == wanted[0][asked]]
        mine = low[at[asked]] == wanted[1][asked]
        found[asked[mine]] = order[at[asked[mine]]]
        asked = asked[~mine]
        at[asked] += 1
    return found


def by_bucket(rows: pa.Table) -> dict[int, pa.Table]:
    """Split rows, ordered by bucket, into one table a bucket."""
    buckets, starts = np.unique(rows["bucket"].to_numpy(), return_index=True)
    sizes = np.diff(np.append(starts, len(rows)))
    return {
        int(bucket): rows.slice(start, size).drop_columns(["bucket"])
        for bucket, start, size in zip(buckets, starts, sizes, strict=True)
    }
