"""Lifetime value: who will buy again, how often, and for how much?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ganj.calendar import date_of, day_number, last_day, local_day, midnight, ordinals
from ganj.errors import BadParameter, TooLittleData
from ganj.events import FREE, ORDER
from ganj.histories import Array, Histories
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.models.beta_geometric import BG_NBD, MBG_NBD
from ganj.models.fitting import fit
from ganj.models.gompertz import GGOM_NBD
from ganj.models.pareto import PARETO_NBD
from ganj.models.purchases import Purchases
from ganj.models.tracking import Track, daily
from ganj.models.trials import best
from ganj.models.worth import Buying, Outlook, SpendFit
from ganj.parameters import in_words, param
from ganj.sketches import Rows, Tally, from_ordered_bits
from ganj.text import Text
from ganj.views.clv import BUYERS, REPEATERS, SEGMENTS, Seen, segments_of
from ganj.views.clv_trial import MODEL_NAMES, Trial

MODELS: dict[str, Buying] = {
    "bg-nbd": BG_NBD,
    "mbg-nbd": MBG_NBD,
    "pareto-nbd": PARETO_NBD,
    "ggom-nbd": GGOM_NBD,
}
USUAL = "bg-nbd"
"""What is taken where nothing can be tried."""
DAYS = {"day": 1.0, "week": 7.0}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Bought:
    """How buyers bought.

    Attributes
    ----------
    times : customers by (first day, last day, days again, last day and days again before the held-out time)
    people : rows of first day, last day, days again, mean value of a day again, value of all
    repeats : days bought again, by day and whether the first was before the held-out time
    """

    times: Tally
    people: Rows
    repeats: Tally

    def __add__(self, other: Bought) -> Bought:
        return Bought(self.times + other.times, self.people + other.people, self.repeats + other.repeats)


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What was learned.

    Attributes
    ----------
    people : see `Bought`
    end : the last local day that was seen
    outlook : what follows; None where ``refused``
    refused : why nothing was fitted
    trial : the same on the time before the held-out days; None where that is too thin
    track : week by week, what came and what was expected; None where ``refused``
    together : between what the orders of all are, eight times of ten; nan where ``refused``
    cut : key of value from which a customer is among the most valuable fifth
    """

    people: Rows
    end: int
    outlook: Outlook | None
    refused: TooLittleData | None
    trial: Trial | None
    track: Track | None
    together: tuple[float, float]
    cut: int

    def foreseen(self, figures: Array) -> Array:
        """Return float64[n, 6] of `Outlook.foreseen` for figures as in `Bought.people`; nan where refused."""
        if self.outlook is None:
            return np.full((len(figures), 6), np.nan)
        first, last, again, mean = figures[:, :4].T
        return self.outlook.foreseen(np.column_stack((again, last - first, self.end - first)), mean)

    def segments(self, keys: Array) -> Array:
        """Return int32[n], codes into `SEGMENTS`, -1 where refused, of keys of ``people``."""
        alive = self.foreseen(from_ordered_bits(keys))[:, 0]
        return segments_of(alive, keys[:, 4] >= self.cut)


