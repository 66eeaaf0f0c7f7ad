"""What each event may be to a funnel: its steps, its exclusions, its last moment, its value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from ganj.breakdown import PRODUCT, Spread, of_customers, of_each, parted, spread
from ganj.calendar import Calendar
from ganj.calendar.days import days_from, from_days, month_length
from ganj.calendar.zones import instant, local_time
from ganj.errors import BadParameter
from ganj.filters import Filter, marks, selector
from ganj.histories import DAY, Array, Category, Histories
from ganj.kernels.funnel import happened
from ganj.kernels.funnel_walk import Marked
from ganj.persian import ascii_digits
from ganj.text import Text

NEVER = np.iinfo(np.int64).max
JOINED = " · "
NO_VALUE = "—"
_SPAN = re.compile(r"(?P<first>\d{1,2})\s*[-–]\s*(?P<last>\d{1,2})")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Events that end an attempt between two steps.

    Attributes
    ----------
    words : the selector
    first, last : the steps, from 1
    """

    words: str
    first: int
    last: int

    @classmethod
    def read(cls, words: str, span: str, steps: int) -> Exclusion:
        """Read a selector and the steps between which it excludes, such as ``2-3``; empty: the first and last."""
        if not span.strip():
            return cls(words, 1, steps)
        found = _SPAN.fullmatch(ascii_digits(span).strip())
        one = cls(words, int(found["first"]), int(found["last"])) if found else cls(words, 0, 0)
        if not 1 <= one.first < one.last <= steps:
            why = Text(
                f"write two of the {steps} steps, such as 1-2.",
                f"دو گام از {steps} گام را بنویسید، مانند 1-2.",
            )
            raise BadParameter(parameter="between", value=span, why=why)
        return one

    @property
    def bits(self) -> int:
        """Bits of the steps on the way to which it excludes."""
        return sum(1 << k for k in range(self.first, self.last))

    def check(self, steps: Sequence[str]) -> None:
        """Refuse an exclusion that is one of the steps it lies between."""
        if self.words in steps[self.first - 1 : self.last]:
            why = Text(
                "it is one of the steps between which it would exclude.",
                "خود یکی از گام‌هایی است که میانشان می‌آید.",
            )
            raise BadParameter(parameter="exclusions", value=self.words, why=why)


def seen(histories: Histories, events: Sequence[str]) -> Array:
    """Count the events of some names: int64[names]."""
    codes = histories.codes(events)
    count = happened(histories.event, len(histories.names.get("event", ())) + 1)
    return np.where(codes >= 0, count[codes], 0)


def barred(histories: Histories, exclusions: Sequence[Exclusion]) -> Array:
    """Return int64[events]: bit ``s`` is set where an event excludes on the way to step ``s + 1``."""
    out = np.zeros(len(histories.time), np.int64)
    hit = marks(histories, [one.words for one in exclusions])
    for number, one in enumerate(exclusions):
        out |= np.where((hit >> number) & 1 == 1, one.bits, 0)
    return out


def only_first(
    histories: Histories, bits: Array, steps: Sequence[str], ever: Sequence[int], fitting: Sequence[int]
) -> Array:
    """Keep of some steps each customer's first event only.

    Parameters
    ----------
    ever : steps (from 1) that only the first event of their *name* may be; it must fit besides
    fitting : steps that only the first event that *fits* may be
    """
    bits = bits.copy()
    for step in (*ever, *fitting):
        bit = np.int64(1 << (step - 1))
        fits = bits & bit != 0
        named = msgspec.structs.replace(selector(steps[step - 1]), where=Filter())
        candidates = np.flatnonzero(named.events(histories) if step in ever else fits)
        owner = np.searchsorted(histories.offsets, candidates, side="right") - 1
        fresh = np.ones(len(owner), bool)
        fresh[1:] = owner[1:] != owner[:-1]
        first = np.zeros(len(bits), bool)
        first[candidates[fresh]] = True
        bits[fits & ~first] &= ~bit
    return bits


def deadlines(time: Array, within: int, months: int, calendar: Calendar, zone: str) -> Array:
    """Return the last moment of what begins at each event: int64[events], µs UTC.

    Parameters
    ----------
    within : µs, where ``months`` is 0
    months : calendar months: to the same time of the same day, or the last day of a shorter month
    """
    if not months:
        found: Array = np.where(time > NEVER - within, NEVER, time + within)
        return found
    local = local_time(time, zone)
    day, rest = local // DAY, local % DAY
    year, month, of_month = from_days(day, calendar)
    count = year * 12 + month - 1 + months
    year, month = count // 12, count % 12 + 1
    of_month = np.minimum(of_month, month_length(year, month, calendar))
    return instant(days_from(year, month, of_month, calendar) * DAY + rest, zone)


def trait(histories: Histories, name: str) -> Category | None:
    """Return the trait that breaks customers down; None where it is no trait, or one that nobody has."""
    found = of_customers(histories, name)
    return found if found is not None and found.labels else None


def values(histories: Histories, names: Sequence[str]) -> Spread:
    """Return the values of each event, or the values together where several break down.

    An event of several products comes once for each, by the first name that is of products.
    """
    every = np.arange(len(histories.time))
    goods = next((name for name in names if parted(name)[0] == PRODUCT), names[0])
    whole = spread(histories, goods, every)
    if len(names) == 1:
        return whole
    each = [_at(of_each(histories, name), whole) if name != goods else whole for name in names]
    stacked = np.column_stack([one.codes for one in each])
    kinds, codes = np.unique(stacked, axis=0, return_inverse=True)
    labels = [
        JOINED.join(one.labels[k] if k >= 0 else NO_VALUE for one, k in zip(each, kind, strict=True))
        for kind in kinds.tolist()
    ]
    known = np.any(kinds >= 0, axis=1)
    place = np.where(known, np.cumsum(known) - 1, -1).astype(np.int32)
    told = tuple(label for label, there in zip(labels, known.tolist(), strict=True) if there)
    return Spread(whole.event, whole.share, place[codes.ravel()], told)


def _at(found: Category, whole: Spread) -> Category:
    return Category(found.codes[whole.event], found.labels)


def valued(events: Marked, found: Spread) -> Marked:
    """Repeat events by their values."""
    at = found.event
    return Marked(
        np.searchsorted(at, events.offsets),
        events.time[at],
        events.bits[at],
        events.bars[at],
        events.deadline[at],
        found.codes,
    )


def touched(histories: Histories, found: Spread, counted: Array, *, last: bool) -> Category:
    """Give each customer the first, or the last, value that the counted events (bool[events]) have.

    Of an order of several products that is the one most of its money is for: a customer has one value.
    """
    at = np.flatnonzero(counted[found.event] & (found.codes >= 0))
    share = found.share[at]
    if (share < 1).any():
        at = at[np.lexsort((share if last else -share, found.event[at]))]
    codes = np.full(len(histories), -1, np.int32)
    owner = np.searchsorted(histories.offsets, found.event[at], side="right") - 1
    order = slice(None) if last else slice(None, None, -1)  # what is written last stays
    codes[owner[order]] = found.codes[at[order]]
    return Category(codes, found.labels)
