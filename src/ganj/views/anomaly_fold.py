"""What is folded of each customer: figures that may be unusual, and records that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ganj.calendar import from_days, local_day
from ganj.events import ORDER, REFUND
from ganj.histories import Array, Category, Histories
from ganj.text import Text

FAILED, SIGNED, TICKET = "Payment Failed", "Signed Up", "Ticket Opened"
READ = (ORDER, REFUND, FAILED, SIGNED, TICKET)
FIGURES: tuple[tuple[str, Text, float], ...] = (
    ("orders", Text("Very many orders", "سفارش‌های بسیار زیاد"), 10.0),
    ("spent", Text("Very large total", "مجموع خرید بسیار بزرگ"), 0.0),
    ("largest", Text("One very large order", "یک سفارش بسیار بزرگ"), 0.0),
    ("burst", Text("Many orders on one day", "سفارش‌های زیاد در یک روز"), 4.0),
    ("returns", Text("Very many returns", "مرجوعی بسیار زیاد"), 4.0),
    ("failed", Text("Very many failed payments", "پرداخت ناموفق بسیار زیاد"), 4.0),
    ("tickets", Text("Very many tickets", "تیکت بسیار زیاد"), 4.0),
)
"""Code, words, and what a figure must reach, at least, to be unusual."""
TOGETHER: tuple[tuple[str, Text], ...] = (
    ("mix", Text("An unusual mix of figures", "ترکیبی نامعمول از رفتارها")),
    ("fraud", Text("Possible fraud: several suspicious signs at once", "احتمال تقلب: چند نشانهٔ مشکوک با هم")),
)
REASONS = (*((code, text) for code, text, _ in FIGURES), *TOGETHER)
SUSPICIOUS = ("largest", "burst", "returns", "failed")
"""Figures that are a sign where they are unusual; more are these problems of records."""
SIGNS = ("negative", "returned_more", "unbought", "doubled")
PROBLEMS: tuple[tuple[str, Text], ...] = (
    ("negative", Text("An order with a negative amount", "سفارش با مبلغ منفی")),
    ("early", Text("Ordered before signing up", "سفارش پیش از ثبت‌نام")),
    ("returned_more", Text("Returned more than was bought", "مرجوعی بیش از خرید")),
    ("unbought", Text("Returned without ever buying", "مرجوعی بدون هیچ خرید")),
    ("doubled", Text("The same order twice within a minute", "یک سفارش دو بار در یک دقیقه")),
    ("unborn", Text("Born after the first event", "تاریخ تولد پس از نخستین رویداد")),
    ("age", Text("An impossible age", "سن ناممکن")),
    ("shared", Text("The same value as many others", "مقدار یکسان با مشتریان بسیار")),
)
MINUTE = 60_000_000
DAY = 1_440 * MINUTE
YOUNGEST, OLDEST = 5, 110
JALALI_BEFORE = 1_600
"""Years below are Jalali."""


def figures(h: Histories, zone: str) -> Array:
    """Return `FIGURES` of each customer: float64[customers, figures]."""
    size, owner, amount = len(h), h.owner, np.nan_to_num(h.amount)
    order, refund, failed, _, ticket = (h.event == code for code in h.codes(READ))
    count = [np.bincount(owner[one], minlength=size) for one in (order, refund, failed, ticket)]
    spent = np.bincount(owner[order], amount[order], size)
    largest, burst = np.zeros(size), np.zeros(size)
    np.maximum.at(largest, owner[order], amount[order])
    pairs, times = np.unique(
        np.column_stack((owner[order], local_day(h.time[order], zone))), axis=0, return_counts=True
    )
    np.maximum.at(burst, pairs[:, 0], times)
    found: Array = np.column_stack((count[0], spent, largest, burst, count[1], count[2], count[3])).astype(
        float
    )
    return found


def problems(h: Histories, born: str, shared: tuple[str, frozenset[str]]) -> Array:
    """Return which of `PROBLEMS` each customer has: bool[customers, problems]."""
    size, owner, amount = len(h), h.owner, np.nan_to_num(h.amount)
    order, refund, _, signed, _ = (h.event == code for code in h.codes(READ))
    found = np.zeros((size, len(PROBLEMS)), bool)
    found[owner[order & (amount < 0)], 0] = True
    first, joined = _first(h, order), _first(h, signed)
    found[:, 1] = first < np.where(joined == NEVER, 0, joined) - DAY
    bought = np.bincount(owner[order], np.maximum(amount[order], 0), size)
    back = np.bincount(owner[refund], np.abs(amount[refund]), size)
    found[:, 2] = (bought > 0) & (back > 1.01 * bought)
    found[:, 3] = (np.bincount(owner[refund], minlength=size) > 0) & (first == NEVER)
    found[_doubled(h, order), 4] = True
    found[:, 5:7] = _ages(h, born)
    found[:, 7] = _shares(h, *shared)
    return found


def signs(wrong: Array) -> Array:
    """Count how many of `SIGNS` each customer's records show: float64[customers] of bool[customers, problems]."""
    chosen = [code in SIGNS for code, _ in PROBLEMS]
    found: Array = wrong[:, chosen].sum(axis=1).astype(np.float64)
    return found


