"""Figures by period and label, from the events of whole customers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from ganj.calendar import first_day, ordinals
from ganj.calendar.buckets import Period
from ganj.calendar.days import Calendar
from ganj.errors import BadParameter
from ganj.histories import Array, Histories
from ganj.sketches import Groups, Tally
from ganj.text import Text

EVENTS, AMOUNT, CUSTOMERS, NEW = range(4)
"""Columns of a tally by period: events, their money, customers who had any, customers whose first ever it was."""


def tallied(h: Histories, code: Array, labels: Sequence[str], ordinal: Array) -> dict[str, Tally]:
    """Add up events by label and period.

    Parameters
    ----------
    code : int64[events], into ``labels``; -1 for an event that is not counted
    ordinal : int64[events], periods

    Returns
    -------
    By label a tally by period of float64[4], see `EVENTS`; labels without events are left out.
    """
    at = np.flatnonzero(code >= 0)
    if not len(at):
        return {}
    owner, code, ordinal = h.owner[at], code[at].astype(np.int64), ordinal[at]
    amount = np.nan_to_num(h.amount[at])
    keys = np.column_stack((code, ordinal))
    sums = Tally.of(keys, np.column_stack((np.ones(len(at)), amount, np.zeros((len(at), 2)))))
    order = np.lexsort((ordinal, code, owner))
    owner, keys = owner[order], keys[order]
    fresh = np.ones((len(at), 2), bool)
    same = (owner[1:] == owner[:-1]) & (keys[1:, 0] == keys[:-1, 0])
    fresh[1:, 0], fresh[1:, 1] = ~(same & (keys[1:, 1] == keys[:-1, 1])), ~same
    fresh &= (h.customer[owner] >= 0)[:, None]  # nobody is no customer
    there = fresh[:, 0]
    people = np.column_stack((np.zeros((int(there.sum()), 2)), fresh[there]))
    both = sums + Tally.of(keys[there], people)
    return {labels[n]: _of(both, n) for n in np.unique(both.keys[:, 0]).tolist()}


def _of(tally: Tally, code: int) -> Tally:
    chosen = tally.keys[:, 0] == code
    return Tally(tally.keys[chosen, 1:], tally.values[chosen])


def filled(tally: Tally, first: int, last: int) -> Array:
    """Return the sums of every period from one to another: float64[periods, 4], zeros where nothing was."""
    found = np.zeros((max(last - first + 1, 0), 4))
    at = tally.keys[:, 0] - first
    inside = (at >= 0) & (at < len(found))
    found[at[inside]] = tally.values[inside]
    return found


def whole(
    groups: Groups, period: Period, bucketing: tuple[Calendar, int], days: tuple[int, int]
) -> tuple[int, int]:
    """Return the first and the last period that lie wholly between two local days, both seen.

    ``days`` are the first day that counts and the day after the last; there are none where last < first.
    """
    keys = [tally.keys[:, 0] for tally in groups.values.values()]
    if not keys:
        return 0, -1
    seen = np.concatenate(keys)
    calendar, week_start = bucketing
    low, high = (int(ordinals(day, period, calendar, week_start)) for day in (days[0], days[1] - 1))
    if int(first_day(low, period, calendar, week_start)) < days[0]:
        low += 1
    if int(first_day(high + 1, period, calendar, week_start)) > days[1]:
        high -= 1
    return max(low, int(seen.min())), high


def lists(owner: Array, values: Array | pa.Array, size: int) -> pa.ListArray:
    """Gather values into one list a customer: owner int64[n] ascending, positions below ``size``."""
    ends = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=size)))).astype(np.int32)
    return pa.ListArray.from_arrays(
        pa.array(ends), values if isinstance(values, pa.Array) else pa.array(values)
    )


def rated(event: str, over: str) -> None:
    """Refuse a rate of an event out of itself."""
    if event == over:
        why = Text(
            "it is the event itself; its rate is always 100%.", "خودِ همان رویداد است؛ نرخ آن همیشه ۱۰۰٪ است."
        )
        raise BadParameter(parameter="over", value=over, why=why)
