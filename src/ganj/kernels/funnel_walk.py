"""Walks through a funnel: which events they may use, by which rules, and how far they get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ganj.histories import Array
from ganj.kernels import kernel
from ganj.kernels.funnel import deepest
from ganj.kernels.funnel_any import unordered
from ganj.kernels.funnel_entries import entered
from ganj.kernels.funnel_steps import STRICT, stepped

Order = Literal["ordered", "strict", "unordered"]


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """Events, with what each may be to a funnel.

    Attributes
    ----------
    offsets : int64[customers + 1]
    time : int64[events], µs UTC
    bits : int64[events], bit ``s`` is set where the event may be step ``s + 1``
    bars : int64[events], bit ``s`` is set where the event excludes on the way to step ``s + 1``
    deadline : int64[events], last moment of what begins with the event
    value : int32[events], code of the breakdown; -1 none
    """

    offsets: Array
    time: Array
    bits: Array
    bars: Array
    deadline: Array
    value: Array


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """Stretches of customers' events that are walked alone.

    Attributes
    ----------
    owner : int64[walks], positions of customers
    starts, ends : int64[walks], events
    stops : int64[walks], from this event on nothing is begun
    want : int32[walks], the value a walk is about
    """

    owner: Array
    starts: Array
    ends: Array
    stops: Array
    want: Array

    @classmethod
    def whole(cls, events: Marked) -> Walks:
        """One walk for each customer."""
        starts, ends = events.offsets[:-1], events.offsets[1:]
        return cls(np.arange(len(starts)), starts, ends, ends, np.full(len(starts), -1, np.int32))

    @classmethod
    def of_values(cls, events: Marked, counted: Array) -> Walks:
        """One walk for each customer and value that the counted events (bool[events]) of the customer have."""
        at = np.flatnonzero(counted)
        owner = np.searchsorted(events.offsets, at, side="right") - 1
        width = int(events.value.max(initial=-1)) + 2
        each = np.unique(owner * width + events.value[at] + 1)
        owner, want = each // width, (each % width - 1).astype(np.int32)
        return cls(owner, events.offsets[owner], events.offsets[owner + 1], events.offsets[owner + 1], want)

    @classmethod
    def of_periods(cls, events: Marked, period: Array, first: Array) -> Walks:
        """One walk for each customer and period in which step 1, or whatever begins the funnel, happened.

        Parameters
        ----------
        period : int64[first], the period of each
        first : int64[first], the events that may begin it
        """
        owner = np.searchsorted(events.offsets, first, side="right") - 1
        fresh = np.ones(len(first), bool)
        fresh[1:] = (owner[1:] != owner[:-1]) | (period[1:] != period[:-1])
        begin = np.flatnonzero(fresh)
        last = first[np.append(begin[1:], len(first))[: len(begin)] - 1]
        ends = _until(last, events.offsets[owner[begin] + 1], events.time, events.deadline)
        return cls(owner[begin], first[begin], ends, last + 1, np.full(len(begin), -1, np.int32))


@kernel
def _until(last: Array, ends: Array, time: Array, deadline: Array) -> Array:
    """Return for each walk the first event after the time of its last entry is over: int64[walks]."""
    out = np.empty(len(last), np.int64)
    for walk in range(len(last)):
        lo, hi = last[walk], ends[walk]
        out[walk] = lo + np.searchsorted(time[lo:hi], deadline[last[walk]], side="right")
    return out


@dataclass(frozen=True, slots=True)
class Rules:
    """How a funnel is walked.

    Attributes
    ----------
    steps : how many
    order : whether other events, or any order, are let pass
    entries : one entry is followed at a time, instead of the latest attempt at each step
    optional : bits of the steps that may be left out
    """

    steps: int
    order: Order = "ordered"
    entries: bool = False
    optional: int = 0

    def walk(self, walks: Walks, events: Marked, mode: int = 0, own: int = 0) -> tuple[Array, Array]:
        """Return int32[walks] deepest steps and int64[walks, steps] times, see `stepped`."""
        given = (events.time, events.bits, events.bars, events.value, events.deadline)
        rules = np.array([self.optional, STRICT if self.order == "strict" else 0, mode, own], np.int64)
        if self.order == "unordered":
            return unordered(walks.starts, walks.ends, walks.stops, walks.want, *given, rules, self.steps)
        loop = entered if self.entries else stepped
        return loop(walks.starts, walks.ends, walks.stops, walks.want, *given, rules, self.steps)


def plainly(
    offsets: Array, time: Array, event: Array, mask: Array, steps: int, within: int
) -> tuple[Array, Array]:
    """Walk ordered steps without exclusions, by event codes: as `Rules.walk`, several times as fast."""
    return deepest(offsets, time, event, mask, steps, within)
