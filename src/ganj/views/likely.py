"""What analyses of a yes or no share: what is learned, what is said of each customer, and what is at stake."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array, Category, Histories
from ganj.kernels.features import GAP, KNOWN, MONEY_3
from ganj.miner import Column, Report, Scores, column
from ganj.models.learning.foreseen import Foreseen, foresee
from ganj.models.learning.profit import gains
from ganj.models.learning.rhythm import usual_gap
from ganj.models.learning.sample import Sample
from ganj.models.learning.trial import Stretch
from ganj.parameters import param
from ganj.text import Text
from ganj.views.answers import yes_or_no
from ganj.views.foresight import Foresight
from ganj.views.foresight_names import GROUPS, TRAIT, group_of
from ganj.views.foresight_reasons import because, reason_of
from ganj.views.likely_tables import Likely, Told, Words
from ganj.views.likely_words import findings

OPEN, DONE = 0, 1
PAYS = (("yes", Text("Yes", "بله")), ("no", Text("No", "خیر")))
YEAR, MONTH = 365.0, 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned.

    Attributes
    ----------
    sample : the customers
    usual : usual days between purchases
    found : None where ``refused``
    refused : why nothing was learned
    """

    sample: Sample
    usual: float
    found: Foreseen | None
    refused: TooLittleData | None


def columns(prefix: str, words: Words) -> tuple[Column, ...]:
    """Return the scores of an analysis of a yes or no."""
    return (
        column(f"{prefix}_state", "State", "وضعیت", "category", choices=words.states),
        Column(name=f"{prefix}_chance", label=words.chance, unit="percent"),
        column(f"{prefix}_tenth", "Tenth by chance (0: none)", "دهک احتمال (۰: ندارد)", "count"),
        Column(name=f"{prefix}_stake", label=words.stake, unit="money"),
        column(f"{prefix}_pays", "Pays to contact", "تماس می‌ارزد", "category", choices=PAYS),
        column(f"{prefix}_reason", "Main reason", "دلیل اصلی", "category", choices=GROUPS),
        column(f"{prefix}_then", "Second reason", "دلیل دوم", "category", choices=GROUPS),
        column(f"{prefix}_because", "Reasons", "دلیل‌ها", "list"),
    )


