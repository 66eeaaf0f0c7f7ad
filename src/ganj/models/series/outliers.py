"""What is out of line in a series: single periods against what was to be expected, and lasting changes of level.

What was to be expected is what trend, season and calendar say together, found with outliers counting little; how far
a period may be off is how far those about it are.  Many figures and days are looked at, so that some must be far off
by chance: the share of false alarms among all is held (Benjamini, Hochberg).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ganj.histories import Array
from ganj.models.series.regression import effects
from ganj.models.series.scale import Scale

ABOUT = 45
"""Periods to either side that say how far one may be off."""
FREEDOM = 8.0
"""Degrees of freedom of the noise: its tails are heavier than a normal's."""
LEAST = 35
"""Periods below which nothing is expected."""
SEGMENT = 14
"""Periods a level lasts, at least."""
JUMP = 6.0
"""Standard errors from which a change of level is one."""
NEAR = 35
"""Periods to either side whose middle must show the jump: longer than any holiday."""
SEEN, SEEN_ITSELF = 0.6, 0.3
"""Share of the jump that these periods show, at least, without season and calendar and in the figure itself: two years tell
months badly from levels, and a change that only the one or the other shows may be the calendar's."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A series and what was to be expected of it.

    Attributes
    ----------
    values, expected, low, high : float64[n]; between low and high lie 95 of 100 periods
    chance : float64[n], of being as far off by chance; 1 where nothing is known
    changes : positions at which the level jumps, each with the jump in percent
    """

    values: Array
    expected: Array
    low: Array
    high: Array
    chance: Array
    changes: tuple[tuple[int, float], ...]

    @property
    def off(self) -> Array:
        """float64[n]: how far off, percent of what was to be expected."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Array = 100 * (self.values / self.expected - 1)
        return found


def judge(values: Array, columns: Array, season: int, festive: Array | None = None) -> Judged:
    """Say what was to be expected of each period, and how surely it was otherwise.

    Parameters
    ----------
    values : float64[n], nan where a period says nothing; `LEAST` or more
    columns : float64[n, p], what the calendar says of each
    season : periods in a cycle; 1 for none
    festive : bool[n], long stretches that are like no others: a level is not told by them; None for none
    """
    scale = _scale(values)
    laid = scale.inward(values)
    found = effects(laid, columns, season)
    wide = _wide(found.left)
    middle = laid - found.left
    far = np.nan_to_num(np.abs(found.left / wide))
    low, high = (scale.outward(middle + side * 1.96 * wide) for side in (-1, 1))
    base = found.left + found.bends
    plain = ~np.isnan(values) if festive is None else ~np.isnan(values) & ~festive
    changes = tuple(_changes(base, laid, plain))
    return Judged(
        values, scale.outward(middle), low, high, _chances(far), _in_percent(changes, scale, middle)
    )


def _in_percent(
    changes: tuple[tuple[int, float], ...], scale: Scale, middle: Array
) -> tuple[tuple[int, float], ...]:
    """Return jumps in percent of the level before; a level's middle is what is expected about it."""
    found = []
    for at, jump in changes:
        level = float(np.nanmean(middle[max(at - SEGMENT, 0) : at + SEGMENT]))
        low, high = (float(scale.outward(np.array([level + side * jump / 2]))[0]) for side in (-1, 1))
        found.append((at, 100 * (high / low - 1) if low > 0 else float("nan")))
    return tuple(found)


def _scale(values: Array) -> Scale:
    """Choose the scale: counts as square roots, whose noise does not grow; other figures as forecasts have it."""
    known = values[~np.isnan(values)]
    if len(known) and known.min() >= 0 and np.all(known == np.round(known)) and known.max() < 1e6:
        return Scale("fitful", whole=True)
    chosen = Scale.of(values)
    return Scale("plain") if chosen.kind == "fitful" else chosen


def _wide(left: Array) -> Array:
    """Return the usual size of noise about each period, from its median there: float64[n]."""
    size, away = len(left), np.abs(left)
    found = np.array([np.nanmedian(away[max(t - ABOUT, 0) : t + ABOUT + 1]) for t in range(size)])
    whole = float(np.nanmedian(away))
    wide: Array = 1.4826 * np.maximum(found, 0.5 * whole) + 1e-9
    return wide


def _chances(far: Array) -> Array:
    """Return two-sided chances of Student's t; float64[n].

    Source: Wallace, Bounds on normal approximations to Student's and the chi-square distributions, 1959.
    """
    normal = (8 * FREEDOM + 1) / (8 * FREEDOM + 3) * np.sqrt(FREEDOM * np.log1p(far**2 / FREEDOM))
    return np.array([math.erfc(value / math.sqrt(2)) for value in normal])


