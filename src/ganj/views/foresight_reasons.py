"""Each customer's reasons as scores have them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.models.learning.sample import Sample
from ganj.views.foresight_names import TRAIT, code_of


def reason_of(reasons: Array, groups: tuple[str, ...], place: int = 0) -> Array:
    """Return each customer's first (or second …) reason, a place in `GROUPS`: int32[n], -1 where there is none.

    Parameters
    ----------
    reasons : int64[n, k], places in ``groups``, the weightiest first, -1 none
    """
    codes = np.array([*(code_of(name) for name in groups), -1], np.int32)
    found: Array = codes[reasons[:, place]]
    return found


def because(reasons: Array, groups: tuple[str, ...], sample: Sample) -> pa.ListArray:
    """Return each customer's reasons, the weightiest first, a trait with its value: list<string>[n]."""
    words: list[str] = []
    places = np.full((len(sample), len(groups) + 1), -1)
    for k, name in enumerate(groups):
        labels, codes = _valued(sample, name)
        places[:, k] = codes + len(words)
        words += labels
    at = np.take_along_axis(places, reasons, axis=1)  # -1 is the last column, which is none
    sizes = np.concatenate(([0], np.cumsum((at >= 0).sum(axis=1))))
    told = pa.array(words, pa.string()).take(pa.array(at[at >= 0], pa.int64()))
    return pa.ListArray.from_arrays(pa.array(sizes, pa.int32()), told)


def _valued(sample: Sample, name: str) -> tuple[list[str], Array]:
    """Return what a reason is called, and which of these it is for each customer."""
    called = name.removeprefix(TRAIT)
    if name in sample.categories:
        told = sample.categories[name]
        return [f"{called}={label}" for label in (*told.labels, "")], told.codes % (len(told.labels) + 1)
    if name in sample.numbers:
        values, codes = np.unique(sample.numbers[name], return_inverse=True)
        return [f"{called}={value:g}" for value in values.tolist()], codes
    return [called], np.zeros(len(sample), np.int64)
