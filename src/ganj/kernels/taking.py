"""Takes chosen rows from where they lie in many tables, and lays them in another order: each value is copied once.

A row is told as ``table * 2**32 + row``.  Places are addresses: whoever asks holds the tables, and has made room.
Columns are taken side by side, so that a table is looked at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ganj.histories import Array
from ganj.kernels import kernel
from ganj.kernels.addresses import copy, half, put_half, put_number, word

TABLE, ROW = np.int64(32), np.int64((1 << 32) - 1)
"""By how many bits a table's number is shifted, and what of the rest is the row."""
HALF, WORD = 4, 8
"""Bytes of an int32, and of an int64."""


@kernel
def fixed(where: Array, rows: Array, begins: Array, wide: Array, to: Array) -> None:
    """Write values of columns whose values are all as wide.

    Parameters
    ----------
    where : int64[n], the rows of all tables
    rows : int64[m], which of them are taken now
    begins : int64[columns, tables], where each column of each table begins
    wide : int64[columns], bytes of a value: 4, or a multiple of 8
    to : int64[columns], where the first value is written; that of row ``k`` comes ``k`` values later
    """
    for n in range(len(rows)):
        k = rows[n]
        table, row = where[k] >> TABLE, where[k] & ROW
        for column in range(len(wide)):
            size = wide[column]
            at, place = begins[column, table] + size * row, to[column] + size * k
            if size == HALF:
                put_half(place, half(at))
            else:
                for part in range(0, size, WORD):
                    value: Any = np.int64(word(at + part))
                    put_number(place + part, value)


@kernel
def sizes(where: Array, rows: Array, offsets: Array, to: Array) -> None:
    """Write how large values are that are not all alike, such as texts: int64 each.

    Parameters
    ----------
    where, rows, to : as in `fixed`
    offsets : int64[columns, tables], where each table's offsets begin, int32 each
    """
    for n in range(len(rows)):
        k = rows[n]
        table, row = where[k] >> TABLE, where[k] & ROW
        for column in range(len(to)):
            at = offsets[column, table] + HALF * row
            put_number(to[column] + WORD * k, half(at + HALF) - half(at))


@kernel
def varied(where: Array, rows: Array, offsets: Array, begins: Array, told: Array) -> None:
    """Write values that are not all alike.

    Parameters
    ----------
    where, rows, offsets, begins : as in `sizes` and `fixed`
    told : int64[columns, 3]: bytes of what is counted (1 of texts, else those of an element of lists), where the first
        value is written, and where it is told how many such lie before each row, int64 each
    """
    for n in range(len(rows)):
        k = rows[n]
        table, row = where[k] >> TABLE, where[k] & ROW
        for column in range(len(told)):
            at = offsets[column, table] + HALF * row
            begin, wide = half(at), told[column, 0]
            size = half(at + HALF) - begin
            if size:
                before = np.int64(word(told[column, 2] + WORD * k))
                copy(told[column, 1] + wide * before, begins[column, table] + wide * begin, wide * size)


@kernel
def halves(at: Array, to: int) -> None:
    """Write the int32 that lies at each of some places, int64[n], side by side."""
    for n in range(len(at)):
        put_half(to + HALF * n, half(at[n]))


@kernel
def codes(begins: Array, facts: Array, properties: int) -> Array:
    """Return the code each row has of each property: int32[properties, n], -1 none.

    Parameters
    ----------
    begins : int64[n + 1], where the facts of each row begin
    facts : int32[...], ``property * 1024 + code``
    properties : how many are wanted; what is said of further ones is left out
    """
    found = np.full((properties, len(begins) - 1), -1, np.int32)
    for k in range(len(begins) - 1):
        for at in range(begins[k], begins[k + 1]):
            fact = facts[at]
            if fact >> 10 < properties:
                found[fact >> 10, k] = fact & 1023
    return found
