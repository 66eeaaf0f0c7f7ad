"""Sessions of all customers, added up by period and page in one pass."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels import kernel

FITS, PAGE, BOUGHT = 1, 2, 4
"""Bits of an event's role."""
SESSIONS, CUSTOMERS, BOUNCED, PAGES, LENGTH, CONVERTED, STAMP = range(7)
"""Columns of sums over sessions; the last is the last customer counted."""
SEEN, ENDED, ENDERS = 0, 1, 2
"""Columns of sums over pages."""
FIRST, LAST, ENTRY, EXIT, EVENTS, VIEWS, BUYS = range(7)
"""What is known of an open session: times; pages, -1 for none; events, pages and purchases."""


@njit(nogil=True, cache=True)
def _sums(rows: int, columns: int) -> Array:
    sums = np.zeros((rows, columns))
    sums[:, columns - 1] = -1
    return sums


@njit(nogil=True, cache=True)
def _cut(
    lo: int, hi: int, time: Array, code: Array, roles: Array, pages: Array, places: Array, since: int, gap: int,
    found: Array, seen: Array,
) -> tuple[int, int]:  # fmt: skip
    """List one customer's sessions and the pages seen; what happens in one instant is taken together.

    ``found`` lies flat, `FIRST` … of each session; returned is how many sessions and pages there are.  Handing the
    arrays to another function for each event would cost more than all this.
    """
    sessions, shown, at, seven, one = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(7), np.uint64(1)
    last, now, bought, begun, various, alone = 0, 0, 0, since - 1, len(code) > 0, roles[0]
    for j in range(np.uint64(lo), np.uint64(hi)):
        if time[j] != now:
            found[at + np.uint64(BUYS)] += bought if now - last < gap else 0
            now, bought = time[j], 0
        role = roles[code[j]] if various else alone
        bought += (role & BOUGHT) != 0
        if not role & FITS:
            continue
        if sessions == 0 or now - last >= gap:
            at = sessions * seven if begun >= since else at  # in the place of one that began too early
            sessions = at // seven + one
            for k in range(np.uint64(ENTRY), seven):
                found[at + k] = 0
            found[at], found[at + np.uint64(ENTRY)], found[at + np.uint64(EXIT)] = now, -1, -1
            begun = now
        last = now
        found[at + np.uint64(LAST)] = now
        found[at + np.uint64(EVENTS)] += 1
        if role & PAGE:
            page = places[pages[j]]
            found[at + np.uint64(VIEWS)] += 1
            found[at + np.uint64(EXIT)] = page
            if found[at + np.uint64(ENTRY)] < 0:
                found[at + np.uint64(ENTRY)] = page
            seen[shown] = page
            shown += np.uint64((page >= 0) & (begun >= since))
    found[at + np.uint64(BUYS)] += bought if now - last < gap else 0
    counted = sessions - np.uint64((sessions > 0) & (begun < since))
    return int(np.int64(counted)), int(np.int64(shown))


@njit(nogil=True, cache=True)
def _add(
    customer: int, size: int, found: Array, edges: Array, periods: Array, entries: Array, exits: Array, lasting: Array
) -> None:  # fmt: skip
    """Add up the sessions of one customer; the sums lie flat."""
    seven, period = np.uint64(7), np.uint64(0)
    for k in range(np.uint64(size)):
        at = k * seven
        first, last, entry, left = (
            found[at],
            found[at + np.uint64(1)],
            found[at + np.uint64(2)],
            found[at + np.uint64(3)],
        )
        events, views, buys = (
            found[at + np.uint64(EVENTS)],
            found[at + np.uint64(VIEWS)],
            found[at + np.uint64(BUYS)],
        )
        while first >= edges[period + np.uint64(1)]:
            period += np.uint64(1)
        for table in range(1 + (entry >= 0)):
            sums = periods if table == 0 else entries
            row = period * seven if table == 0 else np.uint64(entry) * seven
            sums[row] += 1
            sums[row + np.uint64(CUSTOMERS)] += sums[row + np.uint64(STAMP)] != customer
            sums[row + np.uint64(STAMP)] = customer
            sums[row + np.uint64(BOUNCED)] += (events == 1) & (buys == 0)
            sums[row + np.uint64(PAGES)] += views
            sums[row + np.uint64(LENGTH)] += last - first
            sums[row + np.uint64(CONVERTED)] += buys > 0
        if entry >= 0:
            row = np.uint64(left) * np.uint64(4)
            exits[row + np.uint64(ENDED)] += 1
            exits[row + np.uint64(ENDERS)] += exits[row + np.uint64(3)] != customer
            exits[row + np.uint64(3)] = customer
        lasting[k, 0], lasting[k, 1] = last - first, views


@kernel
def visited(
    offsets: Array, time: Array, code: Array, roles: Array, pages: Array, places: Array,
    size: int, edges: Array, since: int, gap: int,
) -> tuple[Array, Array, Array, Array, int]:  # fmt: skip
    """Cut histories into sessions, as `ganj.kernels.sessions.split`, and add them up.

    Parameters
    ----------
    offsets, time : as in `Histories`
    code, roles : int32[events] and int64[codes], bits `FITS`, `PAGE` and `BOUGHT`; without codes all have the first
    pages, places : int32[events] and int64[codes], the page of each code, below ``size``
    edges : int64[periods + 1], µs; where periods begin, and where the last ends
    since : µs; sessions that began earlier are left out
    gap : µs

    Returns
    -------
    periods, entries : float64[periods, 7], float64[pages, 7], see `SESSIONS`
    exits : float64[pages, 4], times seen, sessions that ended there, customers who did
    lasting : int64[sessions, 2], µs and pages of each
    customers : how many have a session
    """
    periods, entries, exits = _sums(len(edges) - 1, 7), _sums(size, 7), _sums(size, 4)
    lasting, n, customers = np.empty((len(time), 2), np.int64), 0, 0
    most = np.diff(offsets).max() + 1 if len(offsets) > 1 else 1
    found, seen = np.zeros(7 * most, np.int64), np.empty(most, np.int64)
    for customer in range(len(offsets) - 1):
        lo, hi = offsets[customer], offsets[customer + 1]
        many, shown = _cut(lo, hi, time, code, roles, pages, places, since, gap, found, seen)
        for k in range(shown):
            exits[seen[k], SEEN] += 1
        flat = (periods.reshape(-1), entries.reshape(-1), exits.reshape(-1))
        _add(customer, many, found, edges, *flat, lasting[n:])
        n, customers = n + many, customers + (many > 0)
    return periods, entries, exits, lasting[:n], customers
