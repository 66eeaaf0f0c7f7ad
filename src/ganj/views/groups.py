"""Customers grouped by one of their traits, as codes that a state can count by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from ganj.breakdown import first_of, of_customers, of_events, parted
from ganj.histories import Array, Category, Histories
from ganj.text import Text

MOST = 6
"""Groups that are told apart; the smaller ones go together."""
SMALL = 30
"""A group of fewer customers is not told apart."""
NONE, OTHERS = -1, -2
"""Codes of customers of whom a trait says nothing, and of those of small groups."""
NOT_IN = "—"
"""What is written of those who are not in a segment."""
FINE = 1000
"""A number is told from another to three decimals."""
BELOW = 10
"""Codes of numbers below 0 begin after so many others."""

GROUPED = Text(
    "A trait or a segment, or what the first purchase had, such as its channel.",
    "ویژگی یا بخش مشتری، یا آنچه نخستین خرید داشته است، مانند کانال آن.",
)
"""What customers may be grouped by."""


def grouped(histories: Histories, by: str, counted: Array) -> tuple[Array, tuple[str, ...]]:
    """Return each customer's code of a breakdown and what codes say, as `codes_of`.

    It is that of a trait or a segment, else of the first value that the counted events (bool[events]) have.
    """
    kind, name = parted(by)
    trait = histories.traits.get(name) if kind in {"", "customer"} else None
    if trait is not None and not (isinstance(trait, Category) and not trait.labels):
        return codes_of(trait, len(histories))
    if kind == "segment":
        member = of_customers(histories, by)
        codes = member.codes if member is not None else np.full(len(histories), NONE)
        return np.where(codes == 0, 0, 1), (name, NOT_IN)
    events = of_events(histories, by) if by else None
    return codes_of(first_of(histories, events, counted) if events is not None else None, len(histories))


def codes_of(trait: Category | Array | None, size: int) -> tuple[Array, tuple[str, ...]]:
    """Return each customer's code of a trait, `NONE` where it says nothing: int64[n], and what codes say."""
    if trait is None:
        return np.full(size, NONE), ()
    if isinstance(trait, Category):
        return trait.codes.astype(np.int64), trait.labels
    whole = np.nan_to_num(trait) * FINE
    return np.rint(np.where(np.isnan(trait), NONE, np.where(whole < 0, whole - BELOW, whole))).astype(
        np.int64
    ), ()


def label_of(code: int, labels: tuple[str, ...]) -> str:
    """Return what a code says, in the trait's own words; nothing known is ``?``, small groups are ``…``."""
    if code in {NONE, OTHERS}:
        return "?" if code == NONE else "…"
    return labels[code] if labels else f"{(code + BELOW if code < 0 else code) / FINE:g}"


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
