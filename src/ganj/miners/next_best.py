"""Next best: what to offer each customer, when, and what a discount may cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any, ClassVar

import numpy as np
import pyarrow as pa

from ganj.calendar import WEEKDAYS
from ganj.errors import BadParameter, GanjError
from ganj.events import ORDER
from ganj.filters import ANY, marks, reading
from ganj.histories import Array, Histories
from ganj.miner import Asked, Miner, Reads, Report, Scores, column
from ganj.models.learning.sample import Sample
from ganj.models.needing import MissingExtra
from ganj.models.offers import Tastes
from ganj.parameters import Duration, in_words, param
from ganj.text import Text
from ganj.views.leaving import Leaving
from ganj.views.likely import Learned as Foretold
from ganj.views.next_best import report
from ganj.views.next_best_fold import (
    AHEAD,
    BY,
    DUE,
    Advice,
    Habits,
    Known,
    Pace,
    Profit,
    acts_of,
    advise,
    aligned,
    bought_of,
    hour_of_week,
    orders_of,
    usual_gap,
)
from ganj.views.next_best_tried import (
    Ways,
    channels_tried,
    offers_tried,
    stretches,
    times_tried,
)
from ganj.views.next_best_words import Told
from ganj.views.sequence_fold import Trails, Walks, renamed, trails_of

MICROSECOND = timedelta(microseconds=1)
WEEK = tuple((str(day), WEEKDAYS[day]) for day in range(7))


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned; ``foretold`` is None where the churn model cannot be had."""

    labels: tuple[str, ...]
    known: Known
    ways: Ways
    foretold: Foretold | None
    told: Told


