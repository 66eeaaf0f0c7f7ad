"""Pairs that were found, and what each column says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.identity.duplicates.levels import Compared
from ganj.identity.duplicates.model import Model
from ganj.identity.merging import components
from ganj.text import Text


class Step(msgspec.Struct, frozen=True):
    """What one column says of a pair.

    Attributes
    ----------
    column : its role
    label, says : the column and the answer in words
    weight : log2 of how much more often pairs of one person come out so than strangers
    """

    column: str
    label: Text
    says: Text
    weight: float


@dataclass(frozen=True)
class Found:
    """The pairs who may be one person, most probable first.

    Attributes
    ----------
    pairs
        ``left right`` int32, rows of the people, left < right; ``probability`` and ``weight`` (log2 of the
        odds) float64; ``vetoed`` bool: something differs that a person should look at; and for each
        column compared ``level_NAME`` int8 (-1 where one of the two says nothing) and ``weight_NAME``.
    relatives
        Pairs who are rather two people of one household: ``left right`` and ``probability`` of that.
    model
        What was believed or learned.
    compared
        The comparisons, with their levels in words.
    doubles
        Pairs that are one person, as the probabilities expect, those left out too.
    """

    pairs: pa.Table
    relatives: pa.Table
    model: Model
    compared: tuple[Compared, ...]
    doubles: float

    def waterfall(self, at: int) -> tuple[Step, ...]:
        """Return what the columns say of one pair, from the prior on; the weights add up to the pair's."""
        return next(iter(self.waterfalls(self.pairs.slice(at, 1))))

    def waterfalls(self, pairs: pa.Table) -> Iterator[tuple[Step, ...]]:
        """Yield what the columns say of each of some pairs."""
        others = 1 - self.model.prior - self.model.household
        prior = Step("", PRIOR, NOTHING, float(np.log2(self.model.prior / others)))
        told = [
            (one, pairs[f"level_{one.name}"].to_pylist(), pairs[f"weight_{one.name}"].to_pylist())
            for one in self.compared
        ]
        for row, household in enumerate(pairs["weight_household"].to_pylist()):
            steps = (
                Step(one.name, one.label, one.levels[levels[row]].says, weights[row])
                for one, levels, weights in told
                if levels[row] >= 0
            )
            yield (prior, *steps, Step("household", HOUSEHOLD, RELATIVES, household))

    def certain(self, precision: float) -> pa.Table:
        """Return the pairs of which at least this share is expected to be right, each by itself, and nothing differs."""
        probability: Array = self.pairs["probability"].to_numpy()
        vetoed: Array = self.pairs["vetoed"].to_numpy(zero_copy_only=False)
        return self.pairs.filter(pa.array((probability >= precision) & ~vetoed))

    def households(self, probability: float = 0.9) -> list[list[int]]:
        """Return people of one household, as rows of the people: each list ascending, in order of its first."""
        kept = self.relatives.filter(pa.array(self.relatives["probability"].to_numpy() >= probability))
        edges: Array = np.stack([kept[side].to_numpy() for side in ("left", "right")], axis=1)
        touched, stands = components(edges)
        groups: dict[int, list[int]] = {}
        for person, first in zip(touched.tolist(), stands.tolist(), strict=True):
            groups.setdefault(first, []).append(person)
        return sorted(groups.values())


HOUSEHOLD = Text("Household", "هم‌خانه")
RELATIVES = Text("may be relatives", "شاید از یک خانواده‌اند")
PRIOR = Text("Any two people", "هر دو نفر دلخواه")
NOTHING = Text("before anything is compared", "پیش از هر مقایسه")
