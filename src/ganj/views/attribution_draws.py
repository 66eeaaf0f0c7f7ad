"""How sure a credit is: the same credit for customers drawn anew, many times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from ganj.histories import Array
from ganj.kernels.attribution import MODELS, Paths, moves, removal, shares
from ganj.kernels.counting import packed
from ganj.kernels.draws import weighed
from ganj.sequences import NOTHING, Named
from ganj.sketches import Tally

KEPT = 4_096
"""Sums kept apart for the draws; where there are more, no interval is told."""
SOLVED = 300
"""States of a chain that are solved once for each draw."""
FEWEST = 20
"""Fewer draws tell no interval."""


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """What each replicate credits.

    Attributes
    ----------
    sums : tallies ``credits`` (channel; float64[2 × replicates], conversions, then value) and ``moves`` (kind |
        state, next; float64[replicates])
    totals : float64[2, replicates], conversions after touches and their value
    """

    sums: Named
    totals: Array

    def __add__(self, other: Draws) -> Draws:
        return Draws(self.sums + other.sums, self.totals + other.totals)

    @classmethod
    def none(cls, replicates: int, order: int) -> Self:
        """Return the draws of nobody."""
        tallies = {"credits": Tally.empty(1, 2 * replicates), "moves": Tally.empty(order + 2, replicates)}
        return cls(Named((), tallies, _PLAIN, most=KEPT), np.zeros((2, replicates)))

    @classmethod
    def of(cls, paths: Paths, labels: tuple[str, ...], weight: Array, rule: tuple[str, int, Array]) -> Self:
        """Weigh paths by how often their customers are drawn.

        Parameters
        ----------
        labels : names of the channels, ascending
        weight : uint8[paths, replicates]
        rule : the rule's name, the touches a chain remembers, and its numbers (see `credited`)
        """
        model, order, numbers = rule
        none = cls.none(weight.shape[1], order)
        some = np.flatnonzero(np.diff(paths.ends) > 0)
        one = np.zeros(len(some), np.int64)
        totals = np.concatenate(
            [weighed(one, some, amount[some], 1, weight) for amount in (paths.conversions, paths.value)]
        )
        if model == "markov":
            keys, amount, path = moves(paths, order)
            code, _ = packed(keys)
            kinds, first, place = np.unique(code, return_index=True, return_inverse=True)
            told = Tally.of(keys[first], weighed(place, path, amount, len(kinds), weight))
            tallies = {**none.sums.tallies, "moves": told}
        else:
            share = shares(paths.ends, paths.channel, paths.age, len(labels), numbers, MODELS.index(model))
            both = [
                weighed(paths.channel, paths.path, share * amount[paths.path], len(labels), weight)
                for amount in (paths.conversions, paths.value)
            ]
            told = Tally.of(np.arange(len(labels))[:, None], np.concatenate(both, axis=1))
            tallies = {**none.sums.tallies, "credits": told}
        return cls(Named(labels, tallies, _PLAIN, most=KEPT), totals)

    @property
    def replicates(self) -> int:
        """How many draws there are."""
        return int(self.totals.shape[1])

    def credits(self, model: str, rows: Mapping[str, int], size: int) -> Array | None:
        """Return what each draw credits to each row: float64[2, rows, replicates]; None where it is not told.

        Parameters
        ----------
        rows : the row of each channel's name
        size : how many rows there are; names without a row of their own belong to the last
        """
        if self.replicates < FEWEST or self.sums.short or not size:
            return None
        row = np.array(
            [*(rows.get(label, size - 1) for label in self.sums.labels), size - 1, size - 1, NOTHING]
        )
        if model == "markov":
            return self._removed(row, size)
        told = self.sums.tallies["credits"]
        out = np.zeros((size, 2 * self.replicates))
        np.add.at(out, row[told.keys[:, 0]], told.values)
        both: Array = out.reshape(size, 2, self.replicates).swapaxes(0, 1)
        return both

    def _removed(self, row: Array, size: int) -> Array | None:
        told = self.sums.tallies["moves"]
        keys = told.keys.copy()
        keys[:, 1:] = row[keys[:, 1:]]
        joined = Tally.of(keys, told.values)
        if not len(joined) or len(np.unique(joined.keys[:, 1:-1], axis=0)) > SOLVED:
            return None
        out = np.zeros((2, size, self.replicates))
        for r in range(self.replicates):
            effect = removal(joined.keys, joined.values[:, r], size)[0]
            if effect.sum() > 0:
                out[:, :, r] = self.totals[:, r, None] * (effect / effect.sum())
        return out


_PLAIN = {"credits": 0, "moves": 1}


def interval(drawn: Array) -> tuple[Array, Array]:
    """Return the 2.5th and the 97.5th percentile of the draws: float64[rows] each."""
    low, high = np.quantile(drawn, (0.025, 0.975), axis=-1)
    return low, high
