"""From columns of numbers and categories to the matrix that learners take.

A missing number takes the median and says so in a column of its own; a category becomes one column a label,
rare labels together.  All of it is learned from the rows that are learned from, and of no others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.learning.sample import Frame

LABELS = 30
"""Labels of a category that have a column; the others share one."""
RARE = 20
"""A label of fewer rows has no column."""
TRAIT = "trait:"
"""How a column begins that was told of the customer; others are counts, money and lengths, which are bent."""
SOME = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """How a column of numbers is read.

    Attributes
    ----------
    middle : what a missing one takes
    plain, bent : as it is, and by its logarithm
    holes : with a column for missing ones
    """

    name: str
    middle: float
    plain: bool
    bent: bool
    holes: bool

    @classmethod
    def of(cls, name: str, values: Array) -> Number:
        """Look at the values of the rows that are learned from."""
        known = values[~np.isnan(values)]
        middle = float(np.median(known)) if len(known) else 0.0
        counted = not name.startswith(TRAIT)
        amount = not counted and float(known.min(initial=0.0)) >= 0 and len(np.unique(known[:SOME])) > LABELS
        return cls(name, middle, not counted, counted or amount, 0 < len(known) < len(values))

    def read(self, values: Array) -> list[Array]:
        """Return its columns."""
        gone = np.isnan(values)
        filled = np.where(gone, self.middle, values)
        made = [filled] * self.plain
        if self.bent:
            made.append(np.sign(filled) * np.log1p(np.abs(filled)))
        return [*made, gone.astype(np.float64)] if self.holes else made


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """How a category is read: ``codes`` of the labels with a column, and whether there are others."""

    name: str
    codes: tuple[int, ...]

    @classmethod
    def of(cls, name: str, codes: Array) -> Labels:
        """Look at the codes of the rows that are learned from; -1, nothing known, is a label too."""
        found, times = np.unique(codes, return_counts=True)
        often = np.argsort(-times, kind="stable")[:LABELS]
        return cls(name, tuple(int(found[k]) for k in sorted(often) if times[k] >= RARE))

    def read(self, codes: Array) -> list[Array]:
        """Return its columns."""
        own = [(codes == code).astype(np.float64) for code in self.codes]
        return [*own, (~np.isin(codes, self.codes)).astype(np.float64)]


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """How a frame becomes a matrix.

    Attributes
    ----------
    numbers, labels : how each column is read
    source : int64[columns], which of `names` a column of the matrix comes from
    kept : bool[all columns], those that are not the same in all rows learned from
    mean, spread : float64[columns], of the rows learned from
    """

    numbers: tuple[Number, ...]
    labels: tuple[Labels, ...]
    source: Array
    kept: Array
    mean: Array
    spread: Array

    @classmethod
    def of(cls, frame: Frame) -> Design:
        """Look at the rows that are learned from."""
        numbers = tuple(
            Number.of(name, column) for name, column in zip(frame.names, frame.numbers.T, strict=True)
        )
        labels = tuple(Labels.of(name, one.codes) for name, one in frame.categories.items())
        columns, source = _columns(numbers, labels, frame)
        whole = np.column_stack(columns) if columns else np.zeros((len(frame), 0))
        spread = whole.std(axis=0)
        kept = spread > 1e-9
        return cls(numbers, labels, source[kept], kept, whole[:, kept].mean(axis=0), spread[kept])

    @property
    def names(self) -> tuple[str, ...]:
        """What the columns of the matrix come from."""
        return tuple(one.name for one in self.numbers) + tuple(one.name for one in self.labels)

    def matrix(self, frame: Frame) -> Array:
        """Return float64[n, columns], each column with mean 0 and spread 1 in the rows learned from."""
        columns, _ = _columns(self.numbers, self.labels, frame)
        whole = np.column_stack(columns) if columns else np.zeros((len(frame), 0))
        scaled: Array = (whole[:, self.kept] - self.mean) / self.spread
        return scaled


def _columns(
    numbers: tuple[Number, ...], labels: tuple[Labels, ...], frame: Frame
) -> tuple[list[Array], Array]:
    columns: list[Array] = []
    source: list[int] = []
    place = {name: k for k, name in enumerate(frame.names)}
    for k, one in enumerate(numbers):
        made = one.read(frame.numbers[:, place[one.name]].astype(np.float64))
        columns += made
        source += [k] * len(made)
    for k, label in enumerate(labels, len(numbers)):
        made = label.read(frame.categories[label.name].codes)
        columns += made
        source += [k] * len(made)
    return columns, np.array(source, np.int64)
