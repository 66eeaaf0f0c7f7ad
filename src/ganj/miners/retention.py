"""Retention: who comes back, and when?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.filters import coded, divided, marks, reading, selector
from ganj.histories import Array, Histories
from ganj.kernels.retention import EVENTS, KIND, PERIOD, RETURN, START, Rule, spells
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.parameters import param
from ganj.sketches import Groups, Tally
from ganj.text import Text
from ganj.views.retention import CELL, Triangle, by_group
from ganj.views.retention_cells import (
    Parted,
    Rows,
    counted,
    first_cells,
    folded,
    grid,
    laid_out,
    lists,
    neighbours,
    nothing,
    slowly,
    tallied,
)
from ganj.views.retention_spans import PERIODS, SUNDAY, Spans
from ganj.views.retention_words import charts, findings

LONGEST = 400
"""The most periods that can be followed."""
SHOWN = 12
"""The most values of a breakdown that are shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """How many began, came back and left.

    Attributes
    ----------
    cells : by (cohort, age): customers who came back just then, then or later, and their money
    flow : by (period): active, new, kept, returned, left, money
    last : µs UTC of the last event; 0 where there is none
    groups : cells by value of the breakdown
    """

    cells: Tally
    flow: Tally
    last: int
    groups: Groups

    def __add__(self, other: Lives) -> Lives:
        last = max(self.last, other.last)
        return Lives(self.cells + other.cells, self.flow + other.flow, last, self.groups + other.groups)