class Chances(Foresight[Learned], frozen=True, kw_only=True):
    """Base of analyses of a yes or no."""

    prefix: ClassVar[str]
    """How the names of its scores begin."""
    seeks: ClassVar[str]
    """The parameter that names the event or trait that is predicted."""
    words: ClassVar[Words]

    yes: Annotated[
        str, param("Value that means yes, of a trait", "مقداری از ویژگی که یعنی بله", advanced=True)
    ] = ""
    cost: Annotated[
        float, param("Cost of contacting one customer", "هزینهٔ تماس با هر مشتری", unit="money", ge=0)
    ] = 0.0
    success: Annotated[
        float,
        param("Success of a contact (percent)", "موفقیت هر تماس (درصد)", unit="percent", ge=0, le=100),
    ] = 20.0
    worth: Annotated[
        float,
        param(
            "Worth of one customer",
            "ارزش هر مشتری",
            unit="money",
            ge=0,
            help=Text(
                "0: what the customer buys in as many days, by the last year.",
                "با صفر: خرید خود مشتری در همین مدت، بر پایهٔ یک سال اخیر.",
            ),
        ),
    ] = 0.0
    suspects: Annotated[
        Literal["leave_out", "keep"],
        param(
            "Traits that seem to know the outcome",
            "ویژگی‌هایی که گویا نتیجه را می‌دانند",
            advanced=True,
            choices={"leave_out": Text("Leave out", "کنار گذاشته شوند"), "keep": Text("Keep", "بمانند")},
        ),
    ] = "leave_out"

    def __init_subclass__(cls, **given: Any) -> None:
        """Name the scores."""
        super().__init_subclass__(**given)
        cls.scored = columns(cls.prefix, cls.words)

    @property
    def sought(self) -> str:
        """The event or trait that is predicted."""
        named: str = getattr(self, self.seeks)
        return named

    # ---- what each analysis says

    @abstractmethod
    def risk(self, sample: Sample, moment: int, usual: float) -> tuple[Array, Array]:
        """Return of whom the outcome is a question at a moment, and of whom it came: bool[n] each."""

    @abstractmethod
    def rule(self, sample: Sample, moment: int, usual: float) -> Array:
        """Return the figure by which anybody would order customers: float64[n]."""

    # ---- the fold

    def answered(self, answer: Category | Array) -> Array:
        """Return 1 for yes and 0 for no: float64[n], nan where nothing is known."""
        return yes_or_no(answer, self.yes, self.sought)

    def learn(self, state: Sample) -> Learned:
        """Learn from what is known."""
        frame = state.figures
        usual = usual_gap(frame[:, 0, GAP]) if frame.shape[2] else 1.0
        stretches = self._stretches(state, usual)
        looked = (lambda name: name.startswith(TRAIT)) if self.suspects == "leave_out" else (lambda _: False)
        open_ = self.states(state, usual) == OPEN
        try:
            now = state.frame(0).take(open_)
            found = foresee(stretches, now, group_of, looked, self.learners, self.seed)
        except TooLittleData as why:
            return Learned(state, usual, None, why)
        return Learned(state, usual, found, None)

    def _stretches(self, sample: Sample, usual: float) -> Sequence[Stretch]:
        """Return customers at each moment of whom the outcome was a question and is known, the newest first."""
        if is_table(sample):
            known = np.flatnonzero(~np.isnan(sample.facts[:, 0, 0]))
            frame, label = sample.frame(0).take(known), sample.facts[known, 0, 0] > 0
            return [Stretch(frame, label, np.zeros(0), self.worths(sample, 0)[known])]
        return [self._stretch(sample, moment, usual) for moment in range(1, sample.figures.shape[1])]

    def _stretch(self, sample: Sample, moment: int, usual: float) -> Stretch:
        there, label = self.risk(sample, moment, usual)
        at = np.flatnonzero(there)
        rule = self.rule(sample, moment, usual)[at]
        return Stretch(sample.frame(moment).take(at), label[at], rule, self.worths(sample, moment)[at])

    def states(self, sample: Sample, usual: float) -> Array:
        """Return `OPEN` where the outcome is a question now, else `DONE`: int32[n]."""
        if is_table(sample):
            return np.where(sample.facts[:, 0, 0] > 0, DONE, OPEN).astype(np.int32)
        return np.where(self.risk(sample, 0, usual)[0], OPEN, DONE).astype(np.int32)

    def worths(self, sample: Sample, moment: int) -> Array:
        """Return the money at stake with each customer within the days looked ahead: float64[n]."""
        if self.worth or is_table(sample):
            return np.full(len(sample), self.worth)
        told = sample.figures[:, moment].astype(np.float64)
        known = np.clip(np.nan_to_num(told[:, KNOWN]), MONTH, YEAR)
        worth: Array = np.maximum(told[:, MONEY_3], 0) / known * self.days
        return worth

    def told(self, sample: Sample, model: Learned) -> Told:
        """Say what is to be said of customers of a sample."""
        size = len(sample)
        state = self.states(sample, model.usual)
        chance, tenth = np.full(size, np.nan), np.zeros(size, np.int32)
        reasons = np.full((size, 3), -1)
        at = np.flatnonzero(state == OPEN)
        if model.found is not None and len(at):
            said = model.found.assess(sample.frame(0).take(at))
            chance[at], tenth[at], reasons[at] = said.chance, said.tenth, said.reasons
        worth = self.worths(sample, 0)
        gain = gains(np.nan_to_num(chance), worth, self.cost, self.success / 100)
        return Told(state, chance, tenth, chance * worth, np.where((gain > 0) & (tenth > 0), 0, 1), reasons)

    def report(self, model: Learned) -> Report:
        """Say what was found."""
        view = Likely(
            told=self.told(model.sample, model),
            sample=model.sample,
            found=model.found,
            words=self.words,
            prefix=self.prefix,
            as_of=self.instant(self.until) or 0,
            days=self.days,
            cost=self.cost,
            success=self.success / 100,
        )
        return Report(view.tables(), view.charts(), tuple(findings(view, model.refused)))

    def score(self, histories: Histories, model: Learned) -> Scores:
        """Say the chance of each customer, what is at stake, and why."""
        sample = self.now(histories)
        told = self.told(sample, model)
        groups = model.found.groups if model.found is not None else ()
        values = (
            told.state,
            100 * told.chance,
            told.tenth,
            told.stake,
            told.pays,
            reason_of(told.reasons, groups),
            reason_of(told.reasons, groups, 1),
            because(told.reasons, groups, sample),
        )
        return Scores(
            sample.customer, {one.name: value for one, value in zip(self.scored, values, strict=True)}
        )


def is_table(sample: Sample) -> bool:
    """Tell whether the outcome is a trait, so that there is no time."""
    return bool(sample.facts.shape[2] == 1)
