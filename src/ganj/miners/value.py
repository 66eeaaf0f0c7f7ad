"""Value: how much will each customer bring, and within what limits?"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array, Category, Histories
from ganj.kernels.features import COUNT, DAYS, KNOWN, MONEY_3, SUM
from ganj.kernels.features import DAYS_3 as DAYS_YEAR
from ganj.miner import Asked, Report, Scores, column
from ganj.models.learning.figures import Span, foresee_figure
from ganj.models.learning.sample import Sample
from ganj.parameters import param
from ganj.text import Text
from ganj.views.answers import number_of
from ganj.views.foresight import Foresight
from ganj.views.foresight_names import GROUPS, group_of
from ganj.views.foresight_reasons import because, reason_of
from ganj.views.value import Brings, Learned, Told

OWN = ("money", "purchases")
MONTH, YEAR = 30.0, 365.0


class Value(Foresight[Learned], frozen=True, kw_only=True):
    """Foresee a figure of each customer, with limits that hold as often as they say.

    The figure is the money or the number of purchases in the days looked ahead, or a trait that is a number.  It is learned
    from what was known at cut-offs and came after them, by ridge regression, a forest and boosted trees; their errors on
    customers that were not learned from give the limits.

    Notes
    -----
    State: what is known of at most 65,536 customers, drawn by lot, at four moments.  One pass, O(events) for each moment.
    Source: docs/analyses/value.md.
    """

    title = Text("Value ahead", "ارزش پیش رو")
    question = Text(
        "How much will each customer bring, and within what limits?",
        "هر مشتری چه اندازه می‌آورد و در چه بازه‌ای؟",
    )
    scored = (
        column("value_expected", "Expected", "مورد انتظار"),
        column("value_low", "From", "از"),
        column("value_high", "To", "تا"),
        column("value_tenth", "Tenth by what is expected", "دهک انتظار", "count"),
        column("value_reason", "Main reason", "دلیل اصلی", "category", choices=GROUPS),
        column("value_then", "Second reason", "دلیل دوم", "category", choices=GROUPS),
        column("value_because", "Reasons", "دلیل‌ها", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"horizon": "90d"}

    figure: Annotated[
        str,
        param(
            "Figure: money, purchases, or a trait that is a number",
            "رقم: مبلغ خرید، شمار خرید یا یک ویژگی عددی",
            of="figure",
        ),
    ] = "money"
    level: Annotated[
        Literal["80", "90", "95"],
        param(
            "How often the limits hold",
            "درستی بازه‌ها",
            choices={"80": Text("80 %", "۸۰٪"), "90": Text("90 %", "۹۰٪"), "95": Text("95 %", "۹۵٪")},
        ),
    ] = "80"

    @property
    def sought(self) -> str:
        return "" if self.figure in OWN else self.figure

    def asks(self) -> tuple[Asked, ...]:
        return (Asked(self.figure, ("figure",), OWN),)

    def answered(self, answer: Category | Array) -> Array:
        return number_of(answer, self.figure)

    def learn(self, state: Sample) -> Learned:
        group = {name: group_of(name) for name in (*state.names, *state.numbers, *state.categories)}
        try:
            found = foresee_figure(
                self._spans(state),
                state.frame(0).take(asked(state)),
                group,
                float(self.level) / 100,
                self.learners,
                self.seed,
            )
        except TooLittleData as why:
            return Learned(state, None, why)
        return Learned(state, found, None)

    def _spans(self, sample: Sample) -> list[Span]:
        """Return customers at each moment of whom the figure is known, the newest first."""
        if sample.facts.shape[2] == 1:
            at = np.flatnonzero(~np.isnan(sample.facts[:, 0, 0]))
            figure = sample.facts[at, 0, 0]
            return [
                Span(sample.frame(0).take(at), figure, np.full(len(at), np.median(figure) if len(at) else 0))
            ]
        return [self._span(sample, moment) for moment in range(1, sample.figures.shape[1])]

    def _span(self, sample: Sample, moment: int) -> Span:
        """Return those who ever bought; anybody would say that they go on as in the last year."""
        known, money = sample.figures[:, moment].astype(np.float64), self.figure == "money"
        at = np.flatnonzero(known[:, DAYS] > 0)
        rate = known[at, MONEY_3 if money else DAYS_YEAR] / np.clip(known[at, KNOWN], MONTH, YEAR)
        figure = sample.facts[at, moment, SUM if money else COUNT]
        return Span(sample.frame(moment).take(at), figure, np.maximum(rate, 0) * self.days)

    def told(self, sample: Sample, model: Learned) -> Told:
        """Say what is to be said of customers of a sample; nan where the figure is no question."""
        size = len(sample)
        figures, tenth = np.full((size, 3), np.nan), np.zeros(size, np.int32)
        reasons = np.full((size, 3), -1)
        at = np.flatnonzero(asked(sample))
        if model.found is not None and len(at):
            said = model.found.assess(sample.frame(0).take(at))
            figures[at] = np.column_stack((said.chance, *model.found.limits.around(said.chance)))
            tenth[at], reasons[at] = said.tenth, said.reasons
        return Told(figures, tenth, reasons)

    def report(self, model: Learned) -> Report:
        told = self.told(model.sample, model)
        view = Brings(told, model, self.figure, float(self.level), self.instant(self.until) or 0, self.days)
        return Report(view.tables(), view.charts(), tuple(view.findings()))

    def score(self, histories: Histories, model: Learned) -> Scores:
        sample = self.now(histories)
        told = self.told(sample, model)
        groups = model.found.why.groups if model.found is not None else ()
        expected, low, high = told.figures.T
        values = {
            "value_expected": expected,
            "value_low": low,
            "value_high": high,
            "value_tenth": told.tenth,
            "value_reason": reason_of(told.reasons, groups),
            "value_then": reason_of(told.reasons, groups, 1),
            "value_because": because(told.reasons, groups, sample),
        }
        return Scores(sample.customer, values)


def asked(sample: Sample) -> Array:
    """Return of whom the figure is a question: those who ever bought, or everyone where it is a trait; bool[n]."""
    return sample.figures[:, 0, DAYS] > 0 if sample.names else np.ones(len(sample), bool)
