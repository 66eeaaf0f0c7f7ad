"""Forecast: what comes next, how sure is that, and what moves it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.breakdown import of_each
from ganj.calendar import buckets, day_number, local_day
from ganj.events import ORDER
from ganj.filters import divided
from ganj.histories import Array, Category, Histories
from ganj.kernels.orders import EVER, NEVER_ENDS
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.parameters import param
from ganj.sketches import Groups, Tally
from ganj.text import Text
from ganj.views.forecast import Seen
from ganj.views.forecast_plan import RATE, Drawn, Plan, named, planned, supposed, unnamed, year
from ganj.views.forecast_words import findings
from ganj.views.series_fold import lists, rated, tallied, whole

FIGURES = {
    "amount": Text("Revenue", "درآمد"),
    "events": Text("Orders, or another event", "شمار سفارش یا رویدادی دیگر"),
    "customers": Text("Customers", "مشتریان"),
    "new": Text("New customers", "مشتریان تازه"),
    "each": Text("Average amount", "میانگین مبلغ"),
    "worth": Text("Amount per customer", "مبلغ از هر مشتری"),
    "often": Text("Times per customer", "دفعات هر مشتری"),
    "rate": Text("Rate (of another event)", "نرخ (از رویدادی دیگر)"),
}
ALL = ""
"""The label of everything together."""


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Figures so far.

    Attributes
    ----------
    groups : by label, `ALL` for everything, a tally by period, see `ganj.views.series_fold`
    over : the events a rate is out of, in the same way
    drivers : by event, a tally by local day
    customers : by label, how many had the event in the time that counts
    first, last : µs UTC of the first and the last event that was read
    """

    groups: Groups
    over: Groups
    drivers: Groups
    customers: Groups
    first: int
    last: int

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.groups + other.groups,
            self.over + other.over,
            self.drivers + other.drivers,
            self.customers + other.customers,
            min(self.first, other.first),
            max(self.last, other.last),
        )


