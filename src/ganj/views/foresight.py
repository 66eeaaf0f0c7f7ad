"""What analyses that predict share: histories folded into a sample of customers at several moments."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Literal, Self, TypeVar

import msgspec
import numpy as np

from ganj.breakdown import OF_EVENTS, of_events
from ganj.calendar import local_time
from ganj.errors import BadParameter
from ganj.events import ADJUST, ORDER, REFUND
from ganj.filters import marks, reading
from ganj.histories import DAY, Array, Category, Histories
from ganj.kernels.features import EVENTS, features, outcomes
from ganj.miner import Asked, Miner, Reads
from ganj.models.learning.learners import NAMES, Name
from ganj.models.learning.sample import Sample, mixed
from ganj.parameters import Duration, in_words, param
from ganj.text import Text
from ganj.views.foresight_names import FIGURES, LATELY, TRAIT, marked

Model = TypeVar("Model")
MOMENTS = 3
"""Stretches of time whose outcome is learned from or tried."""
VALUES = 24
"""Values of a property that have columns of their own."""
MICROSECOND = timedelta(microseconds=1)
LEARNERS = {
    "best": Text("The best of all", "بهترینِ همه"),
    "logistic": Text("Logistic regression", "رگرسیون لجستیک"),
    "forest": Text("Random forest", "جنگل تصادفی"),
    "boosting": Text("Boosted trees", "درخت‌های تقویتی"),
}


class Foresight(Miner[Sample, Model], frozen=True, kw_only=True):
    """Base of analyses that learn from the past of customers what comes after it."""

    family = "predictive"

    activity: Annotated[str, param("What counts as a purchase", "چه چیزی خرید است", of="event")] = ORDER
    horizon: Annotated[Duration, param("Look ahead", "افق پیش‌بینی")] = Duration(days=90)
    gap: Annotated[
        Duration,
        param(
            "Time to act, between what is known and what is predicted",
            "مهلت اقدام، میان دانسته‌ها و پیش‌بینی",
            advanced=True,
        ),
    ] = Duration(0)
    traits: Annotated[
        tuple[str, ...],
        param(
            "Traits to learn from",
            "ویژگی‌هایی که از آن‌ها آموخته شود",
            of="trait",
            max_length=100,
            help=Text(
                "Only what was known before the outcome. Where the outcome is a trait, all are taken if none is named.",
                "تنها آنچه پیش از نتیجه معلوم بوده است. اگر نتیجه خود ویژگی باشد و نامی نیاید، همهٔ ویژگی‌ها به کار می‌روند.",
            ),
        ),
    ] = ()
    without: Annotated[
        tuple[str, ...],
        param("But not these traits", "به‌جز این ویژگی‌ها", of="trait", max_length=100, advanced=True),
    ] = ()
    properties: Annotated[
        tuple[str, ...], param("Properties of events", "ویژگی‌های رویداد", of="property", max_length=5)
    ] = ("channel",)
    learner: Annotated[
        Literal["best", "logistic", "forest", "boosting"],
        param("Way of learning", "روش یادگیری", choices=LEARNERS),
    ] = "best"
    seed: Annotated[int, param("Seed", "بذر تصادف", ge=0, le=1 << 30, advanced=True)] = 0

    def __post_init__(self) -> None:
        """Refuse to look ahead at nothing, or to act in the past."""
        for name, least in (("horizon", timedelta(days=1)), ("gap", timedelta(0))):
            if getattr(self, name) < least:
                why = Text("it is too short.", "بیش از اندازه کوتاه است.")
                raise BadParameter(parameter=name, value=in_words(getattr(self, name)), why=why)

    @property
    @abstractmethod
    def sought(self) -> str:
        """The event or trait that is predicted."""

    def knowing(self, traits: Mapping[str, str]) -> Self:
        """Take all traits where the outcome is one and none is named."""
        if self.traits or self.sought not in traits:
            return self
        return msgspec.structs.replace(self, traits=taking(traits, {self.sought})[:100])

    def reads(self) -> Reads:
        """Read the events, and the traits that are learned from or predicted."""
        coded = tuple(name for name in self.properties if name in OF_EVENTS)
        named = tuple(name for name in self.properties if name not in OF_EVENTS)
        whole = Reads(
            columns=("time", "event", "amount", *coded),
            properties=named,
            traits=tuple(dict.fromkeys(name for name in (*self._known(), self.sought) if name)),
            lots=True,
        )
        return reading(whole, tuple(name for name in (self.activity, self.sought, "any") if name))

    def asks(self) -> tuple[Asked, ...]:
        """Name what is predicted, an event or a trait."""
        return (Asked(self.sought, ("event", "trait"), (ORDER,)),) if self.sought else ()

    def _known(self) -> tuple[str, ...]:
        return tuple(name for name in self.traits if name not in {*self.without, self.sought})

    @property
    def learners(self) -> tuple[Name, ...]:
        """The ways of learning that are tried."""
        return NAMES if self.learner == "best" else (self.learner,)

    @property
    def days(self) -> float:
        """How far ahead, in days."""
        return self.horizon / timedelta(days=1)

    # ---- the fold

    def moments(self) -> list[int]:
        """Return the cut-offs, µs UTC: now, and back from it so that no outcome reaches into a later past."""
        end = self.instant(self.until) or 0
        step = (self.horizon + self.gap) // MICROSECOND
        return [end - k * step for k in range(MOMENTS + 1)]

    def scan(self, histories: Histories) -> Sample:
        """Measure the customers of a part at all moments, and keep some of them."""
        answer = trait_of(histories, self.sought)
        if answer is not None:
            return self._told(histories, answer).smallest()
        return self._seen(histories, self.moments()).smallest()

    def now(self, histories: Histories) -> Sample:
        """Return all customers of a part as they are now, in their order; nothing of earlier moments."""
        answer = trait_of(histories, self.sought)
        return self._seen(histories, self.moments()[:1]) if answer is None else self._told(histories, answer)

    def _told(self, histories: Histories, answer: Category | Array) -> Sample:
        """Return what is known of customers whose answer is a trait of theirs."""
        facts = self.answered(answer)[:, None, None]
        return self._sample(histories, np.zeros((len(histories), 1, 0), np.float32), facts, ())

    def _seen(self, histories: Histories, moments: list[int]) -> Sample:
        """Return what is known of customers who were seen before now."""
        names, told = self.measured(histories, moments)
        whole = self._sample(histories, told, self._outcomes(histories, moments), names)
        seen = np.flatnonzero(told[:, 0, EVENTS] > 0)
        return replace(whole.take(seen), size=len(seen))

    @abstractmethod
    def answered(self, answer: Category | Array) -> Array:
        """Return what a trait that is predicted says of each customer: float64[n], nan where nothing."""

    def measured(self, histories: Histories, moments: list[int]) -> tuple[tuple[str, ...], Array]:
        """Return names and figures of every customer at some moments: float32[n, moments, d]."""
        kinds, codes = self._marks(histories)
        width = sum(len(values) for _, values in kinds)
        active = marks(histories, (self.activity,))
        money = money_of(histories, self.activity)
        back = np.array(LATELY, np.int64) * DAY
        told = [
            features(
                histories.offsets, histories.time, active, money, codes, width, cut, self._shift(cut), back
            )
            for cut in moments
        ]
        return (*(name for name, _, _ in FIGURES), *marked(kinds)), np.stack(told, axis=1)

    def _shift(self, cut: int) -> int:
        return int(local_time(cut, self.zone or "UTC")) - cut

    def _marks(self, histories: Histories) -> tuple[list[tuple[str, tuple[str, ...]]], Array]:
        """Return the values that have columns, by kind, and each event's columns: int32[kinds, events]."""
        found = [("event", Category(histories.event, tuple(histories.names.get("event", ()))))]
        for name in self.properties:
            values = of_events(histories, name)
            if values is not None:
                found.append((name, values))
        kinds, codes, begin = [], [], 0
        for name, values in found:
            kept = values.labels[: VALUES if name != "event" else 3 * VALUES]
            codes.append(
                np.where(values.codes < len(kept), np.where(values.codes < 0, -1, values.codes + begin), -1)
            )
            kinds.append((name, tuple(kept)))
            begin += len(kept)
        return kinds, np.stack(codes).astype(np.int32)

    def _outcomes(self, histories: Histories, moments: list[int]) -> Array:
        """Return what came after each moment, nothing after the first: float64[n, moments, 4]."""
        counted = marks(histories, (self.sought or self.activity,))
        figure = np.nan_to_num(histories.amount)
        ahead, gap = self.horizon // MICROSECOND, self.gap // MICROSECOND
        told = [
            outcomes(
                histories.offsets,
                histories.time,
                counted,
                figure,
                cut,
                cut + (k and gap),
                cut + (k and gap + ahead),
            )
            for k, cut in enumerate(moments)
        ]
        return np.stack(told, axis=1)

    def _sample(self, histories: Histories, told: Array, facts: Array, names: tuple[str, ...]) -> Sample:
        numbers, categories = of_traits(histories, self._known())
        keys = mixed(histories.lots, self.seed)
        return Sample(keys, histories.customer, facts, names, told, numbers, categories, len(histories))


def taking(traits: Mapping[str, str], besides: set[str]) -> tuple[str, ...]:
    """Return the traits, kinds by name, that can be learned from, in order."""
    return tuple(sorted(name for name, kind in traits.items() if kind != "text" and name not in besides))


def of_traits(histories: Histories, names: Iterable[str]) -> tuple[dict[str, Array], dict[str, Category]]:
    """Return customers' traits as columns to learn from: numbers, and categories."""
    told = {TRAIT + name: trait_of(histories, name) for name in names}
    categories = {name: trait for name, trait in told.items() if isinstance(trait, Category)}
    rest = {
        name: trait for name, trait in told.items() if trait is not None and not isinstance(trait, Category)
    }
    return rest, categories


def trait_of(histories: Histories, name: str) -> Category | Array | None:
    """Return a trait that somebody has, or None."""
    trait = histories.traits.get(name)
    return None if isinstance(trait, Category) and not trait.labels else trait


def money_of(histories: Histories, activity: str) -> Array:
    """Return what each event brought or took back: float64[events]."""
    counted = marks(histories, (activity, ORDER, REFUND, ADJUST))
    return np.where(counted, np.nan_to_num(histories.amount), 0.0)
