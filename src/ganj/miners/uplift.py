"""Uplift: what did a campaign add, on whom, and whom to write to next?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

import msgspec
import numpy as np
import pyarrow as pa

from ganj.breakdown import of_customers, of_events
from ganj.calendar import local_day
from ganj.errors import BadParameter, TooLittleData
from ganj.events import ORDER
from ganj.filters import divided, marks, reading, selector
from ganj.histories import Array, Category, Histories
from ganj.miner import Asked, Miner, Reads, Report, Scores, column
from ganj.models.causal.choosing import Chosen, Rows, choose
from ganj.models.causal.effects import SIZE
from ganj.parameters import Duration, in_words, param
from ganj.sketches import Groups
from ganj.text import Text
from ganj.views.answers import is_yes_or_no, number_of, yes_or_no
from ganj.views.foresight import trait_of
from ganj.views.uplift import MEASURES, Money, Outcome
from ganj.views.uplift_fold import (
    Drawn,
    Kept,
    NoSuchGroup,
    Track,
    Trialled,
    by_campaign,
    drawn_by_event,
    drawn_by_trait,
    frame_of,
    kept,
    memberships,
)
from ganj.views.uplift_words import findings

MICROSECOND = timedelta(microseconds=1)
FAR = 1 << 60
JOINED, GROUP = "Campaign Joined", "group"
"""What our own campaigns draw by."""
USUAL = {"treated": "treated", "control": "holdout"}
"""What the groups are called by our own campaigns."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is known of the draws of a part: outcome and what was before, float64[draws]; the outcome's events."""

    drawn: Drawn
    outcome: Array
    before: Array
    track: Track | None


