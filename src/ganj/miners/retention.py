"""Retention: who comes back, and when?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.calendar import buckets, day_number, ordinals, start
from ganj.events import ORDER
from ganj.histories import Array, Histories
from ganj.kernels.retention import RETURN, START, spells, triangle
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.parameters import param
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.retention import PERIODS, Triangle, charts

Period = Literal["day", "week", "month", "quarter"]


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """How many began, came back and left.

    Attributes
    ----------
    cells : by (cohort, age): customers who came back just then, then or later, and their money
    flow : by (period): active, new, kept, returned, left, money
    last : µs UTC of the last event; 0 where there is none
    """

    cells: Tally
    flow: Tally
    last: int

    def __add__(self, other: Lives) -> Lives:
        return Lives(self.cells + other.cells, self.flow + other.flow, max(self.last, other.last))


class Retention(Miner[Lives, Lives], frozen=True, kw_only=True):
    """Count how many customers come back one, two, three … periods after they began.

    A customer's cohort is the period of the first start event *ever*, also where the report begins later
    (``first``); or every period with a start event (``recurring``).  Cell (p, k) counts the customers of
    cohort p with a return event in the period p + k; ``on_or_after`` counts those with one then or later.
    Age 0 is the whole cohort.  A report begins with the whole period that ``since`` lies in.

    A cell whose period is not over yet is marked and left out of every mean; one that has not begun is empty.

    Notes
    -----
    State: float64[cohorts × ages, 3] and float64[periods, 6], sparse; independent of the number of
    customers.  One pass, O(events + starts × returns of a customer).
    Source: definitions of docs/analyses/retention.md; agrees with PostHog's retention queries.
    """

    title = Text("Cohorts and retention", "هم‌گروه‌ها و ماندگاری")
    question = Text("Who comes back, and when?", "چه کسانی برمی‌گردند و کِی؟")
    scored = (
        column("cohort", "Began in", "آغاز در", "date"),
        column("last_period", "Last came back in", "آخرین بازگشت در", "date"),
        column("active", "Came back after", "بازگشت پس از", "list"),
        column("active_periods", "Active in", "فعال در", "list"),
        column("start_periods", "Starts in", "آغازها در", "list"),
        column("return_periods", "Came back in", "بازگشت در", "list"),
        column("returned_in", "Returned in", "بازگشت پس از غیبت در", "list"),
        column("left_in", "Left in", "ریزش در", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"period": "month"}

    period: Annotated[Period, param("Period", "دوره", choices=PERIODS)] = "month"
    ages: Annotated[int, param("Periods to follow", "شمار دوره‌های پیگیری", ge=1, le=400)] = 12
    start: Annotated[str, param("Start event", "رویداد آغاز", of="event")] = ORDER
    returns: Annotated[
        tuple[str, ...], param("Return events", "رویدادهای بازگشت", of="event", min_length=1)
    ] = (ORDER,)
    cohorts: Annotated[
        Literal["first", "recurring"],
        param(
            "Who joins a cohort",
            "عضو هم‌گروه",
            choices={
                "first": Text("In the first period ever", "فقط نخستین بار"),
                "recurring": Text("In every period with a start", "در هر دوره‌ای که آغاز رخ دهد"),
            },
        ),
    ] = "first"
    counting: Annotated[
        Literal["on", "on_or_after"],
        param(
            "Came back",
            "زمان بازگشت",
            choices={
                "on": Text("In that very period", "درست در همان دوره"),
                "on_or_after": Text("Then or later", "در آن دوره یا پس از آن"),
            },
        ),
    ] = "on"
    measure: Annotated[
        Literal["percent", "customers", "revenue"],
        param(
            "Show",
            "نمایش",
            choices={
                "percent": Text("Percent", "درصد"),
                "customers": Text("Customers", "تعداد مشتری"),
                "revenue": Text("Revenue", "درآمد"),
            },
        ),
    ] = "percent"

    def reads(self) -> Reads:
        events = tuple(dict.fromkeys((self.start, *self.returns)))
        return Reads(events=events, columns=("time", "event", "amount"))

    def window(self) -> tuple[int | None, int | None]:
        return None, self.instant(self.until)  # the first start ever may lie before `since`

    def scan(self, histories: Histories) -> Lives:
        ends, when, kind, money, _ = self._spells(histories)
        base = int(when.min()) if len(when) else 0
        found = triangle(ends, when, kind, money, base, self.ages, every=self.cohorts == "recurring")
        cohort, age = np.nonzero(found.any(axis=2))
        cells = Tally(np.column_stack((cohort + base, age)).astype(np.int64), found[cohort, age])
        last = int(histories.time.max()) if len(histories.time) else 0
        return Lives(cells, _flow(ends, when, money), last)

    def report(self, model: Lives) -> Report:
        view = self._triangle(model)
        tables = {
            "cohorts": view.wide(),
            "triangle": view.long(),
            "curve": view.curve(),
            "flow": view.flow(),
        }
        return Report(tables, charts(self.measure), tuple(view.findings()))

    def score(self, histories: Histories, model: Lives) -> Scores:
        del model  # a cohort needs nobody else's history
        ends, when, kind, _, _ = self._spells(histories)
        has = np.flatnonzero(np.diff(ends))
        first = when[ends[has]]
        owner = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
        fresh, before, after = _neighbours(ends, when)
        back = (kind & RETURN) > 0
        age = when - when[ends[:-1][owner]]
        away = np.flatnonzero(back)
        last = first.copy()
        np.maximum.at(last, np.searchsorted(has, owner[away]), when[away])
        lists = {
            "active": (age, (back | fresh)),
            "active_periods": (when, np.ones(len(when), bool)),
            "start_periods": (when, (kind & START) > 0),
            "return_periods": (when, back),
            "returned_in": (when, ~fresh & (before != 1)),
            "left_in": (when + 1, after != 1),
        }
        values = {name: _lists(column, keep, owner, has) for name, (column, keep) in lists.items()}
        begun, came = (start(number, self.period, *self.bucketing) for number in (first, last))
        return Scores(histories.customer[has], {"cohort": begun, **values, "last_period": came})

    def number_of(self, day: date) -> int:
        """Return the ordinal of the period a day lies in."""
        calendar, _, week_start = self.bucketing
        return int(ordinals(np.array([day_number(day)]), self.period, calendar, week_start)[0])

    def _triangle(self, model: Lives) -> Triangle:
        first, last, last_over = self._range(model)
        rows = max(last - first + 1, 0)
        cells, keys = np.zeros((rows, self.ages + 1, 3)), model.cells.keys
        inside = (keys[:, 0] >= first) & (keys[:, 0] <= last)
        cells[keys[inside, 0] - first, keys[inside, 1]] = model.cells.values[inside]
        falls_in = np.arange(rows)[:, None] + np.arange(self.ages + 1)
        cells[falls_in >= rows] = np.nan
        flows = np.zeros((rows + 1, 6))
        at = model.flow.keys[:, 0] - first + 1
        inside = (at >= 0) & (at <= rows)
        flows[at[inside]] = model.flow.values[inside]
        return Triangle(
            period=self.period,
            calendar=self.bucketing[0],
            measure=self.measure,
            recurring=self.cohorts == "recurring",
            or_after=self.counting == "on_or_after",
            first=first,
            size=cells[:, 0, 0],
            count=cells[:, :, 1 if self.counting == "on_or_after" else 0],
            money=cells[:, :, 2],
            over=falls_in < rows - (0 if last_over else 1),
            flows=flows,
            starts=start(np.arange(first, last + self.ages + 2), self.period, *self.bucketing),
            last_over=last_over,
        )

    def _range(self, model: Lives) -> tuple[int, int, bool]:
        """Return the first and last period of the report, and whether the last is over."""
        until = self.instant(self.until)
        horizon = until if until is not None else model.last + 1
        last = int(buckets(np.array([horizon - 1]), self.period, *self.bucketing)[0])
        first = int(model.cells.keys[:, 0].min()) if len(model.cells) else last + 1
        if self.since is not None:
            first = max(first, self.number_of(self.since))
        return first, last, bool(start(last + 1, self.period, *self.bucketing) <= horizon)

    def _spells(self, histories: Histories) -> tuple[Array, Array, Array, Array, Array]:
        role = np.zeros(len(histories.names.get("event", ())) + 1, np.int8)
        for bit, events in ((START, (self.start,)), (RETURN, self.returns)):
            codes = histories.codes(events)
            role[codes[codes >= 0]] |= bit
        periods = buckets(histories.time, self.period, *self.bucketing)
        found: tuple[Array, Array, Array, Array, Array] = spells(
            histories.offsets, periods, histories.event, histories.amount, role
        )
        return found


def _neighbours(ends: Array, when: Array) -> tuple[Array, Array, Array]:
    """Return of each row: is it a customer's first; periods since the row before; until the row after (0: none)."""
    fresh = np.zeros(len(when), bool)
    fresh[ends[:-1][np.diff(ends) > 0]] = True
    gap = np.diff(when, prepend=0)
    gap[fresh] = 0
    after = np.append(gap[1:], 0)[: len(when)]
    return fresh, gap, after


def _flow(ends: Array, when: Array, money: Array) -> Tally:
    fresh, before, after = _neighbours(ends, when)
    came = np.column_stack(
        (np.ones(len(when)), fresh, before == 1, ~fresh & (before > 1), np.zeros(len(when)), money)
    )
    left = np.zeros((int((after != 1).sum()), 6))
    left[:, 4] = 1
    keys = np.concatenate((when, when[after != 1] + 1))
    return Tally.of(keys[:, None], np.concatenate((came, left)))


def _lists(column: Array, keep: Array, owner: Array, has: Array) -> pa.ListArray:
    """Gather a column's kept rows into one list for each customer."""
    sizes = np.bincount(owner[keep], minlength=int(has.max()) + 1 if len(has) else 0)
    ends = np.concatenate(([0], np.cumsum(sizes[has] if len(has) else [])))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(column[keep], pa.int64()))
