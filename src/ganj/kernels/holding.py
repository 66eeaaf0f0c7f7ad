"""Which baskets hold which sets of items."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array


def holding(baskets: tuple[Array, Array], sets: tuple[Array, Array], wide: int) -> tuple[Array, Array]:
    """Find every basket that holds every item of a set.

    A set waits at one item of it, that which the fewest sets wait at, so a basket looks only at sets of its items.

    Parameters
    ----------
    baskets : offsets int64[baskets + 1] and items int64[...], from 0; -1 is no item that is asked for
    sets : offsets int64[sets + 1] and items int64[...]; no set is empty
    wide : items there are

    Returns
    -------
    basket, set : int64[pairs] each, by basket
    """
    waits = _waiting(*sets, wide)
    order = np.argsort(waits, kind="stable")
    begins = np.concatenate(([0], np.cumsum(np.bincount(waits, minlength=wide))))
    return _held(*baskets, *sets, order, begins)


@njit(nogil=True, cache=True)
def _waiting(offsets: Array, items: Array, wide: int) -> Array:
    """Choose where each set waits: int64[sets], an item."""
    load, waits = np.zeros(wide, np.int64), np.zeros(len(offsets) - 1, np.int64)
    for k in range(len(waits)):
        best = items[offsets[k]]
        for at in range(offsets[k], offsets[k + 1]):
            if load[items[at]] < load[best]:
                best = items[at]
        waits[k] = best
        load[best] += 1
    return waits


@njit(nogil=True, cache=True)
def _held(
    offsets: Array, items: Array, set_offsets: Array, set_items: Array, order: Array, begins: Array
) -> tuple[Array, Array]:
    """Mark the items of each basket and look at the sets that wait at them."""
    seen = np.full(len(begins) - 1, -1, np.int64)
    basket, found, size = np.empty(1024, np.int64), np.empty(1024, np.int64), 0
    for b in range(len(offsets) - 1):
        for k in range(offsets[b], offsets[b + 1]):
            if items[k] >= 0:
                seen[items[k]] = b
        for k in range(offsets[b], offsets[b + 1]):
            item = items[k]
            if item < 0:
                continue
            for at in range(begins[item], begins[item + 1]):
                one = order[at]
                whole = True
                for place in range(set_offsets[one], set_offsets[one + 1]):
                    whole = whole and seen[set_items[place]] == b
                if whole:
                    if size == len(basket):
                        basket = np.concatenate((basket, np.empty(size, np.int64)))
                        found = np.concatenate((found, np.empty(size, np.int64)))
                    basket[size], found[size] = b, one
                    size += 1
    return basket[:size], found[:size]
