"""Values of a report's table, for programs: periods are dates, categories are names, nan is empty."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from ganj.calendar import Calendar, Period, start
from ganj.miner import Column, Miner


def plain(column: Column, values: Any, miner: Miner[Any, Any]) -> list[Any]:
    """Return one column as JSON values."""
    if column.choices:
        return _named(column, values)
    if column.unit == "period":
        return _days(column, values, miner)
    if column.unit == "date":
        return [None if _empty(v) else datetime.fromtimestamp(int(v) / 1e6, UTC).isoformat() for v in values]
    listed = values.to_pylist() if isinstance(values, pa.Array) else np.asarray(values).tolist()
    return [None if isinstance(v, float) and v != v else v for v in listed]  # noqa: PLR0124 - nan is not itself


def arrow(column: Column, values: Any, miner: Miner[Any, Any]) -> pa.Array:
    """Return one column as Arrow."""
    if isinstance(values, pa.Array):
        return values
    if column.choices:
        return pa.array(_named(column, values), pa.string()).dictionary_encode()
    if column.unit == "period":
        return pa.array(_days(column, values, miner), pa.string()).cast(pa.date32())
    if column.unit == "date":
        times = [None if _empty(v) else int(v) for v in values]
        return pa.array(times, pa.int64()).cast(pa.timestamp("us", "UTC"))
    return pa.array(values, from_pandas=True)


def _named(column: Column, values: Any) -> list[Any]:
    names = [name for name, _ in column.choices]
    coded = [v if isinstance(v, str) else -1 if v is None else int(v) for v in values]
    return [v if isinstance(v, str) else names[v] if v >= 0 else None for v in coded]


def _days(column: Column, values: Any, miner: Miner[Any, Any]) -> list[str | None]:
    """Return the first day of each period, as ISO dates of the miner's zone."""
    calendar, zone, week_start = miner.bucketing
    ordinals = np.asarray(values, np.int64)
    counted = cast("Calendar", column.calendar or calendar)
    first = start(ordinals, cast("Period", column.period), counted, zone, week_start)
    local = ZoneInfo(zone)
    return [datetime.fromtimestamp(int(t) / 1e6, local).date().isoformat() for t in np.atleast_1d(first)]


def _empty(value: Any) -> bool:
    return value is None or value != value or value == np.iinfo(np.int64).min  # noqa: PLR0124 - nan is not itself
