"""Lifetime value on days held out: what was expected and what came, model by model and week by week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.models.tracking import Track
from ganj.models.trials import Tried
from ganj.text import Text
from ganj.views.clock import Clock

MODEL_NAMES: dict[str, Text] = {
    "bg-nbd": Text("BG/NBD", "BG/NBD"),
    "mbg-nbd": Text("MBG/NBD", "MBG/NBD"),
    "pareto-nbd": Text("Pareto/NBD", "Pareto/NBD"),
    "ggom-nbd": Text("GGom/NBD", "GGom/NBD"),
    "bg-bb": Text("BG/BB, once a period", "BG/BB، یک بار در هر دوره"),
    "auto": Text("The best on held-out days", "بهترین در روزهای آزمون"),
}
"""Models by the name they are asked for by."""
SPANS: dict[str, Text] = {
    "week": Text("weeks", "هفتهٔ"),
    "month": Text("months", "ماهِ"),
    "quarter": Text("quarters", "فصلِ"),
    "year": Text("years", "سالِ"),
}
"""What is told one by one, in a sentence."""
MANY = 7
"""This many purchases and more are one row."""
TIMES: tuple[tuple[str, Text], ...] = (
    *((str(n), Text(str(n), "۰۱۲۳۴۵۶"[n])) for n in range(MANY)),
    ("many", Text(f"{MANY} or more", "۷ و بیشتر")),
)


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """The model on days it did not see; rows of customers with equal histories before them.

    Attributes
    ----------
    again, count : purchases after the first before these days, and customers: float64[n]
    came : purchases of all of them in these days: float64[n]
    expected, naive : of one, by the model and at the customer's own rate so far: float64[n]
    days : how many
    tried : the models that were, the one that foresaw these days best is first and the one that is used
    """

    again: Array
    count: Array
    came: Array
    expected: Array
    naive: Array
    days: float
    tried: tuple[Tried, ...]

    @property
    def sums(self) -> tuple[float, float, float]:
        """Purchases that came, that the model expected, and that the naive rate expected."""
        return float(self.came.sum()), float(self.expected @ self.count), float(self.naive @ self.count)

    def models(self) -> Table:
        """Say how well each model foresaw these days."""
        choices = tuple(MODEL_NAMES.items())
        codes = [list(MODEL_NAMES).index(one.name) for one in self.tried]
        came = self.sums[0]
        return Table.of(
            Text("Models on days held out, the best first", "مدل‌ها در روزهای آزمون، بهترین در آغاز"),
            (column("model", "Model", "مدل", "category", choices=choices), np.array(codes)),
            (
                column("foresaw", "Log-likelihood of what came", "لگاریتم درست‌نمایی آنچه رخ داد"),
                np.array([one.foresaw if one.fit.converged else np.nan for one in self.tried]),
            ),
            (
                column("expected", "Purchases expected", "خرید مورد انتظار", "ratio"),
                np.array([one.expected for one in self.tried]),
            ),
            (
                column("actual", "Purchases that came", "خرید انجام‌شده", "ratio"),
                np.full(len(self.tried), came),
            ),
        )

    def table(self) -> Table:
        """Say what came and what was expected, by purchases before."""
        chosen, opens = group(self.again), opens_of("calibration_orders")
        size = np.bincount(chosen, self.count, MANY + 1)
        most = np.maximum(size, 1)
        each = [
            np.bincount(chosen, total, MANY + 1) / most
            for total in (self.came, self.expected * self.count, self.naive * self.count)
        ]
        return Table.of(
            Text("Expected and actual on days held out", "انتظار و واقعیت در روزهای آزمون"),
            times(),
            (column("customers", "Customers", "مشتریان", "customers"), size.astype(np.int64), opens),
            (column("actual", "Actual", "واقعی", "ratio"), each[0]),
            (column("expected", "Expected", "مورد انتظار", "ratio"), each[1]),
            (column("naive", "At the rate so far", "با آهنگ گذشته", "ratio"), each[2]),
        )


def tracking(track: Track, clock: Clock) -> Table:
    """Say week by week (or period by period) what came and what was expected."""
    title, name = spans(clock)
    low, high = track.limits
    seen = np.where(track.held, np.nan, 1.0)
    later = np.where(track.held | np.append(track.held[1:], False), 1.0, np.nan)  # joined to what was seen
    grown = track.expected.cumsum()
    return Table.of(
        title,
        (
            Column(name="week", label=name, unit="period", period=clock.span, calendar=clock.calendar),
            track.week,
        ),
        (
            column("customers", "Customers who bought again", "مشتریان با خرید دوباره", "customers"),
            track.people.astype(np.int64),
            [again_in(day) for day in clock.first_days(track.week)],
        ),
        (column("actual", "Actual", "واقعی", "orders"), track.actual.astype(np.int64)),
        (column("expected", "Expected", "مورد انتظار", "ratio"), track.expected),
        (column("low", "At least (95%)", "دست‌کم (۹۵٪)", "ratio"), low),
        (column("high", "At most (95%)", "دست‌بالا (۹۵٪)", "ratio"), high),
        (column("so_far", "Actual so far", "واقعی تاکنون", "orders"), track.actual.cumsum().astype(np.int64)),
        (column("fitted", "Expected", "مورد انتظار", "ratio"), grown * seen),
        (column("foreseen", "Foreseen, held out", "پیش‌بینی روزهای آزمون", "ratio"), grown * later),
        (column("held", "Held out", "روزهای آزمون", "flag"), track.held),
    )


def spans(clock: Clock) -> tuple[Text, Text]:
    """Return the table's title and what one row is."""
    if clock.span == "week":
        return Text("Week by week", "هفته به هفته"), Text("Week", "هفته")
    return Text("Period by period", "دوره به دوره"), Text("Period", "دوره")


