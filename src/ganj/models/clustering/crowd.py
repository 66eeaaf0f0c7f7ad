"""Many customers by their categories and figures, bounded, the same wherever the customers were cut.

Rows are distinct combinations; figures are rounded one level coarser whenever there are more than `LIMIT`
rows, see `ganj.sketches` for why the outcome depends on the customers only.  Categories are never rounded.  A customer
finds its own row again by its figures rounded the same way, so what is counted of rows is true of customers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ganj.errors import BadParameter
from ganj.histories import Array, Category
from ganj.kernels import summing
from ganj.sketches import BITS, Numbers, from_ordered_bits, ordered_bits
from ganj.text import Text

LIMIT = 1 << 17
LABELS = 500
"""A category with more values than these is a name or a number, not a kind of customer."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """Rows of customers who have the same categories and, as far as they are told apart, the same figures.

    Attributes
    ----------
    labels : the values of each category, ascending
    codes : int64[n, c], into ``labels``; -1 where there is no value
    keys : int64[n, d], `ordered_bits` of the figures at ``level``; nan keeps its key
    count : int64[n], customers
    sums : float64[n, s], sums of what was given to be added up
    level : how coarse the keys are; 0 is exact
    limit : the most rows that are kept
    """

    labels: tuple[tuple[str, ...], ...]
    codes: Array
    keys: Array
    count: Array
    sums: Array
    level: int = 0
    limit: int = LIMIT

    @classmethod
    def of(
        cls, categories: Sequence[Category], figures: Array, sums: Array, limit: int = LIMIT, level: int = 0
    ) -> Crowd:
        """Count customers.

        Parameters
        ----------
        categories : of the customers, c of them
        figures : float64[n, d], nan where unknown
        sums : float64[n, s]
        """
        known = tuple(tuple(sorted(set(category.labels))) for category in categories)
        codes = [_among(one.codes, one.labels, labels) for one, labels in zip(categories, known, strict=True)]
        keys = ordered_bits(_one_nan(figures), level).reshape(figures.shape)
        whole = np.stack(codes, axis=1) if codes else np.zeros((len(figures), 0), np.int64)
        return cls(known, whole, keys, np.ones(len(figures), np.int64), sums, level, limit).fitted()

    def __add__(self, other: Crowd) -> Crowd:
        level = max(self.level, other.level)
        labels = tuple(
            tuple(sorted({*mine, *its})) for mine, its in zip(self.labels, other.labels, strict=True)
        )
        one, two = (part.told(labels, level) for part in (self, other))
        return replace(
            one,
            codes=np.concatenate((one.codes, two.codes)),
            keys=np.concatenate((one.keys, two.keys)),
            count=np.concatenate((one.count, two.count)),
            sums=np.concatenate((one.sums, two.sums)),
        ).fitted()

    def __len__(self) -> int:
        return len(self.count)

    @property
    def size(self) -> int:
        """Count the customers."""
        return int(self.count.sum())

    @property
    def figures(self) -> Array:
        """float64[n, d]: what every customer of a row is taken to be."""
        return from_ordered_bits(self.keys)

    def rounded(self, figures: Array) -> Array:
        """Return figures as the rows have them: float64, shaped as given."""
        return from_ordered_bits(ordered_bits(_one_nan(figures), self.level).reshape(figures.shape))

    def coded(self, categories: Sequence[Category]) -> Array:
        """Return the codes of some customers' categories: int64[n, c]; -1 for a value that no row has."""
        found = [
            _among(one.codes, one.labels, known) for one, known in zip(categories, self.labels, strict=True)
        ]
        return np.stack(found, axis=1) if found else np.zeros((0, 0), np.int64)

    def column(self, number: int) -> Numbers:
        """Return how a figure is distributed over the customers who have it."""
        values, at = np.unique(self.figures[:, number], return_inverse=True)
        count = np.bincount(at, self.count, len(values))
        known = ~np.isnan(values)
        return Numbers(np.flatnonzero(known), count[known].astype(np.int64), (values * count)[known])

    def told(self, labels: tuple[tuple[str, ...], ...], level: int) -> Crowd:
        """Return the same rows in the codes of more labels, and coarser."""
        codes = [
            _among(self.codes[:, at], mine, now)
            for at, (mine, now) in enumerate(zip(self.labels, labels, strict=True))
        ]
        return replace(
            self,
            labels=labels,
            codes=np.stack(codes, axis=1) if codes else self.codes,
            keys=_coarser(self.keys, level),
            level=level,
        )

    def fitted(self) -> Crowd:
        """Join equal rows, and round until there are few enough."""
        found = self.joined()
        while len(found) > found.limit and found.level + 1 < len(BITS):
            level = found.level + 1
            found = replace(found, keys=_coarser(found.keys, level), level=level).joined()
        return found

    def joined(self) -> Crowd:
        """Join equal rows."""
        whole = np.concatenate((self.codes, self.keys), axis=1)
        order = np.argsort(_scattered(whole), kind="stable")
        stacked = np.column_stack((self.count.astype(np.float64), self.sums))
        rows, added = summing.added(np.ascontiguousarray(whole[order]), np.ascontiguousarray(stacked[order]))
        width = self.codes.shape[1]
        return replace(
            self,
            codes=rows[:, :width],
            keys=rows[:, width:],
            count=added[:, 0].astype(np.int64),
            sums=added[:, 1:],
        )


def few_labels(name: str, category: Category) -> Category:
    """Return a category that can tell customers apart by kind.

    Raises
    ------
    BadParameter
        It has so many values that it names customers instead.
    """
    if len(category.labels) > LABELS:
        why = Text(
            f"it has more than {LABELS} different values; choose a trait of few kinds.",
            f"بیش از {LABELS} مقدار گوناگون دارد؛ ویژگی‌ای با مقدارهای کم برگزینید.",
        )
        raise BadParameter(parameter="traits", value=name, why=why)
    return category


def _among(codes: Array, labels: Sequence[str], known: Sequence[str]) -> Array:
    """Return codes into other labels: int64[n], -1 for what is not among them."""
    place = {label: at for at, label in enumerate(known)}
    table = np.array([*(place.get(label, -1) for label in labels), -1], np.int64)
    found: Array = table[codes]
    return found


def _one_nan(figures: Array) -> Array:
    """Return figures whose unknowns all have the same bits, and whose zeros have no sign."""
    clean: Array = np.where(np.isnan(figures), np.nan, figures + 0.0)
    return clean


def _coarser(keys: Array, level: int) -> Array:
    return ordered_bits(from_ordered_bits(keys), level).reshape(keys.shape)


def _scattered(rows: Array) -> Array:
    """Return a number for each row that equal rows share and others hardly ever: uint64[n]."""
    found = np.zeros(len(rows), np.uint64)
    for column in np.ascontiguousarray(rows.T).view(np.uint64):
        found = (found ^ column) * _MIX
        found ^= found >> _HALF
    return found
