"""Sequence: what comes after what, beyond chance, and when?"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.filters import ANY, marks, reading
from ganj.histories import Array, Histories
from ganj.kernels import prefixspan
from ganj.kernels.prefixspan import Limits, Sequences, frequent_sequences
from ganj.miner import Asked, Miner, Reads, Report, Scores, column
from ganj.parameters import Duration, in_words, param
from ganj.text import Text
from ganj.views.basket_found import lists
from ganj.views.sequence import report
from ganj.views.sequence_fold import Trails, Walks, numbered, renamed, trails_of
from ganj.views.sequence_found import (
    SHUFFLES,
    Found,
    Order,
    Outcome,
    Places,
    Sought,
    Steps,
    dated,
    places,
    ready,
)

FEW = 30
"""Customers with steps at several moments below which no sequence is sought."""
MOST = 50_000
"""Sequences above which the least support is doubled."""
SINGLES, PAIRS = 50, 1_000
"""Single steps in the table, and moves that are tested."""
MICROSECOND = timedelta(microseconds=1)


class Sequence(Miner[Walks, Found], frozen=True, kw_only=True):
    """Find what customers do, or buy, after what: with how many days between, and whether the order means anything.

    A sequence lies in a history where its steps follow each other at different moments, whatever else happens
    between.  It is compared with the same histories with the order of their moments drawn by lot: only what is more
    frequent than that, corrected over everything tried (Holm), is called beyond chance.

    Notes
    -----
    State: the steps of customers, twenty bytes a step, at most 4,194,304 steps: exact up to as many; of more, every
    second, fourth … customer, drawn by lot.  One pass; PrefixSpan.
    Source: Pei et al., ICDE 2001; Holm, Scand. J. Statist. 6, 1979; Hoeffding, Ann. Math. Stat. 27, 1956.
    """

    title = Text("Sequences", "توالی خرید")
    question = Text("What do customers buy next, and when?", "مشتریان پس از هر خرید سراغ چه می‌روند و کِی؟")
    family = "diagnostic"
    scored = (
        column("sequences", "Sequences gone through", "توالی‌های پیموده‌شده", "list"),
        column("moves_open", "Moves not made yet", "گام‌های برداشته‌نشده", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"support": 0.005, "directly": True}

    steps: Annotated[
        Literal["product", "category", "event"],
        param(
            "A step is",
            "هر گام چیست",
            choices={
                "product": Text("A product", "کالا"),
                "category": Text("A category", "دستهٔ کالا"),
                "event": Text("An event", "رویداد"),
            },
        ),
    ] = "product"
    support: Annotated[
        float,
        param(
            "Least support",
            "کمترین پشتیبان",
            ge=0,
            le=1e9,
            help=Text(
                "Below 1 a share of customers, from 1 a number of customers.",
                "کمتر از ۱ سهمی از مشتریان و از ۱ به بالا شمار مشتری است.",
            ),
        ),
    ] = 0.01
    gap: Annotated[
        Duration, param("Most time between two steps (0 for any)", "بیشترین فاصلهٔ دو گام (۰ یعنی هر چه)")
    ] = Duration(days=90)
    span: Annotated[
        Duration,
        param("Most time from first to last (0 for any)", "بیشترین زمان از آغاز تا پایان (۰ یعنی هر چه)"),
    ] = Duration()
    directly: Annotated[
        bool,
        param(
            "Only what comes directly next",
            "تنها آنچه بی‌فاصله در پی می‌آید",
            help=Text(
                "Each step at the customer's very next moment, however much later; times between do not count then.",
                "هر گام در خرید یا رویدادِ بعدیِ همان مشتری، هر چقدر دیرتر؛ آنگاه فاصلهٔ زمانی به شمار نمی‌آید.",
            ),
        ),
    ] = False
    shortest: Annotated[int, param("Steps at least", "کمترین شمار گام", ge=2, le=10)] = 2
    longest: Annotated[int, param("Steps at most", "بیشترین شمار گام", ge=2, le=10)] = 3
    contains: Annotated[
        tuple[str, ...], param("With all of these steps", "دارای همهٔ این گام‌ها", max_length=5)
    ] = ()
    kind: Annotated[
        Literal["all", "closed", "maximal"],
        param(
            "Sequences listed",
            "توالی‌های فهرست",
            choices={
                "all": Text("All", "همه"),
                "closed": Text("Closed", "بسته"),
                "maximal": Text("Maximal", "بیشینه"),
            },
        ),
    ] = "closed"
    top: Annotated[int, param("Sequences and moves shown", "شمار توالی‌ها", ge=1, le=1_000)] = 50
    level: Annotated[
        float, param("Level of significance (1 for any)", "سطح معناداری (۱ یعنی هر چه هست)", ge=0, le=1)
    ] = 0.05
    outcome: Annotated[
        str, param("Hoped for afterwards", "رویداد خوشایندِ پس از آن", of="event", min_length=1, advanced=True)
    ] = ORDER
    within: Annotated[Duration, param("… within", "… در مهلت", advanced=True)] = Duration(days=30)
    events: Annotated[
        tuple[str, ...],
        param(
            "Events that are steps",
            "رویدادهایی که گام‌اند",
            of="event",
            max_length=20,
            advanced=True,
            help=Text(
                "Empty: orders; any event where a step is an event.",
                "خالی یعنی سفارش‌ها؛ اگر هر گام یک رویداد باشد، همهٔ رویدادها.",
            ),
        ),
    ] = ()

    def __post_init__(self) -> None:
        """Refuse a time that nothing can fit in."""
        for name in ("gap", "span", "within"):
            given = getattr(self, name)
            if given < timedelta(0) or (name == "within" and not given):
                why = Text("it must be longer than nothing.", "باید بیشتر از صفر باشد.")
                raise BadParameter(parameter=name, value=in_words(given), why=why)
        if self.shortest > self.longest:
            why = Text("it is more than the steps at most.", "از بیشترین شمار گام بیشتر است.")
            raise BadParameter(parameter="shortest", value=self.shortest, why=why)
        if len(self.contains) > self.longest:
            why = Text(
                "more steps are asked for than there may be.", "گام‌های خواسته‌شده بیش از بیشترین شمار گام است."
            )
            raise BadParameter(parameter="contains", value=", ".join(self.contains), why=why)

    def asks(self) -> tuple[Asked, ...]:
        """Name the steps that are asked for."""
        of = "product.category" if self.steps == "category" else self.steps
        told = (Asked(of, ("item",)),) if self.steps == "category" else ()
        return (*told, *(Asked(name, (of,)) for name in self.contains))

    def reads(self) -> Reads:
        of = (self.steps,) if self.steps == "category" else ()
        return reading(
            Reads(lines=self.steps != "event", products=of, lots=True), (*self._events, self.outcome)
        )

    def scan(self, histories: Histories) -> Walks:
        last = int(histories.time.max(initial=np.iinfo(np.int64).min))
        return Walks((self._trails(histories),), last).fitted()

    def learn(self, state: Walks) -> Found:
        trails = state.whole()
        moments = np.diff(trails.offsets) > 1
        enough = int(moments.sum()) >= FEW
        asked = self._least(len(trails.customer))
        every, least = self._mined(trails, asked) if enough else (None, asked)
        shown, moves, others = self._candidates(every, trails) if every is not None else ([], [], 0)
        singles = _often(trails, SINGLES)
        ends: list[Steps] = [(step,) for one in moves for step in one]
        sought = Sought.of(singles, shown, moves, ends)
        found = self._places(trails, sought, SHUFFLES)
        tried = np.zeros(len(sought.steps), bool)
        tried[sought.numbers(shown)] = tried[sought.numbers(moves)] = True
        order = Order.of(found, tried, others)
        kept = self._kept(sought.numbers(moves), order, found)
        until = self.instant(self.until)
        last = until if until is not None else state.last
        money, pieces = trails.prices.T
        return Found(
            labels=trails.labels,
            trails_count=len(trails.customer),
            moving=int(moments.sum()),
            least=least,
            raised=least > asked,
            level=state.level,
            many=len(every) if every is not None else 0,
            sought=sought,
            places=found,
            order=order,
            outcome=Outcome.of(trails, found, self.within // MICROSECOND, last),
            shown=sought.numbers(shown),
            moves=kept,
            singles=sought.numbers(singles),
            ready=np.bincount(ready(found, sought, kept)[:, 1], minlength=len(kept)),
            price=np.where(money > 0, money / np.maximum(pieces, 1e-9), np.nan),
        )

    def report(self, model: Found) -> Report:
        return report(model, self.level, FEW, self.within)

    def score(self, histories: Histories, model: Found) -> Scores:
        own = renamed(self._trails(histories), list(model.labels))
        found = self._places(own, model.sought)
        at = np.searchsorted(histories.customer, own.customer)
        gone = np.column_stack((at[found.history[found.there]], found.number[found.there]))
        waits = ready(found, model.sought, model.moves)
        waits[:, 0] = at[waits[:, 0]]
        size = len(histories)
        values = {"sequences": lists(gone, size), "moves_open": lists(waits, size)}
        return Scores(histories.customer, values)

    @property
    def _events(self) -> tuple[str, ...]:
        return self.events or ((ANY,) if self.steps == "event" else (ORDER,))

    @property
    def _reach(self) -> Array:
        """int64[4] of `ganj.kernels.occurring`."""
        if self.directly:
            return np.array([1, prefixspan.ANY, self.longest, 1], np.int64)
        gap, span = (getattr(self, name) // MICROSECOND or prefixspan.ANY for name in ("gap", "span"))
        return np.array([gap, span, self.longest, 1], np.int64)

    def _places(self, trails: Trails, sought: Sought, shuffles: int = 0) -> Places:
        """Find sequences; directly one after the other, moments are counted and not their times."""
        if not self.directly:
            return places(trails, sought, self._reach, shuffles)
        counted, moments, first = numbered(trails)
        return dated(places(counted, sought, self._reach, shuffles), moments, first)

    def _trails(self, histories: Histories) -> Trails:
        steps, outcomes = (marks(histories, some) > 0 for some in (self._events, (self.outcome,)))
        return trails_of(histories, steps, outcomes, self.steps)

    def _least(self, customers: int) -> int:
        """Return the least number of customers; a share never means a single one."""
        return (
            math.ceil(self.support)
            if self.support >= 1
            else max(math.ceil(self.support * customers - 1e-9), 2)
        )

    def _mined(self, trails: Trails, least: int) -> tuple[Sequences, int]:
        """Return all frequent sequences, and the support at which they are few enough."""
        gap, span = (0 if one == prefixspan.ANY else int(one) for one in self._reach[:2])
        limits = Limits(apart=1, gap=gap, window=span, longest=self.longest, most=MOST)
        time = numbered(trails)[0].time if self.directly else trails.time
        while True:
            found = frequent_sequences(trails.offsets, trails.item, least, time, limits)
            if found.complete:
                return _named(found, trails.labels, self.contains), least
            least *= 2

    def _candidates(self, every: Sequences, trails: Trails) -> tuple[list[Steps], list[Steps], int]:
        """Return the sequences that are shown, the moves that are tested, and how many moves are not.

        Tested are those that most exceed what steps that know nothing of each other would give; all count as tried.
        """
        sequences = [
            tuple(every.items[a:b].tolist())
            for a, b in zip(every.offsets[:-1], every.offsets[1:], strict=True)
        ]
        counts = dict(zip(sequences, every.count.tolist(), strict=True))
        inner = prefixspan.inner(counts, self.kind)
        long: list[Steps] = [one for one in sequences if len(one) >= self.shortest]
        moves: list[Steps] = [one for one in sequences if len(one) == 2 and one[0] != one[1]]
        had = _had(trails)
        by_chance = {one: had[one[0]] * had[one[1]] / len(trails.customer) for one in moves}
        moves.sort(key=lambda one: (by_chance[one] - counts[one]) / math.sqrt(by_chance[one]))
        return [one for one in long if one not in inner][: self.top], moves[:PAIRS], len(moves[PAIRS:])

    def _kept(self, moves: Array, order: Order, found: Places) -> Array:
        """Return the moves beyond chance, the strongest first."""
        good = moves[(order.holm[moves] <= self.level) & (found.customers[moves] > order.expected[moves])]
        best: Array = good[np.lexsort((good, -found.customers[good], order.holm[good]))]
        return best[: self.top]


def _often(trails: Trails, top: int) -> list[Steps]:
    """Return the steps that most customers took."""
    return [(int(code),) for code in np.argsort(-_had(trails), kind="stable")[:top]]


def _had(trails: Trails) -> Array:
    """Count the customers of each step: int64[labels]."""
    owner = np.repeat(np.arange(len(trails.customer)), np.diff(trails.offsets))
    wide = max(len(trails.labels), 1)
    return np.bincount(np.unique(owner * wide + trails.item) % wide, minlength=len(trails.labels))


def _named(found: Sequences, labels: tuple[str, ...], contains: tuple[str, ...]) -> Sequences:
    """Keep the sequences with all of some steps."""
    owner, kept = np.repeat(np.arange(len(found)), np.diff(found.offsets)), np.ones(len(found), bool)
    for name in contains:
        code = labels.index(name) if name in labels else -1
        kept &= np.isin(np.arange(len(found)), owner[found.items == code])
    return found.chosen(np.flatnonzero(kept))
