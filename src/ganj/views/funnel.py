"""The funnel's tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ganj.calendar import Calendar, Period
from ganj.events import value_words, words
from ganj.filters import Selector, selector
from ganj.histories import SECOND, Array
from ganj.kernels.funnel_walk import Rules
from ganj.kernels.intervals import Z95, newcombe, wilson
from ganj.miner import Chart, Column, Opens, Table, Where, column
from ganj.sketches import Numbers
from ganj.text import Text
from ganj.views.funnel_depths import OTHERS, Depths, Walked, entry

UNKNOWN = Text("unknown", "نامشخص")
OTHER = Text("others", "دیگران")


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Depths of everyone and of groups, laid out.

    Attributes
    ----------
    names : the steps
    rules : how they were walked
    walked : what was found
    groups : depths of the groups shown, by label
    between : places of the two steps between which time is counted
    apart : whether a customer is in one group only
    """

    names: tuple[str, ...]
    rules: Rules
    walked: Walked
    groups: Mapping[str, Depths]
    between: tuple[int, int]
    apart: bool

    @property
    def everyone(self) -> Depths:
        """Depths of all."""
        return self.walked.everyone

    @property
    def labels(self) -> tuple[Text, ...]:
        """What the steps are called; without an order, how many were taken."""
        if self.rules.order != "unordered":
            return tuple(said(name) for name in self.names)
        counts = range(1, len(self.names) + 1)
        return tuple(Text(f"{k} of {len(self.names)} steps", f"{k} گام از {len(self.names)}") for k in counts)

    def must(self, k: int) -> bool:
        """Tell whether the step at a place cannot be left out."""
        return not (self.rules.optional >> k) & 1

    def took(self, k: int) -> Opens:
        """Return the customers who took the step at a place."""
        return (Where("funnel_step", ">=", k + 1) if self.must(k) else Where("funnel_taken", "has", k + 1),)

    def before(self) -> Array:
        """int64[steps]: customers of the step before that cannot be left out; of the first, its own."""
        taken = self.everyone.taken
        last, found = int(taken[0]), []
        for k in range(len(self.names)):
            found.append(last)
            last = int(taken[k]) if self.must(k) else last
        return np.array(found, np.int64)

    def steps_table(self) -> Table:
        """Lay out what became of everyone, step by step."""
        taken, ended = self.everyone.taken, self.everyone.ended[1:].copy()
        ended[-1] = 0
        median, mean = _waits(self.everyone)
        got = [self.took(k) for k in range(len(self.names))]
        lost: list[Opens | None] = [(Where("funnel_step", "=", k + 1),) for k in range(len(self.names) - 1)]
        return Table.of(
            Text("Steps", "گام‌ها"),
            (self._step(), np.arange(len(self.names))),
            (column("customers", "Customers", "مشتریان", "customers"), taken, got),
            (column("rate", "Of the first step", "از گام نخست", "percent"), percent(taken, taken[0]), got),
            (
                column("step_rate", "Of the step before", "از گام پیش", "percent"),
                percent(taken, self.before()),
                got,
            ),
            (column("dropped", "Went no further", "پیش‌تر نرفته", "customers"), ended, [*lost, None]),
            (column("median_time", "Median time", "میانهٔ زمان", "duration"), median),
            (column("mean_time", "Mean time", "میانگین زمان", "duration"), mean),
        )

    def of(self, label: str, k: int) -> Opens | None:
        """Return the customers of a group who took the step at a place."""
        if label == OTHERS and not self.apart:
            return None  # a customer counts there once for each value
        return (Where("funnel_reached", "has", entry(label, k + 1)),)

    def groups_table(self) -> Table:
        """Lay out how many of each group came through."""
        labels, last = list(self.groups), len(self.names) - 1
        taken = self._taken()
        entered, through = taken[:, 0], taken[:, -1]
        low, high = wilson(through, entered)
        whole = [self.groups[label].whole.numbers() for label in labels]
        return Table.of(
            Text("Groups", "گروه‌ها"),
            (self._group(), np.arange(len(labels))),
            (
                column("entered", "Took the first step", "گام نخست", "customers"),
                entered,
                [self.of(label, 0) for label in labels],
            ),
            (
                column("converted", "Came through", "رسیده به پایان", "customers"),
                through,
                [self.of(label, last) for label in labels],
            ),
            (column("rate", "Conversion", "نرخ تبدیل", "percent"), percent(through, entered)),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
            (
                column("median_time", "Median time", "میانهٔ زمان", "duration"),
                np.array([numbers.median for numbers in whole]),
            ),
        )

    def group_steps(self) -> Table:
        """Lay out every step of every group."""
        labels, steps = list(self.groups), len(self.names)
        taken = self._taken()
        ended = np.array([self.groups[label].ended[1:] for label in labels])
        ended[:, -1] = 0
        places = [(label, k) for label in labels for k in range(steps)]
        opens = [self.of(label, k) for label, k in places]
        lost = [
            (Where("funnel_reached", "has", entry(label, k + 1, deepest=True)),)
            if opened and k + 1 < steps
            else None
            for (label, k), opened in zip(places, opens, strict=True)
        ]
        waits = np.array([_waits(self.groups[label]) for label in labels])
        return Table.of(
            Text("Steps of each group", "گام‌های هر گروه"),
            (self._group(), np.repeat(np.arange(len(labels)), steps)),
            (self._step(), np.tile(np.arange(steps), len(labels))),
            (column("customers", "Customers", "مشتریان", "customers"), taken.ravel(), opens),
            (
                column("rate", "Of the first step", "از گام نخست", "percent"),
                percent(taken, taken[:, :1]).ravel(),
                opens,
            ),
            (column("dropped", "Went no further", "پیش‌تر نرفته", "customers"), ended.ravel(), lost),
            (column("median_time", "Median time", "میانهٔ زمان", "duration"), waits[:, 0].ravel()),
            (column("mean_time", "Mean time", "میانگین زمان", "duration"), waits[:, 1].ravel()),
        )

    def times_table(self, bins: int) -> Table:
        """Lay out how long customers took from one step to another, in bars of equal width."""
        numbers = self.walked.between.numbers()
        start, width, count = bars(numbers, bins)
        opens: list[Opens | None] = [
            (Where("funnel_between", ">=", int(t)), Where("funnel_between", "<", int(t) + width))
            for t in start
        ]
        exact = self.walked.between.level == 0  # rounded lengths may lie beyond the edge of a bar
        return Table.of(
            Text("Time to convert", "زمان تا تبدیل"),
            (column("time", "From", "از", "duration"), start),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                count,
                opens if exact else [None] * len(start),
            ),
            (column("share", "Share", "سهم", "percent"), percent(count, count.sum())),
            (
                column("mean", "Mean time of all", "میانگین زمان همه", "duration"),
                np.full(len(start), numbers.mean),
            ),
        )

    def trend_table(self, period: Period, calendar: Calendar) -> Table:
        """Lay out the conversion of those who entered in each period."""
        when, (entered, came) = self.walked.entries.keys[:, 0], self.walked.entries.values.T
        low, high = wilson(came, entered)
        return Table.of(
            Text("Conversion by period of entry", "نرخ تبدیل بر پایهٔ دورهٔ ورود"),
            (column("period", "Period", "دوره", "period", period=period, calendar=calendar), when),
            (
                column("entered", "Took the first step", "گام نخست", "customers"),
                entered.astype(np.int64),
                [(Where("funnel_entered", "has", int(p)),) for p in when],
            ),
            (
                column("converted", "Came through", "رسیده به پایان", "customers"),
                came.astype(np.int64),
                [(Where("funnel_converted", "has", int(p)),) for p in when],
            ),
            (column("rate", "Conversion", "نرخ تبدیل", "percent"), percent(came, entered)),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
        )

    def differences(self) -> Table:
        """Compare the conversion of every group with that of the first."""
        labels = list(self.groups)
        found = [self.difference(0, other) for other in range(1, len(labels))]
        rows = np.array(found).reshape(len(found), 3)
        return Table.of(
            Text("Against the first group", "در برابر گروه نخست"),
            (self._group(), np.arange(1, len(labels))),
            (column("difference", "Difference (points)", "اختلاف (واحد درصد)", "percent"), rows[:, 0]),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), rows[:, 1]),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), rows[:, 2]),
            (column("clear", "Beyond chance", "فراتر از تصادف", "flag"), rows[:, 1] * rows[:, 2] > 0),
        )

    def difference(self, one: int, other: int, z: float = Z95) -> tuple[float, float, float]:
        """Return the second group's conversion less the first's, and its limits, in percent."""
        pair = self._taken()[[one, other]]
        through, entered = pair[:, -1], pair[:, 0]
        found, low, high = newcombe(through, entered, z)
        return 100 * found, 100 * low, 100 * high

    def _step(self) -> Column:
        return Column(
            name="step",
            label=Text("Step", "گام"),
            unit="category",
            choices=tuple(zip(self.names, self.labels, strict=True)),
        )

    def _group(self) -> Column:
        return Column(
            name="group",
            label=Text("Group", "گروه"),
            unit="category",
            choices=tuple((label, called(label)) for label in self.groups),
        )

    def _taken(self) -> Array:
        """int64[groups, steps]: customers of each group who took each step."""
        return np.array([group.taken for group in self.groups.values()])