class Uplift(Miner[Trialled, Outcome], frozen=True, kw_only=True):
    """Measure what was added to those who were treated, against a control group drawn by lot.

    Customers are drawn into groups by an event (or by a trait); what came within some time is compared.  What
    was known before is taken off (CUPED), so that limits are narrow; sizes and figures before say whether the lot was
    fair; limits that hold at every look are given beside.  T-, X- and DR-learners tell on whom the effect is large,
    tried on customers that they did not learn from.

    Notes
    -----
    State: twelve sums a campaign and a day of draws, and samples of at most 65,536 draws and as many customers;
    only what is learned of whom to choose depends on the samples.  One pass, O(events · log events).
    Source: docs/analyses/uplift.md.
    """

    title = Text("Effect of campaigns", "اثر کمپین‌ها")
    question = Text("What did the campaign add, and on whom?", "کمپین چه افزود، و بر چه کسانی؟")
    family = "prescriptive"
    scored = (
        column("uplift", "Expected effect", "اثر مورد انتظار", "ratio"),
        column("uplift_tenth", "Tenth by expected effect", "دهک اثر مورد انتظار", "count"),
        column("uplift_treated", "Treated in", "دریافت‌کننده در", "list"),
        column("uplift_control", "In the control group of", "گروه کنترل در", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"worth": 2_000_000, "cost": 5_000}

    joined: Annotated[
        str,
        param(
            "Event that draws into a group",
            "رویدادِ گروه‌بندی",
            of="event",
            help=Text(
                "Nothing is drawn by it where a trait says the group.",
                "اگر گروه در ویژگی مشتری است به کار نمی‌آید.",
            ),
        ),
    ] = JOINED
    group: Annotated[str, param("Property or trait of the group", "ویژگیِ گروه", of="part")] = GROUP
    treated: Annotated[str, param("Its value for the treated", "مقدار آن برای دریافت‌کنندگان")] = USUAL[
        "treated"
    ]
    control: Annotated[str, param("Its value for the control group", "مقدار آن برای گروه کنترل")] = USUAL[
        "control"
    ]
    campaign: Annotated[
        str, param("Property that names the campaign", "ویژگیِ نام کمپین", of="part", advanced=True)
    ] = "campaign"
    outcome: Annotated[
        str,
        param(
            "Outcome",
            "پیامد",
            of="fact",
            help=Text("An event, or a trait that is a number.", "یک رویداد، یا ویژگی عددی مشتری."),
        ),
    ] = ORDER
    measure: Annotated[
        Literal["happened", "count", "amount"],
        param("What is counted of it", "چه چیزی از آن", choices=MEASURES),
    ] = "happened"
    within: Annotated[Duration, param("Time allowed", "مهلت")] = Duration(days=14)
    before: Annotated[Duration, param("Time before that is looked at", "زمان پیش از آن", advanced=True)] = (
        Duration(days=180)
    )
    baseline: Annotated[
        str,
        param(
            "Trait that tells the outcome before",
            "ویژگیِ پیامد در گذشته",
            of="trait",
            advanced=True,
            help=Text("Where the group is a trait.", "اگر گروه در ویژگی مشتری است."),
        ),
    ] = ""
    traits: Annotated[
        tuple[str, ...],
        param("Traits to tell customers apart by", "ویژگی‌های تمایز مشتریان", of="trait", max_length=30),
    ] = ()
    learner: Annotated[
        Literal["x", "t", "dr"],
        param(
            "Learner",
            "یادگیرنده",
            advanced=True,
            choices={
                "x": Text("X-learner", "X-learner"),
                "t": Text("T-learner", "T-learner"),
                "dr": Text("DR-learner", "DR-learner"),
            },
        ),
    ] = "x"
    base: Annotated[
        Literal["linear", "boosting"],
        param(
            "Over",
            "بر پایهٔ",
            advanced=True,
            choices={
                "linear": Text("Linear regression", "رگرسیون خطی"),
                "boosting": Text("Boosted trees", "درخت‌های تقویتی"),
            },
        ),
    ] = "linear"
    share: Annotated[
        float,
        param(
            "Planned share of the treated (0: not told)",
            "سهم برنامه‌ریزی‌شدهٔ دریافت‌کنندگان (۰: نامعلوم)",
            unit="percent",
            ge=0,
            le=99.9,
            advanced=True,
        ),
    ] = 0.0
    worth: Annotated[
        float,
        param(
            "Worth of one outcome",
            "ارزش هر پیامد",
            unit="money",
            ge=0,
            help=Text("Of amounts: the share that remains.", "برای مبلغ: سهمی که می‌ماند."),
        ),
    ] = 0.0
    cost: Annotated[float, param("Cost of one message", "هزینهٔ هر پیام", unit="money", ge=0)] = 0.0
    budget: Annotated[float, param("Budget (0: none)", "بودجه (۰: بی‌سقف)", unit="money", ge=0)] = 0.0
    seed: Annotated[int, param("Seed", "بذر", ge=0, advanced=True)] = 0

    def __post_init__(self) -> None:
        """Refuse groups of one name, and no time."""
        if self.treated == self.control:
            why = Text("it is the treated's value as well.", "مقدار دریافت‌کنندگان هم همین است.")
            raise BadParameter(parameter="control", value=self.control, why=why)
        for name in ("within", "before"):
            if getattr(self, name) <= timedelta(0):
                why = Text("it is too short.", "بیش از اندازه کوتاه است.")
                raise BadParameter(parameter=name, value=in_words(getattr(self, name)), why=why)

    def asks(self) -> tuple[Asked, ...]:
        return (Asked(self.outcome, ("event", "trait"), (ORDER,)),)

    def knowing(self, traits: Mapping[str, str]) -> Self:
        """Take the group from the trait that is named, where no event is named beside it."""
        named = self.group.removeprefix("customer.")
        if self.joined == JOINED and self.group != GROUP and named in traits:
            return msgspec.structs.replace(self, joined="")
        return self

    def reads(self) -> Reads:
        traits = dict.fromkeys(name for name in (self.outcome, self.baseline, *self.traits) if name)
        whole = Reads(columns=("time", "event", "amount"), traits=tuple(traits), lots=True)
        asked = reading(whole, (*([self.joined] if self.joined else []), self.outcome))
        return divided(asked, self.group, self.campaign)

    def window(self) -> tuple[int | None, int | None]:
        return None, self.instant(self.until)  # what was before a draw may lie before `since`

    @property
    def features(self) -> tuple[str, ...]:
        """Traits that customers are told apart by: none that says the group or the outcome."""
        return tuple(name for name in self.traits if name not in {self.group, self.outcome})

    def scan(self, histories: Histories) -> Trialled:
        told = self._told(histories)
        zone, drawn = self.zone or "UTC", told.drawn
        day = local_day(drawn.time, zone)
        groups, people, days = by_campaign(drawn, told.outcome, told.before, day)
        frame = self._frame(histories, told, drawn.owner, drawn.time)
        facts = np.column_stack((told.outcome, drawn.treated, told.before))
        names = tuple(drawn.names[code] for code in drawn.campaign.tolist())
        everyone = np.flatnonzero(histories.customer >= 0)
        now = self._now(histories, told, everyone)
        return Trialled(
            groups,
            people,
            days,
            kept(histories, drawn.owner, frame, facts, names, self.seed),
            kept(histories, everyone, now, np.zeros((len(everyone), 0)), ("",) * len(everyone), self.seed),
            self._labels(histories),
        )

    def _labels(self, histories: Histories) -> tuple[str, ...]:
        """Return the values that the group has anywhere."""
        told = of_events(histories, self.group) if self.joined else of_customers(histories, self.group)
        return told.labels if told is not None else ()

    def _told(self, histories: Histories) -> Told:
        """Find the draws whose time is over, what came, and what was before."""
        arms = (self.control, self.treated)
        by_event = bool(self.joined)
        is_event = selector(self.outcome).event in {"", *histories.names.get("event", ())}
        trait = None if is_event else histories.traits.get(self.outcome)
        track = None if trait is not None else Track.of(histories, marks(histories, (self.outcome,)) > 0)
        if by_event:
            joined = marks(histories, (self.joined,)) > 0
            drawn = drawn_by_event(histories, joined, (self.group, self.campaign), arms)
            drawn = drawn.keep(self._over(drawn.time))
        else:
            drawn = drawn_by_trait(histories, self.group, arms)
        drawn = drawn.keep(histories.customer[drawn.owner] >= 0)
        outcome = self._measured(trait, track, drawn)
        return Told(
            drawn,
            outcome,
            self._before(histories, track if by_event else None, drawn),
            track if by_event else None,
        )

    def _over(self, time: Array) -> Array:
        """Tell the draws since which the time allowed has passed."""
        end, begin = self.instant(self.until), self.instant(self.since)
        over = time + self.within // MICROSECOND <= (end if end is not None else FAR)
        return over & (time >= (begin if begin is not None else -FAR))

    def _measured(self, trait: Category | Array | None, track: Track | None, drawn: Drawn) -> Array:
        """Return the outcome of each draw: float64[draws]."""
        if track is None:
            value = np.nan_to_num(self._answer(trait)[drawn.owner])
            return (value > 0).astype(np.float64) if self.measure == "happened" else value
        if not self.joined:  # the lot has no date: whatever came at all
            drawn_at, ends = np.full(len(drawn.owner), -FAR), np.full(len(drawn.owner), FAR)
        else:
            drawn_at, ends = drawn.time, drawn.time + self.within // MICROSECOND
        times, amount = track.sums(drawn.owner, drawn_at, ends)
        return {"happened": (times > 0).astype(np.float64), "count": times, "amount": amount}[self.measure]

    def _answer(self, trait: Category | Array | None) -> Array:
        """Return the outcome that a trait says: a number, or a yes or no as 1 or 0: float64[customers]."""
        if isinstance(trait, Category) and self.measure == "happened" and is_yes_or_no(trait.labels):
            return yes_or_no(trait, "", self.outcome)
        return number_of(np.zeros(0) if trait is None else trait, self.outcome)

    def _before(self, histories: Histories, track: Track | None, drawn: Drawn) -> Array:
        """Return what was of the outcome before each draw: float64[draws]."""
        trait = trait_of(histories, self.baseline)
        told = number_of(trait, self.baseline) if trait is not None else None
        if track is not None:
            times, amount = track.sums(drawn.owner, drawn.time - self.before // MICROSECOND, drawn.time)
            return amount if self.measure == "amount" else times
        return np.zeros(len(drawn.owner)) if told is None else np.nan_to_num(told[drawn.owner])

    def _frame(self, histories: Histories, told: Told, owner: Array, moment: Array) -> Any:
        return frame_of(histories, told.track, owner, moment, (self.before // MICROSECOND, self.features))

    def _now(self, histories: Histories, told: Told, owner: Array) -> Any:
        end = self.instant(self.until)
        moment = np.full(len(owner), end if end is not None else int(histories.time.max(initial=0)))
        return self._frame(histories, told, owner, moment)

    def learn(self, state: Trialled) -> Outcome:
        arms = {"treated": self.treated, "control": self.control}
        for parameter, value in arms.items():
            usual = value == USUAL[parameter]  # that nobody is left out is told, and no mistake
            if state.labels and value not in state.labels and not usual:
                raise NoSuchGroup(parameter=parameter, value=value, values=", ".join(state.labels[:8]))
        chosen, lacking = None, None
        try:
            chosen = self._choose(state.drawn, state.groups, state.now)
        except TooLittleData as why:
            lacking = why
        money = Money(self.worth, self.cost, self.budget)
        zone, dated = self.zone or "UTC", bool(self.joined)
        return Outcome(state, self.measure, self.share / 100, chosen, lacking, money, zone, dated)

    def _choose(self, drawn: Kept, groups: Groups, now: Kept) -> Chosen:
        shares = {
            name: float(told[1, SIZE] / max(told[:, SIZE].sum(), 1)) for name, told in groups.values.items()
        }
        chance = np.array([shares[name] for name in drawn.campaign], np.float64)
        mixed = (chance > 0) & (chance < 1)  # a campaign without a control group tells nothing
        outcome, treated = drawn.facts[mixed, 0], drawn.facts[mixed, 1] > 0
        rows = Rows(drawn.frame.take(mixed), outcome, treated, chance[mixed])
        return choose(rows, now.frame, self.learner, self.base, self.seed)

    def report(self, model: Outcome) -> Report:
        tables = model.tables()
        return Report(tables, model.charts(tables), tuple(findings(model)))

    def score(self, histories: Histories, model: Outcome) -> Scores:
        told = self._told(histories)
        everyone = np.flatnonzero(histories.customer >= 0)
        expected, tenth = np.full(len(everyone), np.nan), np.zeros(len(everyone), np.int64)
        if model.chosen is not None and len(everyone):
            expected, tenth = model.chosen.effects(self._now(histories, told, everyone))
        inside = memberships(told.drawn, len(histories))
        values = {
            "uplift": expected,
            "uplift_tenth": tenth,
            **{
                f"uplift_{arm}": pa.array([inside[arm][k] for k in everyone.tolist()], pa.list_(pa.string()))
                for arm in ("treated", "control")
            },
        }
        return Scores(histories.customer[everyone], values)
