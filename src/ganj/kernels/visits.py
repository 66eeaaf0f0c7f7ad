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


@njit(nogil=True, cache=True, inline="always")
def _role(j: int, code: Array, roles: Array) -> int:
    """Return the role of an event."""
    role: int = roles[code[j]] if len(code) else roles[0]
    return role


@njit(nogil=True, cache=True, inline="always")
def _add(sums: Array, row: int, customer: int, one: Array) -> None:
    """Add a session to a row of sums."""
    sums[row, SESSIONS] += 1
    sums[row, CUSTOMERS] += sums[row, STAMP] != customer
    sums[row, STAMP] = customer
    sums[row, BOUNCED] += (one[EVENTS] == 1) & (one[BUYS] == 0)
    sums[row, PAGES] += one[VIEWS]
    sums[row, LENGTH] += one[LAST] - one[FIRST]
    sums[row, CONVERTED] += one[BUYS] > 0


@njit(nogil=True, cache=True, inline="always")
def _event(now: int, page: int, role: int, one: Array) -> None:
    """Add a fitting event to the open session."""
    one[LAST] = now
    one[EVENTS] += 1
    if role & PAGE:
        one[VIEWS] += 1
        one[EXIT] = page
        one[ENTRY] = page if one[ENTRY] < 0 else one[ENTRY]


@njit(nogil=True, cache=True, inline="always")
def _close(
    customer: int, one: Array, edges: Array, period: int, periods: Array, entries: Array, exits: Array, lasting: Array
) -> int:  # fmt: skip
    """Add the open session up; return the period it began in."""
    while one[FIRST] >= edges[period + 1]:
        period += 1
    _add(periods, period, customer, one)
    if one[ENTRY] >= 0:
        _add(entries, one[ENTRY], customer, one)
        left = one[EXIT]
        exits[left, ENDED] += 1
        exits[left, ENDERS] += exits[left, 3] != customer
        exits[left, 3] = customer
    n = lasting[0, 0] + 1
    lasting[n, 0], lasting[n, 1], lasting[0, 0] = one[LAST] - one[FIRST], one[VIEWS], n
    return period


@njit(nogil=True, cache=True, inline="always")
def _open(now: int, one: Array) -> None:
    """Begin a session."""
    one[:] = 0
    one[FIRST], one[ENTRY], one[EXIT] = now, -1, -1


@njit(nogil=True, cache=True)
def _sums(rows: int, columns: int) -> Array:
    sums = np.zeros((rows, columns))
    sums[:, columns - 1] = -1
    return sums


@njit(nogil=True, cache=True, inline="always")
def _customer(
    customer: int, lo: int, hi: int, time: Array, code: Array, roles: Array, pages: Array, places: Array,
    edges: Array, since: int, gap: int, one: Array, periods: Array, entries: Array, exits: Array, lasting: Array,
) -> None:  # fmt: skip
    """Add up the sessions of one customer; what happens in one instant is taken together."""
    period, now, bought = 0, 0, 0
    one[EVENTS] = 0
    for j in range(lo, hi + 1):
        if j == hi or time[j] != now:
            if bought and one[EVENTS] and now - one[LAST] < gap:
                one[BUYS] += bought
            now, bought = time[min(j, hi - 1)], 0
        over = j == hi or now - one[LAST] >= gap
        role = _role(j, code, roles) if j < hi else FITS
        bought += (role & BOUGHT) != 0
        if not role & FITS:
            continue
        if over and one[EVENTS] and one[FIRST] >= since:
            period = _close(customer, one, edges, period, periods, entries, exits, lasting)
        if j == hi:
            break
        if over or not one[EVENTS]:
            _open(now, one)
        page = places[pages[j]] if role & PAGE else -1
        _event(now, page, role, one)
        if page >= 0 and one[FIRST] >= since:
            exits[page, SEEN] += 1


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
    lasting = np.zeros((len(time) + 1, 2), np.int64)  # the first row counts the others
    one, customers = np.empty(7, np.int64), 0
    for customer in range(len(offsets) - 1):
        before = lasting[0, 0]
        _customer(
            customer, offsets[customer], offsets[customer + 1], time, code, roles, pages, places,
            edges, since, gap, one, periods, entries, exits, lasting,
        )  # fmt: skip
        customers += lasting[0, 0] > before
    return periods, entries, exits, lasting[1 : lasting[0, 0] + 1], customers
