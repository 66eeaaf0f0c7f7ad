"""Lifetime value: who will buy again, how often, and for how much?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.calendar import day_number, midnight, period_names
from ganj.errors import BadParameter, TooLittleData
from ganj.events import FREE, ORDER
from ganj.filters import divided
from ganj.histories import Array, Histories
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.models.beta_binomial import BG_BB
from ganj.models.beta_geometric import BG_NBD, MBG_NBD
from ganj.models.fitting import Fit, settled
from ganj.models.gompertz import GGOM_NBD
from ganj.models.pareto import PARETO_NBD
from ganj.models.purchases import Purchases
from ganj.models.staying.lifetimes import beyond
from ganj.models.tracking import Track
from ganj.models.trials import best
from ganj.models.worth import Buying, Outlook, SpendFit
from ganj.parameters import in_words, param
from ganj.sketches import Rows, Tally
from ganj.text import Text
from ganj.views.clock import DAYS, Clock, clock_of
from ganj.views.clv import Seen
from ganj.views.clv_fold import (
    LEAST_PERIODS,
    SEGMENTS,
    Bought,
    Worth,
    buying_ticks,
    enough,
    held_out,
    purchases,
    top_fifth,
    unclear,
)
from ganj.views.clv_trial import MODEL_NAMES, Trial
from ganj.views.clv_weeks import Stretch, weekly
from ganj.views.groups import GROUPED, grouped, largest, names_of, told_apart

MODELS: dict[str, Buying] = {
    "bg-nbd": BG_NBD,
    "mbg-nbd": MBG_NBD,
    "pareto-nbd": PARETO_NBD,
    "ggom-nbd": GGOM_NBD,
    "bg-bb": BG_BB,
}
USUAL = "bg-nbd"
"""What is taken where nothing can be tried."""
PERIODIC = {"bg-bb"}
"""Models of who buys once in a period or not at all; they count periods, not days."""
DAY = timedelta(days=1)


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
    of_one = True
    question = Text(
        "Who will buy again, how often, and for how much?", "چه کسی دوباره می‌خرد، چند بار و به چه ارزشی؟"
    )
    family = "predictive"
    scored = (
        column("expected_orders", "Expected orders", "سفارش مورد انتظار", "ratio"),
        column("orders_low", "Orders at least (80%)", "دست‌کم سفارش (۸۰٪)", "count"),
        column("orders_high", "Orders at most (80%)", "دست‌بالا سفارش (۸۰٪)", "count"),
        column("expected_value", "Expected value", "ارزش مورد انتظار", "money"),
        column("value_low", "Value at least (80%)", "دست‌کم ارزش (۸۰٪)", "money"),
        column("value_high", "Value at most (80%)", "دست‌بالا ارزش (۸۰٪)", "money"),
        column("alive", "Chance of still being a customer", "احتمال ماندن", "percent"),
        column("clv", "Lifetime value", "ارزش طول عمر", "money"),
        column("clv_ever", "Lifetime value, all time to come", "ارزش طول عمر تا همیشه", "money"),
        column("clv_segment", "Value segment", "بخش ارزش", "category", choices=SEGMENTS),
        column("clv_group", "Group", "گروه", "text"),
        column("repeat_orders", "Repeat purchases", "خریدهای دوباره", "count"),
        column("calibration_orders", "… before the held-out days", "… پیش از روزهای آزمون", "count"),
        column("repeat_weeks", "Weeks bought again", "هفته‌های خرید دوباره", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"horizon": "180d"}

    model: Annotated[
        Literal["bg-nbd", "mbg-nbd", "pareto-nbd", "ggom-nbd", "bg-bb", "auto"],
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
        Literal["day", "week", "month", "quarter", "year"],
        param(
            "Unit of time of the parameters",
            "واحد زمان پارامترها",
            choices=period_names("day", "week", "month", "quarter", "year"),
            help=Text(
                "With BG/BB the period in which a customer buys once or not at all; a day stands for a month.",
                "در BG/BB دوره‌ای که مشتری در آن یک بار می‌خرد یا نمی‌خرد؛ روز یعنی ماه.",
            ),
        ),
    ] = "day"
    by: Annotated[
        str,
        param(
            "Fit groups apart, by",
            "برازش جداگانهٔ گروه‌ها بر پایهٔ",
            of="part",
            help=GROUPED,
        ),
    ] = ""
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
        return divided(Reads(events=(ORDER, FREE), columns=("time", "event", "amount")), self.by)

    def window(self) -> tuple[int | None, int | None]:
        return None, self.instant(self.until)  # the first order ever may lie before `since`

    def scan(self, histories: Histories) -> Bought:
        bought = self._bought(histories)
        code, labels = self._group(histories)
        _, ticks, figures = self._figures(bought, code)
        owner, tick, again, known = self._again(bought)
        repeats = Tally.of(
            np.column_stack((tick[again], known, code[owner[again]])), np.ones((len(again), 1))
        )
        lived = np.column_stack((owner[again], self._clock.week_of(tick[again]), known, code[owner[again]]))
        own = np.unique(lived, axis=0)  # once a week
        weeks = Tally.of(own[:, 1:], np.ones((len(own), 1)))
        return Bought(Tally.of(ticks, np.ones((len(ticks), 1))), Rows.of(figures), repeats, weeks, labels)

    def learn(self, state: Bought) -> Worth:
        times, people = state.times, state.people
        end, cut = self._end(times), top_fifth(people)
        rows = purchases(times.keys[:, :3], times.values, end, self._ticks)
        try:
            enough(rows, LEAST_PERIODS if self.model in PERIODIC else 0)
            trial = self._tried(times, end)
            name = trial.tried[0].name if trial is not None else self.model
            outlook = self._outlook(name, rows, spend_of(people))
        except TooLittleData as why:
            return Worth(state, self._clock, end, None, {}, np.nan, {}, why, None, None, rows, cut)
        known = trial.tried[0].fit if trial is not None else outlook.fit
        over = Stretch(self._clock, self._ticks, self._split(), end, held=trial is not None)
        track = weekly(state, outlook.model, known.parameters, over)
        groups, apart = self._groups(state, end, outlook) if self.by else ({}, np.nan)
        tracks = self._tracks(state, groups, known, over)
        return Worth(state, self._clock, end, outlook, groups, apart, tracks, None, trial, track, rows, cut)

    def report(self, model: Worth) -> Report:
        end = self._clock.ends(model.end) + DAY if len(model.people) else date.min + DAY
        as_of = midnight(end, self.zone or "UTC")
        view = Seen.of(model, self.by, as_of, self.horizon / DAY)
        return Report(view.tables(), view.charts(), tuple(view.findings()))

    def score(self, histories: Histories, model: Worth) -> Scores:
        bought = self._bought(histories)
        code, _ = self._group(histories)
        who, ticks, figures = self._figures(bought, code)
        foreseen = model.foreseen(figures)
        alive, orders, value, clv, low, high, least, most, ever = foreseen.T
        values = {
            "expected_orders": orders,
            "orders_low": low,
            "orders_high": high,
            "expected_value": value,
            "value_low": least,
            "value_high": most,
            "alive": 100 * alive,
            "clv": clv,
            "clv_ever": ever,
            "clv_segment": model.segments(model.people.key_of(figures), foreseen),
            "clv_group": names_of(code[who], model.bought.labels, [*model.groups]),
            "repeat_orders": ticks[:, 2],
            "calibration_orders": ticks[:, 4],
            "repeat_weeks": self._weeks(bought, who),
        }
        return Scores(histories.customer[who], values)

    # ---- what is counted

    def _group(self, histories: Histories) -> tuple[Array, tuple[str, ...]]:
        """Return each customer's code of a group, by the first purchase where no trait says it, and what codes say."""
        return grouped(histories, self.by, np.ones(len(histories.time), bool))

    @property
    def _clock(self) -> Clock:
        """What times are counted in."""
        calendar, _, week_start = self.bucketing
        return clock_of(self._unit if self.model in PERIODIC else "day", calendar, week_start)

    @property
    def _unit(self) -> str:
        """The unit of time of the parameters."""
        return "month" if self.model in PERIODIC and self.unit == "day" else self.unit

    @property
    def _ticks(self) -> float:
        """Ticks of one unit of time of the parameters."""
        return DAYS[self._unit] / self._clock.days

    def _end(self, times: Tally) -> int:
        """Return the last tick that was seen."""
        told = self._clock.before(self.until)
        if told is not None:
            return told
        return int(times.keys[:, 1].max()) if len(times) else 0

    def _split(self) -> int:
        """Return the first held-out tick; before all others where nothing is held out."""
        if self.until is None or self.holdout < DAY:
            return day_number(date.min)
        day = day_number(self.until) - self.holdout // DAY
        return int(self._clock.ticks(np.array([day]))[0])

    def _bought(self, histories: Histories) -> tuple[Array, Array, Array]:
        """Return `buying_ticks` of ticks that are over, of those who began from ``since`` on."""
        clock = self._clock
        owner, tick, spent = buying_ticks(histories, self.zone or "UTC", clock)
        kept = np.ones(len(tick), bool)
        over = clock.before(self.until)
        if over is not None:
            kept &= tick <= over
        if self.since is not None:
            begun = clock.ticks(np.array([day_number(self.since)]))[0]
            kept &= tick[np.searchsorted(owner, owner)] >= begun
        return owner[kept], tick[kept], spent[kept]

    def _again(self, bought: tuple[Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
        """Return owners, ticks, the places of purchases again, and whether these owners' first was before the held-out ticks."""
        owner, tick, _ = bought
        again = np.flatnonzero(owner[1:] == owner[:-1]) + 1
        return owner, tick, again, tick[np.searchsorted(owner, owner[again])] < self._split()

    def _weeks(self, bought: tuple[Array, Array, Array], who: Array) -> pa.ListArray:
        """Return the weeks in which each buyer bought again, by their first day: list<string>[n]."""
        owner, tick, again, _ = self._again(bought)
        lived = np.unique(np.column_stack((owner[again], self._clock.week_of(tick[again]))), axis=0)
        weeks, place = np.unique(lived[:, 1], return_inverse=True)
        names = pa.array(self._clock.first_days(weeks), pa.string())
        ends = np.searchsorted(lived[:, 0], who, side="right")
        offsets = np.concatenate(([0], ends)).astype(np.int32)
        return pa.ListArray.from_arrays(
            pa.array(offsets), names.take(pa.array(place.reshape(-1), pa.int64()))
        )

    def _figures(self, bought: tuple[Array, Array, Array], code: Array) -> tuple[Array, Array, Array]:
        """Return buyers' positions int64[n], their ticks int64[n, 6] and figures float64[n, 6], see `Bought`."""
        owner, tick, spent = bought
        people = len(code)
        size = np.bincount(owner, minlength=people)
        who = np.flatnonzero(size)
        begins = (np.cumsum(size) - size)[who]
        again = size[who] - 1
        before = np.bincount(owner[tick < self._split()], minlength=people)[who] - 1
        last = tick[begins + np.maximum(before, 0)]
        ticks = np.column_stack((tick[begins], tick[begins + again], again, last, before, code[who]))
        total = np.bincount(owner, spent, people)[who]
        mean = (total - spent[begins]) / np.maximum(again, 1)
        return who, ticks, np.column_stack((ticks[:, :3], np.where(again > 0, mean, 0), total, code[who]))

    # ---- what is learned

    def _outlook(self, name: str, rows: Purchases, spend: SpendFit) -> Outlook:
        """Fit the model, or say what is lacking."""
        model = MODELS.get(name, MODELS[USUAL])
        found = settled(model, rows)
        if not found.converged:
            raise unclear(rows)
        return Outlook(model, found, spend, DAYS[self._unit], self.horizon / DAY, self.discount / 100)

    def _groups(self, state: Bought, end: int, whole: Outlook) -> tuple[dict[int, Outlook], float]:
        """Fit each group that is large enough, and say how likely such differences are if all buy alike."""
        times = state.times
        told = largest(times.keys[:, 5], times.values[:, 0])
        code, found, gain = told_apart(times.keys[:, 5], told), {}, -whole.fit.log_likelihood
        for one in told:
            rows = purchases(times.keys[code == one, :3], times.values[code == one], end, self._ticks)
            try:
                enough(rows)
                found[one] = self._outlook(self.model_of(whole), rows, whole.spend)
                gain += found[one].fit.log_likelihood
            except TooLittleData:
                found[one] = whole
                gain += whole.model.score(whole.fit.parameters, rows)[0]
        own = sum(one is not whole for one in found.values())
        free = len(whole.model.names) * (own - 1 + any(one is whole for one in found.values()))
        return found, beyond(2 * gain, free) if free else np.nan

    def model_of(self, outlook: Outlook) -> str:
        """Return the name of the model that was fitted."""
        return next(name for name, model in MODELS.items() if model is outlook.model)

    def _tried(self, times: Tally, end: int) -> Trial | None:
        """Fit the time before the held-out ticks, and lay what it expects beside what came."""
        unit, held = self._ticks, float(end + 1 - self._split())
        if held < 1:  # the periods held out are not over
            return None
        there = times.keys[:, 4] >= 0
        keys, count = times.keys[there], times.values[there, 0]
        before, came = held_out(keys, count, self._split() - 1, unit)
        try:
            enough(before)
        except TooLittleData:
            return None
        among = {self.model} if self.model != "auto" else set(MODELS) - PERIODIC
        asked = {name: model for name, model in MODELS.items() if name in among}
        after = purchases(keys[:, :3], count[:, None], end, unit)
        found = best(asked, before, after, held / unit)
        if not found[0].fit.converged:
            return None
        expected = MODELS[found[0].name].expected(found[0].fit.parameters, before, held / unit)
        naive = before.again / np.maximum(before.seen * unit, 1) * held
        days = held * self._clock.days
        return Trial(before.again, before.count, came, expected, naive, days, tuple(found))

    def _tracks(
        self, state: Bought, groups: dict[int, Outlook], known: Fit, over: Stretch
    ) -> dict[int, Track]:
        """Track each group by parameters of its own, or by those of all (``known``) where it is too thin before the held-out days."""
        found = {}
        for one, outlook in groups.items():
            part = state.of_group(one, [*groups])
            fit = self._before(part, outlook, over) if over.held else outlook.fit
            track = weekly(part, outlook.model, (fit or known).parameters, over)
            if track is not None:
                found[one] = track
        return found

    def _before(self, part: Bought, outlook: Outlook, over: Stretch) -> Fit | None:
        """Fit what a group did before the held-out days; None where that is too little."""
        there = part.times.keys[:, 4] >= 0
        before, _ = held_out(part.times.keys[there], part.times.values[there, 0], over.split - 1, over.unit)
        try:
            enough(before)
        except TooLittleData:
            return None
        found = settled(outlook.model, before)
        return found if found.converged else None


def spend_of(people: Rows) -> SpendFit:
    """Fit what purchases are worth."""
    again, mean = (people.total / people.count[:, None])[:, 2:4].T
    return SpendFit.of(again, mean, people.count.astype(np.float64))
