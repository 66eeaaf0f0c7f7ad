"""The forecast of one series: simple models compared on what came, joined, and with honest limits.

Every model stands twice, on the figure itself and on what the calendar leaves of it.  All are asked at several past
origins for what came after; the calendar is used unless it did worse there, each model counts by its error
(``1 / error³``), and how far the joined forecast was off is how wide its limits are: split-conformal, so that
limits hold whatever the noise is like, as long as it goes on as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from ganj.histories import Array
from ganj.models.series.regression import DUMMIES, Effects, effects
from ganj.models.series.scale import Scale
from ganj.models.series.smoothing import SIMPLE, recent

NAIVE = "snaive"
"""What every forecast is measured against."""
JOINED = ("snaive", "level", "damped", "theta")
FITFUL = ("snaive", "recent", "level", "theta")
"""Models of figures that are often zero."""
CALENDAR = "+"
"""Ends the name of a model that knows the calendar."""
WORSE = 1.05
"""The calendar is not used where it did worse than without by more than this."""
POWER = 3.0
"""How much more a model counts that errs less."""
ORIGINS = 12
"""Past origins at most; each half a horizon after the one before."""
CYCLES, FEWEST = 1.6, 12
"""Seasons, and periods, below which nothing is tried."""
SEASONS_TOLD = 2
"""Seasons from which a season is told from noise."""
FEW = 4
"""Whole horizons tried below which nothing is said of sums."""
FADING = 0.65
"""How much less each earlier origin's misses count."""
LEVELS = (0.8, 0.95)
"""How much of what comes lies within the limits."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A series and what is asked of it.

    Attributes
    ----------
    values : float64[n], nan where a period says nothing
    columns : float64[n + ahead, p], what is known of past and coming periods; p may be 0
    season : periods in a cycle; 1 for none
    ahead : how many periods
    scale : how figures are laid out
    """

    values: Array
    columns: Array
    season: int
    ahead: int
    scale: Scale

    @classmethod
    def of(cls, values: Array, columns: Array | None, season: int, ahead: int) -> Asked:
        """Ask for a forecast, with the scale chosen by the figures."""
        empty = np.zeros((len(values) + ahead, 0)) if columns is None else columns
        return cls(values, empty, season, ahead, Scale.of(values))

    def until(self, cut: int) -> Asked:
        """Return the same as it was asked after the first ``cut`` periods, as far ahead as is known by now."""
        ahead = min(self.ahead, len(self.values) - cut)
        return Asked(self.values[:cut], self.columns[: cut + ahead], self.season, ahead, self.scale)

    def origins(self) -> list[int]:
        """Return past origins, latest first: how many periods were known at each."""
        step = max(1, (self.ahead + 1) // 2)
        return list(range(len(self.values) - self.ahead, self.least - 1, -step))[:ORIGINS]

    @property
    def least(self) -> int:
        """How many periods must be known before effects are measured and models are tried."""
        return max(int(CYCLES * self.season) + 5, FEWEST)


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What models said at past origins.

    Attributes
    ----------
    origins : how many periods were known
    said : by model, for each origin float64[ahead or fewer], on the figure's scale
    came : for each origin, float64[ahead or fewer], what came, as figures
    """

    origins: list[int]
    said: Mapping[str, list[Array]]
    came: list[Array]

    def errors(self, scale: Scale) -> dict[str, float]:
        """Return each model's sMAPE, percent; nan where nothing could be tried."""
        return {
            name: _mean([smape(came, scale.outward(one)) for one, came in zip(said, self.came, strict=True)])
            for name, said in self.said.items()
        }

    def weights(self, scale: Scale) -> dict[str, float]:
        """Return how much each model counts, 1 together."""
        names = JOINED if scale.kind != "fitful" else FITFUL
        errors = self.errors(scale)
        pool = [name for name in errors if name.rstrip(CALENDAR) in names]
        pool = _with_calendar(pool, errors)
        if not self.origins:
            return {name: 1 / len(pool) for name in pool}
        if scale.kind == "fitful":
            return {min(pool, key=errors.__getitem__): 1.0}
        size = np.array([errors[name] for name in pool]) + 1e-6
        share = size**-POWER / (size**-POWER).sum()
        return dict(zip(pool, share.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Forecast:
    """What comes, and how it was found.

    Attributes
    ----------
    asked : the series
    trial : models at past origins
    weights : by model
    said : by model, float64[ahead], on the figure's scale
    effects : of the columns, on the figure's scale; None where there are none
    """

    asked: Asked
    trial: Trial
    weights: Mapping[str, float]
    said: Mapping[str, Array]
    effects: Effects | None

    @cached_property
    def path(self) -> Array:
        """float64[ahead]: what comes."""
        return self._told(joined(self.said, self.weights))

    def _told(self, laid: Array) -> Array:
        found = self.asked.scale.outward(laid)
        return np.round(found) if self.asked.scale.kind == "fitful" and self.asked.scale.whole else found

    @cached_property
    def misses(self) -> list[Array]:
        """How far the joined forecast was off at past origins, on the scale limits are told on, in today's noise."""
        found = []
        for number, came in enumerate(self.trial.came):
            away = self._on(came) - self._on(self._told(self._joined(number)))
            found.append(away * self._as_today(self.trial.origins[number]))
        return found

    def _as_today(self, cut: int) -> float:
        """Return by what a miss at an origin shrinks: noise is other than it was, and more is known by now.

        What is said errs by the noise, which stays, and by what k figures estimated from n periods err, which is k / n of
        it: an effect of each column, and each place of the season, by effects and by models.  Before two whole seasons
        were seen nothing tells a season from noise: then all of a miss is taken as estimated.
        """
        size, season = len(self.asked.values), self.asked.season
        if self.asked.scale.kind == "fitful":
            return 1.0
        told = 2 * season + self.asked.columns.shape[1]
        more = (1 + told / size) / (1 + told / cut) if cut >= SEASONS_TOLD * season else cut / size
        livelier = self._noise(size) / self._noise(cut)
        return float(np.sqrt((1.0 if np.isnan(livelier) else livelier) * more))

    def _joined(self, number: int) -> Array:
        return joined({name: said[number] for name, said in self.trial.said.items()}, self.weights)

    def _noise(self, cut: int) -> float:
        """Return how much the figure moved between seasons in the last periods before a cut; nan where nothing tells."""
        season = self.asked.season if self.asked.season <= DUMMIES else 1
        laid = self.asked.scale.inward(self.asked.values[max(cut - max(3 * season, 28 + season), 0) : cut])
        moved = np.abs(laid[season:] - laid[:-season])
        return _mean([moved]) + 1e-9

    def _on(self, figures: Array) -> Array:
        scale = self.asked.scale
        return figures if scale.kind == "fitful" else scale.inward(figures)

    def limits(self, level: float) -> tuple[Array, Array]:
        """Return float64[ahead] each: between these comes this share of what comes."""
        ahead, scale = self.asked.ahead, self.asked.scale
        width = reach(self.misses, ahead, level)
        middle = self._on(self.path)
        if scale.kind == "fitful":
            return np.maximum(middle - width, 0), middle + width
        return scale.outward(middle - width), scale.outward(middle + width)

    def supposing(self, columns: Array) -> Array:
        """Return what would come with other columns ahead, float64[ahead, p]; the same where they are not used."""
        used = sum(share for name, share in self.weights.items() if name.endswith(CALENDAR))
        if self.effects is None:
            return self.path
        change = (columns - self.asked.columns[len(self.asked.values) :]) @ self.effects.size
        return self._told(joined(self.said, self.weights) + used * change)

    def together(self, level: float) -> tuple[float, float, float]:
        """Return the sum of what comes, and between which two it comes with this share of certainty."""
        total, away = float(np.nansum(self.mean)), self._away()
        if len(away) < FEW or total <= 0:
            low, high = self.limits(level)
            return total, float(np.nansum(low)), float(np.nansum(high))
        width = np.sort(np.abs(away))[min(int(np.ceil((len(away) + 1) * level)), len(away)) - 1]
        return total, total * float(np.exp(-width)), total * float(np.exp(width))

    def chance(self, target: float) -> float:
        """Return the chance that the sum of what comes reaches a target; nan where too little was tried."""
        total, away = float(np.nansum(self.mean)), self._away()
        if len(away) < FEW or total <= 0 or target <= 0:
            return float("nan")
        spread = float(np.sqrt(np.mean(away**2))) + 1e-9
        return 1 - NormalDist().cdf(float(np.log(target / total)) / spread)

    def _away(self) -> Array:
        """Return how far sums over whole horizons were off at past origins, as logarithms of ratios."""
        whole = [n for n, came in enumerate(self.trial.came) if len(came) == self.asked.ahead]
        sums = [(float(np.nansum(self.trial.came[n])), self._total(n)) for n in whole]
        return np.array([np.log(came / said) for came, said in sums if came > 0 and said > 0])

    @cached_property
    def mean(self) -> Array:
        """float64[ahead]: the mean of what comes; of fitful figures not the path, which says what is likeliest."""
        return _mean_path(self.asked) if self.asked.scale.kind == "fitful" else self.path

    @property
    def off(self) -> tuple[float, float]:
        """Percent that sums over past horizons were off, joined and by repeating the last season."""
        scale, naive = self.asked.scale, self.trial.said[NAIVE]
        pairs = [
            (self._total(n), float(np.nansum(scale.outward(naive[n]))), float(np.nansum(came)))
            for n, came in enumerate(self.trial.came)
        ]
        told = np.array(
            [(abs(own - came) / came, abs(other - came) / came) for own, other, came in pairs if came > 0]
        )
        return (
            (100 * float(told[:, 0].mean()), 100 * float(told[:, 1].mean()))
            if len(told)
            else (np.nan, np.nan)
        )

    def _total(self, number: int) -> float:
        """Return the sum that was said at a past origin."""
        if self.asked.scale.kind == "fitful":
            return float(np.nansum(_mean_path(self.asked.until(self.trial.origins[number]))))
        return float(np.nansum(self._told(self._joined(number))))

    @property
    def error(self) -> float:
        """Percent: sMAPE of the joined forecast at past origins."""
        each = [smape(came, self._told(self._joined(n))) for n, came in enumerate(self.trial.came)]
        return _mean(each)

    @property
    def naive(self) -> float:
        """Percent: sMAPE of repeating the last season, at the same origins."""
        return self.trial.errors(self.asked.scale)[NAIVE]


def forecast(asked: Asked) -> Forecast:
    """Forecast a series."""
    said, found = _said(asked)
    origins = asked.origins()
    tried = [_said(asked.until(cut))[0] for cut in origins]
    came = [asked.values[cut : cut + asked.ahead] for cut in origins]
    trial = Trial(origins, {name: [one[name] for one in tried] for name in said}, came)
    return Forecast(asked, trial, trial.weights(asked.scale), said, found)


def _said(asked: Asked) -> tuple[dict[str, Array], Effects | None]:
    """Return what each model says, on the figure's scale, and the effects of the columns."""
    laid, size = asked.scale.inward(asked.values), len(asked.values)
    models = SIMPLE | ({"recent": recent} if asked.scale.kind == "fitful" else {})
    said = {name: model(laid, asked.season, asked.ahead) for name, model in models.items()}
    if not asked.columns.shape[1] or size < asked.least or asked.scale.kind == "fitful":
        return said, None
    past, coming = asked.columns[:size], asked.columns[size:]
    found = effects(laid, past, asked.season)
    plain = laid - past @ found.size
    for name, model in models.items():
        said[name + CALENDAR] = model(plain, asked.season, asked.ahead) + coming @ found.size
    return said, found


def _with_calendar(pool: list[str], errors: Mapping[str, float]) -> list[str]:
    """Keep the models that know the calendar, or those that do not where these did clearly better."""
    knowing = [name for name in pool if name.endswith(CALENDAR)]
    plain = [name for name in pool if not name.endswith(CALENDAR)]
    if not knowing:
        return plain
    with_it, without = (float(np.mean([errors[name] for name in part])) for part in (knowing, plain))
    return plain if with_it > WORSE * without else knowing


def _mean_path(asked: Asked) -> Array:
    """Return the smoothed mean of a figure that cannot be negative: float64[ahead]."""
    return np.maximum(SIMPLE["level"](asked.values, asked.season, asked.ahead), 0.0)


def joined(said: Mapping[str, Array], weights: Mapping[str, float]) -> Array:
    """Return the weighted mean of forecasts."""
    found: Array = np.sum([share * said[name] for name, share in weights.items()], axis=0)
    return found


def reach(misses: list[Array], ahead: int, level: float) -> Array:
    """Return how far to either side limits lie, by periods ahead: float64[ahead].

    Misses grow with the distance; they are laid on one size before their quantile is taken.

    Notes
    -----
    Earlier misses count less, so that limits follow a noise that changes.
    Source: Barber, Candès, Ramdas, Tibshirani, Conformal prediction beyond exchangeability, 2023, eq. 11; Lei,
    G'Sell, Rinaldo, Tibshirani, Wasserman, Distribution-free predictive inference for regression, 2018,
    algorithm 2 and section 5.2.
    """
    if not misses:
        return np.full(ahead, np.nan)
    step = np.concatenate([np.arange(len(one)) for one in misses])
    heard = np.concatenate([np.full(len(one), FADING**number) for number, one in enumerate(misses)])
    away = np.abs(np.concatenate(misses))
    known = ~np.isnan(away)
    step, away, heard = step[known], away[known], heard[known]
    size = _growing(step, away * heard / heard.mean(), ahead)
    ratio = away / size[step]
    order = np.argsort(ratio)
    passed = np.cumsum(heard[order]) / (heard.sum() + 1)
    width: Array = size * np.interp(level, passed, ratio[order]) * _tail(level, float(passed[-1]))
    return width


def _tail(level: float, told: float) -> float:
    """Return by what the widest miss is multiplied where so few misses do not tell so high a level: as a normal's tail."""
    if level <= told:
        return 1.0
    wanted, known = (NormalDist().inv_cdf((1 + one) / 2) for one in (level, told))
    return wanted / known


def _growing(step: Array, away: Array, ahead: int) -> Array:
    """Return the usual size of a miss by distance: a line that does not fall, float64[ahead], at least tiny."""
    middle, mean = step.mean(), away.mean()
    spread = ((step - middle) ** 2).sum()
    slope = max(float((step - middle) @ away / spread), 0.0) if spread else 0.0
    line = mean + slope * (np.arange(ahead) - middle)
    usual: Array = np.maximum(line, 0.2 * mean + 1e-12)
    return usual


def smape(actual: Array, said: Array) -> Array:
    """Return 200 |y - f| / (|y| + |f|), percent, 0 where both are 0; shaped as given."""
    size = np.abs(actual) + np.abs(said)
    found: Array = 200 * np.abs(actual - said) / np.where(size == 0, 1, size)
    return found


def _mean(parts: list[Array]) -> float:
    if not parts:
        return float("nan")
    whole = np.concatenate(parts)
    return float(np.nanmean(whole)) if np.any(~np.isnan(whole)) else float("nan")
