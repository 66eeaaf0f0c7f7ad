"""Histories written as words: ``"visit@0 cart@1 order@2=150"``.

An event is ``name@day``, the day counted from `DAY_ZERO` and free to have a fraction; ``=150`` is its
amount; ``[city=Rey,channel=web]`` are its properties; ``*3`` its number of order lines.
"""

import re
from datetime import UTC, date, datetime

import numpy as np

from ganj.histories import DAY, Category, Histories, Lines

DAY_ZERO = date(2024, 1, 1)
START = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
SHORT = {
    "order": "Order Completed",
    "return": "Order Refunded",
    "visit": "Product Viewed",
    "cart": "Product Added",
}
EVENT = re.compile(
    r"(?P<name>[^@]+)@(?P<day>-?[\d.]+)(=(?P<amount>-?[\d.]+))?(\*(?P<lines>\d+))?(\[(?P<of>[^\]]*)\])?"
)


def write(*people, traits=None, first=0, nobody=None):
    """Write one customer for each text; a trait is a list with a value (or None) for each customer."""
    rows = [[_event(word) for word in person.split()] for person in people]
    if nobody is not None:
        rows.insert(0, [_event(word) for word in nobody.split()])
    rows = [sorted(events, key=lambda event: event["time"]) for events in rows]
    flat = [event for events in rows for event in events]
    customer = np.arange(len(people), dtype=np.int32) + first
    if nobody is not None:
        customer = np.concatenate((np.array([-1], np.int32), customer))
    columns, names = _columns(flat)
    names["product.category"] = ("shelf",)
    return Histories(
        customer,
        np.concatenate(([0], np.cumsum([len(events) for events in rows]))).astype(np.int64),
        columns,
        _lines([event["lines"] for event in flat]),
        {
            name: _trait([None] * (nobody is not None) + list(values))
            for name, values in (traits or {}).items()
        },
        names,
    )


def _event(word):
    found = EVENT.fullmatch(word)
    assert found, f"not an event: {word}"
    of = dict(pair.split("=") for pair in (found["of"] or "").split(",") if pair)
    return {
        "name": SHORT.get(found["name"], found["name"].replace("_", " ")),
        "time": START + round(float(found["day"]) * DAY),
        "amount": float(found["amount"]) if found["amount"] else np.nan,
        "lines": int(found["lines"] or 0),
        "of": of,
    }


def _columns(flat):
    columns = {
        "time": np.array([event["time"] for event in flat], np.int64),
        "amount": np.array([event["amount"] for event in flat], np.float64),
    }
    names = {}
    columns["event"], names["event"] = _coded([event["name"] for event in flat])
    for of in sorted({key for event in flat for key in event["of"]}):
        key = of if of in {"channel", "source"} else f"property:{of}"
        columns[key], names[key] = _coded([event["of"].get(of) for event in flat])
    return columns, names


def _coded(values):
    known = tuple(sorted({value for value in values if value is not None}))
    code = {value: number for number, value in enumerate(known)}
    return np.array([code.get(value, -1) for value in values], np.int32), known


def _trait(values):
    if any(isinstance(value, float) for value in values):
        return np.array([np.nan if value is None else value for value in values])
    return Category(*_coded(values))


def _lines(sizes):
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    total = int(offsets[-1])
    return Lines(offsets, np.zeros(total, np.int32), np.ones(total), np.ones(total))
