"""The effect of what was given by lot, with limits; whether it was by lot; and limits that hold at every look.

Source: A. Deng, Y. Xu, R. Kohavi, T. Walker, Improving the sensitivity of online controlled experiments by utilizing
pre-experiment data, WSDM 2013 (CUPED).  A. Fabijan et al., Diagnosing sample ratio mismatch in online controlled
experiments, KDD 2019.  R. Johari, P. Koomen, L. Pekelis, D. Walsh, Always valid inference, Operations Research 70(3),
2022 (mixture sequential probability ratio test), with the asymptotic confidence sequences of I. Waudby-Smith,
D. Arbour, R. Sinha, E. Kennedy, A. Ramdas, Time-uniform central limit theory, Annals of Statistics 52(6), 2024.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

SIZE, Y, YY, X, XX, XY = range(6)
"""Places in the sums of a group: customers, outcome, its square, what was before, its square, both multiplied."""
CERTAIN = 1.959963984540054
"""Half the width of a 95 % interval in standard errors."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What treatment added to the mean outcome.

    Attributes
    ----------
    sizes : customers of the control group and of the treated
    means : their mean outcomes, as they were
    added : the effect, with what was known before taken off
    error : its standard error
    saved : by how much the variance is smaller for what was known before, 0 to 1
    before : by how much the treated differed before, in standard errors; nan where nothing is known
    """

    sizes: tuple[float, float]
    means: tuple[float, float]
    added: float
    error: float
    saved: float
    before: float

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval; nan where all customers came out alike, which tells no error."""
        return self.added - self._half

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval; nan likewise."""
        return self.added + self._half

    @property
    def _half(self) -> float:
        return CERTAIN * self.error if self.error > 0 else math.nan

    @property
    def chance(self) -> float:
        """Chance of an effect at least this large where there is none."""
        return two_sided(self.added / self.error) if self.error > 0 else math.nan


def two_sided(z: float) -> float:
    """Return the chance that a standard normal is farther from 0."""
    return math.erfc(abs(z) / math.sqrt(2))


def sums(outcome: Array, before: Array, treated: Array) -> Array:
    """Add up two groups, the control group first: float64[2, 6]."""
    found = np.zeros((2, 6))
    for arm in (0, 1):
        y, x = outcome[treated == arm], before[treated == arm]
        found[arm] = len(y), y.sum(), (y * y).sum(), x.sum(), (x * x).sum(), (x * y).sum()
    return found


def effect(told: Array) -> Effect | None:
    """Return the effect that sums float64[2, 6] tell, None with fewer than two customers in a group."""
    size = told[:, SIZE]
    if (size < 2).any():
        return None
    mean_y, mean_x = told[:, Y] / size, told[:, X] / size
    yy, xx, xy = (
        np.maximum(told[:, YY] - size * mean_y**2, 0),
        np.maximum(told[:, XX] - size * mean_x**2, 0),
        told[:, XY] - size * mean_x * mean_y,
    )
    slope = xy.sum() / xx.sum() if xx.sum() > 1e-12 else 0.0
    left = np.maximum(yy - 2 * slope * xy + slope**2 * xx, 0)
    plain, error = (math.sqrt(float((spread / (size - 1) / size).sum())) for spread in (yy, left))
    apart = math.sqrt(float((xx / (size - 1) / size).sum()))
    before = float(mean_x[1] - mean_x[0]) / apart if apart > 0 else math.nan
    added = float(mean_y[1] - mean_y[0] - slope * (mean_x[1] - mean_x[0]))
    saved = 1 - error**2 / plain**2 if plain > 0 else 0.0
    return Effect(_pair(size), _pair(mean_y), added, error, saved, before)


def _pair(values: Array) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def together(effects: Sequence[Effect]) -> Effect | None:
    """Join the effects of several draws: each by its customers, for each was drawn with shares of its own."""
    if not effects:
        return None
    weight = np.array([sum(one.sizes) for one in effects])
    share = weight / weight.sum()

    def mean(values: Sequence[float]) -> float:
        return float(share @ np.array(values))

    known = [one.before for one in effects if not math.isnan(one.before)]
    sizes = np.array([one.sizes for one in effects]).sum(axis=0)
    return Effect(
        _pair(sizes),
        (mean([one.means[0] for one in effects]), mean([one.means[1] for one in effects])),
        mean([one.added for one in effects]),
        math.sqrt(float((share**2) @ np.array([one.error**2 for one in effects]))),
        mean([one.saved for one in effects]),
        sum(known) / math.sqrt(len(known)) if known else math.nan,
    )


def mismatch(sizes: tuple[float, float], share: float) -> float:
    """Return the chance of sizes at least as far from the planned share of the treated, where the lot was fair."""
    whole = sum(sizes)
    if not 0 < share < 1 or whole <= 0:
        return math.nan
    expected = (1 - share) * whole, share * whole
    square = sum((seen - wanted) ** 2 / wanted for seen, wanted in zip(sizes, expected, strict=True))
    return math.erfc(math.sqrt(square / 2))


def always_valid(added: float, error: float, last_error: float, risk: float = 0.05) -> tuple[float, float]:
    """Return half the width of limits that hold at all looks together, and the p-value that does.

    The effect, were there one, is taken as normal about 0 with the variance that makes the limits narrowest at
    the last look: ``tau² = (2 ln(1/risk) + ln(1 + 2 ln(1/risk))) · last_error²``.  With variance V of what is seen the likelihood
    ratio is ``√(V/(V+tau²)) · exp(added² tau² / (2 V (V+tau²)))``.
    """
    if not (error > 0 and last_error > 0):
        return math.nan, math.nan
    wide = 2 * math.log(1 / risk)
    tau = last_error**2 * (wide + math.log1p(wide))
    seen = error**2
    half = math.sqrt(2 * seen * (seen + tau) / tau * math.log(math.sqrt((seen + tau) / seen) / risk))
    ratio = 0.5 * math.log(seen / (seen + tau)) + added**2 * tau / (2 * seen * (seen + tau))
    return half, min(1.0, math.exp(min(-ratio, 0.0)))
