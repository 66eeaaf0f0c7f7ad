"""Looks for customers who may be one person, offers them, and merges those that are sure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.identity import duplicates as comparing
from ganj.identity.duplicates import NothingToCompare, Options
from ganj.workspace.duplicates.everyone import everyone
from ganj.workspace.duplicates.groups import Groups
from ganj.workspace.duplicates.kept import Kept, Link, pair_key
from ganj.workspace.duplicates.rules import DuplicateRules

if TYPE_CHECKING:
    from ganj.workspace import Workspace

MOST = 20_000
"""Pairs offered at once; more than anybody looks through."""


class Found(msgspec.Struct, frozen=True):
    """What a search brought.

    Attributes
    ----------
    customers : people who were compared
    pairs : pairs offered
    expected : of all pairs, how many are one person, as the probabilities promise
    merged : pairs merged at once
    precision : share of those that is right, as their probabilities promise; 1 where none was merged
    learned : columns whose weights were learned from these people
    """

    customers: int
    pairs: int
    expected: float
    merged: int
    precision: float
    learned: tuple[str, ...]


NOBODY = Found(0, 0, 0.0, 0, 1.0, ())


class Search:
    """One search: people compared, their pairs, and which of them are sure."""

    def __init__(self, workspace: Workspace, kept: Kept, rules: DuplicateRules) -> None:
        self._workspace, self._kept, self._rules = workspace, kept, rules
        self._links: dict[int, Link | None] = {}
        table, roles = everyone(workspace)
        self.customers: Array = table["customer"].to_numpy()
        self._found: comparing.Found | None = None
        try:
            self._found = comparing.find(table, roles, Options(least=rules.least)) if len(table) else None
        except NothingToCompare:
            self._found = None  # a shop that knows nothing of its customers has no doubles to show

    def link(self, customer: int) -> Link | None:
        """Return the identifier a customer is known by."""
        if customer not in self._links:
            self._links[customer] = self._workspace.store.persons.link(customer)
        return self._links[customer]

    def offer(self) -> Found:
        """Keep the pairs, but for those that were told apart."""
        if self._found is None:
            self._kept.offer(())
            return NOBODY
        apart = self._apart()
        offered = [row for row, one, other in self._rows() if _both(one, other) not in apart]
        self._kept.offer(offered)
        return Found(
            len(self.customers), len(offered), self._found.doubles, 0, 1.0, self._found.model.learned
        )

    def households(self, probability: float) -> list[list[int]]:
        """Return the customers of one household, each group ascending."""
        if self._found is None:
            return []
        return [sorted(self.customers[rows].tolist()) for rows in self._found.households(probability)]

    def sure(self) -> Iterator[tuple[Link, Link, float]]:
        """Yield the pairs to merge at once: none that anybody or anything says are different people."""
        if self._found is None:
            return
        pairs = self._found.pairs
        groups = Groups(self._apart() | self._vetoed(pairs))
        certain = self._found.certain(self._rules.precision)
        told = zip(*(certain[name].to_numpy() for name in ("left", "right", "probability")), strict=True)
        for left, right, probability in told:
            one, other = int(self.customers[left]), int(self.customers[right])
            links = self.link(one), self.link(other)
            if links[0] and links[1] and groups.join(one, other):
                yield links[0], links[1], float(probability)

    def _apart(self) -> set[tuple[int, int]]:
        """Return the pairs of customers, as they are now, that were said to be different people."""
        owner = self._workspace.store.persons.owner
        told = ((owner(one), owner(other)) for one, other in self._kept.told_apart())
        return {_both(one, other) for one, other in told if one is not None and other is not None}

    def _vetoed(self, pairs: pa.Table) -> set[tuple[int, int]]:
        kept = pairs.filter(pairs["vetoed"])
        left, right = (self.customers[kept[side].to_numpy()].tolist() for side in ("left", "right"))
        return {_both(one, other) for one, other in zip(left, right, strict=True)}

    def _rows(self) -> Iterator[tuple[dict[str, Any], int, int]]:
        """Yield what is kept of each pair, and the two customers."""
        if self._found is None:
            return
        pairs = self._found.pairs
        sides = [self.customers[pairs[side].to_numpy()].tolist() for side in ("left", "right")]
        for at, (one, other) in enumerate(zip(*sides, strict=True)):
            links = self.link(one), self.link(other)
            if at >= MOST:
                return
            if links[0] and links[1]:
                yield self._row(at, links[0], links[1]), one, other

    def _row(self, at: int, left: Link, right: Link) -> dict[str, Any]:
        found = self._found
        if found is None:
            return {}
        return {
            "pair": pair_key(left, right),
            "left": list(left),
            "right": list(right),
            "probability": float(np.asarray(found.pairs["probability"][at])),
            "weight": float(np.asarray(found.pairs["weight"][at])),
            "contributions": msgspec.to_builtins(found.waterfall(at)),
        }


def _both(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
