"""Customers grouped by one of their traits, as codes that a state can count by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from ganj.histories import Array, Category

MOST = 6
"""Groups that are told apart; the smaller ones go together."""
SMALL = 30
"""A group of fewer customers is not told apart."""
NONE, OTHERS = -1, -2
"""Codes of customers of whom a trait says nothing, and of those of small groups."""
FINE = 1000
"""A number is told from another to three decimals."""


def codes_of(trait: Category | Array | None, size: int) -> tuple[Array, tuple[str, ...]]:
    """Return each customer's code of a trait, `NONE` where it says nothing: int64[n], and what codes say."""
    if trait is None:
        return np.full(size, NONE), ()
    if isinstance(trait, Category):
        return trait.codes.astype(np.int64), trait.labels
    whole = np.where(np.isnan(trait), NONE, np.nan_to_num(np.abs(trait)) * FINE)
    return np.rint(whole).astype(np.int64), ()


def label_of(code: int, labels: tuple[str, ...]) -> str:
    """Return what a code says, in the trait's own words; nothing known is ``?``, small groups are ``…``."""
    if code < 0:
        return "?" if code == NONE else "…"
    return labels[code] if labels else f"{code / FINE:g}"


def largest(codes: Array, count: Array) -> list[int]:
    """Return the codes that are told apart, of most customers first; `OTHERS` last where there are more."""
    found, place = np.unique(codes, return_inverse=True)
    size = np.bincount(place, count)
    order = [int(code) for code in found[np.lexsort((found, -size))] if size[found == code] >= SMALL]
    rest = len(found) > min(len(order), MOST)
    return [*order[:MOST], OTHERS] if rest else order


def told_apart(codes: Array, told: list[int]) -> Array:
    """Return codes with `OTHERS` for those that are not told apart: int64[n]."""
    return np.where(np.isin(codes, told), codes, OTHERS)


def names_of(codes: Array, labels: tuple[str, ...], told: Sequence[int]) -> pa.StringArray:
    """Return the name of each customer's group: string[n], null where no groups are told apart."""
    if not told:
        return pa.nulls(len(codes), pa.string())
    found, place = np.unique(told_apart(codes, list(told)), return_inverse=True)
    return pa.array([label_of(code, labels) for code in found.tolist()], pa.string()).take(pa.array(place))
