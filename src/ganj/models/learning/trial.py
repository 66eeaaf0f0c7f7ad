"""Learners side by side on what they have not seen, and the one that is taken.

Where outcomes of several stretches of time are known, everything goes forward in time: learners are chosen and
their chances set right on the stretch before the last, tried on the last, and only then learned again from all.
Where there is one stretch, or no time at all, customers are held out instead, a fifth at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.learning.calibration import Calibration, calibrated, crossed
from ganj.models.learning.design import Design
from ganj.models.learning.learners import NAMES, Learned, Name, classify
from ganj.models.learning.measures import Measured, auc, measured
from ganj.models.learning.sample import Frame, stacked

FOLDS = 5
NEARLY = 1.005
"""A plainer learner is taken unless its error is greater by more than this ratio."""
RULE, PRIOR = "rule", "prior"
"""What anybody would say without learning: the order by one figure, and the usual share for everyone."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Customers at one moment and what came of them.

    Attributes
    ----------
    frame : what was known, in the order of the sample's keys, so that every fifth row is drawn by lot
    label : bool[n]
    rule : float64[n], the figure by which anybody would order them; float64[0] where that is the best column
    worth : float64[n], money at stake
    """

    frame: Frame
    label: Array
    rule: Array
    worth: Array

    def __len__(self) -> int:
        """Count the customers."""
        return len(self.label)

    def take(self, at: Array) -> Stretch:
        """Return some of the customers."""
        return Stretch(self.frame.take(at), self.label[at], self.rule[at], self.worth[at])


def joined(stretches: Sequence[Stretch]) -> Stretch:
    """Put stretches below each other, the newest first."""
    frames = stacked([one.frame for one in stretches])
    columns = [
        np.concatenate([getattr(one, name) for one in stretches]) for name in ("label", "rule", "worth")
    ]
    return Stretch(frames, *columns)


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """What was learned: from a frame to chances."""

    name: Name
    design: Design
    learned: Learned
    calibration: Calibration

    def raw(self, frame: Frame) -> Array:
        """Return log-odds before they are set right: float64[n]."""
        return self.learned.raw(self.design.matrix(frame))

    def chances(self, frame: Frame) -> Array:
        """Return the chance of each customer: float64[n]."""
        return self.calibration.chances(self.raw(frame))


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """How the ways to predict did on customers, or days, that they had not seen.

    Attributes
    ----------
    tried : the customers
    chances : float64[n] by learner, and by `RULE` and `PRIOR`
    measured : the same, see `ganj.models.learning.measures.MEASURES`
    chosen : the learner that is taken
    ahead : True where it was tried on days after those it was learned from
    """

    tried: Stretch
    chances: Mapping[str, Array]
    measured: Mapping[str, Measured]
    chosen: Name
    ahead: bool


def tried(stretches: Sequence[Stretch], names: Sequence[Name] = NAMES, seed: int = 0) -> tuple[Trial, Judge]:
    """Choose, try, and learn from everything.

    Parameters
    ----------
    stretches : the newest first; each has both answers
    """
    newest, older = stretches[0], stretches[1:]
    raw: dict[str, Array]
    chances: dict[str, Array]
    if not older:
        raw = {name: _folded(name, newest, seed) for name in names}
        chances = {name: crossed(calibrated, score, newest.label) for name, score in raw.items()}
        chosen = _best(chances, newest.label)
        rest = np.full(len(newest), newest.label.mean())
        rule = crossed(calibrated, newest.rule, newest.label)
    else:
        maps: Mapping[str, Calibration]
        maps, chosen = _chosen(older, names, seed)
        before = joined(older)
        raw = {name: _ahead(name, before, newest, seed) for name in names}
        chances = {name: maps[name].chances(score) for name, score in raw.items()}
        rest = np.full(len(newest), before.label.mean())
        rule = calibrated(before.rule, before.label).chances(newest.rule)
    scores: dict[str, Array] = {**raw, RULE: newest.rule, PRIOR: rest}
    said: dict[str, Array] = {**chances, RULE: rule, PRIOR: rest}
    found = {name: measured(score, said[name], newest.label, seed) for name, score in scores.items()}
    trial = Trial(newest, said, found, chosen, bool(older))
    return trial, _judge(chosen, joined(stretches), calibrated(raw[chosen], newest.label), seed)


def _judge(name: Name, whole: Stretch, calibration: Calibration, seed: int) -> Judge:
    design = Design.of(whole.frame)
    return Judge(name, design, classify(name, design.matrix(whole.frame), whole.label, seed), calibration)


def _chosen(
    older: Sequence[Stretch], names: Sequence[Name], seed: int
) -> tuple[dict[str, Calibration], Name]:
    """Choose before the last stretch: ahead in time where there is a stretch to learn from, else by fifths."""
    if len(older) > 1:
        before = joined(older[1:])
        raw = {name: _ahead(name, before, older[0], seed) for name in names}
    else:
        raw = {name: _folded(name, older[0], seed) for name in names}
    label = older[0].label
    best = _best({name: crossed(calibrated, score, label) for name, score in raw.items()}, label)
    return {name: calibrated(score, label) for name, score in raw.items()}, best


def _best(chances: Mapping[str, Array], label: Array) -> Name:
    """Return the plainest learner whose error is nearly the least."""
    errors = {name: float(np.mean((chance - label) ** 2)) for name, chance in chances.items()}
    least = min(errors.values())
    return next(name for name in NAMES if name in errors and errors[name] <= NEARLY * least)


def _ahead(name: Name, before: Stretch, after: Stretch, seed: int) -> Array:
    """Learn from one stretch and return log-odds of another: float64[n]."""
    design = Design.of(before.frame)
    learned = classify(name, design.matrix(before.frame), before.label, seed)
    return learned.raw(design.matrix(after.frame))


def _folded(name: Name, whole: Stretch, seed: int) -> Array:
    """Return log-odds of every customer by what was learned without them: float64[n]."""
    found = np.empty(len(whole))
    for fold in fifths(whole.label):
        found[fold] = _ahead(name, whole.take(~fold), whole.take(fold), seed)
    return found


def fifths(label: Array) -> list[Array]:
    """Return five disjoint parts that hold both answers in like shares: bool[n] each."""
    place = np.empty(len(label), np.int64)
    for answer in (False, True):
        at = np.flatnonzero(label == answer)
        place[at] = np.arange(len(at)) % FOLDS
    return [place == k for k in range(FOLDS)]


def single(frame: Frame, label: Array) -> dict[str, float]:
    """Return how well each column orders customers by itself, whichever way round: the area under its curve."""
    found = {}
    for name, values in zip(frame.names, frame.numbers.T, strict=True):
        gone = np.isnan(values)
        if gone.all():
            continue
        area = auc(np.where(gone, np.nanmedian(values), values), label)
        found[name] = max(area, 1 - area)
    for name in frame.categories:
        found[name] = auc(shares(frame, name, label), label)
    return found


def shares(frame: Frame, name: str, label: Array) -> Array:
    """Return for each customer the share of yes among all others with the same label of a category: float64[n]."""
    codes = frame.categories[name].codes + 1
    size, yes = np.bincount(codes), np.bincount(codes, label)
    base = label.mean()
    found: Array = (yes[codes] - label + base) / size[codes]
    return found


def strongest(frame: Frame, label: Array) -> Array:
    """Return the column that orders customers best by itself, the right way round: float64[n]."""
    areas = single(frame, label)
    best = max(areas, key=lambda name: areas[name], default="")
    if not best:
        return np.zeros(len(frame))
    if best in frame.categories:
        return shares(frame, best, label)
    values = frame.numbers[:, frame.names.index(best)]
    filled: Array = np.where(np.isnan(values), np.nanmedian(values), values)
    return filled if auc(filled, label) >= 0.5 else -filled
