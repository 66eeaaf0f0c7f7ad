"""How far customers got: what a funnel folds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.kernels.funnel import waited
from ganj.kernels.funnel_steps import NONE
from ganj.sketches import Groups, Rows, Tally

BINS = 1 << 14
OTHERS = "…"
"""The label of the groups that are counted together."""


@dataclass(frozen=True, slots=True, eq=False)
class Depths:
    """How far some customers got.

    Attributes
    ----------
    taken : int64[steps], customers who took each step
    ended : int64[steps + 1], customers by the deepest step
    waits : for each step after the first, how long it took from the step taken before (µs)
    whole : how long those who reached the last step took from the first (µs)
    """

    taken: Array
    ended: Array
    waits: tuple[Rows, ...]
    whole: Rows

    @classmethod
    def of(cls, depth: Array, times: Array) -> Depths:
        """Count customers: depth int32[n], times int64[n, steps]."""
        taken, sizes, waits = waited(times)
        came = depth == times.shape[1]
        ended = np.bincount(depth, minlength=times.shape[1] + 1)
        each = tuple(
            Rows.of(wait[:size, None], BINS) for wait, size in zip(waits[1:], sizes[1:], strict=True)
        )
        return cls(taken, ended, each, lengths(times[came, 0], times[came, -1]))

    def __add__(self, other: Depths) -> Depths:
        waits = tuple(a + b for a, b in zip(self.waits, other.waits, strict=True))
        return Depths(self.taken + other.taken, self.ended + other.ended, waits, self.whole + other.whole)


def lengths(start: Array, stop: Array) -> Rows:
    """Count lengths of time, µs; exact up to as many different ones as `BINS`, then rounded."""
    return Rows.of((stop - start).astype(np.float64)[:, None], BINS)


@dataclass(frozen=True, slots=True, eq=False)
class Walked:
    """Everyone's depths, those of each group, and how often each step happened at all.

    Attributes
    ----------
    everyone : depths of all
    groups : depths by label
    seen : int64[steps], events of each step, in order or not
    between : how long those took who took both steps between which time is counted (µs)
    entries : by period: customers who took step 1 in it, and those of them who came through
    """

    everyone: Depths
    groups: Groups
    seen: Array
    between: Rows
    entries: Tally

    def __add__(self, other: Walked) -> Walked:
        return Walked(
            self.everyone + other.everyone,
            self.groups + other.groups,
            self.seen + other.seen,
            self.between + other.between,
            self.entries + other.entries,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Walks of customers, each in a group; a customer may be in several.

    Attributes
    ----------
    owner : int64[rows], positions of customers
    code : int32[rows], into ``labels``; -1 where nothing is known
    labels : the groups
    depth, times : of each walk
    """

    owner: Array
    code: Array
    labels: tuple[str, ...]
    depth: Array
    times: Array

    def depths(self) -> dict[str, Depths]:
        """Count each group."""
        order = np.argsort(self.code, kind="stable")
        codes, first = np.unique(self.code[order], return_index=True)
        found = {}
        for code, rows in zip(codes.tolist(), np.split(order, first[1:]), strict=False):
            found[self.labels[code] if code >= 0 else ""] = Depths.of(self.depth[rows], self.times[rows])
        return found

    def lists(self, customers: int, shown: Mapping[str, Depths]) -> tuple[pa.ListArray, pa.ListArray]:
        """Tell of each customer the groups, and the steps taken in each, see `entry`; list<string> each."""
        names = [label if label in shown else OTHERS for label in (*self.labels, "")]
        code = np.where(self.code < 0, len(self.labels), self.code)
        groups = _listed(self.owner, code, names, customers)
        steps = self.times.shape[1]
        row, k = np.nonzero(self.times != NONE)
        took = [entry(name, k + 1) for name in names for k in range(steps)]
        left = [entry(name, k + 1, deepest=True) for name in names for k in range(steps)]
        got = np.flatnonzero(self.depth > 0)
        owner = np.concatenate((self.owner[row], self.owner[got]))
        which = np.concatenate((code[row] * steps + k, len(took) + code[got] * steps + self.depth[got] - 1))
        return groups, _listed(owner, which, [*took, *left], customers)


def entry(label: str, step: int, *, deepest: bool = False) -> str:
    """Write that a customer took a step in a group, or that it was the deepest there."""
    return f"{'=' if deepest else ''}{step}/{label}"


def _listed(owner: Array, code: Array, names: list[str], customers: int) -> pa.ListArray:
    texts, place = np.unique(np.array(names, object).astype(str), return_inverse=True)
    each = np.unique(owner * len(texts) + place[np.asarray(code, np.int64)])
    ends = np.concatenate(([0], np.cumsum(np.bincount(each // len(texts), minlength=customers))))
    values = pa.array(texts.tolist(), pa.string()).take(pa.array(each % len(texts)))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), values)


def numbers_of(owner: Array, value: Array, customers: int) -> pa.ListArray:
    """Write for each customer the different numbers it has: list<int64>."""
    order = np.lexsort((value, owner))
    owner, value = np.asarray(owner)[order], np.asarray(value, np.int64)[order]
    fresh = np.ones(len(owner), bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (value[1:] != value[:-1])
    ends = np.concatenate(([0], np.cumsum(np.bincount(owner[fresh], minlength=customers))))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(value[fresh], pa.int64()))
