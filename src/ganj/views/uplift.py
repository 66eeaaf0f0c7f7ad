"""What a campaign did: tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ganj.calendar import instant
from ganj.errors import TooLittleData
from ganj.histories import DAY, Array
from ganj.miner import Chart, Column, Opens, Table, Where, column
from ganj.models.causal.choosing import LEARNERS, SHARES, Chosen
from ganj.models.causal.effects import Effect, always_valid, effect, mismatch, together
from ganj.models.rules import holm
from ganj.text import Text
from ganj.views.uplift_fold import Kept, Trialled

NO_CAMPAIGN = Text("All", "همه")
LEARNER_WORDS: tuple[tuple[str, Text], ...] = (
    ("x", Text("X-learner", "X-learner")),
    ("t", Text("T-learner", "T-learner")),
    ("dr", Text("DR-learner", "DR-learner")),
    ("lot", Text("By lot", "به قید قرعه")),
)
MEASURES = {
    "happened": Text("Whether it happened", "رخ‌دادن"),
    "count": Text("How often", "دفعات"),
    "amount": Text("Amount", "مبلغ"),
}
UNITS = {"happened": "percent", "count": "ratio", "amount": "money"}
GLANCE = (
    ("mean_control", "Control group", "گروه کنترل"),
    ("mean_treated", "Treated", "دریافت‌کنندگان"),
    ("difference", "Plain difference", "تفاوت ساده"),
    ("effect", "Effect", "اثر افزوده"),
    ("low", "At least", "دست‌کم"),
    ("high", "At most", "دست‌بالا"),
)
LOOKS = 60
"""Moments of looking, at most."""


@dataclass(frozen=True, slots=True)
class Money:
    """What is asked of money: worth of one unit of the outcome, cost of one message, the budget; 0 for not told."""

    worth: float
    cost: float
    budget: float


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What is known of the effect.

    Attributes
    ----------
    told : what was counted
    measure : of the outcome
    share : planned share of the treated; 0 where it is not told
    chosen : on whom the effect is large; None where ``lacking`` says why not
    money : what is asked of money
    zone : of the days
    dated : whether it is known when customers were drawn
    """

    told: Trialled
    measure: str
    share: float
    chosen: Chosen | None
    lacking: TooLittleData | None
    money: Money
    zone: str
    dated: bool

    @property
    def unit(self) -> str:
        """The unit of means and effects."""
        return UNITS[self.measure]

    @property
    def scale(self) -> float:
        """Shares are told in percent."""
        return 100.0 if self.measure == "happened" else 1.0

    @property
    def most(self) -> float:
        """No effect is larger."""
        return 1.0 if self.measure == "happened" else np.inf

    @property
    def effects(self) -> dict[str, Effect]:
        """The effect of each campaign that has one."""
        found = {name: effect(sums) for name, sums in sorted(self.told.groups.values.items())}
        return {name: one for name, one in found.items() if one is not None}

    @property
    def whole(self) -> Effect | None:
        """The effect of all campaigns."""
        return together(list(self.effects.values()))

    @property
    def plain(self) -> float:
        """The difference of means, nothing taken off, each campaign by its customers."""
        every = list(self.effects.values())
        weight = np.array([sum(one.sizes) for one in every])
        apart = np.array([one.means[1] - one.means[0] for one in every])
        return float(weight @ apart / weight.sum()) if every else np.nan

    @property
    def unfair(self) -> float:
        """Chance of the groups' sizes, were the planned share kept; nan where it is not told."""
        return mismatch(self.whole.sizes, self.share) if self.whole is not None else np.nan

    # ---- tables

    def tables(self) -> dict[str, Table]:
        """Return the tables by name."""
        found = {"summary": self.summary(), "effects": self.by_campaign()}
        if self.dated:
            found["looks"] = self.looks()
        if self.chosen is not None:
            found |= {"ranking": self.ranking(self.chosen), "policy": self.policy(self.chosen)}
        return found

    def _figure(self, name: str, en: str, fa: str) -> Column:
        return column(name, en, fa, self.unit)

    def summary(self) -> Table:
        """Say the effect in one row."""
        one, whole = np.array, self.whole
        scaled = [np.nan] * 6
        if whole is not None:
            scaled = [self.scale * v for v in (*whole.means, self.plain, whole.added, whole.low, whole.high)]
        sizes = whole.sizes if whole is not None else (0.0, 0.0)
        return Table.of(
            Text("At a glance", "در یک نگاه"),
            (column("customers", "Customers", "مشتریان", "customers"), one([self.told.now.size]), [()]),
            (column("control", "In the control group", "شمار گروه کنترل", "count"), one([int(sizes[0])])),
            (column("treated", "Treated", "شمار دریافت‌کنندگان", "count"), one([int(sizes[1])])),
            *((self._figure(*name), one([value])) for name, value in zip(GLANCE, scaled, strict=True)),
            (
                column("chance", "Chance without an effect", "احتمال بدون اثر", "percent"),
                one([100 * whole.chance if whole is not None else np.nan]),
            ),
            (
                column(
                    "saved",
                    "Variance taken off by what was before",
                    "کاهش واریانس با دانسته‌های پیشین",
                    "percent",
                ),
                one([100 * whole.saved if whole is not None else np.nan]),
            ),
            (
                column(
                    "before", "Difference before, in standard errors", "تفاوت پیشین، به خطای معیار", "ratio"
                ),
                one([whole.before if whole is not None else np.nan]),
            ),
            (
                column("unfair", "Chance of these group sizes", "احتمال این اندازه‌ها", "percent"),
                one([100 * self.unfair]),
            ),
        )

    def by_campaign(self) -> Table:
        """Say the effect of each campaign; chances are Holm's over all campaigns."""
        every = self.effects
        names = sorted(self.told.people.values)
        people = np.array([self.told.people.values[name] for name in names], np.int64).reshape(-1, 2)
        told = [every.get(name) for name in names]
        rows = np.array([_row(one) for one in told], np.float64).reshape(-1, 5)
        chance = np.array([one.chance if one is not None else np.nan for one in told], np.float64)
        known = ~np.isnan(chance)
        chance[known] = holm(chance[known], int(known.sum()))
        choices = tuple((name, Text(name, name) if name else NO_CAMPAIGN) for name in names)
        control: list[Opens] = [(Where("uplift_control", "has", name),) for name in names]
        treated: list[Opens] = [(Where("uplift_treated", "has", name),) for name in names]
        figures = (
            ("mean_control", "Control group", "گروه کنترل"),
            ("mean_treated", "Treated", "دریافت‌کنندگان"),
            ("effect", "Effect", "اثر افزوده"),
            ("low", "At least", "دست‌کم"),
            ("high", "At most", "دست‌بالا"),
        )
        return Table.of(
            Text("Effect of each campaign", "اثر هر کمپین"),
            (column("campaign", "Campaign", "کمپین", "category", choices=choices), np.arange(len(names))),
            (
                column("control", "In the control group", "شمار گروه کنترل", "customers"),
                people[:, 0],
                control,
            ),
            (column("treated", "Treated", "شمار دریافت‌کنندگان", "customers"), people[:, 1], treated),
            *((self._figure(*name), self.scale * rows[:, k]) for k, name in enumerate(figures)),
            (column("chance", "Chance without an effect", "احتمال بدون اثر", "percent"), 100 * chance),
        )

    def looks(self) -> Table:
        """Say the effect as it was known after each day of draws, with limits that hold at all looks together."""
        days, seen = self._seen()
        last = seen[-1].error if seen and seen[-1] is not None else np.nan
        rows = []
        for day, one in zip(days, seen, strict=True):
            if one is not None:
                half, chance = always_valid(one.added, one.error, last)
                low, high = (
                    float(np.clip(end, -self.most, self.most)) for end in (one.added - half, one.added + half)
                )
                rows.append((day, one.added, low, high, 100 * chance, sum(one.sizes)))
        told = np.array(rows, np.float64).reshape(-1, 6)
        when = np.array([float(instant(int(day) * DAY, self.zone)) for day in told[:, 0]], np.float64)
        return Table.of(
            Text("Limits that hold at every look", "بازه‌ای که در هر نگاه معتبر است"),
            (column("day", "Drawn until", "گروه‌بندی تا", "date"), when),
            (column("customers", "Customers so far", "مشتری تاکنون", "count"), told[:, 5].astype(np.int64)),
            (self._figure("effect", "Effect", "اثر افزوده"), self.scale * told[:, 1]),
            (self._figure("low", "At least", "دست‌کم"), self.scale * told[:, 2]),
            (self._figure("high", "At most", "دست‌بالا"), self.scale * told[:, 3]),
            (column("chance", "Always-valid chance", "احتمال همیشه‌معتبر", "percent"), told[:, 4]),
        )

    def _seen(self) -> tuple[list[int], list[Effect | None]]:
        """Return days of looking and the effect of all draws up to each."""
        tallies = self.told.days.values
        every = sorted({int(day) for tally in tallies.values() for day in tally.keys[:, 0]})
        step = max(1, -(-len(every) // LOOKS))
        days = every[::-1][::step][::-1]
        found = []
        for day in days:
            so_far = [_until(tally.keys, tally.values, day) for tally in tallies.values()]
            known = [one for one in map(effect, so_far) if one is not None]
            found.append(together(known))
        return days, found

    def ranking(self, chosen: Chosen) -> Table:
        """Say how well each learner ranks customers that it did not see."""
        names = [name for name in LEARNERS if name in chosen.trials]
        trials = [chosen.trials[name] for name in names]
        qini = np.array([one.qini for one in trials] + [np.array([0.0, 0.0, 0.0])])
        whole = self.whole
        lot = np.array([whole.added, whole.low, whole.high] if whole is not None else [np.nan] * 3)
        first = self.scale * np.array([one.first for one in trials] + [lot])
        codes = [k for k, (name, _) in enumerate(LEARNER_WORDS) if name in {*names, "lot"}]
        return Table.of(
            Text("Ranking of customers not learned from", "رتبه‌بندی مشتریانی که از آن‌ها آموخته نشده"),
            (
                column("learner", "Ranked by", "رتبه‌بندی با", "category", choices=LEARNER_WORDS),
                np.array(codes),
            ),
            (column("qini", "Qini coefficient", "ضریب کینی"), qini[:, 0]),
            (column("qini_low", "At least", "دست‌کم"), qini[:, 1]),
            (column("qini_high", "At most", "دست‌بالا"), qini[:, 2]),
            (self._figure("first", "Effect on the first 30 %", "اثر بر ۳۰٪ نخست"), first[:, 0]),
            (self._figure("first_low", "At least", "دست‌کم"), first[:, 1]),
            (self._figure("first_high", "At most", "دست‌بالا"), first[:, 2]),
        )

    def policy(self, chosen: Chosen) -> Table:
        """Say what writing to the first tenth, fifth … of today's customers would bring."""
        trial = next(iter(chosen.trials.values()))
        size, exact = self.sizes(chosen)
        opens: list[Opens | None] = [
            (Where("uplift_tenth", "<=", k), Where("uplift_tenth", ">=", 1)) if exact else None
            for k in range(1, 11)
        ]
        added = size[:, None] * trial.shares
        cost = size * self.money.cost
        columns: list[tuple[Column, Any] | tuple[Column, Any, list[Opens | None]]] = [
            (column("share", "First", "نخستین", "percent"), 100 * SHARES),
            (column("customers", "Customers", "مشتریان", "customers"), size, opens),
            (self._figure("effect", "Effect on one", "اثر بر هر نفر"), self.scale * trial.shares[:, 0]),
            (self._figure("low", "At least", "دست‌کم"), self.scale * trial.shares[:, 1]),
            (self._figure("high", "At most", "دست‌بالا"), self.scale * trial.shares[:, 2]),
            (
                column(
                    "added", "Added in all", "مجموع افزوده", "money" if self.measure == "amount" else "count"
                ),
                added[:, 0],
            ),
        ]
        if self.money.worth or self.money.cost:
            columns += [
                (column("cost", "Cost", "هزینه", "money"), cost),
                (column("profit", "Profit", "سود", "money"), added[:, 0] * self.money.worth - cost),
                (column("affordable", "Within the budget", "در حد بودجه", "flag"), self._affordable(cost)),
            ]
        return Table.of(
            Text("What to expect of writing to the first", "از نوشتن به نخستین‌ها چه انتظار است"), *columns
        )

    def _affordable(self, cost: Array) -> Array:
        return cost <= self.money.budget if self.money.budget else np.ones(len(cost), bool)

    def sizes(self, chosen: Chosen) -> tuple[Array, bool]:
        """Return how many of today's customers the first tenths have, and whether that is exact: int64[10]."""
        now: Kept = self.told.now
        _, tenth = chosen.effects(now.frame)
        share = now.size / len(now) if len(now) else 1.0
        counts = np.cumsum(np.bincount(tenth, minlength=11)[1:])
        return np.rint(counts * share).astype(np.int64), share == 1.0

    def charts(self, tables: Mapping[str, Table]) -> tuple[Chart, ...]:
        """Return the pictures of the tables that are there."""
        found = [EFFECTS]
        if "policy" in tables:
            found.append(FIRST_TENTHS)
        if self.dated and len(tables["looks"]) > 2:
            found.append(LOOKING)
        return tuple(found)


def _limited(kind: Literal["hbar", "line"], table: str, x: str, title: Text) -> Chart:
    """Return a picture of effects between their limits."""
    limits = {"low": "low", "high": "high"}
    return Chart(kind=kind, table=table, title=title, x=x, y=("effect",), options=limits)


EFFECTS = _limited("hbar", "effects", "campaign", Text("What did each campaign add?", "هر کمپین چه افزود؟"))
FIRST_TENTHS = _limited(
    "line",
    "policy",
    "share",
    Text(
        "What does writing to only the first add?",
        "نوشتن تنها به نخستین‌ها چه می‌افزاید؟",
    ),
)
LOOKING = _limited(
    "line", "looks", "day", Text("How sure was it at each look?", "در هر نگاه چه اندازه روشن بود؟")
)


def _row(one: Effect | None) -> tuple[float, ...]:
    return (*one.means, one.added, one.low, one.high) if one is not None else (np.nan,) * 5


def _until(keys: Array, values: Array, day: int) -> Array:
    """Add up both groups up to a day: float64[2, 6]."""
    there = keys[:, 0] <= day
    return np.array([values[there & (keys[:, 1] == arm)].sum(axis=0) for arm in (0, 1)])
