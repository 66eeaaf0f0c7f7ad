"""Means, deviations and correlations of figures, as a state that adds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Means and co-moments of several figures, joined without cancellation.

    Attributes
    ----------
    size : number of rows
    mean : float64[d]
    spread : float64[d, d], sums of products of deviations from the means

    Source: Chan, Golub, LeVeque, Updating formulae and a pairwise algorithm for computing sample
    variances, 1979, eq. 2.1.
    """

    size: int
    mean: Array
    spread: Array

    @classmethod
    def of(cls, rows: Array) -> Moments:
        """Measure rows of float64[n, d]."""
        size, depth = rows.shape
        if size == 0:
            return cls(0, np.zeros(depth), np.zeros((depth, depth)))
        mean = rows.mean(axis=0)
        away = rows - mean
        return cls(size, mean, away.T @ away)

    def __add__(self, other: Moments) -> Moments:
        size = self.size + other.size
        if not self.size or not other.size:
            return self if self.size else other
        apart = other.mean - self.mean
        mean = self.mean + apart * (other.size / size)
        between = np.outer(apart, apart) * (self.size * other.size / size)
        return Moments(size, mean, self.spread + other.spread + between)

    @property
    def deviation(self) -> Array:
        """float64[d]: standard deviations (n - 1); nan below two rows."""
        if self.size < 2:
            return np.full(len(self.mean), np.nan)
        deviation: Array = np.sqrt(np.diag(self.spread) / (self.size - 1))
        return deviation

    @property
    def correlation(self) -> Array:
        """float64[d, d]: Pearson's correlations; nan where a figure does not vary."""
        wide = np.sqrt(np.diag(self.spread))
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Array = np.clip(self.spread / np.outer(wide, wide), -1, 1)
        return found