NEVER = np.iinfo(np.int64).max


def _first(h: Histories, chosen: Array) -> Array:
    """Return the time of each customer's first event of a kind, `NEVER` without one: int64[customers]."""
    found = np.full(len(h), NEVER)
    np.minimum.at(found, h.owner[chosen], h.time[chosen])
    return found


def _doubled(h: Histories, order: Array) -> Array:
    """Return the owners of orders that follow one of the same amount within a minute."""
    owner, time, amount = h.owner[order], h.time[order], h.amount[order]
    again = (owner[1:] == owner[:-1]) & (time[1:] - time[:-1] <= MINUTE) & (amount[1:] == amount[:-1])
    found: Array = owner[1:][again & (amount[1:] != 0)]
    return found


def _ages(h: Histories, born: str) -> Array:
    """Return who was born after the first event, and whose age at the last one is impossible: bool[customers, 2]."""
    year = h.traits.get(born)
    some = np.diff(h.offsets) > 0
    if year is None or isinstance(year, Category) or not some.any():
        return np.zeros((len(h), 2), bool)
    ends = np.zeros((2, len(h)), np.int64)
    ends[0, some], ends[1, some] = h.time[h.offsets[:-1][some]], h.time[h.offsets[1:][some] - 1]
    years = np.where(
        year < JALALI_BEFORE,
        *(np.array([from_days(end // DAY, of)[0] for end in ends]) for of in ("jalali", "gregorian")),
    )
    with np.errstate(invalid="ignore"):
        unborn = some & (year > years[0])
        age = years[1] - year
        return np.column_stack((unborn, some & ~unborn & ((age < YOUNGEST) | (age > OLDEST))))


def _shares(h: Histories, trait: str, values: frozenset[str]) -> Array:
    """Tell who has a value that many have; bool[customers]."""
    told = h.traits.get(trait)
    if not isinstance(told, Category) or not values:
        return np.zeros(len(h), bool)
    chosen = np.array([label in values for label in told.labels] or [False])
    found: Array = (told.codes >= 0) & chosen[told.codes]
    return found


def holders(h: Histories, trait: str) -> dict[str, Array]:
    """Count who has each value of a trait: float64[1] by value."""
    told = h.traits.get(trait)
    if not isinstance(told, Category):
        return {}
    size = np.bincount(told.codes[told.codes >= 0], minlength=len(told.labels))
    return {label: np.array([float(n)]) for label, n in zip(told.labels, size.tolist(), strict=True) if n}


def present(h: Histories, of: tuple[Array, Sequence[str]], ordinal: Array, wanted: frozenset[str]) -> Pairs:
    """Return in which of the wanted periods of figures each customer was.

    Parameters
    ----------
    of : int64[events] codes and their labels; -1 for an event that is not counted
    wanted : what `ganj.views.anomaly_series.key` writes

    Returns
    -------
    int64[n] customers' positions, and what is wanted of each.
    """
    codes, labels = of
    told: dict[str, list[tuple[int, bool, str]]] = {}
    for one in wanted:
        label, _, period = one.rpartition("@")
        told.setdefault(label, []).append((int(period.rstrip("+")), period.endswith("+"), one))
    owners, names = [np.zeros(0, np.int64)], []
    for code, label in enumerate(labels):
        there = np.flatnonzero(codes == code) if label in told else np.zeros(0, np.int64)
        pairs = np.unique(np.column_stack((h.owner[there], ordinal[there])), axis=0)
        first = np.append(True, pairs[1:, 0] != pairs[:-1, 0])[: len(pairs)]
        for number, fresh, asked in told.get(label, ()):
            who = pairs[(pairs[:, 1] == number) & (first | (not fresh)), 0]
            owners.append(who)
            names += [asked] * len(who)
    return np.concatenate(owners), names


Pairs = tuple[Array, list[str]]