def discoveries(chances: Array, share: float) -> Array:
    """Tell which findings may stand so that no more than this share of them is false: bool, shaped as given.

    Source: Benjamini, Hochberg, Controlling the false discovery rate, 1995, procedure (1).
    """
    flat = np.sort(chances.ravel())
    below = np.flatnonzero(flat <= share * np.arange(1, len(flat) + 1) / max(len(flat), 1))
    found: Array = chances <= (flat[below[-1]] if len(below) else -1.0)
    return found


def _changes(base: Array, laid: Array, plain: Array) -> Iterator[tuple[int, float]]:
    """Yield where the level jumps, and by how much.

    Parameters
    ----------
    base : float64[n], the figure without season and calendar
    laid : float64[n], the figure
    plain : bool[n], the periods that tell a level
    """
    filled = np.where(
        np.isnan(base),
        np.interp(np.arange(len(base)), np.flatnonzero(~np.isnan(base)), base[~np.isnan(base)]),
        base,
    )
    noise = float(np.median(np.abs(np.diff(filled)))) * 1.4826 / math.sqrt(2) + 1e-12
    ends = breaks(filled, 9 * math.log(len(filled)) * noise**2, SEGMENT, lines=True)
    first = 0
    for at, last in pairwise(ends):
        jump = _at(filled[at:last], 0.0) - _at(filled[first:at], float(at - first))
        error = 2 * noise * math.sqrt(1 / (at - first) + 1 / (last - at))
        seen, itself = (_near(one, plain, at) / (jump or 1.0) for one in (filled, laid))
        if abs(jump) > JUMP * error and seen > SEEN and itself > SEEN_ITSELF:
            yield at, jump
        first = at


def _near(values: Array, plain: Array, at: int) -> float:
    """Return by how much the middle of the plain periods after a place lies above that of those before."""
    before, after = values[:at][plain[:at]][-NEAR:], values[at:][plain[at:]][:NEAR]
    if min(len(before), len(after)) < SEGMENT // 2:
        return 0.0
    return float(np.median(after) - np.median(before))


def _at(values: Array, place: float) -> float:
    """Return where the line through some values is at a place."""
    at = np.arange(len(values)) - (len(values) - 1) / 2
    slope = float(at @ values / (at @ at))
    return float(values.mean()) + slope * (place - (len(values) - 1) / 2)


def breaks(values: Array, penalty: float, least: int = 2, *, lines: bool = False) -> list[int]:
    """Part a series where its mean, or the line through it, changes.

    Returns
    -------
    The end of each segment; the last is the series' end.

    Notes
    -----
    The exact least of squares plus a penalty for each break.  Source: Killick, Fearnhead, Eckley, Optimal
    detection of changepoints with a linear computational cost (PELT), 2012, section 3.
    """
    size = len(values)
    sums = _Sums(values, lines=lines)
    best, last = np.full(size + 1, np.inf), np.zeros(size + 1, np.int64)
    best[0] = -penalty
    starts = np.zeros(1, np.int64)
    for end in range(least, size + 1):
        cost = best[starts] + sums.cost(starts, end) + penalty
        at = int(np.argmin(cost))
        best[end], last[end] = cost[at], starts[at]
        kept = starts[cost - penalty <= best[end]]
        starts = np.append(kept, end - least + 1) if end + 1 >= 2 * least else kept
    ends = [size]
    while last[ends[-1]] > 0:
        ends.append(int(last[ends[-1]]))
    return ends[::-1]


class _Sums:
    """Squares about the mean, or about the line, of any stretch of a series, from running sums."""

    def __init__(self, values: Array, *, lines: bool) -> None:
        at, centred = np.arange(len(values), dtype=np.float64), values - values.mean()
        parts = np.column_stack((np.ones(len(values)), at, at * at, centred, centred * centred, at * centred))
        self.sums = np.concatenate((np.zeros((1, 6)), parts.cumsum(axis=0)))
        self.lines = lines

    def cost(self, starts: Array, end: int) -> Array:
        """Return the squares that are left of ``values[start:end]``: float64[starts]."""
        n, t, tt, y, yy, ty = (self.sums[end] - self.sums[starts]).T
        left = yy - y * y / n
        if self.lines:
            spread, both = tt - t * t / n, ty - t * y / n
            left = left - np.where(spread > 0, both**2 / np.where(spread > 0, spread, 1), 0)
        found: Array = np.maximum(left, 0)
        return found
