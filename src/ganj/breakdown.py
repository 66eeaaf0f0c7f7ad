"""Breaking figures down by what is known of customers, of events or of products.

A breakdown is named in the words of filters, in every analysis:

* ``city``: a trait of the customers where there is one of that name, else a property of the events;
  ``customer.city`` and ``event.city`` say which;
* ``channel``, ``source``: what every event has;
* ``product`` and traits of products, such as ``product.category``: an order is of each of its lines' products;
* ``segment:VIP``: whether customers are in a saved segment, ``VIP``, or not, ``≠ VIP``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ganj.events import OUTSIDE
from ganj.histories import Array, Category, Histories

OF_EVENTS = ("channel", "source")
"""Columns of events that break down as properties do."""
PRODUCT = "product"
Kind = Literal["", "customer", "event", "product", "segment"]
_SIGNS: tuple[tuple[Kind, str], ...] = (
    ("customer", "customer."),
    ("event", "event."),
    ("product", "product."),
    ("segment", "segment:"),
)


def parted(by: str) -> tuple[Kind, str]:
    """Tell what a breakdown is of, and its name there: of ``product`` itself the name is empty."""
    for kind, sign in _SIGNS:
        if by.startswith(sign):
            return kind, by.removeprefix(sign)
    return ("product", "") if by == PRODUCT else ("event" if by in OF_EVENTS else "", by)


def of_customers(histories: Histories, by: str) -> Category | None:
    """Return what breaks customers down, or None where it is no trait and no segment."""
    kind, name = parted(by)
    if kind == "segment":
        member = np.asarray(histories.traits.get(by, np.zeros(len(histories)))) > 0
        return Category(np.where(member, 0, 1).astype(np.int32), (name, OUTSIDE + name))
    trait = histories.traits.get(name) if kind in {"", "customer"} else None
    if trait is None or isinstance(trait, Category):
        return trait
    known = ~np.isnan(trait)
    found, codes = np.unique(trait[known], return_inverse=True)
    out = np.full(len(trait), -1, np.int32)
    out[known] = codes
    return Category(out, tuple(f"{value:g}" for value in found))


def of_events(histories: Histories, by: str) -> Category | None:
    """Return what breaks events down, or None where the store has nothing of that name.

    An event of several products is of the one most of its money is for; `spread` tells all.
    """
    kind, name = parted(by)
    if kind == "product":
        every = spread(histories, by, np.arange(len(histories.time)))
        order = np.lexsort((every.share, every.event))  # the largest share is written last and stays
        codes = np.full(len(histories.time), -1, np.int32)
        codes[every.event[order]] = every.codes[order]
        return Category(codes, every.labels)
    if name in OF_EVENTS and name in histories.columns:
        return Category(histories.columns[name], tuple(histories.names.get(name, ())))
    return histories.category(name) if kind in {"", "event"} else None


def of_each(histories: Histories, by: str) -> Category:
    """Return the value of each event: of its customer where customers have it, else of the event itself."""
    trait = of_customers(histories, by)
    if trait is not None and trait.labels:
        return Category(trait.codes[histories.owner], trait.labels)
    return of_events(histories, by) or Category(np.full(len(histories.time), -1, np.int32), ())


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Some events, once for each of their values.

    Attributes
    ----------
    event : int64[n], ascending
    share : float64[n], which part of the event's money this is; of one event they add up to 1
    codes : int32[n], into ``labels``; -1 no value
    labels : the values
    """

    event: Array
    share: Array
    codes: Array
    labels: tuple[str, ...]


def spread(histories: Histories, by: str, at: Array) -> Spread:
    """Return the values of some events (int64[n], ascending positions): several of an order of several products."""
    kind, name = parted(by)
    if kind != "product":
        found = of_each(histories, by)
        return Spread(at, np.ones(len(at)), found.codes[at], found.labels)
    found = goods(histories, name)
    event, share, product = lined(histories, at)
    codes = found.codes[product]
    size = len(found.labels) + 1
    pairs, place = np.unique(event * size + codes + 1, return_inverse=True)
    codes = (pairs % size - 1).astype(np.int32)
    return Spread(pairs // size, np.bincount(place, share, len(pairs)), codes, found.labels)


def lined(histories: Histories, at: Array) -> tuple[Array, Array, Array]:
    """Repeat events by order line: int64[n] events, float64[n] shares of their money, int64[n] products or -1."""
    offsets = (
        histories.lines.offsets if histories.lines is not None else np.zeros(len(histories.time) + 1, int)
    )
    begins, size = offsets[:-1][at], np.diff(offsets)[at]
    times = np.maximum(size, 1)
    where = np.repeat(np.arange(len(at)), times)
    own = histories.columns.get(PRODUCT)
    product = np.full(len(where), -1, np.int64) if own is None else own[at[where]].astype(np.int64)
    worth = np.zeros(len(where))
    has = size[where] > 0
    if histories.lines is not None and has.any():
        line = (begins[where] + np.arange(len(where)) - np.repeat(np.cumsum(times) - times, times))[has]
        product[has] = histories.lines.product[line]
        worth[has] = np.maximum(np.nan_to_num((histories.lines.quantity * histories.lines.price)[line]), 0.0)
    whole = np.bincount(where, worth, len(at))[where]
    share = np.divide(worth, whole, out=1.0 / times[where], where=whole > 0)
    product[product >= len(histories.names.get(PRODUCT, ()))] = -1
    return at[where], share, product


def goods(histories: Histories, name: str) -> Category:
    """Return of each product, and last of none, what it is or what its trait says: codes int32[products + 1]."""
    said = histories.names.get(f"{PRODUCT}.{name}" if name else PRODUCT, ())
    labels = tuple(said) if not name else tuple(sorted(set(said) - {""}))
    place = {label: code for code, label in enumerate(labels)}
    codes = np.full(len(histories.names.get(PRODUCT, ())) + 1, -1, np.int32)
    codes[: len(said)] = range(len(said)) if not name else [place.get(one, -1) for one in said]
    return Category(codes, labels)


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


def of_whole(histories: Histories, by: str) -> Category:
    """Return the value of each customer: of a trait or segment, else the first that the customer's events have."""
    trait = of_customers(histories, by)
    if trait is not None and (trait.labels or parted(by)[0] == "customer"):
        return trait
    events = of_events(histories, by)
    if events is None:
        return Category(np.full(len(histories), -1, np.int32), ())
    return first_of(histories, events, np.ones(len(histories.time), bool))


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
