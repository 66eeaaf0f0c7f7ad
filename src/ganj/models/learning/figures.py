"""A figure foreseen: learners side by side on what they have not seen, and limits that hold as often as they say.

Time goes forward as in `ganj.models.learning.trial`.  Limits are conformal: the errors made on customers that were not
learned from, among those foreseen alike, tell how far off the next will be, whatever the figure's distribution.

Source: V. Vovk, A. Gammerman, G. Shafer, Algorithmic learning in a random world, 2005, ch. 4.6 (Mondrian conformal
predictors); J. Lei et al., Distribution-free predictive inference for regression, JASA 113, 2018.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array
from ganj.models.learning.calibration import Calibration
from ganj.models.learning.design import Design
from ganj.models.learning.foreseen import LEAST, Assessed, cuts_of, first_reasons
from ganj.models.learning.learners import NAMES, Name, regress
from ganj.models.learning.reasons import Reasons
from ganj.models.learning.sample import Frame, stacked
from ganj.models.learning.trial import FOLDS, NEARLY, PRIOR, RULE, Judge
from ganj.text import Text

GROUPS = 5
"""Parts of customers by what is foreseen of them, each with limits of its own."""
DRAWS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """Customers at one moment, the figure that came (float64[n]), and what anybody would say (float64[n])."""

    frame: Frame
    figure: Array
    rule: Array

    def __len__(self) -> int:
        """Count the customers."""
        return len(self.figure)

    def take(self, at: Array) -> Span:
        """Return some of the customers."""
        return Span(self.frame.take(at), self.figure[at], self.rule[at])


def together(spans: Sequence[Span]) -> Span:
    """Put spans below each other, the newest first."""
    frame = stacked([one.frame for one in spans])
    return Span(frame, np.concatenate([s.figure for s in spans]), np.concatenate([s.rule for s in spans]))


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """How far off figures are: ``edges`` float64[k - 1] between groups, ``low`` and ``high`` float64[k] to add."""

    edges: Array
    low: Array
    high: Array
    least: float

    @classmethod
    def of(cls, said: Array, figure: Array, level: float) -> Limits:
        """Look at errors of customers that were not learned from."""
        edges = np.unique(np.quantile(said, np.arange(1, GROUPS) / GROUPS))
        group = np.searchsorted(edges, said, side="right")
        error = figure - said
        share = (1 - level) / 2
        low = [_quantile(error[group == k], share, -1) for k in range(len(edges) + 1)]
        high = [_quantile(error[group == k], 1 - share, 1) for k in range(len(edges) + 1)]
        return cls(edges, np.array(low), np.array(high), float(figure.min()))

    def around(self, said: Array) -> tuple[Array, Array]:
        """Return the limits of each figure: float64[n], float64[n]; never below the least figure that came."""
        group = np.searchsorted(self.edges, said, side="right")
        return np.maximum(said + self.low[group], self.least), np.maximum(said + self.high[group], self.least)


def _quantile(errors: Array, share: float, away: int) -> float:
    """Return the quantile that holds for one more: the finite sample is paid for by going one rank further."""
    if not len(errors):
        return 0.0
    rank = share * (len(errors) + 1) - 1
    place = np.floor(rank) if away < 0 else np.ceil(rank)
    return float(np.sort(errors)[int(np.clip(place, 0, len(errors) - 1))])


@dataclass(frozen=True, slots=True, eq=False)
class FigureTrial:
    """How the ways to foresee did on what they had not seen.

    Attributes
    ----------
    tried : the customers
    said : float64[n] by way
    errors : by way, float64[2, 3]: mean absolute and root mean square error, each with 2.5 % and 97.5 %
    chosen : the learner that is taken
    covered : share of customers within the limits
    ahead : True where it was tried on later days
    """

    tried: Span
    said: Mapping[str, Array]
    errors: Mapping[str, Array]
    chosen: Name
    covered: float
    ahead: bool


@dataclass(frozen=True, slots=True, eq=False)
class ForeseenFigure:
    """What was learned; ``cuts`` between tenths as in `ganj.models.learning.foreseen.Foreseen`."""

    trial: FigureTrial
    judge: Judge
    why: Reasons
    limits: Limits
    cuts: Array
    usual: float

    def expected(self, frame: Frame) -> Array:
        """Return the figure foreseen of each customer: float64[n]."""
        return np.maximum(self.judge.raw(frame), self.limits.least)

    def assess(self, frame: Frame) -> Assessed:
        """Say what is to be said of customers, the figure in place of a chance."""
        raw = self.judge.raw(frame)
        tenth = 10 - np.searchsorted(self.cuts[::-1], raw, side="left")
        high = np.flatnonzero(raw > self.usual)
        reasons = first_reasons(self.why, frame, high)
        return Assessed(np.maximum(raw, self.limits.least), tenth.astype(np.int32), reasons)


def foresee_figure(
    spans: Sequence[Span],
    now: Frame,
    group: Mapping[str, str],
    level: float,
    names: Sequence[Name],
    seed: int,
) -> ForeseenFigure:
    """Choose, try, and learn from everything, the newest span first.

    Raises
    ------
    TooLittleData
        Too few figures are known, or all are the same.
    """
    enough = [one for one in spans if len(one) >= LEAST and np.ptp(one.figure) > 0]
    if not enough:
        raise _lacking(spans)
    newest, older = enough[0], enough[1:]
    said: dict[str, Array] = {name: _tried(name, older, newest, seed) for name in names}
    before = older[0] if older else newest
    chooses: dict[str, Array] = (
        {name: _tried(name, older[1:], older[0], seed) for name in names} if older else said
    )
    chosen = _best(chooses, before.figure)
    everything: dict[str, Array] = {
        **said,
        RULE: newest.rule,
        PRIOR: np.full(len(newest), before.figure.mean()),
    }
    errors = {name: _errors(one, newest.figure, seed) for name, one in everything.items()}
    covered = _covered(chooses[chosen], before, said[chosen], newest, level)
    trial = FigureTrial(newest, everything, errors, chosen, covered, bool(older))
    judge = _judge(chosen, together(enough), seed)
    why = Reasons.of(judge, newest.frame, dict(group))
    limits = Limits.of(said[chosen], newest.figure, level)
    raw = judge.raw(now) if len(now) else np.zeros(1)
    return ForeseenFigure(trial, judge, why, limits, cuts_of(raw), float(newest.figure.mean()))


def _lacking(spans: Sequence[Span]) -> TooLittleData:
    size = max((len(one) for one in spans), default=0)
    return TooLittleData(
        needs=Text(
            f"{LEAST} customers whose figure is known, and not the same of all",
            f"{LEAST} مشتری با رقم معلوم، که رقم همه یکسان نباشد",
        ),
        has=Text(f"{size} customers", f"{size} مشتری"),
    )


def _judge(name: Name, whole: Span, seed: int) -> Judge:
    design = Design.of(whole.frame)
    learned = regress(name, design.matrix(whole.frame), whole.figure, seed)
    return Judge(name, design, learned, Calibration(np.zeros(1), np.zeros(1)))


def _tried(name: Name, before: Sequence[Span], after: Span, seed: int) -> Array:
    """Return what is foreseen of customers by what was learned before, or else without them: float64[n]."""
    if before:
        return _floored(_judge(name, together(before), seed).raw(after.frame), after)
    part = np.arange(len(after)) % FOLDS
    found = np.empty(len(after))
    for k in range(FOLDS):
        judge = _judge(name, after.take(np.flatnonzero(part != k)), seed)
        found[part == k] = judge.raw(after.frame.take(np.flatnonzero(part == k)))
    return _floored(found, after)


def _floored(said: Array, span: Span) -> Array:
    return np.maximum(said, min(float(span.figure.min()), 0.0))


def _best(said: Mapping[str, Array], figure: Array) -> Name:
    errors = {name: float(np.sqrt(np.mean((one - figure) ** 2))) for name, one in said.items()}
    least = min(errors.values())
    return next(name for name in NAMES if name in errors and errors[name] <= NEARLY * least)


def _errors(said: Array, figure: Array, seed: int) -> Array:
    """Return mean absolute and root mean square error with limits over resampled customers: float64[2, 3]."""
    away = np.abs(said - figure)
    dice = np.random.default_rng(seed)
    weights = [dice.poisson(1.0, len(away)).astype(np.float64) for _ in range(DRAWS)]
    draws = np.array([[w @ away, w @ away**2] / max(w.sum(), 1) for w in weights])
    draws[:, 1] = np.sqrt(draws[:, 1])
    value = np.array([away.mean(), np.sqrt((away**2).mean())])
    return np.column_stack((value, *np.percentile(draws, [2.5, 97.5], axis=0)))


def _covered(said: Array, before: Span, newest: Array, after: Span, level: float) -> float:
    """Return how many figures lie within limits that were set without them."""
    if before is not after:
        low, high = Limits.of(said, before.figure, level).around(newest)
        return float(np.mean((after.figure >= low) & (after.figure <= high)))
    part = np.arange(len(after)) % FOLDS
    inside = []
    for k in range(FOLDS):
        low, high = Limits.of(said[part != k], after.figure[part != k], level).around(said[part == k])
        inside.append((after.figure[part == k] >= low) & (after.figure[part == k] <= high))
    return float(np.concatenate(inside).mean())
