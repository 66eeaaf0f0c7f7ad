"""Compare: in what do two groups of customers differ?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np

from ganj.breakdown import OF_EVENTS, spread
from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.filters import Filter, divided, each, is_trait, marks, reading, selector, widened
from ganj.histories import DAY, Array, Category, Histories
from ganj.miner import Asked, Column, Miner, Reads, Report, Scores, column
from ganj.moments import Moments
from ganj.parameters import Duration, param
from ganj.sketches import Groups, Rows
from ganj.text import Text
from ganj.views.compare import SIDES, Apart
from ganj.views.compare_had import Had, gathered
from ganj.views.compare_words import charts, findings

MICROSECOND = timedelta(microseconds=1)
NEVER = np.iinfo(np.int64).max
NO_NUMBER = Text(
    "it is a trait in words; name it among the traits, and here an event or a trait that is a number.",
    "ویژگی‌ای است که عدد نیست؛ آن را در ویژگی‌های مشتری بیاورید و اینجا رویداد یا ویژگی عددی نام ببرید.",
)
LIMIT = 1 << 15
"""The most different combinations of figures kept; beyond, numbers are rounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """What is known of two groups.

    Attributes
    ----------
    people : int64[2]
    had : by kind and name: float64[2, 3], customers who had it, its sum, its sum of squares
    numbers : by trait and side: `Moments`
    rows : (side, figure, figure, …) of each customer
    moments : of the same
    """

    people: Array
    had: Groups
    numbers: Groups
    rows: Rows
    moments: Moments

    def __add__(self, other: Sides) -> Sides:
        return Sides(
            self.people + other.people,
            self.had + other.had,
            self.numbers + other.numbers,
            self.rows + other.rows,
            self.moments + other.moments,
        )


