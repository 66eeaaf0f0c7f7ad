"""Journey: how do cases run, where do they wait, what is done again?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
import pyarrow as pa

from ganj import breakdown
from ganj.filters import divided, marks, reading
from ganj.histories import Array, Histories
from ganj.kernels.cases import cases_of, label_hashes, variants
from ganj.kernels.counting import counted
from ganj.miner import Asked, Chart, Reads, Report, Scores, Table, Where, column
from ganj.parameters import param
from ganj.sequences import Named, check_groups, lists, named, naming
from ganj.sketches import Rows, Tally, ordered_bits
from ganj.text import Text
from ganj.views.divided import GROUP, Divisible, Figure
from ganj.views.journey import Process, charts, findings

LEVEL = 7
"""How fine waits are told apart, see `ganj.sketches.BITS`: within 0.8 %."""
SPELLED, KEPT = 40, 1 << 16
"""Activities of a variant that are written out, and variants kept apart."""
AMOUNT = "amount"
OWN = frozenset({"customer", "case", "activity", "time"})
"""Columns that every event log has; attributes of these names are asked for as event.NAME."""
OTHERS = 0
"""The variant of all that are not kept apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """How cases ran.

    Attributes
    ----------
    sums : tallies by activity: ``events`` (times, cases), ``who`` (times, customers), ``starts``, ``ends`` (cases,
        customers), ``again`` (cases, customers, repetitions); by two activities: ``follows`` (times, cases, µs),
        ``follows_who`` (times, customers), ``waits`` (how long | from, to: times, µs)
    variants : by hash: cases, customers, µs
    spelled : the activities of each variant
    lasted : µs from the first event of a case to the last
    totals : int64[3], cases, customers who have one, events
    """

    sums: Named
    variants: Tally
    spelled: Mapping[int, tuple[str, ...]]
    lasted: Rows
    totals: Array

    def __add__(self, other: Runs) -> Runs:
        joined = _bounded(self.variants + other.variants)
        spelled = {**self.spelled, **other.spelled}
        return Runs(
            self.sums + other.sums,
            joined,
            {int(key): spelled[int(key)] for key in joined.keys[:, 0] if key != OTHERS},
            self.lasted + other.lasted,
            self.totals + other.totals,
        )


def _bounded(told: Tally) -> Tally:
    """Keep the variants of most cases (ties by hash), the others joined."""
    if len(told) <= KEPT:
        return told
    size = np.where(told.keys[:, 0] == OTHERS, np.inf, told.values[:, 0])
    keys = told.keys.copy()
    keys[np.argsort(-size, kind="stable")[KEPT:]] = OTHERS
    return Tally.of(keys, told.values)


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """The cases of a part: events together by case, ``owner`` int64[cases] of each case.

    ``order`` int64[events] are the places of these events in ``events``.
    """

    starts: Array
    activity: Array
    time: Array
    labels: tuple[str, ...]
    owner: Array
    names: Array
    variant: Array
    events: Histories
    order: Array

    @property
    def case(self) -> Array:
        """int64[events]: the case of each event."""
        return np.repeat(np.arange(len(self.owner)), np.diff(self.starts))

    @property
    def lasted(self) -> Array:
        """int64[cases], µs."""
        found: Array = self.time[self.starts[1:] - 1] - self.time[self.starts[:-1]]
        return found

    def follows(self) -> tuple[Array, Array, Array]:
        """Return of every two events in a row: the case, from and to int64[n, 2], µs between."""
        case = self.case
        at = np.flatnonzero(case[1:] == case[:-1])
        pairs = np.column_stack((self.activity[at], self.activity[at + 1])).astype(np.int64)
        return case[at], pairs, self.time[at + 1] - self.time[at]

    def again(self) -> tuple[Array, Array, Array]:
        """Return of what a case does more than once: the case, the activity, repetitions."""
        key, times = np.unique(self.case * max(len(self.labels), 1) + self.activity, return_counts=True)
        case, activity = np.divmod(key[times > 1], max(len(self.labels), 1))
        return case, activity, times[times > 1] - 1