class NextBest(Miner[Habits, Learned], frozen=True, kw_only=True):
    """Say for each customer what to offer next, again and new apart, when, and what a discount is worth.

    What the customer buys again comes first, halved every ``half`` and waiting for the product's own rhythm; then what is
    new to them, by how probable everyone's and their own purchases make it.  Channel, weekday, hour and the day expected are
    their own history drawn to everyone's.  The chance of leaving is the churn model's, or where it says nothing that of so long a silence.
    All is learned from the time before held-out days, twice, and tried on these beside the naive way, which is used where it did better.

    Notes
    -----
    State: what customers bought, twenty bytes a line, at most 4,194,304 lines, and float64[168]; of more, every second,
    fourth … customer, drawn by lot; as much for acts by channel; and the sample of `ganj.views.leaving`.  One pass.
    Source: Hu et al., SIGIR 2020; Li et al., ACM TOIS 41, 2023; docs/analyses/next_best.md.
    """

    title = Text("Next best offer", "بهترین پیشنهاد بعدی")
    of_one = True
    question = Text("What to offer each customer next, and when?", "به هر مشتری چه پیشنهاد کنیم و چه وقت؟")
    family = "prescriptive"
    scored = (
        column("next_product", "Next product", "کالای بعدی", "text"),
        column("again_product", "To buy again", "خرید دوباره", "text"),
        column("new_product", "New to them", "کالای تازه", "text"),
        column("next_channel", "Channel to reach them by", "کانال بعدی", "text"),
        column("best_weekday", "Best day of the week", "بهترین روز هفته", "category", choices=WEEK),
        column("best_hour", "Best hour", "بهترین ساعت", "count"),
        column("due_days", "Next purchase expected in days", "روز تا خرید بعدی", "number"),
        column("due", "Next purchase expected", "موعد خرید بعدی", "category", choices=DUE),
        column("leaving", "Chance of leaving", "احتمال ریزش", "percent"),
        column("leaving_by", "Chance of leaving told by", "احتمال ریزش از روی", "category", choices=BY),
        column("discount_worth", "Discount worth giving, at most", "بیشترین تخفیفِ به‌صرفه", "money"),
    )
    example: ClassVar[dict[str, Any]] = {"margin": 20.0}

    without: Annotated[
        tuple[str, ...], param("Never offer", "هرگز پیشنهاد نشود", of="product", max_length=50)
    ] = ()
    channels: Annotated[
        tuple[str, ...],
        param(
            "Only by these channels",
            "تنها از این کانال‌ها",
            max_length=20,
            help=Text(
                "Such as those you can write to; empty: every channel customers come by.",
                "مانند کانال‌هایی که می‌توان در آن‌ها پیام داد؛ خالی: هر کانالی که مشتری از آن می‌آید.",
            ),
        ),
    ] = ()
    by_margin: Annotated[bool, param("Dearer margins first", "حاشیهٔ سود بیشتر، پیش‌تر")] = False
    margin: Annotated[
        float,
        param(
            "Margin where a product has none (percent)",
            "حاشیهٔ سودِ کالایی که سودش دانسته نیست (درصد)",
            unit="percent",
            ge=0,
            le=100,
        ),
    ] = 20.0
    saved: Annotated[
        float,
        param(
            "Share of those about to leave whom a discount holds (percent)",
            "سهمی از مشتریانِ در حال رفتن که تخفیف نگه می‌دارد (درصد)",
            unit="percent",
            ge=0,
            le=100,
        ),
    ] = 10.0
    half: Annotated[
        Duration, param("A purchase counts half after", "خرید نیم می‌ارزد پس از", advanced=True)
    ] = Duration(days=90)
    holdout: Annotated[
        Duration, param("Held out to try the offers", "روزهای کنارگذاشته برای آزمون", advanced=True)
    ] = Duration(days=30)
    prior: Annotated[
        float,
        param(
            "Purchases by which own habits outweigh everyone's",
            "شمار خریدی که عادت خود مشتری بر عادت همه می‌چربد",
            advanced=True,
            ge=0.01,
            le=1000,
        ),
    ] = 3.0

    def __post_init__(self) -> None:
        """Refuse a time that nothing can fit in."""
        for name in ("half", "holdout"):
            if getattr(self, name) < timedelta(days=1):
                why = Text("it must be a day or more.", "باید دست‌کم یک روز باشد.")
                raise BadParameter(parameter=name, value=in_words(getattr(self, name)), why=why)

    def asks(self) -> tuple[Asked, ...]:
        """Name the products and the channels."""
        goods = (Asked(name, ("product",)) for name in self.without)
        return (*goods, *(Asked(name, ("value:channel",)) for name in self.channels))

    def reads(self) -> Reads:
        columns = ("time", "event", "amount", "channel")
        return reading(Reads(columns=columns, lines=True, products=("margin", "stock"), lots=True), (ANY,))

    def scan(self, histories: Histories) -> Habits:
        trails = self._trails(histories)
        hour = hour_of_week(orders_of(trails)[1], self.bucketing[1])
        last = int(histories.time.max(initial=np.iinfo(np.int64).min))
        return Habits(
            Walks((trails,), last).fitted(),
            np.bincount(hour, minlength=168).astype(float),
            Walks((acts_of(histories, self.channels),), last).fitted(),
            self._leaving.scan(histories),
        )

    def learn(self, state: Habits) -> Learned:
        trails, acts = state.walks.whole(), state.acts.whole()
        until, zone = self.instant(self.until), self.bucketing[1]
        now = until if until is not None else max(state.walks.last, 0)
        half, spans = self.half / timedelta(days=1), stretches(now, self.holdout // MICROSECOND)
        bought, (owner, time, _) = bought_of(trails), orders_of(trails)
        offers = offers_tried(bought, trails.key, half, spans)
        tastes = Tastes.of(bought, trails.key, self._worth(trails), half)
        tastes = replace(tastes, personal=offers.personal, nearness=float(offers.fresh))
        held = {"channel": channels_tried(acts, half, self.prior, spans)}
        held |= times_tried(owner, time, self.prior, spans, zone)
        used = frozenset(name for name, one in held.items() if one.used)
        pace = Pace(state.hours / max(state.hours.sum(), 1), usual_gap(owner, time), self.prior, used)
        known = Known(tastes, pace, self._profit(trails), now, zone)
        ways = replace(Ways.of(acts, now, half, self.prior), own="channel" in used)
        foretold, why = self._foretold(state.sample)
        chance, guessed = self._chances(trails.customer, state.sample, foretold)
        advice = advise(trails, known, ways.of_customers(trails.customer, acts, now), chance)
        told = Told(
            labels=trails.labels,
            channels=ways.labels,
            advice=advice,
            level=state.walks.level,
            unsure=guessed or state.acts.level > 0,
            offers=offers,
            held=held,
            foretold=foretold,
            lacking=why,
        )
        return Learned(trails.labels, known, ways, foretold, told)

    def report(self, model: Learned) -> Report:
        return report(model.told)

    def score(self, histories: Histories, model: Learned) -> Scores:
        own = renamed(self._trails(histories), list(model.labels))
        known = own.item >= 0
        kept = bought_of(own).keep(known)
        own = replace(own, offsets=kept.offsets, item=kept.item, time=kept.time, after=own.after[known])
        own = own.chosen(np.diff(own.offsets) > 0)
        acts = renamed(acts_of(histories, self.channels), list(model.ways.labels))
        channel = model.ways.of_customers(own.customer, acts, model.known.now)
        chance, _ = self._chances(own.customer, self._leaving.now(histories), model.foretold)
        advice = advise(own, model.known, channel, chance)
        return Scores(own.customer.astype(np.int32), scored_of(advice, model.labels, model.ways.labels))

    @property
    def _leaving(self) -> Leaving:
        """The question of churn, as far ahead as a discount may save."""
        return Leaving(
            until=self.until, zone=self.bucketing[1], horizon=timedelta(days=AHEAD), learner="logistic"
        )

    def _foretold(self, sample: Sample) -> tuple[Foretold | None, GanjError | None]:
        """Learn who leaves, or say why that cannot be."""
        try:
            learned = self._leaving.learn(sample)
        except MissingExtra as missing:
            return None, missing
        return (learned, None) if learned.found is not None else (None, learned.refused)

    def _chances(self, customer: Array, sample: Sample, foretold: Foretold | None) -> tuple[Array, bool]:
        """Return the chance of leaving of some customers, nan where the model says nothing, and whether some are guessed.

        Customers who are in no sample take, in turn, the chances of those who are: sums then come out right.
        """
        if foretold is None:
            return np.full(len(customer), np.nan), False
        of = sample.customer.astype(np.int64)
        chance = aligned(customer, of, self._leaving.told(sample, foretold).chance)
        lack = ~np.isin(customer, of) if len(sample) < sample.size else np.zeros(len(customer), bool)
        chance[lack] = np.resize(chance[~lack], int(lack.sum()))
        return chance, bool(lack.any())

    def _trails(self, histories: Histories) -> Trails:
        bought = marks(histories, (ORDER,)) > 0
        return trails_of(histories, bought, np.zeros(len(bought), bool), "product", ("margin", "stock"))

    def _worth(self, trails: Trails) -> Array:
        """Return what scores of products are multiplied by: float64[products]."""
        margin, stock = trails.traits.T
        worth = np.ones(len(trails.labels)) if not self.by_margin else self._margin(margin)
        worth[stock <= 0] = 0  # nan is unknown, and kept
        worth[[trails.labels.index(name) for name in self.without if name in trails.labels]] = 0
        return worth

    def _margin(self, margin: Array) -> Array:
        """Return margins 0..1; those above 1 were told in percent."""
        told = np.where(np.isnan(margin), self.margin / 100, margin)
        return np.clip(np.where(told > 1, told / 100, told), 0, 1)

    def _profit(self, trails: Trails) -> Profit:
        money, pieces = trails.prices.T
        price = money / np.maximum(pieces, 1e-9) * (pieces > 0)
        return Profit(price, self._margin(trails.traits[:, 0]), self.saved / 100)


def scored_of(advice: Advice, labels: tuple[str, ...], channels: tuple[str, ...]) -> dict[str, Any]:
    """Return advice as scores."""
    told = {
        name: pa.array(names, pa.string()).take(pa.array(codes, pa.int64(), mask=codes < 0))
        for name, codes, names in (
            ("next_product", advice.next, labels),
            ("again_product", advice.again, labels),
            ("new_product", advice.new, labels),
            ("next_channel", advice.channel, channels),
        )
    }
    return {
        **told,
        "best_weekday": (advice.hour // 24).astype(np.int32),
        "best_hour": advice.hour % 24,
        "due_days": advice.due,
        "due": advice.bucket,
        "leaving": 100 * advice.risk,
        "leaving_by": advice.by,
        "discount_worth": advice.discount,
    }