class Clv(Miner[Bought, Worth], frozen=True, kw_only=True):
    """Foresee how often each customer will buy, for how much, and whether they are still there.

    A purchase is a local day with orders, also free ones.  Of each buyer it matters how many purchases followed the first
    (x), when the last of them was (t_x) and how long the buyer was seen (T = last day of observation less
    first day).  The model's parameters are those of the highest likelihood, with standard errors; what is
    expected of a customer is conditional on (x, t_x, T).  Values of purchases follow the Gamma-Gamma model.
    The same fit on the time before the last ``holdout`` days is tried on them, beside a naive rate.

    Notes
    -----
    State: counts of distinct (first, last, x) with those before the held-out days, and at most 1,048,576 rows
    of these with value; the parameters of buying do not depend on rounding of the latter.  One pass, O(events).
    Source: Fader, Hardie, Lee, Marketing Science 24(2), 2005; docs/analyses/clv.md.
    """

    title = Text("Lifetime value", "ارزش طول عمر")
    question = Text(
        "Who will buy again, how often, and for how much?", "چه کسی دوباره می‌خرد، چند بار و به چه ارزشی؟"
    )
    family = "predictive"
    scored = (
        column("expected_orders", "Expected orders", "سفارش مورد انتظار", "ratio"),
        column("orders_low", "Orders at least (80%)", "دست‌کم سفارش (۸۰٪)", "count"),
        column("orders_high", "Orders at most (80%)", "دست‌بالا سفارش (۸۰٪)", "count"),
        column("expected_value", "Expected value", "ارزش مورد انتظار", "money"),
        column("alive", "Chance of still being a customer", "احتمال ماندن", "percent"),
        column("clv", "Lifetime value", "ارزش طول عمر", "money"),
        column("clv_segment", "Value segment", "بخش ارزش", "category", choices=SEGMENTS),
        column("repeat_orders", "Days bought again", "روزهای خرید دوباره", "count"),
        column("calibration_orders", "… before the held-out days", "… پیش از روزهای آزمون", "count"),
    )
    example: ClassVar[dict[str, Any]] = {"horizon": "180d"}

    model: Annotated[
        Literal["bg-nbd", "mbg-nbd", "pareto-nbd", "ggom-nbd", "auto"],
        param(
            "Model",
            "مدل",
            choices=MODEL_NAMES,
            help=Text(
                "The best on the held-out days is the one that made their purchases most likely.",
                "بهترین مدل در روزهای آزمون آن است که خریدهای آن روزها را محتمل‌تر دانسته باشد.",
            ),
        ),
    ] = "bg-nbd"
    unit: Annotated[
        Literal["day", "week"],
        param(
            "Unit of time of the parameters",
            "واحد زمان پارامترها",
            choices={"day": Text("Day", "روز"), "week": Text("Week", "هفته")},
        ),
    ] = "day"
    horizon: Annotated[timedelta, param("Look ahead", "افق پیش‌بینی")] = timedelta(days=365)
    discount: Annotated[
        float, param("Discount a year (percent)", "نرخ تنزیل سالانه (درصد)", unit="percent", ge=0, le=1000)
    ] = 10.0
    holdout: Annotated[
        timedelta,
        param(
            "Held out to try the model",
            "روزهای کنارگذاشته برای آزمون",
            help=Text("0 tries nothing.", "با صفر آزمونی انجام نمی‌شود."),
        ),
    ] = timedelta(days=90)

    def __post_init__(self) -> None:
        """Refuse a look at nothing."""
        for name, least in (("horizon", DAY), ("holdout", timedelta(0))):
            if getattr(self, name) < least:
                why = Text("it is too short.", "بیش از اندازه کوتاه است.")
                raise BadParameter(parameter=name, value=in_words(getattr(self, name)), why=why)

    def reads(self) -> Reads:
        return Reads(events=(ORDER, FREE), columns=("time", "event", "amount"))

    def window(self) -> tuple[int | None, int | None]:
        return None, self.instant(self.until)  # the first order ever may lie before `since`

    def scan(self, histories: Histories) -> Bought:
        bought = self._bought(histories)
        _, days, figures = self._figures(bought, len(histories))
        owner, day, _ = bought
        again = np.flatnonzero(owner[1:] == owner[:-1]) + 1
        known = day[np.searchsorted(owner, owner[again])] < self._split()
        repeats = Tally.of(np.column_stack((day[again], known)), np.ones((len(again), 1)))
        return Bought(Tally.of(days, np.ones((len(days), 1))), Rows.of(figures), repeats)

    def learn(self, state: Bought) -> Worth:
        times, people = state.times, state.people
        end, nothing = self._end(times), (np.nan, np.nan)
        again, mean = (people.total / people.count[:, None])[:, 2:4].T
        rows = purchases(times.keys[:, :3], times.values, end, DAYS[self.unit])
        try:
            enough(rows)
            trial = self._tried(times, end)
            name = trial.tried[0].name if trial is not None else self.model
            outlook = self._outlook(name, rows, SpendFit.of(again, mean, people.count.astype(np.float64)))
        except TooLittleData as why:
            return Worth(people, end, None, why, None, None, nothing, top_fifth(people))
        track = self._track(state, outlook, trial)
        return Worth(people, end, outlook, None, trial, track, outlook.together(rows), top_fifth(people))

    def report(self, model: Worth) -> Report:
        rows = model.people
        view = Seen(
            count=rows.count,
            figures=rows.total / np.maximum(rows.count, 1)[:, None],
            foreseen=model.foreseen(from_ordered_bits(rows.keys)),
            segment=model.segments(rows.keys),
            outlook=model.outlook,
            trial=model.trial,
            track=model.track,
            together=model.together,
            calendar=self.bucketing[0],
            as_of=midnight(date_of(model.end + 1), self.zone or "UTC"),
            days=self.horizon / DAY,
        )
        return Report(view.tables(), view.charts(), tuple(view.findings(model.refused)))

    def score(self, histories: Histories, model: Worth) -> Scores:
        who, days, figures = self._figures(self._bought(histories), len(histories))
        alive, orders, value, clv, low, high = model.foreseen(figures).T
        values = {
            "expected_orders": orders,
            "orders_low": low,
            "orders_high": high,
            "expected_value": value,
            "alive": 100 * alive,
            "clv": clv,
            "clv_segment": model.segments(model.people.key_of(figures)),
            "repeat_orders": days[:, 2],
            "calibration_orders": days[:, 4],
        }
        return Scores(histories.customer[who], values)

    def _end(self, times: Tally) -> int:
        """Return the last local day that was seen."""
        if self.until is not None:
            return day_number(self.until) - 1
        return int(times.keys[:, 1].max()) if len(times) else 0

    def _split(self) -> int:
        """Return the first held-out local day; before all days where nothing is held out."""
        if self.until is None or self.holdout < DAY:
            return day_number(date.min)
        return day_number(self.until) - self.holdout // DAY

    def _bought(self, histories: Histories) -> tuple[Array, Array, Array]:
        """Return `buying_days` of those who began from ``since`` on."""
        owner, day, spent = buying_days(histories, self.zone or "UTC")
        if self.since is None:
            return owner, day, spent
        kept = day[np.searchsorted(owner, owner)] >= day_number(self.since)
        return owner[kept], day[kept], spent[kept]

    def _figures(self, bought: tuple[Array, Array, Array], people: int) -> tuple[Array, Array, Array]:
        """Return buyers' positions int64[n], their days int64[n, 5] and figures float64[n, 5], see `Bought`."""
        owner, day, spent = bought
        size = np.bincount(owner, minlength=people)
        who = np.flatnonzero(size)
        begins = (np.cumsum(size) - size)[who]
        again = size[who] - 1
        before = np.bincount(owner[day < self._split()], minlength=people)[who] - 1
        days = np.column_stack(
            (day[begins], day[begins + again], again, day[begins + np.maximum(before, 0)], before)
        )
        total = np.bincount(owner, spent, people)[who]
        mean = (total - spent[begins]) / np.maximum(again, 1)
        return who, days, np.column_stack((days[:, :3], np.where(again > 0, mean, 0), total))

    def _outlook(self, name: str, rows: Purchases, spend: SpendFit) -> Outlook:
        """Fit the model, or say what is lacking."""
        model = MODELS.get(name, MODELS[USUAL])
        found = fit(model, rows)
        if not found.converged:
            raise unclear(rows)
        return Outlook(model, found, spend, DAYS[self.unit], self.horizon / DAY, self.discount / 100)

    def _tried(self, times: Tally, end: int) -> Trial | None:
        """Fit the time before the held-out days, and lay what it expects beside what came."""
        unit, held = DAYS[self.unit], float(end + 1 - self._split())
        there = times.keys[:, 4] >= 0
        keys, count = times.keys[there], times.values[there, 0]
        before, came = held_out(keys, count, self._split() - 1, unit)
        try:
            enough(before)
        except TooLittleData:
            return None
        asked = {name: model for name, model in MODELS.items() if self.model in {name, "auto"}}
        after = purchases(keys[:, :3], count[:, None], end, unit)
        found = best(asked, before, after, held / unit)
        if not found[0].fit.converged:
            return None
        expected = MODELS[found[0].name].expected(found[0].fit.parameters, before, held / unit)
        naive = before.again / np.maximum(before.seen * unit, 1) * held
        return Trial(before.again, before.count, came, expected, naive, held, tuple(found))

    def _track(self, state: Bought, outlook: Outlook, trial: Trial | None) -> Track | None:
        """Lay what came week by week beside what the model expects of all who began."""
        keys, repeats, model, found = state.times.keys, state.repeats, outlook.model, outlook.fit
        chosen, counted = np.ones(len(keys), bool), np.ones(len(repeats), bool)
        if trial is not None:
            chosen, counted = keys[:, 4] >= 0, repeats.keys[:, 1] == 1
            found = trial.tried[0].fit
        start, end = int(keys[:, 0].min()), self._end(state.times)
        began = np.bincount(keys[chosen, 0] - start, state.times.values[chosen, 0], end - start + 1)
        came = np.bincount(repeats.keys[counted, 0] - start, repeats.values[counted, 0], end - start + 1)
        totals = np.stack((came.cumsum(), daily(model, found.parameters, began, outlook.unit)))
        calendar, _, week_start = self.bucketing
        week = np.arange(*ordinals(np.array([start, end + 1]), "week", calendar, week_start))
        if not len(week):
            return None
        ends = last_day(week, "week", calendar, week_start) - start
        actual, expected = np.diff(totals[:, ends], axis=1, prepend=0.0)
        held = trial is not None
        return Track(week, actual, expected, (ends + start >= self._split()) & held)