class Journey(Divisible, frozen=True, kw_only=True):
    """Describe a process: its variants, what follows what, how long that takes, and what is done again.

    A *case* is a customer, or what a property names: the events of one customer with one value of ``case``, a deal, a
    ticket.  A *variant* is the order of activities of a case; *b follows a* where b is the case's very next event; a
    case's *time* is from its first to its last event; *rework* is an activity done again in the same case.

    Notes
    -----
    State: sums by activity, by two activities and by wait in bins of 0.8 %, at most 131,072 of each; 65,536 variants
    (the rarer ones joined); independent of the number of customers.  One pass; O(events log events) where cases
    are not customers.
    Source: W. van der Aalst, Process Mining, 2nd ed. 2016, ch. 5 (event logs), 6.2 (directly-follows).
    """

    title = Text("Journeys", "سفر مشتری")
    question = Text("How do cases run, and where do they wait?", "کارها چگونه پیش می‌روند و کجا معطل می‌مانند؟")
    scored = (
        column("cases", "Cases", "پرونده‌ها", "count"),
        column("variants_run", "Variants", "گونه‌ها", "list"),
        column("activities_done", "Activities", "فعالیت‌ها", "list"),
        column("moves_made", "Moves", "گذرها", "list"),
        column("began_with", "Began with", "آغازشده با", "list"),
        column("ended_with", "Ended with", "پایان‌یافته با", "list"),
        column("done_again", "Done again", "دوباره‌کاری‌ها", "list"),
        GROUP,
    )
    rows_as = ("csv", "arrow", "xes")
    example: ClassVar[dict[str, Any]] = {
        "events": (
            "Lead Created",
            "Deal Created",
            "Quote Sent",
            "Deal Won",
            "Deal Lost",
            "Order Completed",
            "Order Refunded",
            "Ticket Opened",
            "Ticket Solved",
        )
    }

    summary = (
        Chart(
            kind="hbar",
            table="groups",
            title=Text("Median time, by group", "میانهٔ زمان هر گروه"),
            x="group",
            y=("median_time",),
            options={"sorted": False},
        ),
    )

    events: Annotated[
        tuple[str, ...],
        param("Events (none: every event)", "رویدادها (خالی: همه)", of="event", max_length=60),
    ] = ()
    case: Annotated[
        str,
        param(
            "A case is",
            "هر پرونده",
            of="item",
            help=Text(
                "A property such as deal or ticket; empty: a customer.",
                "یک ویژگی مانند deal یا ticket؛ خالی: مشتری.",
            ),
        ),
    ] = ""
    named_by: Annotated[
        tuple[str, ...],
        param(
            "Activities are named by",
            "نام فعالیت از",
            of="item",
            help=Text(
                "The first of these properties that an event has, else the event's name.",
                "نخستین ویژگی از این‌ها که رویداد داشته باشد، وگرنه نام رویداد.",
            ),
        ),
    ] = ()
    groups: Annotated[
        tuple[str, ...],
        param("Groups of activities: Review = Review *", "گروه فعالیت‌ها: Review = Review *", max_length=50),
    ] = ()
    attributes: Annotated[
        tuple[str, ...],
        param(
            "Attributes in the event log",
            "ویژگی‌های همراه رویدادنگاره",
            of="column",
            max_length=100,
            advanced=True,
            help=Text(
                "amount, channel, properties: columns of the rows; none: in XES all that have few values.",
                "amount، channel و ویژگی‌ها: ستون‌های سطرها؛ خالی: در XES همهٔ ویژگی‌های کم‌مقدار.",
            ),
        ),
    ] = ()

    def __post_init__(self) -> None:
        """Refuse groups that cannot be read."""
        check_groups(self.groups)

    def reads(self) -> Reads:
        told = tuple(name for name in self.attributes if name != AMOUNT)
        names = (*self.named_by, *((self.case,) if self.case else ()), *told)
        columns = ("time", "event", *((AMOUNT,) if AMOUNT in self.attributes else ()))
        return divided(naming(reading(Reads(columns=columns), self.events or ("any",)), names), self.by)

    def asks(self) -> tuple[Asked, ...]:
        return tuple(Asked(name.removeprefix("event."), ("item",), (AMOUNT,)) for name in self.attributes)

    def fold(self, histories: Histories) -> Runs:
        cases = self._cases(histories)
        owner, size = cases.owner, len(cases.owner)
        seen, first, which = np.unique(cases.variant, return_index=True, return_inverse=True)
        spelled = {int(seen[k]): _spell(cases, int(first[k])) for k in range(len(seen))}
        told, sums = counted(which[:, None], owner, cases.lasted)
        return Runs(
            Named(cases.labels, _tallies(cases), _PLAIN),
            _bounded(Tally.of(seen[told[:, 0]][:, None], sums)),
            spelled,
            Rows.of(cases.lasted[:, None].astype(np.float64), 1 << 17),
            np.array([size, len(np.unique(owner)), len(cases.time)]),
        )

    def tell(self, model: Runs) -> Report:
        view = self._view(model)
        tables = {
            "cases": view.cases_table(),
            "variants": view.variants_table(),
            "activities": view.activities_table(),
            "bottlenecks": view.bottlenecks_table(),
            "follows": view.follows_table(),
        }
        return Report(tables, charts(), tuple(findings(view)))

    def figures(self, model: Runs, report: Report) -> tuple[Figure, ...]:
        del model
        cases = report.tables["cases"]
        opens = {"customers": (Where("cases", ">", 0),)}
        heads = sorted(cases.columns, key=lambda head: head.name != "customers")
        return tuple((head, float(cases.values[head.name][0]), opens.get(head.name, ())) for head in heads)

    def lay(self, model: Runs, whole: Runs, report: Report) -> dict[str, Table]:
        among = self._view(model).variants_table(self._view(whole))
        return {"variants": among, "activities": report.tables["activities"]}

    def say(self, histories: Histories, model: Runs) -> Scores:
        cases, size, view = self._cases(histories), len(histories), self._view(model)
        owner, whose, label = cases.owner, cases.owner[cases.case], cases.labels
        case, pairs, _ = cases.follows()
        again, activity, _ = cases.again()
        first, last = cases.activity[cases.starts[:-1]], cases.activity[cases.starts[1:] - 1]
        seen, which = np.unique(cases.variant, return_inverse=True)

        def told(codes: Array, of: Array) -> pa.ListArray:
            return lists(codes[:, None], of, size, lambda key: label[key[0]])

        moves = view.moves
        return Scores(
            histories.customer,
            {
                "cases": np.bincount(owner, minlength=size),
                "variants_run": lists(
                    which[:, None], owner, size, lambda key: view.variant_names.get(int(seen[key[0]]))
                ),
                "activities_done": told(cases.activity, whose),
                "moves_made": lists(
                    pairs, owner[case], size, lambda key: _known(f"{label[key[0]]} > {label[key[1]]}", moves)
                ),
                "began_with": told(first, owner),
                "ended_with": told(last, owner),
                "done_again": told(activity, owner[again]),
            },
        )

    def rows(self, histories: Histories, model: Runs) -> pa.Table:
        """Lay out the event log: customer, case, activity, time, attributes; case by case."""
        del model
        cases = self._cases(histories)
        at = cases.case
        told = {name: _attribute(cases, name) for name in self.attributes}
        return pa.table(
            {
                "customer": pa.array(histories.customer[cases.owner[at]], pa.int32()),
                "case": pa.array(cases.names, pa.string()).take(pa.array(at)),
                "activity": pa.array(cases.labels, pa.string()).take(pa.array(cases.activity)),
                "time": pa.array(cases.time, pa.timestamp("us", "UTC")),
                **{name: values for name, values in told.items() if name not in OWN},
            }
        )

    def _view(self, model: Runs) -> Process:
        return Process(model.sums, model.variants, model.spelled, model.lasted.numbers(), model.totals)

    def _cases(self, histories: Histories) -> Cases:
        fits = marks(histories, self.events) > 0 if self.events else np.ones(len(histories.time), bool)
        kept = histories.keep(fits)
        activity, owner = named(kept, self.named_by, self.groups), kept.owner
        told = breakdown.of_events(kept, self.case) if self.case else None
        codes = np.full(len(owner), -1) if told is None else told.codes
        order, starts = cases_of(owner, codes if self.case else None)
        first = order[starts[:-1]]
        label = told.labels.__getitem__ if told is not None else str
        of = codes[first] if self.case else kept.customer[owner[first]]
        names = np.array([label(int(k)) for k in of], object)
        steps = activity.codes[order]
        variant = variants(starts, steps, label_hashes(activity.labels))
        times = kept.time[order]
        return Cases(starts, steps, times, activity.labels, owner[first], names, variant, kept, order)


