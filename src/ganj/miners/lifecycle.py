"""Life-cycle: who is new, who stays, who comes back, who falls silent; and from prospect to former customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.calendar import buckets, day_number, ordinals, start
from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.filters import coded, divided, marks, reading
from ganj.histories import Array, Category, Histories
from ganj.kernels.activity import PURCHASE, RESPONSE, active_periods, moves
from ganj.miner import Column, Reads, Report, Scores, column
from ganj.parameters import Duration, in_words, param
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.divided import GROUP, Divisible, Figure
from ganj.views.lifecycle import (
    CONVERTED,
    LAPSED,
    PERIODS,
    RESPONDED,
    STAGES,
    STATES,
    WON_BACK,
    Cycle,
    charts,
    compared,
    of_groups,
)
from ganj.views.lifecycle_fold import Counts, folded

MICROSECOND = timedelta(microseconds=1)
NEVER = np.iinfo(np.int64).max
RESPONSES = (
    "Message Opened",
    "Message Clicked",
    "Page Viewed",
    "Product Viewed",
    "Product Added",
    "Survey Answered",
    "Deal Created",
    "Ticket Opened",
)


@dataclass(frozen=True, slots=True, eq=False)
class Cycles:
    """How many were in which state and stage.

    Attributes
    ----------
    states : by period: new, returning, resurrecting, dormant
    flows : by period: customers who came to be prospects, responded, first bought, lapsed, were won back; then
        how many times each of the four stages was entered, and left
    stages : int64[4], customers by stage now
    ever : int64[3], customers who ever responded or bought, ever bought, ever lapsed
    last : µs UTC of the last event; 0 where there is none
    """

    states: Tally
    flows: Tally
    stages: Array
    ever: Array
    last: int

    def __add__(self, other: Cycles) -> Cycles:
        return Cycles(
            self.states + other.states,
            self.flows + other.flows,
            self.stages + other.stages,
            self.ever + other.ever,
            max(self.last, other.last),
        )


class Lifecycle(Divisible, frozen=True, kw_only=True):
    """Say for each period who is new, returning, resurrecting or dormant, and at which stage customers stand.

    A customer active in a period is *new* if it is the period of the first activity ever, *returning* if active
    in the period before too, else *resurrecting*; and *dormant* in a period without activity right after one
    with it.  A customer with no event but those of neither kind is a *prospect*; a response makes a
    *responder*, a purchase an *active* customer, and longer than ``idle`` without one a *former* customer.

    Under ``semantics="posthog"`` new is who is active in the period in which he came to be known (the trait
    ``created``, else the first event of any kind), activity before the period before ``since`` is not looked
    at, the last period counts whole, and weeks begin on Monday.

    Notes
    -----
    State: float64[periods, 4] and float64[periods, 13], sparse, and seven counts; independent of the number of
    customers.  One pass over the events of a part, O(events).
    Source: docs/analyses/lifecycle.md; agrees with PostHog's lifecycle queries.
    """

    title = Text("Life-cycle", "چرخهٔ زندگی مشتری")
    question = Text("Who is new, who stays, who falls silent?", "چه کسانی تازه‌اند، می‌مانند یا خاموش می‌شوند؟")
    at_home = 4
    scored = (
        Column(name="lifecycle_state", label=Text("State", "وضعیت"), unit="category", choices=STATES),
        Column(name="lifecycle_stage", label=Text("Stage", "مرحلهٔ زندگی"), unit="category", choices=STAGES),
        column("stage_since", "At this stage since", "در این مرحله از", "date"),
        column("ever", "Stages reached", "مرحله‌های پیموده", "list"),
        column("new_in", "New in", "تازه در", "list"),
        column("returning_in", "Returning in", "ماندگار در", "list"),
        column("resurrecting_in", "Resurrecting in", "بازگشته در", "list"),
        column("dormant_in", "Dormant in", "خاموش‌شده در", "list"),
        column("active_in", "Active in", "فعال در", "list"),
        column("responded_in", "Responded in", "واکنش در", "list"),
        column("converted_in", "First bought in", "نخستین خرید در", "list"),
        column("lapsed_in", "Lapsed in", "ریزش در", "list"),
        column("won_back_in", "Won back in", "بازگشت پس از ریزش در", "list"),
        GROUP,
    )
    example: ClassVar[dict[str, Any]] = {"period": "month", "idle": "180d"}
    laid = ("periods", "stages", "moves")
    summary = of_groups()

    period: Annotated[
        Literal["day", "week", "month", "quarter", "year"], param("Period", "دوره", choices=PERIODS)
    ] = "month"
    activity: Annotated[
        tuple[str, ...],
        param("What counts as active", "رویدادهای فعالیت", of="event", min_length=1, max_length=20),
    ] = (ORDER,)
    responses: Annotated[
        tuple[str, ...], param("Responses", "رویدادهای واکنش", of="event", max_length=40, advanced=True)
    ] = RESPONSES
    purchases: Annotated[
        tuple[str, ...],
        param("Purchases", "رویدادهای خرید", of="event", min_length=1, max_length=20, advanced=True),
    ] = (ORDER,)
    idle: Annotated[
        Duration, param("Former after so long without a purchase", "مشتری سابق پس از این مدت بی‌خرید")
    ] = Duration(days=180)
    semantics: Annotated[
        Literal["ganj", "posthog"],
        param(
            "Definitions",
            "تعریف‌ها",
            choices={"ganj": Text("ganj", "گنج"), "posthog": Text("PostHog", "PostHog")},
            advanced=True,
        ),
    ] = "ganj"
    created: Annotated[
        str,
        param(
            "Trait that says since when a customer is known",
            "ویژگی‌ای که می‌گوید مشتری از چه زمانی شناخته شده",
            of="trait",
            advanced=True,
        ),
    ] = ""

    def __post_init__(self) -> None:
        """Refuse an idle time that nothing can fit in."""
        if self.idle <= timedelta(0):
            why = Text("it must be longer than nothing.", "باید بیشتر از صفر باشد.")
            raise BadParameter(parameter="idle", value=in_words(self.idle), why=why)

    def reads(self) -> Reads:
        traits = (self.created,) if self.created else ()
        named = (*self.activity, *self.responses, *self.purchases, "any")  # any event makes a prospect known
        return divided(reading(Reads(columns=("time", "event"), traits=traits), named), self.by)

    def window(self) -> tuple[int | None, int | None]:
        return None, self._horizon()  # what is first ever may lie before `since`

    def _horizon(self) -> int | None:
        """Return the µs before which events count: PostHog's last period counts whole."""
        if self.until is None or self.semantics == "ganj":
            return self.instant(self.until)
        last = self.number_of(self.until - timedelta(days=1))
        return int(start(last + 1, self.period, *self._bucketing))

    def fold(self, histories: Histories) -> Cycles:
        span = histories.span
        roles = coded(histories, (self.responses, self.purchases, self.activity))
        given = (self.period, *self._bucketing), roles, self.idle // MICROSECOND, self._horizon() or 0
        plain = self.semantics == "ganj" and not self.created
        counts = folded(histories, span, *given) if plain else None
        return Cycles(*(counts or self._slowly(histories)), span[1] if span else 0)

    def _slowly(self, histories: Histories) -> Counts:
        kind, when, _, _ = self._states(histories)
        found = self._moves(histories)
        keys, counted = self._flows(found)
        states = Tally.of(when[:, None], np.eye(len(STATES) - 1)[kind])
        reached = self._reached(found, len(histories))
        stages = np.bincount(self._stage(found, len(histories))[0], minlength=len(STAGES))
        return states, Tally.of(keys[:, None], counted), stages, reached.sum(axis=0)

    def tell(self, model: Cycles) -> Report:
        first, last, over = self._range(model)
        rows = max(last - first + 1, 0)
        flows = _laid_out(model.flows, first, rows)
        view = Cycle(
            period=self.period,
            calendar=self.bucketing[0],
            first=first,
            states=_laid_out(model.states, first, rows),
            flows=flows,
            stock=self._stock(model, first, rows),
            stages=model.stages,
            ever=model.ever,
            last_over=over,
        )
        tables = {"periods": view.periods(), "stages": view.stages_table(), "moves": view.moves()}
        return Report(tables, charts(), tuple(view.findings()))

    def figures(self, model: Cycles, report: Report) -> tuple[Figure, ...]:
        del model
        return compared(report.tables)

    def say(self, histories: Histories, model: Cycles) -> Scores:
        last = self._range(model)[1]
        kind, when, owner, active = self._states(histories)
        found = self._moves(histories)
        size = len(histories)
        stage, since = self._stage(found, size)
        reached = self._reached(found, size)
        state = np.full(size, len(STATES) - 1, np.int32)
        now = when == last
        state[owner[now]] = kind[now]
        lists = {f"{name}_in": _lists(when, owner, kind == n, size) for n, (name, _) in enumerate(STATES[:4])}
        flow, period = self._flow_of(found)
        for name, number in (
            ("responded", RESPONDED), ("converted", CONVERTED), ("lapsed", LAPSED), ("won_back", WON_BACK)
        ):  # fmt: skip
            lists[f"{name}_in"] = _lists(period, found[0], flow == number, size)
        deep = np.flatnonzero(reached.ravel())
        values = {
            "lifecycle_state": state,
            "lifecycle_stage": stage.astype(np.int32),
            "stage_since": pa.array(since, pa.int64(), mask=since == NEVER),
            "ever": _lists(deep % 3 + 1, deep // 3, np.ones(len(deep), bool), size),
            "active_in": _lists(active[1], active[0], np.ones(len(active[0]), bool), size),
            **lists,
        }
        return Scores(histories.customer, values)

    # ---- states

    def _states(self, histories: Histories) -> tuple[Array, Array, Array, tuple[Array, Array]]:
        """Return of each state a customer has in a period: which, the period, whose; and the active ones."""
        fits = marks(histories, self.activity) > 0
        at = buckets(histories.time, self.period, *self._bucketing)
        low = self._lowest()
        ends, when, _ = active_periods(histories.offsets, at, fits & (at >= low))
        owner = np.repeat(np.arange(len(histories)), np.diff(ends))
        fresh = np.ones(len(when), bool)
        fresh[1:] = owner[1:] != owner[:-1]
        gap = np.diff(when, prepend=0)
        kind = np.where(gap == 1, 1, 2)
        kind[fresh] = np.where(when[fresh] == self._born(histories, at, when[fresh], owner[fresh]), 0, 2)
        left = np.ones(len(when), bool)
        left[:-1] = fresh[1:] | (gap[1:] > 1)
        shown = when > low if low > np.iinfo(np.int64).min else np.ones(len(when), bool)
        kinds = np.concatenate((kind[shown], np.full(int(left.sum()), 3)))
        whens = np.concatenate((when[shown], when[left] + 1))
        owners = np.concatenate((owner[shown], owner[left]))
        return kinds, whens, owners, (owner, when)

    def _lowest(self) -> int:
        """Return the first period whose activity is looked at."""
        if self.semantics == "ganj" or self.since is None:
            return int(np.iinfo(np.int64).min)
        return self.number_of(self.since) - 1

    def _born(self, histories: Histories, at: Array, first: Array, owner: Array) -> Array:
        """Return the periods in which some customers came to be known."""
        if self.semantics == "ganj" and not self.created:
            return first
        known = at[np.minimum(histories.offsets[:-1], max(len(at) - 1, 0))] if len(at) else first[:0]
        named = _instants(histories.traits.get(self.created))
        if named is not None:
            given = named != NEVER
            when = buckets(np.where(given, named, 0), self.period, *self._bucketing)
            known = np.where(given, when, known if len(known) else 0)
        return known[owner]

    # ---- stages

    def _moves(self, histories: Histories) -> tuple[Array, Array, Array, Array]:
        role = (marks(histories, self.responses) > 0).astype(np.int8) * RESPONSE
        role |= (marks(histories, self.purchases) > 0).astype(np.int8) * PURCHASE
        until = self._horizon()
        horizon = 0 if until is None else until  # with no day to look from nobody lapses at the end
        found: tuple[Array, Array, Array, Array] = moves(
            histories.offsets, histories.time, role, self.idle // MICROSECOND, horizon
        )
        return found

    def _flow_of(self, found: tuple[Array, Array, Array, Array]) -> tuple[Array, Array]:
        """Return of each move the flow it belongs to, and its period."""
        _, when, begun, stage = found
        flow = np.select(
            [stage == 3, (stage == 2) & (begun == 3), stage == 2, stage == 1],
            [LAPSED, WON_BACK, CONVERTED, RESPONDED],
            0,
        )
        return flow, buckets(when, self.period, *self._bucketing)

    def _flows(self, found: tuple[Array, Array, Array, Array]) -> tuple[Array, Array]:
        """Count customers by period and flow: int64[rows] and float64[rows, 13]."""
        owner, _, begun, stage = found
        flow, period = self._flow_of(found)
        once = np.unique(np.column_stack((owner, period, flow)), axis=0)
        moved = np.zeros((len(owner), 8))
        moved[np.arange(len(owner)), stage] = 1
        left = begun >= 0
        moved[np.flatnonzero(left), 4 + begun[left]] = 1
        counted = np.concatenate((np.eye(5)[once[:, 2]], np.zeros((len(owner), 5))))
        stocks = np.concatenate((np.zeros((len(once), 8)), moved))
        return np.concatenate((once[:, 1], period)), np.column_stack((counted, stocks))

    def _stage(self, found: tuple[Array, Array, Array, Array], size: int) -> tuple[Array, Array]:
        """Return each customer's stage now and since when; who has no event is a prospect of no date."""
        owner, when, _, entered = found
        stage, since = np.zeros(size, np.int64), np.full(size, NEVER)
        stage[owner], since[owner] = entered, when  # in order: the last move stays
        return stage, since

    def _reached(self, found: tuple[Array, Array, Array, Array], size: int) -> Array:
        """bool[customers, 3]: ever responded or bought, ever bought, ever lapsed."""
        owner, _, _, entered = found
        reached = np.zeros((size, 3), bool)
        for number in (1, 2, 3):
            reached[owner[entered >= number], number - 1] = True
        return reached

    def _stock(self, model: Cycles, first: int, rows: int) -> Array:
        """float64[periods, 4]: customers at each stage when a period begins, from those who are there now."""
        moved = model.flows.values[:, 5:9] - model.flows.values[:, 9:13]
        after = np.zeros((rows + 1, 4))
        at = np.clip(model.flows.keys[:, 0] - first, -1, rows)
        np.add.at(after, at[at >= 0], moved[at >= 0])
        later: Array = after[::-1].cumsum(axis=0)[::-1][:rows]
        return model.stages - later

    # ---- periods

    @property
    def _bucketing(self) -> tuple[Any, str, int]:
        calendar, zone, week_start = self.bucketing
        return calendar, zone, 0 if self.semantics == "posthog" else week_start

    def number_of(self, day: date) -> int:
        """Return the ordinal of the period a day lies in."""
        calendar, _, week_start = self._bucketing
        return int(ordinals(np.array([day_number(day)]), self.period, calendar, week_start)[0])

    def _range(self, model: Cycles) -> tuple[int, int, bool]:
        """Return the first and last period of the report, and whether the last is over."""
        until = self._horizon()
        horizon = until if until is not None else model.last + 1
        last = int(buckets(np.array([horizon - 1]), self.period, *self._bucketing)[0])
        first = int(model.states.keys[:, 0].min()) if len(model.states) else last + 1
        if self.since is not None:
            first = self.number_of(self.since)
        return first, last, bool(start(last + 1, self.period, *self._bucketing) <= horizon)


def _laid_out(tally: Tally, first: int, rows: int) -> Array:
    """Lay sums by period out from one period on: float64[periods, columns]."""
    out = np.zeros((rows, tally.values.shape[1]))
    at = tally.keys[:, 0] - first
    inside = (at >= 0) & (at < rows)
    out[at[inside]] = tally.values[inside]
    return out


def _lists(column: Array, owner: Array, keep: Array, size: int) -> pa.ListArray:
    """Gather a column's kept rows into one list for each customer, in order."""
    order = np.lexsort((column[keep], owner[keep]))
    ends = np.concatenate(([0], np.cumsum(np.bincount(owner[keep], minlength=size))))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(column[keep][order], pa.int64()))


def _instants(trait: Category | Array | None) -> Array | None:
    """Return the times that a trait says, int64[customers] µs UTC; `NEVER` where it says none."""
    if isinstance(trait, Category):
        named: Array = np.array([_instant(text) for text in (*trait.labels, "")], np.int64)[trait.codes]
        return named
    return None if trait is None else np.where(np.isnan(trait), NEVER, np.nan_to_num(trait)).astype(np.int64)


def _instant(text: str) -> int:
    """Read an ISO time; `NEVER` where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return int(NEVER)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000_000)