class Retention(Miner[Lives, Lives], frozen=True, kw_only=True):
    """Count how many customers come back one, two, three … periods after they began.

    A customer's cohort is the period of the first start event *ever*, also where the report begins later
    (``first``); or every period with a start event (``recurring``).  Cell (p, k) counts the customers of
    cohort p with a return event in the period p + k, or in the k-th window after their own start
    (``windows="rolling"``); ``on_or_after`` counts those with one then or later.  Age 0 is the whole cohort.
    A report begins with the whole period that ``since`` lies in.  A cell whose period is not over yet is marked and left out of every mean; one that has not begun is empty.
    With a breakdown by a property of events, the start and the returns carry the same value.

    Notes
    -----
    State: float64[cohorts × ages, 3] for everyone and each value of the breakdown, and float64[periods, 6],
    sparse; independent of the number of customers.  One pass, O(events + starts × returns of a customer).
    Source: definitions of docs/analyses/retention.md; agrees with PostHog's retention queries.
    """

    title = Text("Cohorts and retention", "هم‌گروه‌ها و ماندگاری")
    question = Text("Who comes back, and when?", "چه کسانی برمی‌گردند و کِی؟")
    at_home = 2
    scored = (
        column("cohort", "Began in", "آغاز در", "date"),
        column("last_period", "Last came back in", "آخرین بازگشت در", "date"),
        column("last_age", "Last came back after", "آخرین بازگشت پس از", "count"),
        column("active", "Came back after", "بازگشت پس از", "list"),
        column("active_periods", "Active in", "فعال در", "list"),
        column("start_periods", "Starts in", "آغازها در", "list"),
        column("return_periods", "Came back in", "بازگشت در", "list"),
        column("returned_in", "Returned in", "بازگشت پس از غیبت در", "list"),
        column("left_in", "Left in", "ریزش در", "list"),
        column("cells", "Cells of the triangle", "خانه‌های مثلث", "list"),
        column("groups", "Came back, by group", "بازگشت به تفکیک گروه", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"period": "month"}

    period: Annotated[
        Literal["hour", "day", "week", "month", "quarter"], param("Period", "دوره", choices=PERIODS)
    ] = "month"
    ages: Annotated[int, param("Periods to follow", "شمار دوره‌های پیگیری", ge=1, le=LONGEST)] = 12
    brackets: Annotated[
        tuple[int, ...],
        param(
            "Or brackets of so many periods each",
            "یا دسته‌هایی از این شمار دوره",
            advanced=True,
            max_length=50,
            help=Text(
                "1, 3, 7: the 1st, the 2nd to 4th, the 5th to 11th.", "۱، ۳، ۷: دورهٔ ۱، ۲ تا ۴، ۵ تا ۱۱."
            ),
        ),
    ] = ()
    start: Annotated[str, param("Start event", "رویداد آغاز", of="event")] = ORDER
    returns: Annotated[
        tuple[str, ...],
        param("Return events", "رویدادهای بازگشت", of="event", min_length=1, max_length=60),
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
        Literal["", "on", "on_or_after"],
        param(
            "Came back",
            "زمان بازگشت",
            choices={
                "": Text("As the definitions have it", "مطابق تعریف‌ها"),
                "on": Text("In that very period", "درست در همان دوره"),
                "on_or_after": Text("Then or later", "در آن دوره یا پس از آن"),
            },
        ),
    ] = ""
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
    by: Annotated[str, param("Break down by", "تفکیک بر پایهٔ", of="part")] = ""
    windows: Annotated[
        Literal["", "calendar", "rolling"],
        param(
            "Windows",
            "پنجره‌های زمانی",
            advanced=True,
            choices={
                "": Text("As the definitions have it", "مطابق تعریف‌ها"),
                "calendar": Text("Periods of the calendar", "دوره‌های تقویم"),
                "rolling": Text("From each customer's own start", "از لحظهٔ آغاز هر مشتری"),
            },
        ),
    ] = ""
    at_least: Annotated[
        int, param("Return events in a period, at least", "دست‌کم رویداد بازگشت در دوره", ge=1, advanced=True)
    ] = 1
    mean: Annotated[
        Literal["weighted", "simple"],
        param(
            "Mean of the cohorts",
            "میانگین هم‌گروه‌ها",
            advanced=True,
            choices={
                "weighted": Text("Every customer counts the same", "وزن برابر هر مشتری"),
                "simple": Text("Every cohort counts the same", "وزن برابر هر هم‌گروه"),
            },
        ),
    ] = "weighted"
    reference: Annotated[
        Literal["cohort", "previous"],
        param(
            "Percent of",
            "درصد از",
            advanced=True,
            choices={
                "cohort": Text("The whole cohort", "کل هم‌گروه"),
                "previous": Text("Those of the age before", "بازگشتگان سن پیشین"),
            },
        ),
    ] = "cohort"
    fewest: Annotated[
        int, param("Speak only of cohorts as large as", "کوچک‌ترین هم‌گروه در یافته‌ها", ge=1, advanced=True)
    ] = 30
    semantics: Annotated[
        Literal["ganj", "posthog", "mixpanel", "amplitude"],
        param(
            "Definitions",
            "تعریف‌ها",
            advanced=True,
            choices={
                "ganj": Text("ganj", "گنج"),
                "posthog": Text("PostHog", "PostHog"),
                "mixpanel": Text("Mixpanel", "Mixpanel"),
                "amplitude": Text("Amplitude", "Amplitude"),
            },
        ),
    ] = "ganj"

    def __post_init__(self) -> None:
        """Refuse brackets of no length, or longer than can be followed."""
        if any(size < 1 for size in self.brackets) or sum(self.brackets) > LONGEST:
            why = Text(f"1 period or more each, {LONGEST} in all.", "هر دسته دست‌کم ۱ و همه دست‌بالا ۴۰۰ دوره.")
            raise BadParameter(parameter="brackets", value=self.brackets, why=why)

    def reads(self) -> Reads:
        named = any(selector(words).event for words in (self.start, *self.returns))
        columns = ("time", "event", "amount") if named else ("time", "amount")
        return divided(reading(Reads(columns=columns), (self.start, *self.returns)), self.by)

    def window(self) -> tuple[int | None, int | None]:
        return None, self._horizon()  # the first start ever may lie before `since`

    def scan(self, histories: Histories) -> Lives:
        roles = coded(histories, ((self.start,), self.returns))
        given = (self._spans, self._bins, self._rule)
        cells, flow = folded(histories, roles, *given) or slowly(self._spells(histories), *given)
        span = histories.span
        parted = self._parted(histories).each() if self.by else []
        groups = {label: tallied(part, *given[1:]) for label, part in parted if len(part.rows)}
        return Lives(cells, flow, span[1] if span else 0, Groups(groups))

    def report(self, model: Lives) -> Report:
        view = self._triangle(model)
        tables = {"cohorts": view.wide(), "triangle": view.long(), "curve": view.curve(), "flow": view.flow()}
        if self.by:
            rows = len(view.size)
            by = {
                label: laid_out(model.groups.values[label], self._bins, view.first, rows)
                for label in self._shown(model)
            }
            tables["groups"] = by_group(view, by)
        return Report(tables, charts(self.measure, self.by), tuple(findings(view, self.fewest)))

    def score(self, histories: Histories, model: Lives) -> Scores:
        found = self._spells(histories)
        flow = found.by_period()
        ends, when, kind = flow.ends, flow.rows[:, PERIOD], flow.rows[:, KIND]
        has = np.flatnonzero(np.diff(ends))
        owner = flow.owner
        fresh, before, after = neighbours(ends, when)
        back = ((kind & RETURN) > 0) & (flow.rows[:, EVENTS] >= self.at_least)
        first = when[ends[has]]
        last = first.copy()
        away = np.flatnonzero(back)
        np.maximum.at(last, np.searchsorted(has, owner[away]), when[away])
        columns = {
            "active_periods": (when, np.ones(len(when), bool)),
            "start_periods": (when, (kind & START) > 0),
            "return_periods": (when, back),
            "returned_in": (when, ~fresh & (before != 1)),
            "left_in": (when + 1, after != 1),
        }
        values: dict[str, Any] = {
            name: lists(column[keep], owner[keep], has) for name, (column, keep) in columns.items()
        }
        values |= first_cells(found, self._bins, self._rule, has) | {"cells": self._every_cell(found, has)}
        values["groups"] = self._in_groups(histories, has, model)
        begun, came = (self._spans.begins(number) for number in (first, last))
        return Scores(histories.customer[has], {**values, "cohort": begun, "last_period": came})

    @property
    def _spans(self) -> Spans:
        calendar, zone, week_start = self.bucketing
        own = "rolling" if self.semantics in {"mixpanel", "amplitude"} else "calendar"
        begin = SUNDAY if self.semantics == "posthog" else week_start
        return Spans(self.period, calendar, zone, begin, self.windows or own, self.semantics)

    @property
    def _or_after(self) -> bool:
        return (self.counting or ("on_or_after" if self.semantics == "mixpanel" else "on")) == "on_or_after"

    @property
    def _bins(self) -> Array:
        """int64[ages + 1]: the column in which each age is shown."""
        if not self.brackets:
            return np.arange(self.ages + 1)
        return np.repeat(np.arange(len(self.brackets) + 1), (1, *self.brackets))

    @property
    def _rule(self) -> Rule:
        return Rule(self._spans.length, self._spans.shift, self.at_least, self.cohorts == "recurring")

    def _horizon(self) -> int | None:
        """Return the µs before which events count: PostHog's last period counts whole."""
        if self.until is None or self.semantics != "posthog" or self.period == "hour":
            return self.instant(self.until)
        last = self._spans.number_of(self.until - timedelta(days=1))
        return int(self._spans.begins(np.array([last + 1]))[0])

    def _range(self, model: Lives) -> tuple[int, int, int]:
        """Return the first and last period of the report, and the µs before which events count."""
        until = self._horizon()
        horizon = until if until is not None else model.last + 1
        last = int(self._spans.numbers(np.array([horizon - 1]))[0])
        first = int(model.cells.keys[:, 0].min()) if len(model.cells) else last + 1
        if self.since is not None:
            begun = self._spans.number_of(self.since)
            first = begun if self.semantics == "posthog" else max(first, begun)
        elif self.semantics == "posthog":
            first = last - len(self._bins) + 1
        return first, last, horizon

    def _roles(self, histories: Histories) -> Array:
        """int8[events], bits `START` and `RETURN`."""
        begins = marks(histories, (self.start,)).astype(np.int8)
        back = (
            begins if self.returns == (self.start,) else (marks(histories, self.returns) > 0).astype(np.int8)
        )
        found: Array = begins * np.int8(START) + back * np.int8(RETURN)
        return found

    def _spells(self, histories: Histories) -> Rows:
        numbers = self._spans.numbers(histories.time)
        clock = self._spans.clock(histories.time, numbers)
        return Rows(*spells(histories.offsets, numbers, clock, self._roles(histories), histories.amount))

    def _parted(self, histories: Histories) -> Parted:
        return Parted.of(histories, self.by, self._roles(histories), self._spans)

    def _grid(self, model: Lives) -> tuple[int, Array, Array]:
        first, last, horizon = self._range(model)
        begun, over = grid(self._spans, self._bins, (first, last), horizon)
        return first, begun, over

    def _triangle(self, model: Lives) -> Triangle:
        first, begun, over = self._grid(model)
        rows = len(begun)
        cells = laid_out(model.cells, self._bins, first, rows)
        cells[~begun] = np.nan
        flows = np.zeros((rows + 1, 6))
        at = model.flow.keys[:, 0] - first + 1
        inside = (at >= 0) & (at <= rows)
        flows[at[inside]] = model.flow.values[inside]
        ends = self._spans.begins(first + np.arange(rows) + 1)
        return Triangle(
            spans=self._spans,
            bins=self._bins,
            measure=self.measure,
            recurring=self.cohorts == "recurring",
            or_after=self._or_after,
            simple=self.mean == "simple",
            previous=self.reference == "previous",
            first=first,
            size=cells[:, 0, 0],
            count=cells[:, :, 1 if self._or_after else 0],
            money=cells[:, :, 2],
            over=over,
            flows=flows,
            ended=ends <= self._range(model)[2],
        )

    def _shown(self, model: Lives) -> tuple[str, ...]:
        """Return the values of the breakdown with most customers, most first."""
        sizes = {
            label: cells.values[cells.keys[:, 1] == 0, 0].sum()
            for label, cells in model.groups.values.items()
        }
        return tuple(sorted(sizes, key=lambda label: (-sizes[label], label))[:SHOWN])

    # ---- what each customer's cells are

    def _every_cell(self, found: Rows, has: Array) -> pa.ListArray:
        """List the cells of recurring cohorts that periods alone do not tell."""
        plain = self._spans.windows == "calendar" and not self.brackets
        if self.cohorts == "first" or plain:
            return nothing(has)
        cells = counted(found, self._bins, self._rule, or_after=self._or_after)
        return lists(cells[:, 1] * CELL + cells[:, 2], cells[:, 0], has)

    def _in_groups(self, histories: Histories, has: Array, model: Lives) -> pa.ListArray:
        """List in which groups, and at which age, each customer is counted: ``2:Tehran``."""
        if not self.by:
            return nothing(has)
        parted = self._parted(histories)
        first, _, over = self._grid(model)
        cells = counted(parted.rows, self._bins, self._rule, or_after=self._or_after)
        cells = cells[(cells[:, 1] >= first) & (cells[:, 1] < first + len(over))]
        return parted.told(cells[over[cells[:, 1] - first, cells[:, 2]]], int(self._bins[-1]) + 1, has)
