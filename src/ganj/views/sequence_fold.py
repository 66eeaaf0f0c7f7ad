"""Steps of customers in order: the state of `ganj.miners.sequence`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.histories import Array, Histories
from ganj.views.basket_fold import name_of, scattered, things

LIMIT = 1 << 22
"""Steps that are kept; of more customers every second, fourth … is."""
NUMBER = re.compile(r"-?\d+(\.\d+)?")
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Trails:
    """What customers did, in order.

    Attributes
    ----------
    customer : int64[customers], numbers of those with a step
    lots : uint64[customers], what their draws go by
    offsets : int64[customers + 1]
    item : int32[steps], codes into ``labels``; of one moment each once, ascending
    time : int64[steps], µs
    after : int64[steps], µs of the next outcome after the step; the largest number where none came
    labels : names of steps
    prices : float64[labels, 2], money and pieces
    traits : float64[labels, n], what is said of products as numbers; nan where nothing is
    """

    customer: Array
    lots: Array
    offsets: Array
    item: Array
    time: Array
    after: Array
    labels: tuple[str, ...]
    prices: Array
    traits: Array

    @property
    def key(self) -> Array:
        """Return numbers as if drawn by lot, the same on every run: uint64[customers]."""
        return scattered(self.lots, np.zeros(len(self.lots), np.int64))

    def chosen(self, which: Array) -> Trails:
        """Keep some customers: bool[customers]."""
        sizes = np.diff(self.offsets)
        steps = np.repeat(which, sizes)
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes[which])))
        item, time, after = (column[steps] for column in (self.item, self.time, self.after))
        mine = self.customer[which], self.lots[which]
        return Trails(*mine, offsets, item, time, after, self.labels, self.prices, self.traits)


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """Steps of some customers; of very many, of those whose key ends in ``level`` zero bits.

    Attributes
    ----------
    pieces : one for each part that was read
    last : µs of the last event that was seen
    """

    pieces: tuple[Trails, ...]
    last: int
    level: int = 0

    def __add__(self, other: Walks) -> Walks:
        level = max(self.level, other.level)
        both = (*_sampled(self.pieces, level), *_sampled(other.pieces, level))
        return Walks(both, max(self.last, other.last), level).fitted()

    def fitted(self, limit: int = LIMIT) -> Walks:
        """Halve the customers until their steps are few enough."""
        pieces, level = self.pieces, self.level
        while sum(len(piece.item) for piece in pieces) > limit:
            level += 1
            pieces = _sampled(pieces, level)
        return Walks(pieces, self.last, level)

    def whole(self) -> Trails:
        """Join the pieces, customers ascending; steps are numbered by their names."""
        labels = sorted({label for piece in self.pieces for label in piece.labels})
        parts = [renamed(piece, labels) for piece in self.pieces]
        size = np.concatenate([np.zeros(0, np.int64), *(np.diff(part.offsets) for part in parts)])
        customer = np.concatenate([np.zeros(0, np.int64), *(part.customer for part in parts)])
        lots = np.concatenate([np.zeros(0, np.uint64), *(part.lots for part in parts)])
        columns = [
            np.concatenate([np.zeros(0, kind), *(getattr(part, name) for part in parts)])
            for name, kind in (("item", np.int32), ("time", np.int64), ("after", np.int64))
        ]
        prices = sum((part.prices for part in parts), np.zeros((len(labels), 2)))
        at = np.argsort(customer, kind="stable")
        begins = (np.cumsum(size) - size)[at]
        offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(size[at])))
        steps = np.repeat(begins - offsets[:-1], size[at]) + np.arange(offsets[-1])
        item, time, after = (column[steps] for column in columns)
        said = _joined(parts, len(labels))
        who = customer[at], lots[at]
        return Trails(*who, offsets, item, time, after, tuple(labels), prices, said)


def numbered(trails: Trails) -> tuple[Trails, Array, Array]:
    """Count moments instead of time, from 0 for each customer.

    Returns
    -------
    trails : with the number of its moment as the time of a step
    moments : int64[moments], µs of all moments, one customer after the other
    first : int64[customers], where each customer's begin
    """
    owner = np.repeat(np.arange(len(trails.customer)), np.diff(trails.offsets))
    new = np.ones(len(owner), bool)
    new[1:] = (owner[1:] != owner[:-1]) | (trails.time[1:] != trails.time[:-1])
    number = np.cumsum(new) - 1
    first = number[trails.offsets[:-1]] if len(owner) else np.zeros(0, np.int64)
    return replace(trails, time=number - first[owner]), trails.time[new], first


def _joined(parts: list[Trails], size: int) -> Array:
    """Join what is said of products: float64[size, n]."""
    said = np.full((size, max((part.traits.shape[1] for part in parts), default=0)), np.nan)
    for part in parts:
        said = np.where(np.isnan(part.traits), said, part.traits)
    return said


def renamed(trails: Trails, labels: list[str]) -> Trails:
    """Give steps the numbers of other labels; those that are not among them are -1."""
    code = {label: number for number, label in enumerate(labels)}
    place = np.array([*(code.get(label, -1) for label in trails.labels), -1], np.int32)
    prices = np.zeros((len(labels), 2))
    known = place[:-1] >= 0
    prices[place[:-1][known]] = trails.prices[known]
    traits = np.full((len(labels), trails.traits.shape[1]), np.nan)
    traits[place[:-1][known]] = trails.traits[known]
    steps = place[trails.item], trails.time, trails.after
    return Trails(trails.customer, trails.lots, trails.offsets, *steps, tuple(labels), prices, traits)


def _sampled(pieces: tuple[Trails, ...], level: int) -> tuple[Trails, ...]:
    if not level:
        return pieces
    mask = np.uint64((1 << level) - 1)
    return tuple(piece.chosen((piece.key & mask) == 0) for piece in pieces)


def trails_of(
    histories: Histories, events: Array, outcomes: Array, of: str, traits: Sequence[str] = ()
) -> Trails:
    """Return what customers did.

    Parameters
    ----------
    events, outcomes : bool[events], what is a step and what is hoped for
    of : ``product``, ``category``, ``channel`` or ``event``, what a step is called by
    traits : what is said of products as numbers
    """
    at, thing, names, money, pieces = _called(histories, np.flatnonzero(events), of)
    owner, time = histories.owner[at], histories.time[at]
    order = np.lexsort((thing, time, owner))
    new = np.ones(len(order), bool)
    for column in (owner, time, thing):
        new[1:] = new[1:] & (column[order][1:] == column[order][:-1])
    new[1:] = ~new[1:]
    kept = order[new]
    codes, item = np.unique(thing[kept], return_inverse=True)
    place = np.searchsorted(codes, thing)
    sums = [np.bincount(place, of_each, len(codes)) for of_each in (money, pieces)]
    used, sizes = np.unique(owner[kept], return_counts=True)
    return Trails(
        histories.customer[used].astype(np.int64),
        histories.lots[used],
        np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes))),
        item.reshape(-1).astype(np.int32),
        time[kept],
        _next(histories, np.flatnonzero(outcomes), owner[kept], time[kept]),
        tuple(name_of(names, int(code)) for code in codes),
        np.column_stack(sums),
        np.array([_said(histories, name, codes) for name in traits]).reshape(len(traits), len(codes)).T,
    )


def _said(histories: Histories, name: str, codes: Array) -> Array:
    """Return a trait of products as numbers: float64[codes]; nan where there is none."""
    said = histories.names.get(f"product.{name}", ())
    told = [said[code] if code < len(said) else "" for code in codes]
    numbers = pc.cast(
        pa.array([word if NUMBER.fullmatch(word) else None for word in told], pa.string()), pa.float64()
    )
    found: Array = numbers.to_numpy(zero_copy_only=False).astype(np.float64)
    return found


def _called(histories: Histories, at: Array, of: str) -> tuple[Array, Array, tuple[str, ...], Array, Array]:
    """Return of each step its event, its code, the names by code, money and pieces."""
    if of == "channel":
        code = histories.columns["channel"][at] if "channel" in histories.columns else np.full(len(at), -1)
        known = code >= 0
        none = np.zeros(int(known.sum()))
        return at[known], code[known], tuple(histories.names.get("channel", ())), none, none
    if of == "event" or histories.lines is None:
        used = np.zeros(len(at))
        return at, histories.event[at], tuple(histories.names.get("event", ())), used, used
    lines = histories.lines.of_events(at)
    event = np.repeat(at, np.diff(lines.offsets))
    code, names = things(histories, lines.product, of)
    known = (code >= 0) & ~(lines.quantity <= 0)
    pieces = np.nan_to_num(lines.quantity[known], nan=1.0)
    return event[known], code[known], tuple(names), np.nan_to_num(lines.price[known]) * pieces, pieces


def _next(histories: Histories, outcomes: Array, owner: Array, time: Array) -> Array:
    """Return when the first outcome strictly after each step came: int64[steps]."""
    whose, when = histories.owner[outcomes], histories.time[outcomes]
    order = np.lexsort(
        (np.r_[np.zeros(len(when), int), np.ones(len(time), int)], np.r_[when, time], np.r_[whose, owner])
    )
    is_outcome = order < len(when)
    place = np.cumsum(is_outcome)[~is_outcome]  # outcomes up to and with the step
    found = np.full(len(time), NEVER, np.int64)
    step = order[~is_outcome] - len(when)
    there = place < len(when)
    there[there] = whose[place[there]] == owner[step[there]]
    found[step[there]] = when[place[there]]
    return found
