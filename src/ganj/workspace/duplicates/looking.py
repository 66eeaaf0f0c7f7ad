"""Looks for customers who may be one person, offers them, and merges those that are sure."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.identity import duplicates as comparing
from ganj.identity.duplicates import NothingToCompare, Options, Step
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
    households : groups of people who live together
    """

    customers: int
    pairs: int
    expected: float
    merged: int
    precision: float
    learned: tuple[str, ...]
    households: int = 0


NOBODY = Found(0, 0, 0.0, 0, 1.0, ())


class Search:
    """One search: people compared, their pairs, and which of them are sure."""

    def __init__(self, workspace: Workspace, kept: Kept, rules: DuplicateRules) -> None:
        self._workspace, self._kept, self._rules = workspace, kept, rules
        table, roles = everyone(workspace)
        self.customers: Array = table["customer"].to_numpy()
        self._found: comparing.Found | None = None
        try:
            self._found = comparing.find(table, roles, Options(least=rules.least)) if len(table) else None
        except NothingToCompare:
            self._found = None  # a shop that knows nothing of its customers has no doubles to show

    def offer(self) -> Found:
        """Keep the pairs; those that were told apart only as that."""
        if self._found is None:
            self._kept.offer(())
            return NOBODY
        rows = self._rows()
        self._kept.offer(rows)
        offered = sum("status" not in row for row in rows)
        return Found(len(self.customers), offered, self._found.doubles, 0, 1.0, self._found.model.learned)

    def households(self, probability: float) -> list[list[Link]]:
        """Return who lives together, each by the identifier they are known by."""
        if self._found is None:
            return []
        groups = [self.customers[rows] for rows in self._found.households(probability)]
        links = self._workspace.store.persons.links(np.concatenate(groups)) if groups else {}
        return [[links[number] for number in sorted(group.tolist()) if number in links] for group in groups]

    def sure(self) -> list[tuple[Link, Link, float]]:
        """Return the pairs to merge at once: none that anybody or anything says are different people."""
        if self._found is None:
            return []
        groups = Groups(self._apart.keys() | self._vetoed(self._found.pairs))
        certain = self._found.certain(self._rules.precision)
        links = self._named(certain)
        told = zip(*(certain[name].to_pylist() for name in ("left", "right", "probability")), strict=True)
        sure = []
        for left, right, probability in told:
            one, other = int(self.customers[left]), int(self.customers[right])
            if one in links and other in links and groups.join(one, other):
                sure.append((links[one], links[other], probability))
        return sure

    def _named(self, pairs: pa.Table) -> dict[int, Link]:
        """Return the identifiers that the customers of some pairs are known by."""
        rows = np.concatenate([pairs[side].to_numpy() for side in ("left", "right")])
        return self._workspace.store.persons.links(np.unique(self.customers[rows]))

    @cached_property
    def _apart(self) -> dict[tuple[int, int], dict[str, Any]]:
        """Return the pairs of customers, as they are now, that were said to be different people, and by whom."""
        persons, log = self._workspace.store.persons, self._workspace.store.persons.apart()
        told = [(one.one, one.other, one.time, one.by) for one in log]
        told += [(one, other, 0, "") for one, other in self._kept.told_apart()]  # before the log had it
        ends = persons.owners([side for one, other, *_ in told for side in (one, other)]).reshape(-1, 2)
        return {
            _both(one, other): {"decided": time, "decision": {"by": by}}
            for (one, other), (_, _, time, by) in zip(ends.tolist(), told, strict=True)
            if min(one, other) >= 0
        }

    def _vetoed(self, pairs: pa.Table) -> set[tuple[int, int]]:
        kept = pairs.filter(pairs["vetoed"])
        left, right = (self.customers[kept[side].to_numpy()].tolist() for side in ("left", "right"))
        return {_both(one, other) for one, other in zip(left, right, strict=True)}

    def _rows(self) -> list[dict[str, Any]]:
        """Return what is kept of each pair."""
        if self._found is None:
            return []
        pairs = self._found.pairs.slice(0, MOST)
        links = self._named(pairs)
        sides = [self.customers[pairs[side].to_numpy()].tolist() for side in ("left", "right")]
        scores = zip(*(pairs[name].to_pylist() for name in ("probability", "weight")), strict=True)
        falls = self._found.waterfalls(pairs)
        return [
            self._row((one, other), (links[one], links[other]), score, steps)
            for one, other, score, steps in zip(*sides, scores, falls, strict=True)
            if one in links and other in links
        ]

    def _row(
        self,
        customers: tuple[int, int],
        links: tuple[Link, Link],
        score: tuple[float, float],
        steps: tuple[Step, ...],
    ) -> dict[str, Any]:
        left, right = links
        said = self._apart.get(_both(*customers))
        return {
            "pair": pair_key(left, right),
            "left": list(left),
            "right": list(right),
            "probability": score[0],
            "weight": score[1],
            "contributions": msgspec.to_builtins(steps),
            **({"status": "different", **said} if said is not None else {}),
        }


def _both(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
