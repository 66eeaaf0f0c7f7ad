"""What a ranking is worth: learners tried on halves they did not see, and one learned from everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array
from ganj.models.causal.learners import Base, Learner, Predict, learn
from ganj.models.causal.ranking import FIRST, Ranked
from ganj.models.learning.design import Design
from ganj.models.learning.sample import Frame
from ganj.text import Text

SPLITS = 5
LEAST, COMING = 400, 40
"""Fewer customers, or fewer with an outcome, are not learned from."""
SHARES = np.arange(1, 11) / 10
LEARNERS: tuple[Learner, ...] = ("x", "t", "dr")


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """How one learner ranked halves that it did not see.

    Attributes
    ----------
    qini, first : float64[3], the mean over splits, and the ends of its 95 % interval
    shares : float64[10, 3], the effect among the first tenth, fifth …
    """

    qini: Array
    first: Array
    shares: Array

    @classmethod
    def of(cls, ranked: Sequence[Ranked], seed: int) -> Trial:
        """Average over splits; limits are those of resampled customers, averaged likewise."""
        drawn = [one.limits(seed + k, np.append(SHARES, FIRST)) for k, one in enumerate(ranked)]
        ends = [[np.percentile(told[part], [2.5, 97.5], axis=0) for told in drawn] for part in range(2)]
        qinis, firsts = (np.mean(part, axis=0) for part in ends)
        qini = float(np.mean([one.qini() for one in ranked]))
        first = float(np.mean([one.first(FIRST) for one in ranked]))
        shares = np.mean([one.firsts(SHARES) for one in ranked], axis=0)
        return cls(
            np.array([qini, *qinis]),
            np.array([first, *firsts[:, -1]]),
            np.column_stack((shares, *firsts[:, :-1])),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """What was learned of whom the effect is large on.

    Attributes
    ----------
    trials : by learner
    design : how customers become numbers
    predict : the effect expected of each, learned from everybody
    cuts : float64[9], between tenths of the customers as they are now, ascending
    """

    trials: Mapping[Learner, Trial]
    design: Design
    predict: Predict
    cuts: Array

    def effects(self, frame: Frame) -> tuple[Array, Array]:
        """Return the effect expected of customers, and their tenth, 1 the largest: float64[n], int64[n]."""
        if not len(frame):
            return np.zeros(0), np.zeros(0, np.int64)
        expected = self.predict(self.design.matrix(frame))
        return expected, 10 - np.searchsorted(self.cuts, expected, side="left")


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Draws that are learned from: outcome float64[n], treated bool[n], chance of that float64[n]."""

    frame: Frame
    outcome: Array
    treated: Array
    chance: Array


def choose(rows: Rows, now: Frame, learner: Learner, base: Base, seed: int) -> Chosen:
    """Try the learners on halves, and learn from everybody.

    Raises
    ------
    TooLittleData
        There are too few customers, outcomes, or things known of them.
    """
    _enough(rows)
    tried = LEARNERS if base == "linear" else (learner,)  # a plain model costs nothing
    trials = {name: Trial.of(list(_ranked(rows, name, base, seed)), seed) for name in tried}
    design = Design.of(rows.frame)
    everyone = (design.matrix(rows.frame), rows.outcome, rows.treated, rows.chance)
    predict = learn(learner, base, everyone, seed)
    expected = predict(design.matrix(now)) if len(now) else np.zeros(1)
    cuts = np.quantile(expected, np.arange(1, 10) / 10, method="higher")
    return Chosen(trials, design, predict, cuts)


def _enough(rows: Rows) -> None:
    coming = int(np.count_nonzero(rows.outcome))
    arms = [int(np.count_nonzero(arm)) for arm in (~rows.treated, rows.treated)]
    known = len(rows.frame.names) + len(rows.frame.categories)
    if min(arms) >= LEAST / 8 and sum(arms) >= LEAST and coming >= COMING and known:
        return
    needs = Text(
        f"{LEAST} customers drawn by lot, {COMING} of them with the outcome, and something known of them before",
        f"{LEAST} مشتری که به قید قرعه گروه‌بندی شده باشند، {COMING} نفر با پیامد، و چیزی که از پیش دربارهٔ آنان دانسته باشد",
    )
    has = Text(
        f"{sum(arms)} customers, {coming} with the outcome", f"{sum(arms)} مشتری، {coming} نفر با پیامد"
    )
    raise TooLittleData(needs=needs, has=has)


def _ranked(rows: Rows, learner: Learner, base: Base, seed: int) -> list[Ranked]:
    """Rank one half of the customers by what the other one teaches, several times."""
    found = []
    for split in range(SPLITS):
        half = np.random.default_rng([seed, split]).random(len(rows.outcome)) < 0.5
        arms = [half & rows.treated, half & ~rows.treated]
        if min(np.count_nonzero(arm) for arm in arms) < 2 or half.all():
            continue
        design = Design.of(rows.frame.take(half))
        matrix = design.matrix(rows.frame)
        told = (matrix[half], rows.outcome[half], rows.treated[half], rows.chance[half])
        score = learn(learner, base, told, seed)(matrix[~half])
        found.append(Ranked.of(score, rows.outcome[~half], rows.treated[~half], rows.chance[~half]))
    return found
