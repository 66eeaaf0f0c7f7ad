"""Timing: when are customers there, when do they answer, and what do months and holidays change?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar

import msgspec
import numpy as np
import pyarrow as pa

from ganj.calendar import DAY, from_days, instant, local_time, weekdays
from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.filters import divided, marks, reading
from ganj.histories import HOUR, Array, Histories
from ganj.kernels.pairs import distinct
from ganj.kernels.sessions import OPENED, SENT, answered
from ganj.miner import Chart, Reads, Report, Scores, Table, Where, column
from ganj.parameters import Duration, in_words, param
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.divided import GROUP, Divisible, Figure
from ganj.views.timing import Clock, charts

MICROSECOND = timedelta(microseconds=1)
WEEK = 168
"""Hours of a week; an hour of the week is 24 × weekday (0 Monday) + hour."""
QUARTER = HOUR // 4
"""No zone is less than a quarter of an hour apart from another."""


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """When things happened.

    Attributes
    ----------
    hours : float64[168, 6], events, customers; messages sent, answered; and the customers of each
    days : by local day since 1970-01-01: events
    months : float64[12, 1], customers by month of the year
    first, last : µs UTC of the first and last event counted; ``last < first`` where there is none
    customers : customers with an event that is counted
    """

    hours: Array
    days: Tally
    months: Array
    first: int
    last: int
    customers: int

    def __add__(self, other: Hours) -> Hours:
        return Hours(
            self.hours + other.hours,
            self.days + other.days,
            self.months + other.months,
            min(self.first, other.first),
            max(self.last, other.last),
            self.customers + other.customers,
        )


class Timing(Divisible, frozen=True, kw_only=True):
    """Say at which hours of the week events happen and messages are answered; what months and holidays change.

    Hours are those on the wall in the miner's zone, through every change of its clocks; an hour of the week is
    divided by how often the range had it.  Rates of answers are drawn towards the mean as far as chance
    explains their spread, and an hour is called better only if it is so beyond chance among all compared.

    Months are compared with a trend, holidays with the same weekdays around them.

    Notes
    -----
    State: float64[168, 6], float64[12, 1] and a number a day; independent of the number of customers.  One pass,
    O(events).
    Source: docs/analyses/timing.md.
    """

    title = Text("Timing", "زمان‌سنجی")
    question = Text(
        "When are customers there, and when do they answer?", "مشتریان کِی هستند و کِی پاسخ می‌دهند؟"
    )
    scored = (
        column("usual_hour", "Usual hour of the day", "ساعت معمول", "count"),
        column("hours", "Hours of the week", "ساعت‌های هفته", "list"),
        column("months", "Months of the year", "ماه‌های سال", "list"),
        column("sent_hours", "Messages sent at", "ساعت‌های پیام", "list"),
        column("answered_hours", "Messages answered, sent at", "ساعت‌های پیام پاسخ‌گرفته", "list"),
        GROUP,
    )
    example: ClassVar[dict[str, Any]] = {"events": [ORDER]}
    laid = ("hours", "send", "send_hours")
    summary = (
        Chart(
            kind="heatmap",
            table="day_by",
            title=Text("Hours of the day by group, in percent", "ساعت‌های روز هر گروه، به درصد"),
            x="hour",
            y=("share",),
            series="group",
        ),
    )

    events: Annotated[
        tuple[str, ...], param("What is counted", "رویدادهای شمردنی", of="event", min_length=1, max_length=20)
    ] = (ORDER,)
    sends: Annotated[
        tuple[str, ...], param("Messages", "رویدادهای فرستادن پیام", of="event", max_length=10, advanced=True)
    ] = ("Message Sent",)
    answers: Annotated[
        tuple[str, ...], param("Answers", "رویدادهای پاسخ", of="event", max_length=10, advanced=True)
    ] = ("Message Opened", "Message Clicked")
    within: Annotated[Duration, param("A message is answered within", "مهلت پاسخ به پیام", advanced=True)] = (
        Duration(days=2)
    )
    country: Annotated[
        str, param("Country whose holidays count", "کشورِ تعطیلات", advanced=True, min_length=2, max_length=2)
    ] = "IR"
    prior: Annotated[
        float,
        param(
            "Events by which a customer's own hours outweigh everyone's",
            "شمار رویدادی که با آن ساعت‌های خود مشتری بر ساعت‌های همه می‌چربد",
            advanced=True,
            ge=0.01,
        ),
    ] = 5.0

    def __post_init__(self) -> None:
        """Refuse a time that nothing can fit in."""
        if self.within <= timedelta(0):
            why = Text("it must be longer than nothing.", "باید بیشتر از صفر باشد.")
            raise BadParameter(parameter="within", value=in_words(self.within), why=why)

    def reads(self) -> Reads:
        read = reading(Reads(), (*self.events, *self.sends, *self.answers))
        read = msgspec.structs.replace(read, columns=tuple(dict.fromkeys((*read.columns, "channel"))))
        return divided(read, self.by)

    def fold(self, histories: Histories) -> Hours:
        owner, local = self._events(histories)
        cells = np.zeros((WEEK, 6))
        cells[:, :2] = _counted(owner, _hour_of_week(local))
        sender, hour, hit = self._messages(histories)
        for at, keep in ((2, np.ones(len(hit), bool)), (4, hit)):
            cells[:, at : at + 2] = _counted(sender[keep], hour[keep])
        month = self._month(local)
        pairs = distinct(owner, month)
        day = local // DAY
        return Hours(
            cells[:, [0, 1, 2, 4, 3, 5]],
            Tally.of(day[:, None], np.ones((len(day), 1))),
            np.bincount(pairs[:, 1], minlength=12).astype(np.float64)[:, None],
            int(local.min()) if len(local) else int(np.iinfo(np.int64).max),
            int(local.max()) if len(local) else int(np.iinfo(np.int64).min),
            int((np.diff(owner, prepend=-1) > 0).sum()),  # owners ascend
        )

    def tell(self, model: Hours) -> Report:
        view = Clock(
            hours=model.hours,
            chances=self._chances(model),
            days=self._days(model),
            first_day=self._edges(model)[0] // DAY,
            calendar=self.bucketing[0],
            country=self.country,
            week_start=self.bucketing[2],
            months=model.months[:, 0].astype(np.int64),
        )
        tables = view.tables()
        return Report(tables, charts(tables), tuple(view.findings(tables)))

    def figures(self, model: Hours, report: Report) -> tuple[Figure, ...]:
        del report
        events, sent, answered = (float(model.hours[:, at].sum()) for at in (0, 2, 3))
        busiest = int(_of_day(model).argmax())
        there = (Where("usual_hour", ">=", 0),)
        return (
            (column("customers", "Customers", "مشتریان", "customers"), model.customers, there),
            (column("events", "Events", "رویدادها", "count"), events, ()),
            (column("hour", "Busiest hour of the day", "شلوغ‌ترین ساعت روز", "count"), busiest, ()),
            (column("sent", "Messages sent", "پیام‌های فرستاده", "count"), sent, ()),
            (
                column("response", "Response rate", "نرخ پاسخ", "percent"),
                100 * answered / sent if sent else np.nan,
                (),
            ),
        )

    def lay(self, model: Hours, whole: Hours, report: Report) -> dict[str, Table]:
        events = _of_day(model)
        day = Table.of(
            Text("Hours of the day", "ساعت‌های روز"),
            (column("hour", "Hour", "ساعت", "count"), np.arange(24)),
            (column("events", "Events", "رویدادها", "count"), events.astype(np.int64)),
            (column("share", "Share", "سهم", "percent"), 100 * events / max(events.sum(), 1)),
        )
        return {"day": day, **super().lay(model, whole, report)}

    def say(self, histories: Histories, model: Hours) -> Scores:
        size = len(histories)
        owner, local = self._events(histories)
        hour = _hour_of_week(local)
        everyone = _of_day(model)
        own = np.zeros((size, 24))
        np.add.at(own, (owner, hour % 24), 1)
        usual = (own + self.prior * everyone / max(everyone.sum(), 1)).argmax(axis=1)
        sender, sent, hit = self._messages(histories)
        values = {
            "usual_hour": pa.array(usual, pa.int64(), mask=own.sum(axis=1) == 0),
            "hours": _lists(owner, hour, size),
            "months": _lists(owner, self._month(local), size),
            "sent_hours": _lists(sender, sent, size),
            "answered_hours": _lists(sender[hit], sent[hit], size),
        }
        return Scores(histories.customer, values)

    def _events(self, histories: Histories) -> tuple[Array, Array]:
        """Return of each counted event whose it is and the time on the wall."""
        meant = np.flatnonzero(marks(histories, self.events))
        return histories.owner[meant], local_time(histories.time[meant], self.bucketing[1])

    def _messages(self, histories: Histories) -> tuple[Array, Array, Array]:
        """Return of each message to whom, the hour of the week it was sent, and whether it was answered."""
        role = (marks(histories, self.answers) > 0).astype(np.int8) * OPENED
        role[marks(histories, self.sends) > 0] = SENT
        channel = histories.columns.get("channel", np.full(len(role), -1, np.int32))
        hit = answered(histories.offsets, histories.time, role, channel, self.within // MICROSECOND)
        until, within = self.instant(self.until), self.within // MICROSECOND
        due = np.iinfo(np.int64).max if until is None else until - within
        at = np.flatnonzero((role == SENT) & (histories.time <= due))  # later ones may still be answered
        hour = _hour_of_week(local_time(histories.time[at], self.bucketing[1]))
        return histories.owner[at], hour, hit[at] > 0

    def _month(self, local: Array) -> Array:
        """Return the month of the year, from 0, of times on the wall; int64[n]."""
        month: Array = from_days(local // DAY, self.bucketing[0])[1] - 1
        return month

    def _edges(self, model: Hours) -> tuple[int, int]:
        """Return the time on the wall at which the range begins and ends, whole days."""
        since, until = self.window()
        zone = self.bucketing[1]
        first = model.first // DAY * DAY if since is None else int(local_time(since, zone))
        last = (model.last // DAY + 1) * DAY if until is None else int(local_time(until, zone))
        return (first, last) if model.last >= model.first else (0, 0)

    def _chances(self, model: Hours) -> Array:
        """float64[168]: how often the range had each hour of the week; a skipped hour is none, a repeated two."""
        first, last = (int(instant(edge, self.bucketing[1])) for edge in self._edges(model))
        wall = local_time(np.arange(first, last, QUARTER), self.bucketing[1])
        return np.bincount(_hour_of_week(wall), minlength=WEEK) / 4

    def _days(self, model: Hours) -> Array:
        """float64[days]: events on each day of the range."""
        first, last = (edge // DAY for edge in self._edges(model))
        days = np.zeros(max(last - first, 0))
        at = model.days.keys[:, 0] - first
        inside = (at >= 0) & (at < len(days))
        days[at[inside]] = model.days.values[inside, 0]
        return days


def _of_day(model: Hours) -> Array:
    """float64[24]: events by hour of the day."""
    day: Array = model.hours[:, 0].reshape(7, 24).sum(axis=0)
    return day


def _hour_of_week(local: Array) -> Array:
    """Return 24 × weekday + hour of times on the wall; int64[n]."""
    hour: Array = 24 * weekdays(local // DAY) + local % DAY // HOUR
    return hour


def _counted(owner: Array, cell: Array) -> Array:
    """Count events and customers by hour of the week: float64[168, 2]."""
    pairs = distinct(owner, cell)
    return np.column_stack((np.bincount(cell, minlength=WEEK), np.bincount(pairs[:, 1], minlength=WEEK)))


def _lists(owner: Array, values: Array, size: int) -> pa.ListArray:
    """Gather distinct values into a list for each customer, ascending."""
    pairs = distinct(owner, values)
    ends = np.concatenate(([0], np.cumsum(np.bincount(pairs[:, 0], minlength=size))))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(pairs[:, 1], pa.int64()))