def again_in(day: str) -> Opens:
    """Return who bought again in the week from a day on, of those who first bought before the held-out days."""
    return (Where("repeat_weeks", "has", day), Where("calibration_orders", ">=", 0))


def tracking_charts(track: Track, clock: Clock) -> tuple[Chart, Chart]:
    """Return the pictures of the weeks: added up, and each."""
    lines = ("so_far", "fitted", "foreseen") if track.held.any() else ("so_far", "fitted")
    return (
        Chart(
            kind="line",
            table="tracking",
            title=Text(
                "Is buying as expected? Repeat purchases so far",
                "آیا خریدها طبق انتظارند؟ خریدهای دوباره تاکنون",
            ),
            x="week",
            y=lines,
        ),
        Chart(
            kind="line",
            table="tracking",
            title=Text("Repeat purchases of each week", "خریدهای دوبارهٔ هر هفته")
            if clock.span == "week"
            else Text("Repeat purchases of each period", "خریدهای دوبارهٔ هر دوره"),
            x="week",
            y=("actual", "expected"),
            options={"fan": (("low", "high"),)},
        ),
    )


def tracked(track: Track, clock: Clock) -> Finding:
    """Say whether what came in the held-out weeks still is what the model expects."""
    one = SPANS[clock.span]
    came, expected = (float(of[track.held].sum()) for of in (track.actual, track.expected))
    low, high = (of[track.held] for of in track.limits)
    actual = track.actual[track.held]
    evidence = {
        "weeks": int(track.held.sum()),
        "off": 100 * abs(came / expected - 1),
        "inside": int(((actual >= low) & (actual <= high)).sum()),
        "running": int(len(track.week) - track.since),
        "deviations": abs(track.apart),
    }
    if not track.drifts:
        return Finding(
            text=Text(
                f"Buying has not drifted: {{inside:count}} of the {{weeks:count}} held-out {one.en} were within the limits of "
                "95%.",
                f"خریدها از مدل دور نشده‌اند: {{inside:count}} از {{weeks:count}} {one.fa} آزمون در بازهٔ ۹۵٪ بود.",
            ),
            evidence=evidence,
            tone="good",
            weight=0.65,
        )
    more = came > expected
    return Finding(
        text=Text(
            f"Buying drifts from the model: in the {{weeks:count}} held-out {one.en} it was {{off:percent}} "
            f"{'above' if more else 'below'} what was expected, in each of the last {{running:count}} too. What is "
            f"expected of customers is probably too {'low' if more else 'high'}.",
            f"خریدها از مدل دور شده‌اند: در {{weeks:count}} {one.fa} آزمون {{off:percent}} "
            f"{'بیش' if more else 'کم'}تر از انتظار بود و {{running:count}} {one.fa} پیاپی پایانی نیز همین‌گونه. انتظار از "
            f"مشتریان احتمالاً {'کم' if more else 'زیاد'} برآورد شده است.",
        ),
        evidence=evidence,
        tone="warn" if more else "bad",
        weight=0.95,
    )


UNTRIED = Finding(
    text=Text(
        "The model was not tried on days held out: none are, or too little is known before them.",
        "مدل روی روزهای کنارگذاشته آزموده نشد: روزی کنار گذاشته نشده یا دادهٔ پیش از آن کافی نیست.",
    ),
    tone="warn",
    weight=0.5,
)


def tried(trial: Trial) -> Finding:
    """Say how well the model foresaw days it had not seen."""
    came, expected, naive = trial.sums
    better = abs(expected - came) <= abs(naive - came)
    return Finding(
        text=Text(
            "On the last {days:count} days, held out, the model expected {expected:count} repeat purchases and "
            "{came:count} came; going on at each customer's rate so far would have been {naive:count}.",
            "در {days:count} روز پایانی که کنار گذاشته شد، مدل {expected:count} خرید دوباره انتظار داشت و {came:count} "
            "خرید انجام شد؛ با ادامهٔ آهنگ گذشتهٔ هر مشتری {naive:count} خرید می‌شد.",
        ),
        evidence={"days": trial.days, "expected": expected, "came": came, "naive": naive},
        tone="good" if better else "warn",
        weight=0.7,
    )


def group(again: Array) -> Array:
    """Return the row of each number of purchases: int64[n]."""
    return np.minimum(again, MANY).astype(np.int64)


def opens_of(name: str) -> list[Opens]:
    """Return what the rows open, by a score that counts purchases."""
    return [(Where(name, "=" if n < MANY else ">=", n),) for n in range(MANY + 1)]


def times() -> tuple[Column, Array]:
    """Return the rows' column."""
    bought = column("bought", "Purchases after the first", "خرید پس از نخستین", "category", choices=TIMES)
    return bought, np.arange(MANY + 1)
