"""Tables and pictures of a yes or no that was foreseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from ganj.histories import Array
from ganj.kernels.features import GAP, SILENCE
from ganj.kernels.intervals import wilson
from ganj.miner import Chart, Column, Opens, Table, Where, column
from ganj.models.learning.foreseen import Foreseen
from ganj.models.learning.learners import NAMES
from ganj.models.learning.profit import Profit, profit
from ganj.models.learning.sample import Sample
from ganj.models.learning.trial import PRIOR, RULE
from ganj.text import Text
from ganj.views.foresight_names import TRAIT, label_of

TOP = 10
WAYS: tuple[tuple[str, Text], ...] = (
    ("logistic", Text("Logistic regression", "رگرسیون لجستیک")),
    ("forest", Text("Random forest", "جنگل تصادفی")),
    ("boosting", Text("Boosted trees", "درخت‌های تقویتی")),
    (RULE, Text("By one figure alone", "تنها با یک شاخص")),
    (PRIOR, Text("The same for everyone", "یکسان برای همه")),
)
SIGNS: tuple[tuple[str, Text], ...] = (
    ("too_good", Text("Tells too well by itself", "به‌تنهایی بیش از اندازه گویاست")),
    (
        "value",
        Text("One of its values has nearly only one outcome", "یکی از مقدارهایش تقریباً فقط یک نتیجه دارد"),
    ),
    ("blank", Text("Whether it is filled in tells the outcome", "پُر یا خالی بودنش نتیجه را لو می‌دهد")),
)


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What one analysis calls things.

    Attributes
    ----------
    states : of customers of whom it is a question, and of others
    chance, stake, expected, came : labels of columns
    tenths, why, people : titles
    rule : the figure by which anybody would order customers
    ahead, timeless, caught : sentences
    """

    states: tuple[tuple[str, Text], ...]
    chance: Text
    stake: Text
    expected: Text
    came: Text
    tenths: Text
    why: Text
    people: Text
    rule: Text
    ahead: Text
    timeless: Text
    caught: Text


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is said of customers: see `columns`; ``reasons`` as in `ganj.models.learning.foreseen.Assessed`."""

    state: Array
    chance: Array
    tenth: Array
    stake: Array
    pays: Array
    reasons: Array


@dataclass(frozen=True, slots=True, eq=False)
class Likely:
    """What was foreseen of customers.

    Attributes
    ----------
    told : of each customer of the sample
    found : None where nothing was learned
    as_of : µs UTC
    success : share of contacts that win
    """

    told: Told
    sample: Sample
    found: Foreseen | None
    words: Words
    prefix: str
    as_of: int
    days: float
    cost: float
    success: float

    @property
    def timed(self) -> bool:
        """Whether what is known of customers are their purchases."""
        return bool(self.sample.names)

    @property
    def priced(self) -> bool:
        """Whether it is known what customers are worth."""
        return bool(np.nansum(self.told.stake))

    def _stake(self, values: Array) -> list[tuple[Column, Array]]:
        """Return the column of money at stake, where there is any."""
        stake = self.words.stake
        return [(column("stake", stake.en, stake.fa, "money"), values)] if self.priced else []

    def count(self, those: Array) -> int:
        """Count customers: exactly where the sample is all of them, else about."""
        return round(float(those.sum()) * self.sample.share)

    def opens(self, name: str, value: object) -> Opens:
        """Return the customers of whom a score has a value."""
        return (Where(f"{self.prefix}_{name}", "=", value),)

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        made = {"summary": self.summary()}
        found = self.found
        if found is None:
            return made
        made |= {"tenths": self.tenths(found), "reasons": self.reasons(found), "people": self.people(found)}
        made |= {"models": self.models(found), "calibration": self.calibration(found)}
        made |= {"profit": self.earnings(found)} if self.priced else {}
        return made | ({"suspects": self.suspects(found)} if found.suspects else {})

    def summary(self) -> Table:
        """Say the main figures in one row."""
        told, one = self.told, np.array
        rows = [
            (
                column(name, label.en, label.fa, "customers"),
                one([self.count(told.state == k)]),
                [self.opens("state", name)],
            )
            for k, (name, label) in enumerate(self.words.states)
        ]
        when = [(column("as_of", "As of", "تا تاریخ", "date"), one([self.as_of]))] if self.timed else []
        more = self._outlook(self.found) if self.found is not None else []
        return Table.of(Text("At a glance", "در یک نگاه"), *when, *rows, *more)

    def _outlook(self, found: Foreseen) -> list[Any]:
        """Return the columns of what is expected of customers, of whom it pays to contact, and of how good that is."""
        told, share, one = self.told, self.sample.share, np.array
        expected, chosen = self.words.expected, found.trial.chosen
        pays = column("pays", "Pays to contact", "تماس می‌ارزد", "customers")
        return [
            (column("expected", expected.en, expected.fa, "count"), one([np.nansum(told.chance) * share])),
            (self._chance, one([100 * _mean(told.chance[told.state == 0])])),
            *self._stake(one([np.nansum(told.stake) * share])),
            *([(pays, one([self.count(told.pays == 0)]), [self.opens("pays", "yes")])] if self.priced else []),
            (column("model", "Way of learning", "روش یادگیری", "category", choices=WAYS), one([NAMES.index(chosen)])),
            (column("auc", "Right order of two (AUC)", "ترتیب درستِ دو مشتری (AUC)"), one([found.trial.measured[chosen].value[0]])),
        ]  # fmt: skip

    @property
    def _chance(self) -> Column:
        return Column(name="chance", label=self.words.chance, unit="percent")

    def tenths(self, found: Foreseen) -> Table:
        """Say what is expected of tenths of customers, and what came of tenths of those it was tried on."""
        told, told_tenths = self.told, np.arange(1, 11)
        size = np.array([self.count(told.tenth == k) for k in told_tenths])
        mean = [_mean(told.chance[told.tenth == k]) for k in told_tenths]
        stake = [np.nansum(told.stake[told.tenth == k]) * self.sample.share for k in told_tenths]
        came, caught = self._came(found)
        return Table.of(
            self.words.tenths,
            (column("tenth", "Tenth, from the highest chance", "دهک، از بیشترین احتمال", "count"), told_tenths),
            (column("customers", "Customers", "مشتریان", "customers"), size, [self.opens("tenth", k) for k in told_tenths.tolist()]),
            (self._chance, 100 * np.array(mean)),
            *self._stake(np.array(stake)),
            (column("came", "Came true when tried", "واقعیت در آزمون", "percent"), 100 * came),
            (column("lift", "Times the usual", "چند برابر معمول", "ratio"), came / max(found.trial.tried.label.mean(), 1e-12)),
            (column("caught", "Reached so far", "پوشش تا اینجا", "percent"), 100 * caught),
        )  # fmt: skip

    def _came(self, found: Foreseen) -> tuple[Array, Array]:
        """Return of tenths tried the share that came true, and of all that came true the share reached: float64[10]."""
        trial = found.trial
        order = np.argsort(-trial.chances[trial.chosen], kind="stable")
        parts = np.array_split(trial.tried.label[order], 10)
        caught = np.cumsum([part.sum() for part in parts]) / max(int(trial.tried.label.sum()), 1)
        return np.array([_mean(part) for part in parts]), caught

    def models(self, found: Foreseen) -> Table:
        """Say how each way to predict did, the naive ones too."""
        trial = found.trial
        kept = [k for k, (name, _) in enumerate(WAYS) if name in trial.measured]
        each = [trial.measured[WAYS[k][0]] for k in kept]
        value, low, high = (
            np.array([getattr(one, name) for one in each]) for name in ("value", "low", "high")
        )
        title = Text("Ways to predict, on what they had not seen", "روش‌های پیش‌بینی روی آنچه ندیده بودند")
        named = (("auc", "AUC", "AUC"), ("precision", "Average precision", "دقت میانگین"), ("brier", "Brier's error", "خطای بریر"), ("lift", "Lift of the first tenth", "لیفت دهک نخست"))  # fmt: skip
        figures = [
            (column(name + end, en + tail.en, fa + tail.fa), told[:, k])
            for k, (name, en, fa) in enumerate(named)
            for end, tail, told in (("", Text("", ""), value), ("_low", Text(", from", "، از"), low), ("_high", Text(", to", "، تا"), high))
        ]  # fmt: skip
        taken = [WAYS[k][0] == trial.chosen for k in kept]
        return Table.of(
            title,
            (column("way", "Way", "روش", "category", choices=WAYS), np.array(kept)),
            (column("chosen", "Taken", "برگزیده", "flag"), np.array(taken)),
            *figures,
        )

    def profit(self, found: Foreseen) -> Profit:
        """Return the money of contacting, on the customers it was tried on."""
        trial = found.trial
        return profit(
            trial.chances[trial.chosen], trial.tried.label, trial.tried.worth, self.cost, self.success
        )

    def earnings(self, found: Foreseen) -> Table:
        """Say what contacting brings by how many are contacted."""
        told = self.profit(found)
        return Table.of(
            Text("What contacting brings, by how many are contacted", "سود تماس به تفکیک سهم مشتریانی که تماس می‌گیرند"),
            (column("share", "Contacted", "سهم تماس", "percent"), 100 * told.share),
            (column("expected", "Expected", "مورد انتظار", "money"), told.expected),
            (column("actual", "Actual when tried", "واقعی در آزمون", "money"), told.actual),
            (column("caught", "Reached of those it was about", "سهم پوشش‌یافته", "percent"), 100 * told.caught),
        )  # fmt: skip

    def reasons(self, found: Foreseen) -> Table:
        """Say what raises chances, and of how many customers it is the main reason."""
        groups, first = found.groups, self.told.reasons[:, 0]
        opens = [None if name.startswith(TRAIT) else self.opens("reason", name) for name in groups]
        size = [self.count(first == k) for k in range(len(groups))]
        return Table.of(
            self.words.why,
            (column("reason", "Reason", "دلیل", "category", choices=called(groups)), np.arange(len(groups))),
            (
                column("customers", "Main reason of", "دلیل اصلیِ", "customers"),
                np.array(size, np.int64),
                opens,
            ),
            (column("weight", "Weight in the model", "وزن در مدل"), found.why.weight),
        )

    def calibration(self, found: Foreseen) -> Table:
        """Say how often chances came true."""
        trial = found.trial
        chance = trial.chances[trial.chosen]
        order = np.argsort(chance, kind="stable")
        parts = [part for part in np.array_split(order, 10) if len(part)]
        size, yes = (
            np.array([len(part) for part in parts]),
            np.array([trial.tried.label[part].sum() for part in parts]),
        )
        low, high = wilson(yes, size)
        return Table.of(
            Text("Do chances come true as often as they say?", "آیا احتمال‌ها به همان اندازه که گفته شده درست از آب درمی‌آیند؟"),
            (column("said", "Said", "گفته‌شده", "percent"), 100 * np.array([chance[part].mean() for part in parts])),
            (column("came", "Came true", "واقعیت", "percent"), 100 * yes / size),
            (column("low", "From", "از", "percent"), 100 * low),
            (column("high", "To", "تا", "percent"), 100 * high),
            (column("tried", "Customers tried", "مشتریان آزمون", "count"), size),
        )  # fmt: skip

    def people(self, found: Foreseen) -> Table:
        """Say with whom most is at stake, and why."""
        told, groups = self.told, found.groups
        by = told.stake if np.nansum(told.stake) > 0 else told.chance
        at = np.argsort(-np.nan_to_num(by), kind="stable")[: min(TOP, int((told.tenth > 0).sum()))]
        reasons = [
            (column(f"reason_{k + 1}", en, fa, "category", choices=called(groups)), told.reasons[at, k])
            for k, (en, fa) in enumerate((("Main reason", "دلیل اصلی"), ("Then", "سپس")))
        ]
        return Table.of(
            self.words.people,
            (
                column("customer", "Customer", "شمارهٔ مشتری", "number"),
                self.sample.customer[at].astype(np.int64),
            ),
            (self._chance, 100 * told.chance[at]),
            *self._stake(told.stake[at]),
            *reasons,
            *(self._lengths(at) if self.timed else []),
        )

    def _lengths(self, at: Array) -> list[tuple[Column, Array]]:
        """Return how long some customers have been silent, and how long they usually are."""
        figures = np.round(self.sample.figures[at, 0].astype(np.float64))
        return [
            (column("silence", "Days since the last purchase", "روز از آخرین خرید"), figures[:, SILENCE]),
            (column("gap", "Usual days between purchases", "فاصلهٔ معمول خریدها (روز)"), figures[:, GAP]),
        ]

    def suspects(self, found: Foreseen) -> Table:
        """Say which traits seem to know the outcome."""
        names = [name for name, _ in SIGNS]
        return Table.of(
            Text("Traits that seem to know the outcome", "ویژگی‌هایی که گویا نتیجه را می‌دانند"),
            (column("trait", "Trait", "ویژگی", "text"), [one.name.removeprefix(TRAIT) for one in found.suspects]),
            (column("sign", "Sign", "نشانه", "category", choices=SIGNS), np.array([names.index(one.sign) for one in found.suspects])),
            (column("auc", "AUC of it alone", "AUC به‌تنهایی"), np.array([one.strength for one in found.suspects])),
        )  # fmt: skip

    def charts(self) -> tuple[Chart, ...]:
        """Return the pictures of the tables that are there."""
        if self.found is None:
            return ()
        made = [Chart(kind="bar", table="tenths", title=self.words.tenths, x="tenth", y=("chance", "came"))]
        made.append(Chart(kind="hbar", table="reasons", title=self.words.why, x="reason", y=("customers",)))
        if self.priced:
            title = Text("How many to contact", "با چند مشتری تماس بگیریم")
            made.append(Chart(kind="line", table="profit", title=title, x="share", y=("expected", "actual")))
        title = Text("Do chances come true?", "احتمال‌ها درست از آب درمی‌آیند؟")
        made.append(Chart(kind="line", table="calibration", title=title, x="said", y=("came",), options={"compare": ("said",)}))  # fmt: skip
        return tuple(made)


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else np.nan


def called(groups: tuple[str, ...]) -> tuple[tuple[str, Text], ...]:
    """Return the choices of a column of reasons."""
    return tuple((name.removeprefix(TRAIT), label_of(name)) for name in groups)
