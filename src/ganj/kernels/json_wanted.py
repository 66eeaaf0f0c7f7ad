"""Finds the few members of objects that mean something, by the hashes of their names."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ganj.histories import Array
from ganj.kernels.addresses import address, byte, number, put, put_number, word
from ganj.kernels.hashing import hash_at
from ganj.kernels.json_bytes import FALSE, NONE, OBJECT, STRING, after_text, value

NESTED = np.uint64(0xC2B2AE3D27D4EB4F)


@njit(cache=True, nogil=True)
def slot_of(table: Array, slots: Array, key: int) -> Any:
    """Look a hash up in an open table: the number of the wanted name, -1 for another."""
    mask = len(table) - 1
    at = np.int64(key & np.uint64(mask))
    while slots[at] >= 0:
        if table[at] == key:
            return slots[at]
        at = (at + 1) & mask
    return -1


@njit(cache=True, nogil=True)
def tables(keys: Array) -> tuple[Array, Array]:
    """Make an open table of hashes, for `slot_of`; its size is a power of two, a quarter full at most."""
    size = 16
    while size < 4 * len(keys):
        size *= 2
    table, slots = np.zeros(size, np.uint64), np.full(size, -1, np.int16)
    for place in range(len(keys)):
        at = np.int64(keys[place] & np.uint64(size - 1))
        while slots[at] >= 0:
            at = (at + 1) & (size - 1)
        table[at], slots[at] = keys[place], place
    return table, slots


@njit(cache=True, nogil=True)
def chosen(
    line: Array, names: Array, rows: int, table: Array, slots: Array, wanted: int
) -> tuple[Array, Array]:
    """Return which member of each line has each wanted name, int32[wanted, rows], -1 none; and which any line has."""
    at, there = np.full((wanted, rows), -1, np.int32), np.zeros(wanted, np.bool_)
    for n in range(len(line)):
        slot = slot_of(table, slots, names[n])
        if slot >= 0:
            at[slot, line[n]] = n
            there[slot] = True
    return at, there


@njit(cache=True, nogil=True)
def nested(
    data: Array, span: Array, kind: Array, table: Array, slots: Array, wanted: int, key: int
) -> tuple[Array, Array]:
    """Find wanted values of objects by path of one or two names.

    Parameters
    ----------
    table, slots : of the hashes of the paths; of two names ``hash(first) * NESTED ^ hash(second)``

    Returns
    -------
    places : int32[wanted, lines, 2], of the value, a string with its quotes
    kinds : uint8[wanted, lines], ``NONE`` where it is not there
    """
    rows, base, wide = len(span), address(data), slots.astype(np.int64)
    places, kinds = np.zeros((wanted, rows, 2), np.int32), np.zeros((wanted, rows), np.uint8)
    known = address(table), address(wide), len(table) - 1
    for row in range(rows):
        if kind[row] == OBJECT:
            to = address(places) + 8 * row, address(kinds) + row, rows
            _paths(base, base + span[row, 0], known, to, key)
    return places, kinds


@njit(cache=True, nogil=True)
def _slot(known: tuple[int, int, int], key: Any) -> int:
    """Look a hash up as `slot_of` does, in a table that is told by addresses and what its places are less than."""
    table, slots, mask = known
    at: Any = np.int64(key & np.uint64(mask))
    while number(slots + 8 * at) >= 0:
        if word(table + 8 * at) == key:
            return number(slots + 8 * at)
        at = (at + 1) & mask
    return -1


@njit(cache=True, nogil=True)
def _note(i: int, base: int, slot: int, to: tuple[int, int, int]) -> tuple[int, int]:
    """Walk over a member's value, and note it where it is wanted; return the place after it, and its kind."""
    end, what = value(i)
    if slot >= 0 and end >= 0:
        put_number(to[0] + 8 * slot * to[2], (i - base) | (end - base) << 32)
        put(to[1] + slot * to[2], what)
    return end, what


@njit(cache=True, nogil=True)
def _paths(base: int, i: int, known: tuple[int, int, int], to: tuple[int, int, int], key: int) -> None:
    """Note the wanted members of the object at ``i``, and of those within it."""
    while byte(i + 1) == 34:
        close, _ = after_text(i + 2)
        if close < 0:
            return
        path = hash_at(i + 2, close, key)
        end, what = _note(close + 2, base, _slot(known, path), to)
        if end < 0:
            return
        if what == OBJECT:
            _inner((base, close + 2), path * NESTED, known, to, key)
        i = end


@njit(cache=True, nogil=True)
def _inner(
    at: tuple[int, int], above: Any, known: tuple[int, int, int], to: tuple[int, int, int], key: int
) -> None:
    """Note the wanted members of an object within an object."""
    base, i = at
    while byte(i + 1) == 34:
        close, _ = after_text(i + 2)
        if close < 0:
            return
        path = above ^ hash_at(i + 2, close, key)
        i, _ = _note(close + 2, base, _slot(known, path), to)
        if i < 0:
            return


@njit(cache=True, nogil=True)
def picked(
    slots: Array, at: Array, members: tuple[Array, Array], context: tuple[Array, Array, Array]
) -> tuple[Array, Array]:
    """Return what the first of some places tells of each line that tells anything plain: places and kinds.

    Parameters
    ----------
    slots : int64[places]; of properties from 0, of the context from -1 down
    at : int32[wanted, lines], as `chosen` returns it
    members : of the members `chosen` chose from, int32[members, 4] (the last two: of the value) and uint8[members]
    context : what `nested` returned of different contexts, and which of them each line has: int64[lines]

    Returns
    -------
    places, kinds : int32[lines, 2], uint8[lines], ``NONE`` where nothing is told; lists, objects, nulls and empty texts
        tell nothing
    """
    places, kinds = members
    spans, whats, of = context
    out, found = np.zeros((at.shape[1], 2), np.int32), np.full(at.shape[1], NONE, np.uint8)
    for slot in slots:
        for row in range(len(out)):
            if found[row] != NONE:
                continue
            if slot >= 0:
                n = at[slot, row]
                if n < 0:
                    continue
                what, begin, end = kinds[n], places[n, 2], places[n, 3]
            else:
                n = of[row]
                what, begin, end = whats[-1 - slot, n], spans[-1 - slot, n, 0], spans[-1 - slot, n, 1]
            if STRING <= what <= FALSE and not (what == STRING and end - begin <= 2):
                out[row, 0], out[row, 1], found[row] = begin, end, what
    return out, found
