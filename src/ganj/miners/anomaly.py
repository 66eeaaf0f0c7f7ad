"""Anomalies: what is out of line, in figures, in customers and in the records themselves?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.breakdown import of_each
from ganj.calendar import buckets, day_number, local_day
from ganj.events import ORDER
from ganj.filters import divided
from ganj.histories import Array, Histories
from ganj.kernels.orders import EVER, NEVER_ENDS
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.parameters import param
from ganj.sketches import Groups, Largest, Rows, from_ordered_bits
from ganj.text import Text
from ganj.views.anomaly import Seen
from ganj.views.anomaly_fold import PROBLEMS, READ, REASONS, figures, holders, present, problems, signs
from ganj.views.anomaly_people import Usual, counted, usual
from ganj.views.anomaly_series import Watched, watched
from ganj.views.anomaly_words import findings
from ganj.views.series_fold import lists, tallied, whole

BINS = 1 << 16
"""Distinct values a distribution keeps before it rounds them."""


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What was counted.

    Attributes
    ----------
    groups : by event and by value of the breakdown, a tally by period
    spread : of each of `ganj.views.anomaly_fold.FIGURES` its distribution over customers that have any
    joint : all of them together, and how many signs records show, of customers that have any
    wrong : float64[problems], customers with each problem but shared values
    holders : customers by value of the trait that nobody shares
    customers : how many
    first, last : µs UTC
    """

    groups: Groups
    spread: tuple[Rows, ...]
    joint: Rows
    wrong: Array
    holders: Largest
    customers: int
    first: int
    last: int

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.groups + other.groups,
            tuple(a + b for a, b in zip(self.spread, other.spread, strict=True)),
            self.joint + other.joint,
            self.wrong + other.wrong,
            self.holders + other.holders,
            self.customers + other.customers,
            min(self.first, other.first),
            max(self.last, other.last),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was learned.

    Attributes
    ----------
    watched : the figures by period, judged
    usual : what is usual of customers
    shared : values that many customers have
    counted : what was counted
    """

    watched: Watched
    usual: Usual
    shared: frozenset[str]
    counted: Counted


class Anomaly(Miner[Counted, Found], frozen=True, kw_only=True):
    """Find what is out of line: days of figures, lasting changes, unusual customers, contradictory records.

    Orders, revenue, buyers and the events beside them are compared period by period with what trend, weekday and
    calendar let expect; a period counts if it is off by ``least`` percent and more than chance allows among all that
    are looked at.  Levels that change for good are found by PELT.  A customer is unusual beyond three
    interquartile ranges above the upper quartile, on logarithms, or far from the crowd in all figures together.  Records are checked against themselves.

    Notes
    -----
    State: four sums for each figure and period, seven distributions of at most 65,536 distinct values and one of them
    together, counts of
    problems, at most 16,384 values of one trait.  One pass, O(events).
    Source: docs/analyses/anomaly.md.
    """

    title = Text("Anomalies", "ناهنجاری‌ها")
    question = Text("What is out of line?", "چه چیزی از روال خارج است؟")
    family = "diagnostic"
    scored = (
        column("anomaly_reasons", "Unusual in", "نامعمول در", "list"),
        column("anomaly_problems", "Wrong in the records", "ایراد در داده", "list"),
        column("anomaly_periods", "In periods told", "در دوره‌های یادشده", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"by": "gateway"}

    period: Annotated[
        Literal["day", "week"],
        param("Period", "دوره", choices={"day": Text("Day", "روز"), "week": Text("Week", "هفته")}),
    ] = "day"
    events: Annotated[
        tuple[str, ...], param("Events to watch", "رویدادهای زیر نظر", of="event", max_length=20)
    ] = (ORDER, "Order Refunded", "Payment Failed", "Signed Up", "Ticket Opened", "Product Viewed")
    by: Annotated[str, param("Orders also for each", "سفارش‌ها به تفکیک", of="part")] = "channel"
    least: Annotated[
        float,
        param("Smallest deviation that counts", "کمترین انحراف درخور توجه", unit="percent", ge=0, le=1000),
    ] = 15.0
    false: Annotated[
        float,
        param("False alarms, at most", "دست‌بالا هشدار نادرست", unit="percent", ge=0.01, le=50, advanced=True),
    ] = 5.0
    born: Annotated[
        str, param("Trait with the year of birth", "ویژگی سال تولد", of="trait", advanced=True)
    ] = "birth_year"
    alone: Annotated[
        str, param("Trait that nobody should share", "ویژگی‌ای که باید یکتا باشد", of="trait", advanced=True)
    ] = "phone"
    many: Annotated[
        int,
        param(
            "Customers with one value, too many from",
            "شمار مشتری با یک مقدار، از",
            ge=2,
            le=1000,
            advanced=True,
        ),
    ] = 4
    country: Annotated[
        str, param("Country whose holidays count", "کشورِ تعطیلات", advanced=True, min_length=2, max_length=2)
    ] = "IR"

    def reads(self) -> Reads:
        traits = tuple(name for name in (self.born, self.alone) if name)
        events = tuple(dict.fromkeys((*READ, *self.events)))
        return divided(Reads(events=events, columns=("time", "event", "amount"), traits=traits), self.by)

    def window(self) -> tuple[int | None, int | None]:
        return None, self.instant(self.until)  # what was bought before is no return without buying

    def _lately(self, h: Histories) -> tuple[Array, Array]:
        """Return figures of each customer since the time that counts, and who has any event since."""
        since = self.instant(self.since)
        counts = h.time >= (EVER if since is None else since)
        some = np.bincount(h.owner[counts], minlength=len(h)) > 0
        return figures(h.keep(counts), self.bucketing[1]), some

    def scan(self, histories: Histories) -> Counted:
        h = histories
        rows, some = self._lately(h)
        time, wrong = h.time, problems(h, self.born, (self.alone, frozenset())) & some[:, None]
        joint = np.column_stack((rows, signs(wrong)))
        return Counted(
            Groups(self._series(h)),
            tuple(Rows.of(one[one > 0][:, None], BINS) for one in rows.T),
            Rows.of(joint[joint.any(axis=1)], BINS),
            wrong.sum(axis=0).astype(np.float64),
            Largest.of(holders(h.choose(some), self.alone)),
            int(some.sum()),
            int(time.min(initial=NEVER_ENDS)),
            int(time.max(initial=EVER)),
        )

    def learn(self, state: Counted) -> Found:
        calendar, zone, week_start = self.bucketing
        seen = state.first <= state.last
        first, last = local_day(np.array([state.first, state.last]), zone).tolist() if seen else (0, -1)
        days = (
            first if self.since is None else max(first, day_number(self.since)),
            last + 1 if self.until is None else day_number(self.until),
        )
        span = whole(state.groups, self.period, (calendar, week_start), days)
        found = watched(
            state.groups.values,
            span,
            (self.period, calendar, week_start, self.country),
            (self.least, self.false),
        )
        shared = frozenset(name for name, n in state.holders.values.items() if n[0] >= self.many)
        return Found(found, usual(state.spread, state.joint), shared, state)

    def report(self, model: Found) -> Report:
        view = self._seen(model)
        return Report(view.tables(), view.charts(), tuple(findings(view)))

    def _seen(self, model: Found) -> Seen:
        state = model.counted
        wrong = state.wrong.astype(np.int64)
        wrong[-1] = sum(int(state.holders.values[name][0]) for name in model.shared)
        unusual = counted(model.usual, state.spread, state.joint)
        return Seen(model.watched, unusual, model.usual.cuts, wrong, state.customers)

    def score(self, histories: Histories, model: Found) -> Scores:
        h = histories
        rows, some = self._lately(h)
        state = model.counted
        wrong = problems(h, self.born, (self.alone, model.shared)) & some[:, None]
        keys = state.joint.key_of(np.column_stack((rows, signs(wrong))))
        high = model.usual.reasons(
            tuple(one.key_of(row[:, None])[:, 0] for row, one in zip(rows.T, state.spread, strict=True)),
            from_ordered_bits(keys.reshape(-1)).reshape(keys.shape),
        )
        high[:, : rows.shape[1]] &= rows > 0
        high[:, rows.shape[1] :] &= (keys != 0).any(axis=1)[:, None]
        values = {
            "anomaly_reasons": _named(high[some], tuple(code for code, _ in REASONS)),
            "anomaly_problems": _named(wrong[some], tuple(code for code, _ in PROBLEMS)),
            "anomaly_periods": self._present(h, self._seen(model).keys(), some),
        }
        return Scores(h.customer[some], values)

    def _present(self, h: Histories, wanted: frozenset[str], some: Array) -> pa.ListArray:
        """Return in which of the periods that tables open each customer was."""
        period = buckets(h.time, self.period, *self.bucketing)
        parts = [present(h, of, period, wanted) for of in self._coded(h)]
        owner = np.concatenate([who for who, _ in parts])
        order = np.argsort(owner, kind="stable")
        names = pa.array([name for _, names in parts for name in names], pa.string()).take(pa.array(order))
        return lists((np.cumsum(some) - 1)[owner[order]], names, int(some.sum()))

    def _series(self, h: Histories) -> dict[str, Any]:
        """Tally the watched events, and orders by value of the breakdown as ``=value``."""
        period = buckets(h.time, self.period, *self.bucketing)
        found: dict[str, Any] = {}
        for codes, labels in self._coded(h):
            found |= tallied(h, codes, labels, period)
        return found

    def _coded(self, h: Histories) -> Iterator[tuple[Array, Sequence[str]]]:
        """Yield what events are counted as, -1 for nothing, and what each is called."""
        names = h.names.get("event", ())
        watch = np.array([n if name in self.events else -1 for n, name in enumerate(names)] or [-1])
        yield watch[h.event], names
        if self.by:
            category = of_each(h, self.by)
            order = h.event == h.codes((ORDER,))[0]
            yield np.where(order, category.codes, -1), [f"={label}" for label in category.labels]


def _named(flags: Array, names: tuple[str, ...]) -> pa.ListArray:
    """Return the names of what is true, a list a row."""
    row, column_ = np.nonzero(flags)
    return lists(row, pa.array(names).take(pa.array(column_)), len(flags))