def called(label: str) -> Text:
    """Return what a group is called."""
    return {"": UNKNOWN, OTHERS: OTHER}.get(label, value_words(label))


def said(step: str) -> Text:
    """Return what a step is called: its event in words, and its conditions as they are written."""
    meant: Selector = selector(step)
    name = words(meant.event) if meant.event else Text("any event", "هر رویداد")
    told = ", ".join(str(one) for one in meant.where.conditions)
    return Text(f"{name.en} [{told}]", f"{name.fa} [{told}]") if told else name


def bars(numbers: Numbers, bins: int) -> tuple[Array, int, Array]:
    """Cut lengths of time into bars of whole seconds.

    Returns
    -------
    start : int64[bars], µs
    width : µs
    count : int64[bars]

    Notes
    -----
    As many bars as the cube root of the customers, at most 60, and one more.  Source: PostHog,
    funnel_time_to_convert.py, 2026.
    """
    if not numbers.size:
        return np.zeros(0, np.int64), 60 * SECOND, np.zeros(0, np.int64)
    low = int(numbers.values[0] // SECOND)
    high = -int(-numbers.values[-1] // SECOND)
    wanted = bins or min(max(int(np.ceil(round(float(np.cbrt(numbers.size)), 9))), 1), 60)
    width = -(-(high - low) // wanted) or 60
    start = (low + width * np.arange(wanted + 1, dtype=np.int64)) * SECOND
    place = np.searchsorted(start, numbers.values, side="right") - 1
    count = np.bincount(place, weights=numbers.count, minlength=wanted + 1).astype(np.int64)
    return start, width * SECOND, count


def percent(part: Array, whole: Array | float) -> Array:
    """Return shares in percent; nan of nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = 100 * np.asarray(part) / np.asarray(whole)
    return found


def _waits(depths: Depths) -> tuple[Array, Array]:
    """float64[steps] each: median and mean time a step took, µs; nan for the first."""
    waits: list[Numbers] = [rows.numbers() for rows in depths.waits]
    nan = float("nan")
    return np.array([nan, *(w.median for w in waits)]), np.array([nan, *(w.mean for w in waits)])


def charts(*, broken_down: bool, timed: bool, trend: bool) -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    steps = Chart(
        kind="funnel",
        table="steps",
        title=Text("Customers by step", "مشتریان در هر گام"),
        x="step",
        y=("customers",),
        options={"rate": "rate"},
    )
    times = Chart(
        kind="bar",
        table="times",
        title=Text("Time to convert", "زمان تا تبدیل"),
        x="time",
        y=("customers",),
    )
    by_period = Chart(
        kind="line",
        table="trend",
        title=Text("Conversion by period of entry", "نرخ تبدیل بر پایهٔ دورهٔ ورود"),
        x="period",
        y=("rate",),
        options={"low": "low", "high": "high"},
    )
    more = (*((by_period,) if trend else ()), *((times,) if timed else ()))
    return (steps, *(_of_groups() if broken_down else ()), *more)


def _of_groups() -> tuple[Chart, ...]:
    by_group = Chart(
        kind="bar",
        table="group_steps",
        title=Text("Share of the first step, by group", "سهم از گام نخست به تفکیک گروه"),
        x="step",
        y=("rate",),
        series="group",
    )
    rates = Chart(
        kind="hbar",
        table="groups",
        title=Text("Conversion by group", "نرخ تبدیل هر گروه"),
        x="group",
        y=("rate",),
        options={"low": "low", "high": "high"},
    )
    return by_group, rates
