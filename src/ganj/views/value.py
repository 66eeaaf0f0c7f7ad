"""Tables, pictures and sentences of a figure that was foreseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.models.learning.figures import ForeseenFigure
from ganj.models.learning.learners import NAMES
from ganj.models.learning.sample import Sample
from ganj.models.learning.trial import PRIOR, RULE
from ganj.text import Text, same
from ganj.views.foresight_names import TRAIT
from ganj.views.likely_tables import called
from ganj.views.likely_words import sampled
from ganj.views.sampled import refusal
from ganj.views.traits import called as named

WAYS: tuple[tuple[str, Text], ...] = (
    ("logistic", Text("Ridge regression", "رگرسیون خطی")),
    ("forest", Text("Random forest", "جنگل تصادفی")),
    ("boosting", Text("Boosted trees", "درخت‌های تقویتی")),
    (RULE, Text("As in the last year", "مانند یک سال اخیر")),
    (PRIOR, Text("The mean for everyone", "میانگین برای همه")),
)
UNTIMED = (RULE, Text("The middle for everyone", "میانه برای همه"))
"""What anybody would say of a trait."""
TOP = 10


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned of a sample; ``found`` None where ``refused``."""

    sample: Sample
    found: ForeseenFigure | None
    refused: TooLittleData | None


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is said of customers.

    Attributes
    ----------
    figures : float64[n, 3], what is expected, and its limits
    tenth : int32[n], from 1, the most; 0 where nothing is said
    reasons : int64[n, 3], as in `ganj.models.learning.foreseen.Assessed`
    """

    figures: Array
    tenth: Array
    reasons: Array


@dataclass(frozen=True, slots=True, eq=False)
class Brings:
    """What customers are expected to bring; ``level`` in percent, ``as_of`` µs UTC."""

    told: Told
    model: Learned
    figure: str
    level: float
    as_of: int
    days: float

    @property
    def unit(self) -> str:
        """The unit of the figure."""
        return "money" if self.figure == "money" else "ratio"

    @property
    def ways(self) -> tuple[tuple[str, Text], ...]:
        """What the ways to foresee are called."""
        return WAYS if self.timed else tuple(UNTIMED if w[0] == RULE else w for w in WAYS)

    @property
    def timed(self) -> bool:
        """Whether the figure is one of time to come, and not a trait."""
        return bool(self.model.sample.names)

    def _column(self, name: str, en: str, fa: str) -> Column:
        return Column(name=name, label=Text(en, fa), unit=self.unit)

    def count(self, those: Array) -> int:
        """Count customers: exactly where the sample is all of them, else about."""
        return round(float(those.sum()) * self.model.sample.share)

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        found = self.model.found
        made = {"summary": self.summary()}
        if found is None:
            return made
        made |= {"tenths": self.tenths(found), "models": self.models(found), "reasons": self.reasons(found)}
        return made | {"people": self.people(found)}

    def summary(self) -> Table:
        """Say the main figures in one row."""
        one, found = np.array, self.model.found
        said = self.told.tenth > 0
        opens: Opens = (Where("value_tenth", ">=", 1),)
        rows: list[tuple[Column, Array] | tuple[Column, Array, list[Opens]]] = [
            *([(column("as_of", "As of", "تا تاریخ", "date"), one([self.as_of]))] if self.timed else []),
            (column("customers", "Customers", "مشتریان", "customers"), one([self.count(said)]), [opens]),
        ]
        if found is not None:
            trial, share = found.trial, self.model.sample.share
            rows += [
                (self._column("expected", "Expected in all", "جمع مورد انتظار"), one([np.nansum(self.told.figures[:, 0]) * share])),
                (self._column("each", "Expected of one", "انتظار از هر مشتری"), one([np.nanmean(self.told.figures[:, 0])])),
                (column("way", "Way of learning", "روش یادگیری", "category", choices=self.ways), one([NAMES.index(trial.chosen)])),
                (column("level", "Limits asked to hold", "درستی خواسته‌شدهٔ بازه‌ها", "percent"), one([self.level])),
                (column("covered", "Limits held when tried", "درستی بازه‌ها در آزمون", "percent"), one([100 * trial.covered])),
            ]  # fmt: skip
        return Table.of(Text("At a glance", "در یک نگاه"), *rows)

    def tenths(self, found: ForeseenFigure) -> Table:
        """Say what is expected of tenths of customers, and what tenths of those it was tried on brought."""
        told, which, trial = self.told, np.arange(1, 11), found.trial
        said = trial.said[trial.chosen]
        parts = np.array_split(np.argsort(-said, kind="stable"), 10)
        total = np.array([np.nansum(told.figures[told.tenth == k, 0]) for k in which])
        size = np.array([self.count(told.tenth == k) for k in which])
        opens = [(Where("value_tenth", "=", k),) for k in which.tolist()]
        means = [
            np.array([values[part].mean() for part in parts])
            for values in (said, trial.tried.figure, trial.said[RULE])
        ]
        mean = total * self.model.sample.share / np.maximum(size, 1)
        return Table.of(
            TENTHS,
            (column("tenth", "Tenth, from the most", "دهک، از بیشترین", "count"), which),
            (column("customers", "Customers", "مشتریان", "customers"), size, opens),
            (self._column("expected", "Expected of one", "انتظار از هر مشتری"), mean),
            (self._column("total", "Expected in all", "جمع مورد انتظار"), total * self.model.sample.share),
            (self._column("said", "Foreseen", "پیش‌بینی"), means[0]),
            (self._column("came", "Came", "واقعیت"), means[1]),
            (self._column("naive", dict(self.ways)[RULE].en, dict(self.ways)[RULE].fa), means[2]),
        )  # fmt: skip

    def models(self, found: ForeseenFigure) -> Table:
        """Say how far off each way to foresee was, the naive ones too."""
        trial = found.trial
        kept = [k for k, (name, _) in enumerate(self.ways) if name in trial.errors]
        errors = np.array([trial.errors[self.ways[k][0]] for k in kept])
        named = (
            ("mae", "Mean error", "میانگین خطا"),
            ("rmse", "Root mean square error", "جذر میانگین مربع خطا"),
        )
        figures = [
            (self._column(name + end, en + tail.en, fa + tail.fa), errors[:, k, n])
            for k, (name, en, fa) in enumerate(named)
            for n, (end, tail) in enumerate((("", same("")), ("_low", Text(", from", "، از")), ("_high", Text(", to", "، تا"))))
        ]  # fmt: skip
        return Table.of(
            Text("Ways to foresee, on what they had not seen", "روش‌های پیش‌بینی روی آنچه ندیده بودند"),
            (column("way", "Way", "روش", "category", choices=self.ways), np.array(kept)),
            (column("chosen", "Taken", "برگزیده", "flag"), np.array([self.ways[k][0] == trial.chosen for k in kept])),
            *figures,
        )  # fmt: skip

    def reasons(self, found: ForeseenFigure) -> Table:
        """Say what raises the figure, and of how many customers it is the main reason."""
        groups, first = found.why.groups, self.told.reasons[:, 0]
        opens = [None if name.startswith(TRAIT) else (Where("value_reason", "=", name),) for name in groups]
        size = np.array([self.count(first == k) for k in range(len(groups))], np.int64)
        return Table.of(
            WHY,
            (column("reason", "Reason", "دلیل", "category", choices=called(groups)), np.arange(len(groups))),
            (column("customers", "Main reason of", "دلیل اصلیِ", "customers"), size, opens),
        )

    def people(self, found: ForeseenFigure) -> Table:
        """Say who is expected to bring most."""
        told = self.told
        at = np.argsort(-np.nan_to_num(told.figures[:, 0], nan=-np.inf), kind="stable")[
            : min(TOP, int((told.tenth > 0).sum()))
        ]
        expected, low, high = told.figures[at].T
        return Table.of(
            Text("Who brings most?", "چه کسانی بیشترین را می‌آورند؟"),
            (column("customer", "Customer", "شمارهٔ مشتری"), self.model.sample.customer[at].astype(np.int64)),
            (self._column("expected", "Expected", "مورد انتظار"), expected),
            (self._column("low", "From", "از"), low),
            (self._column("high", "To", "تا"), high),
            (column("reason", "Main reason", "دلیل اصلی", "category", choices=called(found.why.groups)), told.reasons[at, 0]),
        )  # fmt: skip

    def charts(self) -> tuple[Chart, ...]:
        """Return the pictures of the tables that are there."""
        if self.model.found is None:
            return ()
        tried = Text(
            "Does it come true?",
            "درست از آب درمی‌آید؟",
        )
        return (
            Chart(kind="bar", table="tenths", title=TENTHS, x="tenth", y=("expected",)),
            Chart(kind="bar", table="tenths", title=tried, x="tenth", y=("said", "came", "naive")),
            Chart(kind="hbar", table="reasons", title=WHY, x="reason", y=("customers",)),
        )  # fmt: skip

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away, or why nothing can be said."""
        found = self.model.found
        if found is None:
            if self.model.refused is not None:
                yield refusal(self.model.refused)
            return
        yield self._ahead(found)
        yield self._tried(found)
        yield self._held(found)
        yield from sampled(len(self.model.sample), self.model.sample.size)

    def _ahead(self, found: ForeseenFigure) -> Finding:
        del found
        told, share = self.told, self.model.sample.share
        first = np.nansum(told.figures[told.tenth == 1, 0]) / max(np.nansum(told.figures[:, 0]), 1e-12)
        place = "{total:short}" if self.unit == "money" else "{total:ratio}"
        ahead = Text(
            f"{{customers:count}} customers are expected to bring {place} in the next {{days:count}} days; the first tenth "
            "{first:percent} of it.",
            f"از {{customers:count}} مشتری در {{days:count}} روز آینده {place} انتظار می‌رود؛ {{first:percent}} آن از دهک نخست.",
        )
        known = Text(
            "{name} of {customers:count} customers is foreseen to be {each:ratio} of one; the first tenth has "
            "{first:percent} of the whole.",
            "«{name}» برای {customers:count} مشتری به‌طور میانگین {each:ratio} پیش‌بینی می‌شود؛ {first:percent} از کل سهم دهک نخست است.",
        )
        return Finding(
            text=ahead if self.timed else known,
            evidence={
                "name": named(self.figure),
                "each": float(np.nanmean(told.figures[:, 0])) if len(told.figures) else np.nan,
                "customers": self.count(told.tenth > 0),
                "total": float(np.nansum(told.figures[:, 0])) * share,
                "days": self.days,
                "first": 100 * float(first),
            },
            opens=(Where("value_tenth", "=", 1),) if (told.tenth == 1).any() else None,
            weight=1.0,
        )

    def _tried(self, found: ForeseenFigure) -> Finding:
        trial = found.trial
        best, naive = trial.errors[trial.chosen], trial.errors[RULE]
        unit = "short" if self.unit == "money" else "ratio"
        rule = dict(self.ways)[RULE]
        return Finding(
            text=Text(
                f"When tried, what was foreseen of a customer was off by {{mae:{unit}}} (root mean square {{rmse:{unit}}}, at most "
                f"{{high:{unit}}}); “{rule.en}” was off by {{naive:{unit}}} ({{naive_rmse:{unit}}}).",
                f"در آزمون، پیش‌بینی هر مشتری به‌طور میانگین {{mae:{unit}}} خطا داشت (جذر میانگین مربع {{rmse:{unit}}}، دست‌بالا "
                f"{{high:{unit}}})؛ خطای «{rule.fa}» {{naive:{unit}}} بود ({{naive_rmse:{unit}}}).",
            ),
            evidence={
                "mae": best[0, 0],
                "rmse": best[1, 0],
                "high": best[1, 2],
                "naive": naive[0, 0],
                "naive_rmse": naive[1, 0],
            },
            tone="good" if best[1, 0] < naive[1, 0] else "warn",
            weight=0.8,
        )

    def _held(self, found: ForeseenFigure) -> Finding:
        covered = 100 * found.trial.covered
        return Finding(
            text=Text(
                "The limits, asked to hold for {level:percent} of customers, held for {covered:percent} when tried.",
                "بازه‌ها که باید برای {level:percent} مشتریان درست باشند، در آزمون برای {covered:percent} درست بودند.",
            ),
            evidence={"level": self.level, "covered": covered},
            tone="good" if abs(covered - self.level) <= 5 else "warn",
            weight=0.6,
        )


TENTHS = Text("Who brings how much? Tenths of customers", "چه کسی چه اندازه می‌آورد؟ دهک‌های مشتریان")
WHY = Text("Why would they bring more?", "چرا بیشتر می‌آورند؟")
