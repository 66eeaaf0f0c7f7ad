"""Funnel: at which step do customers drop out?"""

from __future__ import annotations

from datetime import timedelta
from functools import reduce
from typing import Annotated, Any, ClassVar, Literal

import msgspec
import numpy as np
import pyarrow as pa

from ganj.calendar import buckets
from ganj.errors import BadParameter
from ganj.filters import coded, divided, marks, reading, selector
from ganj.histories import DAY, Array, Histories
from ganj.kernels.funnel_steps import NONE, VALUE_OF_ALL, VALUE_OF_STEP
from ganj.kernels.funnel_walk import Marked, Rules, Walks, plainly
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.parameters import Duration, in_words, param
from ganj.sketches import Groups, Rows, Tally
from ganj.text import Text
from ganj.views.funnel import Steps, charts
from ganj.views.funnel_depths import OTHERS, Depths, Grouped, Walked, lengths, numbers_of
from ganj.views.funnel_marks import (
    Exclusion,
    barred,
    deadlines,
    only_first,
    seen,
    touched,
    trait,
    valued,
    values,
)
from ganj.views.funnel_words import (
    ATTRIBUTIONS,
    FIRST_HELP,
    ORDERS,
    PERIODS,
    SEMANTICS,
    findings,
    refuse,
)

MICROSECOND = timedelta(microseconds=1)
SMALL = 10
"""So many steps fit a table of all their combinations."""


