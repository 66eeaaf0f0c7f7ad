"""Events of one case after another: what is done, in which order, how often again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numba import njit

from ganj.histories import Array


def cases_of(owner: Array, case: Array | None) -> tuple[Array, Array]:
    """Put the events of each case together, in their order.

    Parameters
    ----------
    owner : int64[events], ascending
    case : int64[events], which case of its owner an event is of, -1 for none; None: a customer is one case

    Returns
    -------
    order : int64[kept], positions of the events
    starts : int64[cases + 1]
    """
    if case is None:
        order, key = np.arange(len(owner)), owner
    else:
        width = int(case.max(initial=0)) + 1
        order = np.flatnonzero(case >= 0)
        key = owner[order] * width + case[order]
        by = np.argsort(key, kind="stable")
        order, key = order[by], key[by]
    fresh = np.ones(len(key), bool)
    fresh[1:] = key[1:] != key[:-1]
    return order, np.append(np.flatnonzero(fresh), len(key)).astype(np.int64)


def label_hashes(labels: Iterable[str]) -> Array:
    """uint64[labels]: what a name is in every part, whatever its code there."""
    told = [
        int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little") for text in labels
    ]
    return np.array(told, np.uint64)


@njit(nogil=True, cache=True)
def variants(starts: Array, activity: Array, hashes: Array) -> Array:
    """Hash the order of activities of each case.

    Parameters
    ----------
    starts : int64[cases + 1]
    activity : int32[events]
    hashes : uint64[activities], of `label_hashes`

    Returns
    -------
    int64[cases]
        Equal for equal sequences of names; different ones collide with a chance of 2**-64 a pair.
    """
    out = np.zeros(len(starts) - 1, np.int64)
    for case in range(len(starts) - 1):
        h = np.uint64(0x9E3779B97F4A7C15)
        for j in range(starts[case], starts[case + 1]):
            h = (h ^ hashes[activity[j]]) * np.uint64(0x100000001B3)
            h ^= h >> np.uint64(29)
            h *= np.uint64(0xBF58476D1CE4E5B9)
            h ^= h >> np.uint64(32)
        out[case] = np.int64(h >> np.uint64(1))
    return out