def enough(rows: Purchases) -> None:
    """Refuse too few buyers."""
    if rows.size < BUYERS or _repeaters(rows) < REPEATERS:
        needs = Text(
            f"{BUYERS} buyers, {REPEATERS} of them with a second purchase",
            f"{BUYERS} خریدار با دست‌کم {REPEATERS} خریدار دارای خرید دوباره",
        )
        raise TooLittleData(needs=needs, has=_has(rows))


def unclear(rows: Purchases) -> TooLittleData:
    """Say that the likelihood has no maximum."""
    needs = Text(
        "purchases that tell how fast customers buy from how fast they leave",
        "خریدهایی که آهنگ خرید را از آهنگ رفتن مشتریان جدا کند",
    )
    return TooLittleData(needs=needs, has=_has(rows))


def _has(rows: Purchases) -> Text:
    return Text(
        f"{rows.size:.0f} buyers, {_repeaters(rows)} of them with a second purchase",
        f"{rows.size:.0f} خریدار که {_repeaters(rows)} نفرشان خرید دوباره دارند",
    )


def _repeaters(rows: Purchases) -> int:
    return int(rows.count[rows.again > 0].sum())


def buying_days(histories: Histories, zone: str) -> tuple[Array, Array, Array]:
    """Return each customer's days with orders: owner int64[n], day int64[n], money float64[n]."""
    owner, day = histories.owner, local_day(histories.time, zone)
    new = np.ones(len(day), bool)
    new[1:] = (owner[1:] != owner[:-1]) | (day[1:] != day[:-1])
    at = np.flatnonzero(new)
    spent = np.add.reduceat(np.nan_to_num(histories.amount), at) if len(at) else np.zeros(0)
    return owner[at], day[at], spent


def purchases(keys: Array, values: Array, end: int, unit: float) -> Purchases:
    """Return rows of (first day, last day, days again) as the models read them, in a unit of so many days."""
    tally = Tally.of(keys, values)
    first, last, again = tally.keys.T.astype(np.float64)
    return Purchases(again, (last - first) / unit, (end - first) / unit, tally.values[:, 0])


def held_out(keys: Array, count: Array, end: int, unit: float) -> tuple[Purchases, Array]:
    """Return the rows before the held-out days, and the sum of days bought in these: float64[n]."""
    came = (keys[:, 2] - keys[:, 4]) * count
    tally = Tally.of(keys[:, [0, 3, 4]], np.column_stack((count, came)))
    return purchases(tally.keys, tally.values, end, unit), tally.values[:, 1]


def top_fifth(people: Rows) -> int:
    """Return the key of value from which customers are among the most valuable fifth."""
    numbers = people.column(4)
    if not numbers.size:
        return 0
    at = np.searchsorted(np.cumsum(numbers.count), 0.8 * numbers.size, side="right")
    return max(int(numbers.keys[min(int(at), len(numbers.keys) - 1)]), 1)