class Funnel(Miner[Walked, Walked], frozen=True, kw_only=True):
    """Count the customers who reach each step, in order and in time.

    A customer reaches step k when the steps 1 … k happened in that order, the last at most ``within`` after
    the first (that moment included).  Other events in between do not matter.  Every event of step 1 begins an
    attempt; at each step the latest attempt stands for the customer, who counts once, at the deepest step of
    any attempt.  One event never serves two steps.  Events of one instant count in the order of the steps.

    A strict funnel lets nothing come between the steps; in an unordered one step k is any k different steps in
    one stretch of ``within``.  ``semantics`` names whose rules these are: ``mixpanel`` follows one entry at a
    time and lets an exclusion end it, ``amplitude`` counts an unordered window in whole days.

    A customer's group is the trait ``by``, or the value that the property ``by`` has among events of the
    funnel, see ``attribution``.

    Notes
    -----
    State: for everyone and each group int64[steps] and at most 16,384 lengths of time a step (exact up to as
    many different ones, then rounded), two counts a period; independent of the number of customers.  One pass,
    O(events × steps an event matches).
    Source: PostHog's, Mixpanel's and Amplitude's funnels; see docs/analyses/funnel.md.
    """

    title = Text("Funnel", "قیف")
    question = Text("At which step do customers drop out?", "مشتریان در کدام گام می‌روند؟")
    scored = (
        column("funnel_step", "Deepest step of the funnel", "ژرف‌ترین گام قیف", "count"),
        column("funnel_taken", "Steps taken", "گام‌های برداشته", "list"),
        column("funnel_duration", "Time in the funnel", "زمان در قیف", "duration"),
        column("funnel_between", "Time between the two steps", "زمان میان دو گام", "duration"),
        column("funnel_groups", "Groups of the funnel", "گروه‌های قیف", "list"),
        column("funnel_reached", "Steps taken in each group", "گام‌های برداشته در هر گروه", "list"),
        column("funnel_entered", "Periods of entry", "دوره‌های ورود", "list"),
        column(
            "funnel_converted", "Periods of entries that came through", "دوره‌های ورود به‌پایان‌رسیده", "list"
        ),
    )
    example: ClassVar[dict[str, Any]] = {
        "steps": ["Product Viewed", "Product Added", "Order Completed"],
        "within": "7d",
    }

    steps: Annotated[
        tuple[str, ...], param("Steps, in order", "گام‌ها به ترتیب", of="event", min_length=1, max_length=20)
    ]
    within: Annotated[Duration, param("Time allowed", "مهلت")] = Duration(days=14)
    order: Annotated[
        Literal["ordered", "strict", "unordered"], param("Order of the steps", "ترتیب گام‌ها", choices=ORDERS)
    ] = "ordered"
    by: Annotated[str, param("Break down by", "تفکیک بر پایهٔ", of="part")] = ""
    against: Annotated[
        tuple[str, ...], param("Compare segments", "مقایسهٔ بخش‌ها", of="segment", max_length=8)
    ] = ()
    exclusions: Annotated[
        tuple[str, ...],
        param(
            "Events that must not happen in between",
            "رویدادهایی که نباید در میان رخ دهند",
            of="event",
            max_length=20,
        ),
    ] = ()
    between: Annotated[
        tuple[str, ...],
        param(
            "Between which steps, for each of them",
            "میان کدام گام‌ها، برای هر یک از آن‌ها",
            help=Text(
                "Such as 1-2; where nothing is said, between the first step and the last.",
                "مانند 1-2؛ اگر چیزی گفته نشود، میان گام نخست و گام آخر.",
            ),
            max_length=20,
            advanced=True,
        ),
    ] = ()
    optional: Annotated[
        tuple[int, ...], param("Steps that may be left out", "گام‌هایی که می‌توان از آن‌ها گذشت", advanced=True)
    ] = ()
    trend: Annotated[
        Literal["", "day", "week", "month"],
        param("Conversion over time", "نرخ تبدیل در گذر زمان", choices=PERIODS),
    ] = ""
    attribution: Annotated[
        Literal["first", "last", "all", "step"],
        param("Which value counts", "کدام مقدار شمرده شود", choices=ATTRIBUTIONS, advanced=True),
    ] = "first"
    attribution_step: Annotated[
        int, param("Value at the step", "مقدار در گامِ", ge=1, le=20, advanced=True)
    ] = 1
    and_by: Annotated[
        tuple[str, ...],
        param("And also by", "و نیز بر پایهٔ", of="part", max_length=3, advanced=True),
    ] = ()
    groups: Annotated[int, param("Groups shown", "شمار گروه‌ها", ge=1, le=50, advanced=True)] = 8
    first_ever: Annotated[
        tuple[int, ...],
        param(
            "Steps that are a customer's first event ever",
            "گام‌هایی که نخستین رویدادِ مشتری‌اند",
            advanced=True,
            help=FIRST_HELP,
        ),
    ] = ()
    first_matching: Annotated[
        tuple[int, ...],
        param("Steps that are the first event that fits", "گام‌هایی که نخستین رویدادِ سازگارند", advanced=True),
    ] = ()
    months: Annotated[
        int,
        param(
            "Time allowed in calendar months (0: as above)",
            "مهلت به ماه تقویمی (۰: مانند بالا)",
            ge=0,
            le=120,
            advanced=True,
        ),
    ] = 0
    from_step: Annotated[int, param("Time counted from step", "زمان از گامِ", ge=1, le=20, advanced=True)] = 1
    to_step: Annotated[
        int, param("To step (0: the last)", "تا گامِ (۰: آخرین)", ge=0, le=20, advanced=True)
    ] = 0
    bins: Annotated[
        int,
        param(
            "Bars of time (0: as many as fit)", "شمار ستون‌های زمان (۰: خودکار)", ge=0, le=90, advanced=True
        ),
    ] = 0
    semantics: Annotated[
        Literal["posthog", "mixpanel", "amplitude"],
        param("As counted by", "به روش", choices=SEMANTICS, advanced=True),
    ] = "posthog"

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if self.within <= timedelta(0):
            why = Text("it must be longer than nothing.", "باید بیشتر از صفر باشد.")
            raise BadParameter(parameter="within", value=in_words(self.within), why=why)
        refuse(self)
        for one in self._exclusions:
            one.check(self.steps)

    def reads(self) -> Reads:
        asked = (*self.steps, *(one.words for one in self._exclusions))
        whole = reading(Reads(columns=("time", "event"), segments=self.against), asked)
        bare = self._named and not self.where  # to pass over an event costs less than to copy the others
        if self.order == "strict" or bare:
            whole = msgspec.structs.replace(whole, events=None)
        return divided(whole, *self._by)

    def window(self) -> tuple[int | None, int | None]:
        first = None if self.first_ever or self.first_matching else self.instant(self.since)
        return first, self.instant(self.until)

    def scan(self, histories: Histories) -> Walked:
        events, happened = self._mark(histories)
        depth, times = self._everyone(histories, events)
        groups = self._groups(histories, events, depth, times)
        period, _, came = self._entries(events)
        everyone = Depths.of(depth, times)
        return Walked(
            everyone,
            Groups(groups.depths() if groups else {}),
            happened,
            self._took(everyone, times),
            Tally.of(period[:, None], np.column_stack((np.ones(len(came)), came))),
        )

    def report(self, model: Walked) -> Report:
        view = self._view(model)
        tables = {"steps": view.steps_table()}
        if view.groups:
            tables |= {
                "groups": view.groups_table(),
                "group_steps": view.group_steps(),
                "differences": view.differences(),
            }
        if len(self.steps) > 1:
            tables["times"] = view.times_table(self.bins)
        if self.trend:
            tables["trend"] = view.trend_table(self.trend, self.bucketing[0])
        shown = charts(broken_down=bool(view.groups), timed=len(self.steps) > 1, trend=bool(self.trend))
        return Report(tables, shown, tuple(findings(view)))

    def score(self, histories: Histories, model: Walked) -> Scores:
        events, _ = self._mark(histories)
        depth, times = self._everyone(histories, events)
        groups = self._groups(histories, events, depth, times)
        took = self._between(times)
        period, owner, came = self._entries(events)
        empty = pa.array([[]] * len(histories), pa.list_(pa.string()))
        lists = groups.lists(len(histories), self._shown(model)) if groups else (empty, empty)
        last = times.max(axis=1, initial=NONE)
        row, k = np.nonzero(times != NONE)
        values = {
            "funnel_step": depth.astype(np.int64),
            "funnel_taken": numbers_of(row, k + 1, len(histories)),
            "funnel_duration": pa.array(last - times[:, 0], pa.int64(), mask=depth < 2),
            "funnel_between": pa.array(
                times[:, self._to] - times[:, self.from_step - 1], pa.int64(), mask=~took
            ),
            "funnel_groups": lists[0],
            "funnel_reached": lists[1],
            "funnel_entered": numbers_of(owner, period, len(histories)),
            "funnel_converted": numbers_of(owner[came], period[came], len(histories)),
        }
        return Scores(histories.customer, values)

    # ---- how the events are walked

    @property
    def _exclusions(self) -> tuple[Exclusion, ...]:
        spans = (*self.between, *[""] * (len(self.exclusions) - len(self.between)))
        return tuple(
            Exclusion.read(words, span, len(self.steps))
            for words, span in zip(self.exclusions, spans, strict=False)
        )

    @property
    def _by(self) -> tuple[str, ...]:
        return tuple(name for name in (self.by, *self.and_by) if name)

    @property
    def _to(self) -> int:
        """The place of the step to which time is counted."""
        return (self.to_step or len(self.steps)) - 1

    @property
    def _rules(self) -> Rules:
        optional = sum(1 << (step - 1) for step in set(self.optional))
        return Rules(len(self.steps), self.order, self.semantics == "mixpanel", optional)

    @property
    def _span(self) -> int:
        """The time allowed, µs; Amplitude's unordered funnel counts whole days."""
        within = self.within // MICROSECOND
        return within // DAY * DAY if self.semantics == "amplitude" and self.order == "unordered" else within

    @property
    def _plain(self) -> bool:
        """Whether the quick walk of ordered steps says it all."""
        more = self.exclusions or self.optional or self.months
        return self.order == "ordered" and self.semantics != "mixpanel" and not more

    @property
    def _named(self) -> bool:
        """Whether the events' names say it all."""
        bare = all(one.event and not one.where.conditions for one in map(selector, self.steps))
        return self._plain and bare and not (self.by or self.trend or self.first_ever or self.first_matching)

    def _mark(self, histories: Histories) -> tuple[Marked | None, Array]:
        """Return what each event may be, and int64[steps], the events of each step; nothing where names suffice."""
        if self._named:
            return None, seen(histories, self.steps)
        bits = marks(histories, self.steps)
        since = self.instant(self.since)
        if self.first_ever or self.first_matching:
            bits = only_first(histories, bits, self.steps, self.first_ever, self.first_matching)
            if since is not None:
                bits = np.where(histories.time >= since, bits, 0)
        events = Marked(
            histories.offsets,
            histories.time,
            bits,
            barred(histories, self._exclusions),
            deadlines(histories.time, self._span, self.months, *self.bucketing[:2]),
            np.zeros(len(bits), np.int32),
        )
        return events, np.array([int(((bits >> step) & 1).sum()) for step in range(len(self.steps))])

    def _everyone(self, histories: Histories, events: Marked | None) -> tuple[Array, Array]:
        """Return int32[customers] deepest steps and int64[customers, steps] times."""
        given, size = (histories.offsets, histories.time), len(self.steps)
        if events is None:
            return plainly(*given, *coded(histories, [(step,) for step in self.steps]), size, self._span)
        if self._plain and size <= SMALL:
            return plainly(*given, events.bits.astype(np.int32), np.arange(1 << size), size, self._span)
        return self._rules.walk(Walks.whole(events), events)

    def _took(self, everyone: Depths, times: Array) -> Rows:
        """Return how long it took between the two steps between which time is counted."""
        if self.from_step == 1 and self._to == len(self.steps) - 1:
            return everyone.whole
        times = times[self._between(times)]
        return lengths(times[:, self.from_step - 1], times[:, self._to])

    def _between(self, times: Array) -> Array:
        """bool[rows]: who took both steps between which time is counted."""
        took: Array = (times[:, self.from_step - 1] != NONE) & (times[:, self._to] != NONE)
        return took

    def _entries(self, events: Marked | None) -> tuple[Array, Array, Array]:
        """Return for each customer and period of entry: the period, the customer's position, whether it came through."""
        if not self.trend or events is None:
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, bool)
        first = np.flatnonzero(events.bits if self.order == "unordered" else events.bits & 1)
        period = buckets(events.time[first], self.trend, *self.bucketing)
        walks = Walks.of_periods(events, period, first)
        depth, _ = self._rules.walk(walks, events)
        begun = np.flatnonzero(depth > 0)
        periods = buckets(events.time[walks.starts[begun]], self.trend, *self.bucketing)
        return periods, walks.owner[begun], depth[begun] == len(self.steps)

    def _groups(
        self, histories: Histories, events: Marked | None, depth: Array, times: Array
    ) -> Grouped | None:
        everyone = np.arange(len(histories))
        if self.against:
            member = [np.asarray(histories.traits[f"segment:{name}"]) > 0 for name in self.against]
            code, owner = np.nonzero(np.array(member).reshape(len(member), len(histories)))
            return Grouped(owner, code.astype(np.int32), self.against, depth[owner], times[owner])
        if not self._by or events is None:
            return None
        found = values(histories, self._by)
        several = self.attribution in {"all", "step"}
        of_customer = trait(histories, self.by) if len(self._by) == 1 else None
        if of_customer is not None or not several:
            last = self.attribution == "last"
            one = of_customer or touched(histories, found, events.bits > 0, last=last)
            return Grouped(everyone, one.codes, one.labels, depth, times)
        own, events = self.attribution_step - 1, valued(events, found)
        counted = events.bits > 0
        mode = VALUE_OF_ALL
        if self.attribution == "step" and self.order == "unordered":
            mode = 0
        elif self.attribution == "step":
            mode, counted = VALUE_OF_STEP, (events.bits >> own) & 1 == 1
        walks = Walks.of_values(events, counted)
        deep, when = self._rules.walk(walks, events, mode, own)
        return Grouped(walks.owner, walks.want, found.labels, deep, when)

    # ---- what is shown

    def _shown(self, model: Walked) -> dict[str, Depths]:
        """Return the groups shown, the largest first."""
        of = model.groups.values
        sizes = {label: int(found.taken[0]) for label, found in of.items()}
        order = self.against or tuple(sorted(sizes, key=lambda label: (-sizes[label], label)))
        return {label: of[label] for label in order[: self.groups] if sizes.get(label)}

    def _view(self, model: Walked) -> Steps:
        shown = self._shown(model)
        rest = [
            found for label, found in model.groups.values.items() if label not in shown and found.taken[0]
        ]
        if rest and not self.against:
            shown[OTHERS] = reduce(lambda a, b: a + b, rest)
        apart = self.attribution in {"first", "last"} or bool(self.against)
        return Steps(self.steps, self._rules, model, shown, (self.from_step - 1, self._to), apart)