class Forecast(Miner[Counted, Drawn], frozen=True, kw_only=True):
    """Forecast a figure by day, week or month, with limits, from its own past and the calendar.

    Seasonal naive, smoothing with and without a fading trend, and Theta are asked at past origins for what came
    after, on the figure and on what the calendar leaves of it (weekdays, Jalali months, Nowruz, Ramadan, feasts and
    public holidays as observed, pay days, campaigns); they are joined by how little they erred.  Limits are conformal:
    as wide as the joined forecast was off before.  Only whole periods count.

    Notes
    -----
    State: four sums (of a rate eight) for each label and period, one for each driver and day; whatever the number of customers.
    One pass, O(events); a series costs some tens of milliseconds.
    Source: docs/analyses/forecast.md.
    """

    title = Text("Forecast", "پیش‌بینی")
    question = Text(
        "What comes next, and how sure is that?", "چه در پیش است و چقدر می‌توان به آن اطمینان کرد؟"
    )
    family = "predictive"
    scored = (
        column("forecast_periods", "Counted in", "شمرده‌شده در", "list"),
        column("forecast_groups", "Series", "سری‌ها", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"figure": "events", "ahead": 30, "by": "province"}

    figure: Annotated[
        Literal["amount", "events", "customers", "new", "each", "worth", "often", "rate"],
        param("Figure", "شاخص", choices=FIGURES),
    ] = "amount"
    event: Annotated[str, param("Of the event", "از رویداد", of="event")] = ORDER
    over: Annotated[str, param("Rate: out of the event", "نرخ: از رویداد", of="event")] = "Product Viewed"
    period: Annotated[
        Literal["day", "week", "month"],
        param(
            "Period",
            "دوره",
            choices={"day": Text("Day", "روز"), "week": Text("Week", "هفته"), "month": Text("Month", "ماه")},
        ),
    ] = "day"
    ahead: Annotated[int, param("Periods ahead", "شمار دوره‌های پیش رو", ge=1, le=400)] = 30
    by: Annotated[str, param("One series for each", "یک سری برای هر", of="part")] = ""
    target: Annotated[
        float,
        param(
            "Target for these periods together",
            "هدف برای مجموع این دوره‌ها",
            help=Text(
                "Money in the currency that is kept: rials, also where tomans are shown. 0 for none.",
                "مبلغ به واحدی که نگهداری می‌شود: ریال، حتی اگر نمایش به تومان است. صفر یعنی بی‌هدف.",
            ),
            ge=0,
        ),
    ] = 0.0
    campaigns: Annotated[
        tuple[str, ...],
        param(
            "Campaigns, past and planned",
            "کمپین‌ها، گذشته و در پیش",
            help=Text(
                "First and last day: 2026-03-01..2026-03-10.",
                "روز نخست و روز پایانی: \u20661404/12/10..1404/12/19\u2069.",
            ),
            max_length=50,
        ),
    ] = ()
    drivers: Annotated[
        tuple[str, ...],
        param(
            "Events that drive it",
            "رویدادهای پیش‌برنده",
            of="event",
            max_length=5,
            help=Text(
                "How many of them came in the last seven days counts.",
                "شمار آن‌ها در هفت روز گذشته به حساب می‌آید.",
            ),
        ),
    ] = ()
    suppose: Annotated[
        tuple[str, ...],
        param(
            "What if",
            "اگر",
            max_length=5,
            help=Text(
                "A driver, or something of the calendar, and how many times the usual: Message Sent=1.5, Ramadan=0.",
                "یک رویداد پیش‌برنده یا مناسبتی از تقویم و چند برابر معمول: \u2066Message Sent=1.5\u2069، ماه رمضان=۰.",
            ),
        ),
    ] = ()
    most: Annotated[int, param("Series, at most", "بیشترین شمار سری‌ها", ge=1, le=200, advanced=True)] = 12
    seasons: Annotated[bool, param("Use the calendar", "استفاده از تقویم و مناسبت‌ها", advanced=True)] = True
    country: Annotated[
        str, param("Country whose holidays count", "کشورِ تعطیلات", advanced=True, min_length=2, max_length=2)
    ] = "IR"

    def __post_init__(self) -> None:
        """Refuse plans that cannot be read, and a rate of an event out of itself."""
        planned(self.campaigns)
        if self.figure == RATE:
            rated(self.event, self.over)
        wanted = [name for name in supposed(self.suppose) if name not in self.drivers]
        known = year(self.calendar or "jalali", self.country if self.seasons else "") if wanted else None
        for name in wanted:
            if known is not None and named(name, known) is None:
                raise unnamed(name, known)

    def reads(self) -> Reads:
        over = (self.over,) if self.figure == RATE else ()
        events = tuple(dict.fromkeys((self.event, *over, *self.drivers)))
        nobody = self.figure not in {"customers", "new", "worth", "often"}
        return divided(Reads(events=events, columns=("time", "event", "amount"), nobody=nobody), self.by)

    def window(self) -> tuple[int | None, int | None]:
        return None, self.instant(self.until)  # the first ever may lie before `since`

    def scan(self, histories: Histories) -> Counted:
        h = histories
        category = self._category(h)
        known = self._kept(h) & (h.customer >= 0)[h.owner]
        return Counted(
            self._tallies(h, self.event, category),
            self._tallies(h, self.over, category) if self.figure == RATE else Groups(),
            Groups(self._driven(h)),
            Groups(self._people(h, known, category)),
            int(h.time.min(initial=NEVER_ENDS)),
            int(h.time.max(initial=EVER)),
        )

    def _tallies(self, h: Histories, event: str, category: Category | None) -> Groups:
        """Count an event by label and period."""
        meant, period = h.event == h.codes((event,))[0], self._periods(h)
        found = tallied(h, np.where(meant, 0, -1), (ALL,), period)
        if category is not None:
            found |= tallied(h, np.where(meant, category.codes, -1), category.labels, period)
        return Groups(found)

    def learn(self, state: Counted) -> Drawn:
        calendar, zone, week_start = self.bucketing
        begins, ends = self._days(state, zone)
        span = whole(state.groups, self.period, (calendar, week_start), (begins, ends))
        plan = Plan(
            figure=self.figure,
            period=self.period,
            calendar=calendar,
            week_start=week_start,
            country=self.country if self.seasons else "",
            ahead=self.ahead,
            campaigns=planned(self.campaigns),
            drivers=self.drivers,
            suppose=supposed(self.suppose),
            most=self.most,
        )
        return plan.drawn(
            state.groups.values, state.over.values, state.drivers.values, state.customers.values, span
        )

    def report(self, model: Drawn) -> Report:
        view = Seen(model, self.event, self.over, self.target)
        return Report(view.tables, view.charts(), tuple(findings(view)))

    def score(self, histories: Histories, model: Drawn) -> Scores:
        del model  # what a customer did does not depend on others
        kept = self._kept(histories)
        h = histories.keep(kept).choose(
            (histories.customer >= 0) & (np.bincount(histories.owner[kept], minlength=len(histories)) > 0)
        )
        pairs = np.unique(np.column_stack((h.owner, self._periods(h))), axis=0)
        groups, labels = self._memberships(h)
        values = {
            "forecast_periods": lists(pairs[:, 0], pairs[:, 1], len(h)),
            "forecast_groups": lists(
                groups[:, 0], pa.array(labels, pa.string()).take(pa.array(groups[:, 1])), len(h)
            ),
        }
        return Scores(h.customer, values)

    def _periods(self, h: Histories) -> Array:
        return buckets(h.time, self.period, *self.bucketing)

    def _kept(self, h: Histories) -> Array:
        """bool[events]: the event that is forecast, since the time that counts."""
        since = self.instant(self.since)
        kept: Array = (h.event == h.codes((self.event,))[0]) & (h.time >= (EVER if since is None else since))
        return kept

    def _category(self, h: Histories) -> Category | None:
        """Return the label of each event; a trait is that of its customer."""
        return of_each(h, self.by) if self.by else None

    def _memberships(self, h: Histories) -> tuple[Array, tuple[str, ...]]:
        """Return distinct (customer, label) as int64[k, 2], and the labels; everyone is of `ALL`."""
        category = self._category(h)
        everyone = np.column_stack((np.arange(len(h)), np.zeros(len(h), np.int64)))
        if category is None:
            return everyone, (ALL,)
        own = np.column_stack((h.owner, category.codes.astype(np.int64) + 1))[category.codes >= 0]
        return np.unique(np.concatenate((everyone, own)), axis=0), (ALL, *category.labels)

    def _people(self, h: Histories, known: Array, category: Category | None) -> dict[str, int]:
        """Count the known customers of each label."""
        found = {ALL: len(np.unique(h.owner[known]))}
        if category is not None:
            pairs = np.unique(np.column_stack((category.codes[known], h.owner[known])), axis=0)
            size = np.bincount(pairs[pairs[:, 0] >= 0, 0], minlength=len(category.labels))
            found |= {label: int(n) for label, n in zip(category.labels, size, strict=True) if n}
        return found

    def _driven(self, h: Histories) -> dict[str, Tally]:
        found = {}
        for name, code in zip(self.drivers, h.codes(self.drivers).tolist(), strict=True):
            day = local_day(h.time[h.event == code], self.bucketing[1])[:, None]
            found[name] = Tally.of(day, np.ones((len(day), 1)))
        return found

    def _days(self, state: Counted, zone: str) -> tuple[int, int]:
        """Return the first local day that counts, and the day after the last."""
        seen = state.first <= state.last
        first, last = local_day(np.array([state.first, state.last]), zone).tolist() if seen else (0, -1)
        begins = first if self.since is None else max(first, day_number(self.since))
        return begins, last + 1 if self.until is None else day_number(self.until)
