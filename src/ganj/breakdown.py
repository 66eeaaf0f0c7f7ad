"""Breaking figures down by what is known of customers or of events.

A breakdown is named as people name it, ``city`` or ``channel``: a trait of the customers where there is
one of that name, else a property of the events.
"""

from __future__ import annotations

import re
from typing import TypedDict

import numpy as np

from ganj.histories import Array, Category, Histories

OF_EVENTS = ("channel", "source")
"""Columns of events that break down as properties do."""


class Wanted(TypedDict):
    """What `ganj.miner.Reads` must ask for."""

    columns: tuple[str, ...]
    properties: tuple[str, ...]
    traits: tuple[str, ...]


def wanted(by: str, columns: tuple[str, ...]) -> Wanted:
    """Add to the columns an analysis reads what its breakdown needs."""
    if by in OF_EVENTS:
        return {"columns": (*columns, by), "properties": (), "traits": ()}
    names = (by,) if by else ()
    return {"columns": columns, "properties": names, "traits": names}


def of_customers(histories: Histories, by: str) -> Category | None:
    """Return the trait that breaks customers down, or None where it is no trait."""
    trait = histories.traits.get(by)
    if trait is None or isinstance(trait, Category):
        return trait
    known = ~np.isnan(trait)
    found, codes = np.unique(trait[known], return_inverse=True)
    out = np.full(len(trait), -1, np.int32)
    out[known] = codes
    return Category(out, tuple(f"{value:g}" for value in found))


def of_events(histories: Histories, by: str) -> Category | None:
    """Return the property that breaks events down, or None where the store has none of that name."""
    if by in OF_EVENTS and by in histories.columns:
        return Category(histories.columns[by], tuple(histories.names.get(by, ())))
    return histories.category(by)


def first_of(histories: Histories, values: Category, counted: Array) -> Category:
    """Give each customer the first value that the counted events have.

    Parameters
    ----------
    values : of the events
    counted : bool[events]
    """
    at = np.flatnonzero(counted & (values.codes >= 0))
    codes = np.full(len(histories), -1, np.int32)
    owner = np.searchsorted(histories.offsets, at, side="right") - 1
    codes[owner[::-1]] = values.codes[at[::-1]]  # written backwards, the first value stays
    return Category(codes, values.labels)


def paged(histories: Histories, name: str) -> tuple[Array, Array, tuple[str, ...]]:
    """Name the page of each event: the address that a property says, cleaned, else the event's own name.

    What follows ``?`` or ``#``, and a last slash, are cut.

    Returns
    -------
    code : int32[events]
    place : int64[codes], into ``labels``
    labels : the pages, ascending
    """
    told, events = histories.category(name), histories.names.get("event", ())
    cleaned = (paged_name(text) for text in told.labels) if told else ()
    names = np.array([*events, *cleaned, ""], object)
    labels, place = np.unique(names.astype(str), return_inverse=True)
    code = histories.event
    if told is not None:
        code = np.where(told.codes >= 0, told.codes + np.int32(len(events)), code)
    return code, place, tuple(labels.tolist())


def pages(histories: Histories, name: str) -> Category:
    """Name the page of each event, see `paged`."""
    code, place, labels = paged(histories, name)
    return Category(place[code], labels)


def paged_name(address: str) -> str:
    """Return the page that an address is of: without its question, its place and its last stroke."""
    return re.split(r"[?#]", address, maxsplit=1)[0].rstrip("/") or "/"