class Compare(Miner[Sides, Sides], frozen=True, kw_only=True):
    """Tell which behaviours and traits distinguish two groups, and by how much.

    The groups are a segment and another (or everyone else); customers of whom conditions are true and the rest;
    or, where neither is given, those with the outcome event and those who were seen without it.  Of those with
    the outcome only what came *before* it counts, so that it cannot explain itself.  Every behaviour is a
    share with a difference, a ratio and their limits; every number a standardised difference; p-values are
    adjusted for how many were looked at.

    Notes
    -----
    State: three sums for each event, value and product, and at most 32,768 combinations of figures, whatever
    the number of customers.  One pass, O(events log events) of a part.
    Source: docs/analyses/compare.md.
    """

    title = Text("Comparison of groups", "مقایسهٔ دو گروه")
    question = Text(
        "In what do these customers differ from the others?", "این مشتریان با بقیه چه تفاوتی دارند؟"
    )
    family = "diagnostic"
    scored = (
        Column(name="compare_group", label=Text("Group", "گروه"), unit="category", choices=SIDES),
        column("compare_had", "What they had", "آنچه داشته‌اند", "list"),
        column("compare_bins", "Ranges of figures", "بازه‌های شاخص‌ها", "list"),
    )
    example: ClassVar[dict[str, Any]] = {
        "figures": ["Product Viewed", "Product Added"],
        "fewest": 2,
        "support": 1,
    }

    outcome: Annotated[
        str, param("Outcome that makes the group", "رویدادی که گروه را می‌سازد", of="event")
    ] = ORDER
    those: Annotated[
        tuple[str, ...],
        param("Or customers of whom", "یا مشتریانی که", of="condition", max_length=10),
    ] = ()
    one: Annotated[str, param("Or the segment", "یا بخش", of="segment")] = ""
    other: Annotated[
        str, param("Against the segment (empty: everyone else)", "در برابر بخش (خالی: بقیه)", of="segment")
    ] = ""
    within: Annotated[
        Duration,
        param(
            "Only so long after their first event (0: always)",
            "تنها تا این مدت پس از نخستین رویداد (۰: همیشه)",
        ),
    ] = Duration(0)
    properties: Annotated[
        tuple[str, ...], param("Properties of events", "ویژگی‌های رویداد", of="property", max_length=20)
    ] = OF_EVENTS
    products: Annotated[bool, param("Products too", "کالاها هم")] = False
    traits: Annotated[
        tuple[str, ...], param("Traits of customers", "ویژگی‌های مشتری", of="trait", max_length=30)
    ] = ()
    figures: Annotated[
        tuple[str, ...],
        param(
            "Figures for regression",
            "شاخص‌های رگرسیون",
            of="number",
            max_length=10,
            help=Text(
                "An event is counted; amount is its money, days the time known; or a trait that is a number.",
                "رویداد شمرده می‌شود؛ amount مبلغ است و days مدت آشنایی؛ یا ویژگی عددی مشتری.",
            ),
        ),
    ] = ("any", "days")
    target: Annotated[
        str, param("Explain this figure (empty: the group)", "توضیح این شاخص (خالی: گروه)", advanced=True)
    ] = ""
    support: Annotated[
        int, param("Least customers who had it", "کمترین شمار دارندگان", ge=1, advanced=True)
    ] = 20
    fewest: Annotated[
        int, param("Least customers in each group", "کمترین شمار هر گروه", ge=2, advanced=True)
    ] = 30
    rate: Annotated[
        Literal["0.01", "0.05", "0.1"],
        param(
            "Share of false calls allowed",
            "سهم مجاز یافته‌های نادرست",
            advanced=True,
            choices={"0.01": Text("1 %", "۱٪"), "0.05": Text("5 %", "۵٪"), "0.1": Text("10 %", "۱۰٪")},
        ),
    ] = "0.05"

    def __post_init__(self) -> None:
        """Refuse two definitions of the group, and a target that is no figure."""
        if self.one and self.those:
            why = Text("the group is a segment already.", "گروه را بخش تعیین کرده است.")
            raise BadParameter(parameter="those", value=self.those, why=why)
        if self.other and not self.one:
            why = Text("say first which segment is compared.", "نخست بگویید کدام بخش مقایسه شود.")
            raise BadParameter(parameter="other", value=self.other, why=why)
        if self.other and self.other == self.one:
            why = Text(
                "it is the first segment itself; choose another.", "همان بخش نخست است؛ بخش دیگری برگزینید."
            )
            raise BadParameter(parameter="other", value=self.other, why=why)
        if len(set(self.figures)) < len(self.figures):
            why = Text("a figure is named twice.", "شاخصی دو بار آمده است.")
            raise BadParameter(parameter="figures", value=self.figures, why=why)
        if self.target and (self.target not in self.figures or len(self.figures) < 2):
            why = Text("it must be one of at least two figures.", "باید یکی از دست‌کم دو شاخص باشد.")
            raise BadParameter(parameter="target", value=self.target, why=why)
        if self.within < timedelta(0):
            why = Text("time cannot be negative.", "زمان منفی نمی‌شود.")
            raise BadParameter(parameter="within", value=self.within, why=why)

    def reads(self) -> Reads:
        whole = Reads(
            columns=("time", "event", "amount"),
            traits=(*self.traits, *self.figures),
            segments=tuple(name for name in (self.one, self.other) if name),
            lines=self.products,
        )
        asked = reading(whole, (self.outcome, *self._counted(), "any"))
        asked = divided(asked, *self.properties, traits=False)
        return widened(asked, Filter.read(self.those).needs())

    def _counted(self) -> tuple[str, ...]:
        return tuple(name for name in self.figures if name not in {"amount", "days"})

    def asks(self) -> tuple[Asked, ...]:
        return tuple(Asked(name, ("event", "trait"), ("amount", "days")) for name in self.figures)

    def knowing(self, traits: Mapping[str, str]) -> Self:
        """Refuse figures that are traits in words, which nothing can be reckoned with."""
        for name in self.figures:
            if name not in {"amount", "days"} and traits.get(name, "number") != "number":
                raise BadParameter(parameter="figures", value=name, why=NO_NUMBER)
        return self

    def scan(self, histories: Histories) -> Sides:
        side, keep = self._sides(histories)
        slim = histories.keep(keep)
        had = {one.kind: Groups(one.by_side(side)) for one in self._had(slim)}
        figures = np.column_stack((side, *self._figures(slim)))[side >= 0].astype(np.float64)
        return Sides(
            np.bincount(side[side >= 0], minlength=2),
            Groups(had),
            Groups(dict(self._numbers(histories, side))),
            Rows.of(figures, LIMIT),
            Moments.of(figures),
        )

    def report(self, model: Sides) -> Report:
        view = self._view(model)
        return Report(view.tables(), charts(view), tuple(findings(view)))

    def score(self, histories: Histories, model: Sides) -> Scores:
        view, (side, keep) = self._view(model), self._sides(histories)
        slim = histories.keep(keep)
        told = [
            (one.owner[k], f"{one.kind}:{one.names[t]}")
            for one in self._had(slim)
            for k, t in enumerate(one.thing.tolist())
            if (one.kind, one.names[t]) in view.kept
        ]
        told += [
            (i, f"trait:{name}")
            for name in view.numbers
            for i in np.flatnonzero(~np.isnan(np.asarray(histories.traits[name], np.float64))).tolist()
        ]
        bins = [
            (i, f"{name}:{b}")
            for name, values in zip(self.figures, self._figures(slim), strict=True)
            for i, b in enumerate(view.together.bin_of(name, values).tolist())
            if b >= 0
        ]
        size = len(histories)
        values = {
            "compare_group": side.astype(np.int32),
            "compare_had": gathered(told, size),
            "compare_bins": gathered(bins, size),
        }
        return Scores(histories.customer, values)

    def _view(self, model: Sides) -> Apart:
        return Apart(
            people=model.people,
            had={
                (kind, name): sums
                for kind, names in model.had.values.items()
                for name, sums in names.values.items()
            },
            numbers=model.numbers.values,
            rows=model.rows,
            moments=model.moments,
            figures=self.figures,
            target=self.target,
            leaks=self._leaks(),
            support=self.support,
            fewest=self.fewest,
            rate=float(self.rate),
        )

    def _leaks(self) -> frozenset[tuple[str, str]]:
        """Return what makes the group: kind and name, the name empty for every value."""
        if self.one:
            return frozenset()
        if self.those:
            return frozenset((one.name, "") for one in each(Filter.read(self.those).conditions))
        return frozenset({("event", selector(self.outcome).event)})

    # ---- who is in which group, and until when

    def _sides(self, histories: Histories) -> tuple[Array, Array]:
        """Return of each customer 0 (the group), 1 (the others) or -1; of each event whether it counts."""
        size, time, owner = len(histories), histories.time, histories.owner
        seen = np.diff(histories.offsets) > 0
        anchor = np.full(size, NEVER)
        if self.one:
            member = self._in(histories, self.one)
            rest = self._in(histories, self.other) if self.other else np.ones(size, bool)
        elif self.those:
            member, rest = self._those(histories), np.ones(size, bool)
        else:
            at = np.flatnonzero(marks(histories, (self.outcome,)))
            anchor[owner[at[::-1]]] = time[at[::-1]]  # written backwards, the first stays
            member, rest = anchor < NEVER, seen
        if self.within > timedelta(0):
            first = time[np.minimum(histories.offsets[:-1], max(len(time) - 1, 0))] if len(time) else anchor
            anchor = np.minimum(anchor, np.where(seen, first + self.within // MICROSECOND, NEVER))
        side = np.select([member, rest], [0, 1], -1)
        side[histories.customer < 0] = -1
        return side, time < anchor[owner]

    def _in(self, histories: Histories, segment: str) -> Array:
        marked: Array = np.asarray(histories.traits.get(f"segment:{segment}", np.zeros(len(histories)))) > 0
        return marked

    def _those(self, histories: Histories) -> Array:
        """bool[customers]: of whom the conditions are true, those on events of any event."""
        asked = Filter.read(self.those)
        true, met = asked.customers(histories), asked.events(histories)
        if all(is_trait(histories, one) for one in asked.conditions):
            return true
        some = np.zeros(len(histories), bool)
        some[histories.owner[met]] = True
        found: Array = true & some
        return found

    # ---- what they had

    def _had(self, slim: Histories) -> list[Had]:
        owner = slim.owner
        found = [Had.of("event", tuple(slim.names.get("event", ())), owner, slim.event)]
        for name in self.properties:
            told = spread(slim, name, np.arange(len(owner)))
            found.append(Had.of(name, told.labels, owner[told.event], told.codes))
        if self.products and slim.lines is not None:
            buyer = np.repeat(owner, np.diff(slim.lines.offsets))
            found.append(Had.of("product", tuple(slim.names.get("product", ())), buyer, slim.lines.product))
        for name in self.traits:
            trait = slim.traits.get(name)
            if isinstance(trait, Category):
                found.append(Had.of(name, trait.labels, np.arange(len(slim)), trait.codes))
        return found

    def _numbers(self, histories: Histories, side: Array) -> list[tuple[str, Groups]]:
        found = []
        for name in self.traits:
            trait = histories.traits.get(name)
            if trait is not None and not isinstance(trait, Category):
                inside = [trait[(side == k) & ~np.isnan(trait)] for k in (0, 1)]
                found.append(
                    (
                        name,
                        Groups(
                            {"one": Moments.of(inside[0][:, None]), "other": Moments.of(inside[1][:, None])}
                        ),
                    )
                )
        return found

    def _figures(self, slim: Histories) -> list[Array]:
        """Return each figure of each customer, float64[customers]; a trait that is not known is 0."""
        owner, size = slim.owner, len(slim)
        found: list[Array] = []
        for name in self.figures:
            trait = slim.traits.get(name)
            if name == "amount":
                found.append(np.bincount(owner, np.nan_to_num(slim.amount), size))
            elif name == "days":
                found.append(_known(slim))
            elif trait is not None and not isinstance(trait, Category):
                found.append(np.nan_to_num(trait))
            else:
                found.append(np.bincount(owner, marks(slim, (name,)), size).astype(np.float64))
        return found


def _known(slim: Histories) -> Array:
    """float64[customers]: days between the first and the last event that count."""
    out, seen = np.zeros(len(slim)), np.diff(slim.offsets) > 0
    out[seen] = (slim.time[slim.offsets[1:][seen] - 1] - slim.time[slim.offsets[:-1][seen]]) / DAY
    return out
