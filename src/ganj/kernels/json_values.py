"""Makes of spans of JSON what is stored: exact numbers, joined objects, identities of messages."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.addresses import address, copy, put

_TENS = 10.0 ** np.arange(23)
_EXACT = np.int64(1 << 53)


@njit(cache=True, nogil=True)
def _number(data: Array, i: int, end: int) -> tuple[float, bool]:
    """Read one number; False where it cannot be read exactly this way."""
    negative = i < end and data[i] == 45
    i += 1 if negative else 0
    mantissa, digits, places, seen, point = np.int64(0), 0, 0, 0, False
    while i < end and (48 <= data[i] <= 57 or (data[i] == 46 and not point)):
        if data[i] == 46:
            point = True
        else:
            mantissa = mantissa * 10 + (data[i] - 48)
            digits += 1 if mantissa > 0 else 0
            places += 1 if point else 0
            seen += 1
        if digits > 16:
            return np.nan, False
        i += 1
    if i < end or seen == 0 or mantissa > _EXACT or places > 22:
        return np.nan, False
    number = mantissa / _TENS[places]  # both are exact, so the quotient is the nearest number
    return (-number if negative else number), True


@njit(cache=True, nogil=True)
def numbers(data: Array, begin: Array, end: Array) -> tuple[Array, Array]:
    """Read numbers: float64[n], and bool[n] of those that were read exactly; the others are nan.

    Notes
    -----
    A quotient of two exact numbers is correctly rounded; sixteen digits and 22 places are what is exact (Clinger,
    How to read floating point numbers accurately, 1990).
    """
    out, read = np.full(len(begin), np.nan), np.zeros(len(begin), np.bool_)
    for n in range(len(begin)):
        if end[n] > begin[n]:
            out[n], read[n] = _number(data, begin[n], end[n])
    return out, read


@njit(cache=True, nogil=True)
def _put(to: int, begin: int, end: int) -> int:
    """Copy bytes between addresses; return the place after them."""
    copy(to, begin, max(end - begin, 0))
    return to + end - begin


@njit(cache=True, nogil=True)
def joined(
    data: Array, base: Array, extra: Array, names: Array, ends: Array, room: int
) -> tuple[Array, Array]:
    """Write objects anew with further members put last.

    Parameters
    ----------
    data : uint8[bytes]
    base : int32[n, 2], objects; empty spans stand for none
    extra : int32[extras, n, 2], values to be added; empty spans are left out
    names, ends : uint8[…], int64[extras + 1], the bytes ``"name":`` of each extra, laid end to end
    room : bytes that the result has room for

    Returns
    -------
    text, offsets : uint8[…], int32[n + 1]; nothing at all where nothing is said
    """
    out, offsets = np.empty(room, np.uint8), np.zeros(len(base) + 1, np.int32)
    here, there, told = address(out), address(data), address(names)
    at = here
    for n in range(len(base)):
        start = at
        if base[n, 1] - base[n, 0] > 2:
            at = _put(at, there + base[n, 0], there + base[n, 1] - 1)
        for k in range(len(extra)):
            if extra[k, n, 1] > extra[k, n, 0]:
                put(at, 123 if at == start else 44)
                at = _put(at + 1, told + ends[k], told + ends[k + 1])
                at = _put(at, there + extra[k, n, 0], there + extra[k, n, 1])
        if at > start:
            put(at, 125)
            at += 1
        offsets[n + 1] = at - here
    return out[: at - here], offsets


@njit(cache=True, nogil=True)
def found(high: Array, low: Array, wanted_high: Array, wanted_low: Array) -> Array:
    """Tell which identities are in a sorted run: bool[n].

    Parameters
    ----------
    high, low : uint64[run], ascending by ``high``; low halves of equal high ones in any order

    Notes
    -----
    Identities are spread evenly, so the place of one is where its value says, give or take the square root of the
    run's length (interpolation search; Perl, Itai, Avni 1978): a few neighbouring pages are touched.
    """
    out = np.zeros(len(wanted_high), np.bool_)
    if not len(high):
        return out
    for n in range(len(wanted_high)):
        out[n] = _has(high, low, wanted_high[n], wanted_low[n])
    return out


@njit(cache=True, nogil=True)
def _lowest(high: Array, wanted: int) -> Any:
    """Return the place of the first key that is not less, as far as there is one."""
    size = len(high)
    if size == 0:
        return 0
    share = np.float64(wanted) / 18446744073709551616.0
    guess: Any = min(max(np.int64(share * size), 0), size - 1)
    step: Any = np.int64(np.sqrt(size)) + 1
    left: Any = max(guess - step, 0)
    right: Any = min(guess + step, size - 1)
    while left > 0 and high[left] >= wanted:
        left, step = max(left - step, 0), step * 2
    while right < size - 1 and high[right] < wanted:
        right, step = min(right + step, size - 1), step * 2
    while left < right:
        middle = (left + right) // 2
        if high[middle] < wanted:
            left = middle + 1
        else:
            right = middle
    return left


@njit(cache=True, nogil=True)
def _has(high: Array, low: Array, wanted: int, other: int) -> bool:
    left: Any = _lowest(high, wanted)
    while left < len(high) and high[left] == wanted:
        if low[left] == other:
            return True
        left += 1
    return False


@njit(cache=True, nogil=True)
def looked_up(keys: Array, codes: Array, wanted: Array) -> Array:
    """Return the code of each wanted key, int32[n]; -1 where it is not there.

    Parameters
    ----------
    keys, codes : uint64[known] ascending, all different and spread evenly; int32[known]

    Notes
    -----
    Interpolation search, as in `found`.
    """
    out = np.full(len(wanted), -1, np.int32)
    for n in range(len(wanted)):
        at = _lowest(keys, wanted[n])
        if at < len(keys) and keys[at] == wanted[n]:
            out[n] = codes[at]
    return out


@njit(cache=True, nogil=True)
def gathered(data: Array, begin: Array, end: Array) -> tuple[Array, Array]:
    """Lay spans end to end: uint8[…], and where each begins and ends: int32[n + 1]."""
    offsets = np.zeros(len(begin) + 1, np.int32)
    for n in range(len(begin)):
        offsets[n + 1] = offsets[n] + max(end[n] - begin[n], 0)
    out = np.empty(offsets[-1], np.uint8)
    here, there = address(out), address(data)
    for n in range(len(begin)):
        _put(here + offsets[n], there + begin[n], there + end[n])
    return out, offsets


@njit(cache=True, nogil=True)
def first_of(high: Array, low: Array, order: Array) -> Array:
    """Tell which identities come first: bool[n]; ``order`` sorts them stably by ``high``."""
    out = np.ones(len(high), np.bool_)
    for i in range(len(order)):
        k = i - 1
        while k >= 0 and high[order[k]] == high[order[i]]:
            if low[order[k]] == low[order[i]]:
                out[order[i]] = False
                break
            k -= 1
    return out


@njit(cache=True, nogil=True)
def links(data: Array, span: Array) -> tuple[Array, Array]:
    """Look at addresses, quoted texts: where the host lies, int32[n, 2], and whether ``utm_`` or ``clid=`` follows.

    An address without ``//`` has no host.
    """
    host, tagged = np.zeros((len(span), 2), np.int32), np.zeros(len(span), np.bool_)
    for n in range(len(span)):
        i, end = span[n, 0] + 1, span[n, 1] - 1
        while i + 1 < end and not (data[i] == 47 and data[i + 1] == 47):
            i += 1
        if i + 2 >= end:
            continue
        i += 2
        host[n, 0] = i
        while i < end and data[i] not in (47, 63, 35):
            i += 1
        host[n, 1] = i
        while i + 4 < end and not tagged[n]:
            a, b, c = data[i], data[i + 1], data[i + 2]
            tagged[n] = (a == 117 and b == 116 and c == 109) or (b == 105 and c == 100 and data[i + 3] == 61)
            i += 1
    return host, tagged
