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
CELLS = 1 << 12
"""Equal spans of time in which it is known what period begins them."""


@njit(nogil=True, cache=True)
def _sums(rows: int, columns: int) -> Array:
    sums = np.zeros((rows, columns), np.int64)
    sums[:, columns - 1] = -1
    return sums


@njit(nogil=True, cache=True)
def _cells(edges: Array) -> tuple[Array, int]:
    """Return the period that each cell of time begins in, and how many bits of µs a cell has.

    A look at the place where a moment must be, and seldom a step from it, costs less than a walk that is guessed
    wrong at each period.
    """
    shift = 0
    while (edges[-1] - edges[0]) >> shift >= CELLS:
        shift += 1
    cells, period = np.empty(((edges[-1] - edges[0]) >> shift) + 1, np.int64), 0
    for cell in range(len(cells)):
        while period < len(edges) - 2 and edges[0] + (cell << shift) >= edges[period + 1]:
            period += 1
        cells[cell] = period
    return cells, shift


@njit(nogil=True, cache=True)
def _gathered(
    lo: int, hi: int, time: Array, code: Array, roles: Array, pages: Array, places: Array, gap: int,
    when: Array, what: Array, place: Array, bought: Array,
) -> tuple[int, int]:  # fmt: skip
    """List one customer's events that sessions are made of, and the times of purchases that are not among them.

    After the last stands a time that ends its session.  Here and below what is listed is written always, and counted
    only where it is so: nothing is guessed wrong, and places without a sign need no check.
    """
    n, extra, various, alone = np.uint64(0), np.uint64(0), len(code) > 0, roles[0]
    for j in range(np.uint64(lo), np.uint64(hi)):
        role = roles[code[j]] if various else alone
        when[n], what[n], place[n] = time[j], role, places[pages[j]]
        bought[extra] = time[j]
        n += np.uint64(role & FITS)
        extra += np.uint64((role & (FITS | BOUGHT)) == BOUGHT)
    when[n] = when[n - np.uint64(1)] + gap if n > 0 else 0
    return int(np.int64(n)), int(np.int64(extra))


