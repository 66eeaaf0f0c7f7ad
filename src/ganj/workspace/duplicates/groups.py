"""Groups that merges make, none of which may hold two people who are known to be different."""

from __future__ import annotations

from collections import defaultdict


class Groups:
    """Customers joined so far.

    Parameters
    ----------
    apart : pairs that are different people, the lower number first
    """

    def __init__(self, apart: set[tuple[int, int]]) -> None:
        self._others: dict[int, set[int]] = defaultdict(set)
        for one, other in apart:
            self._others[one].add(other)
            self._others[other].add(one)
        self._members: dict[int, set[int]] = {}
        self._of: dict[int, int] = {}

    def join(self, one: int, other: int) -> bool:
        """Join two customers' groups; False where they are joined, or hold people known to be different."""
        first, second = self._group(one), self._group(other)
        if first is second or any(
            self._others[member] & second for member in first if member in self._others
        ):
            return False
        first |= second
        name = self._of.get(one, one)
        self._members[name] = first
        for member in first:
            self._of[member] = name
        return True

    def _group(self, customer: int) -> set[int]:
        name = self._of.setdefault(customer, customer)
        return self._members.setdefault(name, {customer})
