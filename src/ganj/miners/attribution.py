"""Attribution: which channels lead to conversions?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj import breakdown
from ganj.errors import BadParameter
from ganj.events import COST, ORDER
from ganj.filters import marks, reading
from ganj.histories import NOBODY, Array, Category, Histories
from ganj.kernels.attribution import CONVERSION, MODELS, TOUCH, Paths, credited, moves, split
from ganj.kernels.counting import counted
from ganj.kernels.draws import drawn
from ganj.miner import Column, Miner, Reads, Report, Scores, column
from ganj.parameters import Duration, in_words, param
from ganj.sequences import Named, lists, naming
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.attribution import NAMES, STATES, Shares, charts
from ganj.views.attribution_draws import Draws

MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, eq=False)
class Credits:
    """Who led to what.

    Attributes
    ----------
    sums : tallies by channel ``credits`` (float64[12], conversions and value by model), ``touches`` (touches,
        customers), ``led`` (converting touches, customers), ``costs`` (records, money); and ``moves`` (kind | state, next)
    totals : float64[5], conversions after touches and their value, without touches and their value, paths
        that led to nothing
    states : int64[4], customers by what became of them
    draws : the same credit for customers drawn anew
    """

    sums: Named
    totals: Array
    states: Array
    draws: Draws

    def __add__(self, other: Credits) -> Credits:
        return Credits(
            self.sums + other.sums,
            self.totals + other.totals,
            self.states + other.states,
            self.draws + other.draws,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """The paths of a part; ``owner`` int64[paths] and ``direct`` float64[customers]: conversions without touches."""

    paths: Paths
    owner: Array
    labels: tuple[str, ...]
    direct: Array
    direct_value: float


class Attribution(Miner[Credits, Credits], frozen=True, kw_only=True):
    """Share conversions and their value among the channels of the touches before them.

    A conversion's *path* is the touches since the conversion before it, no older than ``lookback``; other touches form
    paths that led to nothing.  The credit goes to the first touch, the last, all alike (linear), 40 / 20 / 40
    (position), the late ones more (decay by ``half_life``), to each different channel alike (Shapley's value of the
    coalitions of channels, exact), or by how much rarer conversions were without the channel (removal effect in a
    Markov chain of ``order`` touches, exact).

    The interval of a credit is where it lies for 95 % of ``replicates`` draws of as many customers, with replacement.
    Credit is a rule, not proof: what a channel *causes* only a hold-out shows.

    Notes
    -----
    State: sums by channel, and moves of the chain (at most 131,072), for the draws at most 4,096 of each times
    ``replicates``; independent of the number of customers.  One pass, O(events + touches × replicates); the report
    solves one system of the chain's states, and one for each draw.
    Source: docs/analyses/attribution.md.
    """

    title = Text("Attribution", "سهم کانال‌ها از فروش")
    question = Text("Which channels lead to conversions?", "کدام کانال‌ها به خرید می‌انجامند؟")
    scored = (
        Column(
            name="attribution_state",
            label=Text("Touched and converted", "تماس و تبدیل"),
            unit="category",
            choices=STATES,
        ),
        column("conversions", "Conversions", "تبدیل‌ها", "count"),
        column("touched_by", "Touched by", "کانال‌های تماس", "list"),
        column("led_by", "Led to a conversion by", "کانال‌های پیش از تبدیل", "list"),
        column("first_channel", "First channel", "نخستین کانال", "text"),
        column("last_channel", "Last channel", "آخرین کانال", "text"),
    )
    example: ClassVar[dict[str, Any]] = {"lookback": "30d"}

    by: Annotated[str, param("Channels are told by", "کانال از روی", of="item")] = "channel"
    touches: Annotated[
        tuple[str, ...],
        param(
            "Touches (none: every event with a channel)",
            "تماس‌ها (خالی: هر رویداد کانال‌دار)",
            of="event",
            max_length=30,
        ),
    ] = ()
    conversions: Annotated[
        tuple[str, ...], param("Conversions", "تبدیل‌ها", of="event", min_length=1, max_length=30)
    ] = (ORDER,)
    lookback: Annotated[Duration, param("Touches count for so long", "مهلت اثر تماس")] = Duration(days=30)
    model: Annotated[
        Literal["first", "last", "linear", "position", "decay", "markov", "shapley"],
        param("Rule that costs are held against", "قاعدهٔ سنجش هزینه", choices=NAMES),
    ] = "markov"
    order: Annotated[
        int, param("Touches the chain remembers", "حافظهٔ زنجیره (تماس)", ge=1, le=4, advanced=True)
    ] = 1
    half_life: Annotated[Duration, param("Half-life of a touch", "نیمه‌عمر تماس", advanced=True)] = Duration(
        days=7
    )
    first_share: Annotated[
        float,
        param("Share of the first touch (position)", "سهم نخستین تماس (جایگاهی)", ge=0, le=1, advanced=True),
    ] = 0.4
    last_share: Annotated[
        float,
        param("Share of the last touch (position)", "سهم آخرین تماس (جایگاهی)", ge=0, le=1, advanced=True),
    ] = 0.4
    replicates: Annotated[
        int,
        param(
            "Draws for the intervals (0: none)",
            "شمار نمونه‌گیری برای بازه‌ها (۰: هیچ)",
            ge=0,
            le=1000,
            advanced=True,
        ),
    ] = 100
    seed: Annotated[int, param("Seed of the draws", "بذر نمونه‌گیری", ge=0, advanced=True)] = 0
    costs: Annotated[
        str,
        param(
            "Event that says what a channel cost",
            "رویداد هزینهٔ کانال",
            of="event",
            advanced=True,
            help=Text("With a channel and an amount, of no customer.", "با کانال و مبلغ و بدون مشتری."),
        ),
    ] = COST

    def __post_init__(self) -> None:
        """Refuse times that hold nothing and shares beyond the whole."""
        for name in ("lookback", "half_life"):
            if getattr(self, name) <= timedelta(0):
                why = Text("it must be longer than nothing.", "باید بیشتر از صفر باشد.")
                raise BadParameter(parameter=name, value=in_words(getattr(self, name)), why=why)
        if self.first_share + self.last_share > 1:
            why = Text(
                "with the first touch's share it is more than the whole.",
                "با سهم نخستین تماس از کل بیشتر است.",
            )
            raise BadParameter(parameter="last_share", value=self.last_share, why=why)

    def reads(self) -> Reads:
        asked = (*(self.touches or ("any",)), *self.conversions, *((self.costs,) if self.costs else ()))
        columns = Reads(columns=("time", "event", "amount"), nobody=bool(self.costs), lots=True)
        return naming(reading(columns, asked), (self.by,))

    def scan(self, histories: Histories) -> Credits:
        cost = self._costs(histories)
        known = histories.customer != NOBODY
        people = histories if known.all() else histories.choose(known)
        touched = self._touched(people)
        found = self.fold(touched.paths, touched.labels, touched.owner, people.lots)
        states = np.bincount(self._states(touched, len(people)), minlength=len(STATES))
        direct = np.array([0, 0, touched.direct.sum(), touched.direct_value, 0])
        return Credits(found.sums + cost, found.totals + direct, states, found.draws)

    def fold(
        self,
        paths: Paths,
        labels: tuple[str, ...],
        owner: Array | None = None,
        lots: Array | None = None,
    ) -> Credits:
        """Fold paths that are there already, such as a file of paths and how often each led to what.

        Parameters
        ----------
        labels : names of the channels, ascending
        owner : int64[paths] ascending, whose they are; each its own if not given
        lots : uint64[owners], what their draws go by; without it nobody is drawn anew
        """
        owner = np.arange(len(paths.ends) - 1) if owner is None else owner
        rule = np.array([self.first_share, self.last_share, self.half_life / MICROSECOND])
        table = credited(
            paths.ends, paths.channel, paths.age, paths.conversions, paths.value, len(labels), rule
        )
        keys, weight, _ = moves(paths, self.order)
        chain, sums = counted(keys, np.zeros(len(keys), np.int64), weight)
        won = paths.conversions[paths.path] > 0
        channel, whose = paths.channel[:, None], owner[paths.path]
        tallies = {
            "credits": Tally.of(np.arange(len(labels))[:, None], table.reshape(len(labels), 2 * len(MODELS))),
            "touches": Tally.of(*counted(channel, whose)),
            "led": Tally.of(*counted(channel[won], whose[won])),
            "costs": Tally.empty(1, 2),
            "moves": Tally.of(chain, sums[:, 2:]),
        }
        some = np.diff(paths.ends) > 0
        totals = np.array(
            [paths.conversions[some].sum(), paths.value[some].sum(), 0, 0, paths.nulls[some].sum()]
        )
        draws = self._draws(paths, labels, owner, lots, rule)
        return Credits(Named(labels, tallies, _PLAIN), totals, np.zeros(len(STATES), np.int64), draws)

    def _draws(
        self, paths: Paths, labels: tuple[str, ...], owner: Array, lots: Array | None, rule: Array
    ) -> Draws:
        if lots is None or not self.replicates:
            return Draws.none(0, self.order)
        who, place = np.unique(owner, return_inverse=True)
        weight = drawn(lots[who], self.replicates, self.seed)[place]
        return Draws.of(paths, labels, weight, (self.model, self.order, rule))

    def report(self, model: Credits) -> Report:
        view = Shares(model.sums, model.totals, model.states, self.model, self.order, model.draws)
        tables = {
            "channels": view.channels(),
            "credits": view.credits(),
            "customers": view.customers(),
        }
        return Report(tables, charts(view), tuple(view.findings()))

    def score(self, histories: Histories, model: Credits) -> Scores:
        del model  # which channels a customer met does not depend on others
        known = histories.customer != NOBODY
        people = histories if known.all() else histories.choose(known)
        touched, size = self._touched(people), len(people)
        paths, labels = touched.paths, touched.labels
        whose = touched.owner[paths.path]
        won = paths.conversions[paths.path] > 0
        channel = paths.channel[:, None]
        ends = np.full((2, size), len(labels))
        ends[0, whose[::-1]], ends[1, whose] = paths.channel[::-1], paths.channel
        names = pa.array([*labels, None], pa.string())
        converted = np.bincount(touched.owner, paths.conversions, size) + touched.direct
        values = {
            "attribution_state": self._states(touched, size).astype(np.int32),
            "conversions": converted.astype(np.int64),
            "touched_by": lists(channel, whose, size, lambda key: labels[key[0]]),
            "led_by": lists(channel[won], whose[won], size, lambda key: labels[key[0]]),
            "first_channel": names.take(pa.array(ends[0])),
            "last_channel": names.take(pa.array(ends[1])),
        }
        return Scores(people.customer, values)

    def _touched(self, histories: Histories) -> Touched:
        channel = breakdown.of_events(histories, self.by)
        codes = channel.codes if channel is not None else np.full(len(histories.time), -1)
        won = marks(histories, self.conversions) > 0
        touch = (codes >= 0) & ~won & (marks(histories, (self.costs,)) == 0 if self.costs else True)
        if self.touches:
            touch &= marks(histories, self.touches) > 0
        role = touch * TOUCH + won * CONVERSION
        kept = histories.keep(role > 0)
        role, codes = role[role > 0].astype(np.int8), codes[role > 0]
        begin, end, at = split(kept.offsets, kept.time, role, self.lookback // MICROSECOND)
        owner = np.searchsorted(kept.offsets, begin, side="right") - 1
        some, led = end > begin, at >= 0
        owner[led] = kept.owner[at[led]]  # a path without touches may begin where a customer ends
        worth = np.where(led, np.nan_to_num(kept.amount[np.maximum(at, 0)]) if len(kept.time) else 0.0, 0.0)
        direct = np.bincount(owner[led & ~some], minlength=len(histories)).astype(np.float64)
        size = (end - begin)[some]
        inside = np.flatnonzero(role == TOUCH)  # paths hold every touch once, in order
        when = np.repeat(kept.time[np.maximum(at[some], 0)] if len(kept.time) else at[some], size)
        age = np.where(np.repeat(led[some], size), when - kept.time[inside], 0).astype(np.float64)
        labels, code = _ascending(channel, codes[inside])
        ends = np.concatenate((np.zeros(1, np.int64), np.cumsum(size)))
        paths = Paths(ends, code, age, led[some] * 1.0, worth[some], (~led[some]) * 1.0)
        return Touched(paths, owner[some], labels, direct, float(worth[led & ~some].sum()))

    def _states(self, touched: Touched, size: int) -> Array:
        """int64[customers]: neither, touched only, converted after a touch, converted without any."""
        met = np.bincount(touched.owner, minlength=size) > 0
        won = np.bincount(touched.owner, touched.paths.conversions, size) > 0
        return np.select([won, touched.direct > 0, met], [2, 3, 1], 0)

    def _costs(self, histories: Histories) -> Named:
        channel = breakdown.of_events(histories, self.by)
        empty = {name: Tally.empty(width, size) for name, width, size in self._shapes()}
        if channel is None or not self.costs:
            return Named((), empty, _PLAIN)
        at = np.flatnonzero((marks(histories, (self.costs,)) > 0) & (channel.codes >= 0))
        labels, code = _ascending(channel, channel.codes[at])
        spent = np.column_stack((np.ones(len(at)), np.nan_to_num(histories.amount[at])))
        return Named(labels, empty | {"costs": Tally.of(code[:, None], spent)}, _PLAIN)

    def _shapes(self) -> tuple[tuple[str, int, int], ...]:
        """Tallies, columns of their keys and of their sums."""
        return (
            ("credits", 1, 2 * len(MODELS)),
            ("touches", 1, 2),
            ("led", 1, 2),
            ("costs", 1, 2),
            ("moves", self.order + 2, 1),
        )


def _ascending(channel: Category | None, codes: Array) -> tuple[tuple[str, ...], Array]:
    """Return the names of some codes, ascending, and int64[n] places among them."""
    if channel is None:
        return (), np.zeros(0, np.int64)
    used, place = np.unique(codes, return_inverse=True)
    names = [channel.labels[k] for k in used]
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return tuple(names[k] for k in order), rank[place]


_PLAIN = {"credits": 0, "touches": 0, "led": 0, "costs": 0, "moves": 1}