@njit(nogil=True, cache=True)
def _cut(
    size: int, when: Array, what: Array, place: Array, since: int, gap: int, found: Array, seen: Array
) -> tuple[int, int]:  # fmt: skip
    """List the sessions and the pages seen in them; ``found`` lies flat, `FIRST` … of each session.

    What is so has all bits, what is not has none: a condition would be guessed, and be wrong.
    """
    at, shown, one = np.uint64(0), np.uint64(0), np.uint64(1)
    begun, entry, left, events, views, buys = when[0], -1, -1, 0, 0, 0
    for j in range(np.uint64(size)):
        now, page, after, view = when[j], place[j], when[j + one], what[j] >> 1 & 1
        end = gap - 1 - (after - now) >> 63
        events += 1
        views += view
        buys += what[j] >> 2
        left += (page - left) & -view
        entry += (page - entry) & -view & entry >> 63
        seen[shown] = page
        shown += np.uint64(view)
        found[at], found[at + np.uint64(LAST)] = begun, now
        found[at + np.uint64(ENTRY)], found[at + np.uint64(EXIT)] = entry, left
        found[at + np.uint64(EVENTS)], found[at + np.uint64(VIEWS)] = events, views
        found[at + np.uint64(BUYS)] = buys
        early = begun - since >> 63
        at += np.uint64(7 & end & ~early)
        shown &= np.uint64(~(end & early))
        begun += (after - begun) & end
        events, views, buys, entry, left = events & ~end, views & ~end, buys & ~end, entry | end, left | end
    return int(np.int64(at // np.uint64(7))), int(np.int64(shown))


@njit(nogil=True, cache=True)
def _credited(size: int, extra: int, bought: Array, gap: int, found: Array) -> None:
    """Count purchases that are no part of a session to the last one that had begun, when it is not over."""
    session = 0
    for k in range(extra):
        while session + 1 < size and found[7 * (session + 1)] <= bought[k]:
            session += 1
        if size and found[7 * session] <= bought[k] < found[7 * session + LAST] + gap:
            found[7 * session + BUYS] += 1


@njit(nogil=True, cache=True)
def _add(
    customer: int, size: int, found: Array, edges: Array, cells: Array, shift: int, periods: Array, entries: Array,
    exits: Array, lengths: Array, depths: Array,
) -> None:  # fmt: skip
    """Add up the sessions of one customer; the sums lie flat, and begin with a row of no page."""
    seven = np.uint64(7)
    for k in range(np.uint64(size)):
        at = k * seven
        first, length, views = (
            found[at],
            found[at + np.uint64(LAST)] - found[at],
            found[at + np.uint64(VIEWS)],
        )
        bought = int(found[at + np.uint64(BUYS)] > 0)
        bounced = int(found[at + np.uint64(EVENTS)] == 1) & (1 - bought)
        period = np.uint64(cells[np.uint64((first - edges[0]) >> shift)])
        while first >= edges[period + np.uint64(1)]:
            period += np.uint64(1)
        for table in range(2):
            sums = periods if table == 0 else entries
            row = (period if table == 0 else np.uint64(found[at + np.uint64(ENTRY)] + 1)) * seven
            sums[row] += 1
            sums[row + np.uint64(CUSTOMERS)] += int(sums[row + np.uint64(STAMP)] != customer)
            sums[row + np.uint64(STAMP)] = customer
            sums[row + np.uint64(BOUNCED)] += bounced
            sums[row + np.uint64(PAGES)] += views
            sums[row + np.uint64(LENGTH)] += length
            sums[row + np.uint64(CONVERTED)] += bought
        row = np.uint64(found[at + np.uint64(EXIT)] + 1) * np.uint64(4)
        exits[row + np.uint64(ENDED)] += 1
        exits[row + np.uint64(ENDERS)] += int(exits[row + np.uint64(3)] != customer)
        exits[row + np.uint64(3)] = customer
        lengths[k] = length
        depths[np.uint64(views)] += 1


@kernel
def visited(
    offsets: Array, time: Array, code: Array, roles: Array, pages: Array, places: Array,
    size: int, edges: Array, since: int, gap: int,
) -> tuple[Array, Array, Array, Array, Array, int]:  # fmt: skip
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
    periods, entries : int64[periods, 7], int64[pages, 7], see `SESSIONS`
    exits : int64[pages, 4], times seen, sessions that ended there, customers who did
    lengths : float64[sessions], µs
    depths : int64[k], how many sessions have 0, 1, 2 … pages
    customers : how many have a session
    """
    periods, entries, exits = _sums(len(edges) - 1, 7), _sums(size + 1, 7), _sums(size + 1, 4)
    cells, shift = _cells(edges)
    flat = (periods.reshape(-1), entries.reshape(-1), exits.reshape(-1))
    most = np.diff(offsets).max() + 1 if len(offsets) > 1 else 1
    lengths, depths, n, customers = np.empty(len(time)), np.zeros(most, np.int64), 0, 0
    when, what, place, bought, seen = [np.empty(most, np.int64) for _ in range(5)]
    found = np.empty(7 * most, np.int64)
    for customer in range(len(offsets) - 1):
        span = (offsets[customer], offsets[customer + 1])
        kept, extra = _gathered(*span, time, code, roles, pages, places, gap, when, what, place, bought)
        many, shown = _cut(kept, when, what, place, since, gap, found, seen)
        _credited(many, extra, bought, gap, found)
        for k in range(np.uint64(shown)):
            flat[2][np.uint64(seen[k] + 1) * np.uint64(4)] += 1
        _add(customer, many, found, edges, cells, shift, *flat, lengths[n:], depths)
        n, customers = n + many, customers + (many > 0)
    return periods, entries[1:], exits[1:], lengths[:n], depths, customers
