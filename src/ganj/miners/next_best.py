"""Next best: what to offer each customer, when, and what a discount may cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any, ClassVar

import numpy as np
import pyarrow as pa

from ganj.calendar import WEEKDAYS
from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.filters import marks, reading
from ganj.histories import DAY, Array, Histories
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.models.offers import Bought, Tastes, Trial, best_new, last_basket, tried
from ganj.parameters import Duration, in_words, param
from ganj.text import Text
from ganj.views.next_best import Told, report
from ganj.views.next_best_fold import (
    DUE,
    Advice,
    Habits,
    Rhythm,
    advise,
    bought_of,
    hour_of_week,
    orders_of,
)
from ganj.views.sequence_fold import Trails, Walks, renamed, trails_of

FEW = 50
"""Customers who bought before and in the held-out days below which nothing is tried."""
OFFERED = 10
"""Products offered when tried."""
GAP = 30.0
"""Days between purchases where nobody has bought twice."""
WEEK = tuple((str(day), WEEKDAYS[day]) for day in range(7))


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned: ``now`` is µs, ``stocked`` and ``margin`` are told by the product's name."""

    labels: tuple[str, ...]
    tastes: Tastes
    rhythm: Rhythm
    now: int
    told: Told


class NextBest(Miner[Habits, Learned], frozen=True, kw_only=True):
    """Say for each customer what to offer next, again and new apart, when, and what a discount is worth.

    What the customer buys again comes first, halved every ``half`` and waiting for the product's own rhythm; then what is
    new to them, by how probable everyone's and their own purchases make it.  The day expected, the weekday and the hour are drawn to everyone's.
    The same is learned from the time before the last ``holdout`` and tried on the next basket, beside best sellers
    and the customer's last basket.

    Notes
    -----
    State: what customers bought, twenty bytes a line, at most 4,194,304 lines, and float64[168]; of more, every second,
    fourth … customer, drawn by lot.  One pass.
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
        column("best_weekday", "Best day of the week", "بهترین روز هفته", "category", choices=WEEK),
        column("best_hour", "Best hour", "بهترین ساعت", "count"),
        column("due_days", "Next purchase expected in days", "روز تا خرید بعدی", "number"),
        column("due", "Next purchase expected", "موعد خرید بعدی", "category", choices=DUE),
        column("discount_worth", "Discount worth giving, at most", "بیشترین تخفیفِ به‌صرفه", "money"),
    )
    example: ClassVar[dict[str, Any]] = {"margin": 20.0}

    without: Annotated[
        tuple[str, ...], param("Never offer", "هرگز پیشنهاد نشود", of="product", max_length=50)
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

    def reads(self) -> Reads:
        return reading(Reads(lines=True, products=("margin", "stock")), (ORDER,))

    def scan(self, histories: Histories) -> Habits:
        trails = self._trails(histories)
        hour = hour_of_week(orders_of(trails)[1], self.bucketing[1])
        last = int(histories.time.max(initial=np.iinfo(np.int64).min))
        return Habits(Walks((trails,), last).fitted(), np.bincount(hour, minlength=168).astype(float))

    def learn(self, state: Habits) -> Learned:
        trails = state.walks.whole()
        until = self.instant(self.until)
        now = until if until is not None else max(state.walks.last, 0)
        half = self.half / timedelta(days=1)
        bought = bought_of(trails)
        worth = self._worth(trails)
        tastes = Tastes.of(bought, trails.key, worth, half)
        rhythm = self._rhythm(trails, state.hours)
        advice = advise(trails, tastes, rhythm, now, self.bucketing[1])
        told = Told(trails.labels, advice, state.walks.level, *self._tried(trails, worth, now))
        return Learned(trails.labels, tastes, rhythm, now, told)

    def report(self, model: Learned) -> Report:
        return report(model.told, FEW, OFFERED)

    def score(self, histories: Histories, model: Learned) -> Scores:
        own = renamed(self._trails(histories), list(model.labels))
        known = own.item >= 0
        kept = bought_of(own).keep(known)
        own = replace(own, offsets=kept.offsets, item=kept.item, time=kept.time, after=own.after[known])
        own = own.chosen(np.diff(own.offsets) > 0)
        advice = advise(own, model.tastes, model.rhythm, model.now, self.bucketing[1])
        return Scores(own.customer.astype(np.int32), scored_of(advice, model.labels))

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

    def _rhythm(self, trails: Trails, hours: Array) -> Rhythm:
        owner, time, _ = orders_of(trails)
        gaps = np.diff(time)[owner[1:] == owner[:-1]] / DAY
        money, pieces = trails.prices.T
        return Rhythm(
            hours / max(hours.sum(), 1),
            float(gaps.mean()) if len(gaps) else GAP,
            self.prior,
            money / np.maximum(pieces, 1e-9) * (pieces > 0),
            self._margin(trails.traits[:, 0]),
            self.saved / 100,
        )

    def _tried(self, trails: Trails, worth: Array, now: int) -> tuple[tuple[Trial, ...], int]:
        """Try the offers, best sellers and last baskets on the next basket in the held-out days."""
        cut = now - self.holdout // timedelta(microseconds=1)
        whole = bought_of(trails)
        before, after = whole.keep(whole.time < cut), whole.keep(whole.time >= cut)
        both = (np.diff(before.offsets) > 0) & (np.diff(after.offsets) > 0)
        if both.sum() < FEW:
            return (), int(both.sum())
        tastes = Tastes.of(before, trails.key, np.ones(len(worth)), self.half / timedelta(days=1))
        people = _some(before, both)
        came = _some(after, both)
        came = came.keep(came.time == came.time[came.offsets[:-1]][came.owner])
        best = np.argsort(-tastes.sold, kind="stable")[:OFFERED]
        fill = np.argsort(-tastes.sold, kind="stable")[: 3 * OFFERED]
        offers = (
            tastes.ranked(people, cut, OFFERED)[0],
            np.tile(best, (len(people.offsets) - 1, 1)),
            last_basket(people, fill, OFFERED),
            tastes.without_own(people, cut, OFFERED),
            best_new(people, tastes.sold, OFFERED),
        )
        return tuple(tried(offered, came, people) for offered in offers), int(both.sum())


def _some(bought: Bought, which: Array) -> Bought:
    """Return some customers: bool[customers]."""
    steps = which[bought.owner]
    sizes = np.diff(bought.offsets)[which]
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    return Bought(offsets, bought.item[steps], bought.time[steps])


def scored_of(advice: Advice, labels: tuple[str, ...]) -> dict[str, Any]:
    """Return advice as scores."""
    names = pa.array(labels, pa.string())
    told = {
        name: names.take(pa.array(codes, pa.int64(), mask=codes < 0))
        for name, codes in (
            ("next_product", advice.next),
            ("again_product", advice.again),
            ("new_product", advice.new),
        )
    }
    return {
        **told,
        "best_weekday": (advice.hour // 24).astype(np.int32),
        "best_hour": advice.hour % 24,
        "due_days": advice.due,
        "due": advice.bucket,
        "discount_worth": advice.discount,
    }
