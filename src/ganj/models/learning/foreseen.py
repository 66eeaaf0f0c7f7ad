"""What was learned of a yes or no, and what it says of each customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array
from ganj.models.learning.leaks import Suspect, suspects
from ganj.models.learning.learners import NAMES, Name
from ganj.models.learning.reasons import Reasons
from ganj.models.learning.sample import Frame
from ganj.models.learning.trial import Judge, Stretch, Trial, strongest, tried
from ganj.text import Text

LEAST, EACH = 200, 30
"""Customers whose outcome is known, and of each answer; with fewer nothing is learned."""
TOLD = 3
"""Reasons that are told of a customer."""


@dataclass(frozen=True, slots=True, eq=False)
class Assessed:
    """What is said of customers.

    Attributes
    ----------
    chance : float64[n]
    tenth : int32[n], 1 of the highest chances to 10
    reasons : int64[n, TOLD], places in ``Foreseen.groups`` of what raises the chance, the weightiest first; -1
        where there are fewer, and of customers whose chance is no higher than usual
    """

    chance: Array
    tenth: Array
    reasons: Array


@dataclass(frozen=True, slots=True, eq=False)
class Foreseen:
    """What was learned.

    Attributes
    ----------
    trial, judge, why : see their modules
    suspects : columns that may know the answer
    cuts : float64[9], descending log-odds between the tenths of customers
    usual : the chance of a usual customer
    """

    trial: Trial
    judge: Judge
    why: Reasons
    suspects: tuple[Suspect, ...]
    cuts: Array
    usual: float

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the kinds of reasons."""
        return self.why.groups

    def assess(self, frame: Frame) -> Assessed:
        """Say what is to be said of customers."""
        raw = self.judge.raw(frame)
        chance = self.judge.calibration.chances(raw)
        tenth = 10 - np.searchsorted(self.cuts[::-1], raw, side="left")
        reasons = first_reasons(self.why, frame, np.flatnonzero(chance > self.usual))
        return Assessed(chance, tenth.astype(np.int32), reasons)


def first_reasons(why: Reasons, frame: Frame, those: Array) -> Array:
    """Return the places of what raises most, of some customers: int64[n, TOLD], -1 where there is nothing."""
    parts = why.parts(frame.take(those))
    order = np.argsort(-parts, axis=1, kind="stable")[:, :TOLD]
    found = np.full((len(frame), TOLD), -1)
    found[those, : order.shape[1]] = np.where(np.take_along_axis(parts, order, axis=1) > 0, order, -1)
    return found


def foresee(
    stretches: Sequence[Stretch],
    now: Frame,
    group: Callable[[str], str],
    looked_at: Callable[[str], bool],
    names: Sequence[Name] = NAMES,
    seed: int = 0,
) -> Foreseen:
    """Learn from what is known, the newest stretch first.

    Parameters
    ----------
    now : the customers of whom something is to be said
    group : the kind of reason of a column
    looked_at : which columns may know the answer, and are left out where they seem to

    Raises
    ------
    TooLittleData
        Too few outcomes are known.
    """
    enough = [one for one in stretches if _enough(one)]
    if not enough:
        raise _lacking(stretches)
    named = {*now.names, *now.categories}
    found = suspects(
        enough[0].frame.without(frozenset(n for n in named if not looked_at(n))), enough[0].label
    )
    out = frozenset(one.name for one in found if looked_at(one.name))
    clean = [_without(one, out) for one in enough]
    trial, judge = tried(clean, names, seed)
    why = Reasons.of(judge, clean[0].frame, {name: group(name) for name in named})
    raw = judge.raw(now) if len(now) else np.zeros(1)
    usual = float(np.mean([one.label.mean() for one in clean]))
    return Foreseen(trial, judge, why, found, cuts_of(raw), usual)


def _without(one: Stretch, names: frozenset[str]) -> Stretch:
    frame = one.frame.without(names)
    rule = one.rule if len(one.rule) else strongest(frame, one.label)
    return Stretch(frame, one.label, rule, one.worth)


def _enough(one: Stretch) -> bool:
    return len(one) >= LEAST and min(int(one.label.sum()), int((~one.label).sum())) >= EACH


def _lacking(stretches: Sequence[Stretch]) -> TooLittleData:
    most = max(stretches, key=len, default=None)
    size, yes = (len(most), int(most.label.sum())) if most is not None else (0, 0)
    return TooLittleData(
        needs=Text(
            f"{LEAST} customers whose outcome is known, {EACH} with and {EACH} without it",
            f"{LEAST} مشتری با نتیجهٔ معلوم، دست‌کم {EACH} نفر با آن نتیجه و {EACH} نفر بی آن",
        ),
        has=Text(f"{size} customers, {yes} with the outcome", f"{size} مشتری که {yes} نفر آن نتیجه را دارند"),
    )


def cuts_of(raw: Array) -> Array:
    """Return log-odds between the tenths, halfway between neighbours: float64[9], descending."""
    told = np.sort(raw)[::-1]
    at = np.rint(np.arange(1, 10) * len(told) / 10).astype(np.int64)
    above, below = told[np.maximum(at - 1, 0)], told[np.minimum(at, len(told) - 1)]
    halves: Array = (above + below) / 2
    return halves