def _attribute(cases: Cases, name: str) -> pa.Array:
    """Return what the events of a log say under some name; null where they say nothing."""
    if name == AMOUNT:
        money = cases.events.amount[cases.order]
        return pa.array(money, pa.float64(), mask=np.isnan(money))
    told = breakdown.of_events(cases.events, name)
    if told is None:
        return pa.nulls(len(cases.order), pa.string())
    codes = told.codes[cases.order]
    return pa.array(told.labels, pa.string()).take(pa.array(codes, mask=codes < 0))


def _known(name: str, shown: frozenset[str]) -> str | None:
    return name if name in shown else None


def _spell(cases: Cases, at: int) -> tuple[str, ...]:
    """Write out the activities of a case."""
    start, stop = (int(k) for k in cases.starts[at : at + 2])
    told = tuple(cases.labels[k] for k in cases.activity[start : min(stop, start + SPELLED)])
    return told if stop - start <= SPELLED else (*told, f"… {stop - start - SPELLED}")


def _tallies(cases: Cases) -> dict[str, Tally]:
    owner, step = cases.owner, cases.activity[:, None]
    case, pairs, wait = cases.follows()
    again, activity, more = cases.again()
    ends = {"starts": cases.starts[:-1], "ends": cases.starts[1:] - 1}
    bins = np.column_stack((ordered_bits(wait.astype(np.float64), LEVEL), pairs))
    binned, sums = counted(bins, case, wait)
    return {
        "events": Tally.of(*counted(step, cases.case)),
        "who": Tally.of(*counted(step, owner[cases.case])),
        **{name: Tally.of(*counted(cases.activity[at][:, None], owner)) for name, at in ends.items()},
        "again": Tally.of(*counted(activity[:, None], owner[again], more)),
        "follows": Tally.of(*counted(pairs, case, wait)),
        "follows_who": Tally.of(*counted(pairs, owner[case])),
        "waits": Tally.of(binned, sums[:, [0, 2]]),
    }


_PLAIN = {
    "events": 0,
    "who": 0,
    "starts": 0,
    "ends": 0,
    "again": 0,
    "follows": 0,
    "follows_who": 0,
    "waits": 1,
}
