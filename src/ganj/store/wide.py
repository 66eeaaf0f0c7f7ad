"""Properties of events as analyses read them, however many different values they have.

A property of few values is a column of codes (see `ganj.store.runs`).  One of many, such as a path or a
position on a page, is read from the events' JSON: slower, by about a microsecond an event, and only of the
events that are asked for.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.store.database import Database
from ganj.store.sql import query


def texts(database: Database, told: pa.ChunkedArray, name: str) -> tuple[Array, tuple[str, ...]]:
    """Return a property as codes into its different values, sorted: int32[events], -1 where there is none.

    Parameters
    ----------
    told : the JSON of each event
    """
    values = _values(database, told, name)
    labels = sorted(value for value in pa.compute.unique(values).to_pylist() if value)
    found = pa.compute.index_in(values, value_set=pa.array(labels, pa.string()))
    return pa.compute.fill_null(found, -1).to_numpy().astype(np.int32), tuple(labels)


def numbers(database: Database, told: pa.ChunkedArray, name: str) -> Array:
    """Return a property as float64[events]; nan where it is missing or no number."""
    with database.cursor() as cursor:
        cursor.register("told", pa.table({"properties": told}))
        found = cursor.sql(query("wide_numbers"), params={"path": _pointer(name)}).to_arrow_table()
    out: Array = pa.compute.fill_null(found["value"], float("nan")).to_numpy()
    return out


def of_labels(codes: Array, labels: tuple[str, ...]) -> Array:
    """Return the numbers that a coded property's values are: float64[events]."""
    known = np.append(np.full(len(labels), np.nan), np.nan)
    for place, text in enumerate(labels):
        try:
            known[place] = float(text)
        except ValueError:
            continue
    found: Array = known[codes]
    return found


def _values(database: Database, told: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    with database.cursor() as cursor:
        cursor.register("told", pa.table({"properties": told}))
        return cursor.sql(query("wide_values"), params={"path": _pointer(name)}).to_arrow_table()["value"]


def _pointer(name: str) -> str:
    """Return the JSON pointer of a name (RFC 6901): whatever letters it has, it is one key."""
    return "/" + name.replace("~", "~0").replace("/", "~1")
