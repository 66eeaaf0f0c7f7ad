"""Personas: who are our customers, what do they do, and what are they worth?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Any, ClassVar

import numpy as np
import pyarrow as pa

from ganj.calendar import day_number, local_day
from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.histories import Array, Category, Histories
from ganj.kernels.orders import EVER, NEVER_ENDS, roles, totals
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.models.clustering.crowd import Crowd
from ganj.parameters import in_words, param
from ganj.text import Text
from ganj.views.alike import category, split
from ganj.views.personas import BEHAVIOUR, BETWEEN, UNKNOWN, VALUE, Crowds, charts, findings

DAY = timedelta(days=1)
BANDS = 3
MOST = 3
"""Bands of a trait that is a number, and traits together."""
HIGH, MIDDLE = 0.8, 0.5
"""Parts of the buyers below high and below middle value."""


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """What was learned.

    Attributes
    ----------
    crowd : rows of last day, first day (local, less the as-of day), orders, revenue, and traits that are numbers
    last : what is added to days so that they count from the as-of day
    cuts : revenue from which a buyer is of middle and of high value
    bands : of each trait that is a number, its inner limits
    """

    crowd: Crowd
    last: int
    cuts: tuple[float, float]
    bands: tuple[tuple[float, ...], ...]


class Personas(Miner[Crowd, Sides], frozen=True, kw_only=True):
    """Cross who customers are with what they do and what they are worth.

    Who: values of up to three traits; a number is cut into three bands of equally many customers.  What they do: not yet buyers,
    silent for longer than ``quiet``, new (first order within ``fresh``), bought once, or coming back.  What they
    are worth: the fifth of the buyers with most revenue, the rest of the upper half, the lower half.
    A group's share is held against all others' by adjusted residuals, corrected for every cell looked at.

    Notes
    -----
    State: at most 131,072 distinct combinations with counts; beyond that figures are rounded.  One pass,
    O(events + rows log rows).
    Source: A. Cooper, The inmates are running the asylum, 1999 (personas); S. J. Haberman, 1973; docs/analyses/personas.md.
    """

    title = Text("Personas", "پرسوناها")
    question = Text(
        "Who are our customers, what do they do, and what are they worth?",
        "مشتریان ما کیستند، چه می‌کنند و چه ارزشی دارند؟",
    )
    scored = (
        column("persona_who", "Group of people", "گروه جمعیتی", "text"),
        column("persona_behaviour", "Behaviour", "رفتار", "category", choices=BEHAVIOUR),
        column("persona_value", "Value", "ارزش", "category", choices=VALUE),
    )
    example: ClassVar[dict[str, Any]] = {"traits": "gender,city"}

    traits: Annotated[
        tuple[str, ...],
        param(
            "Who they are",
            "کیستند",
            of="trait",
            help=Text("Up to three traits: gender, birth_year …", "تا سه ویژگی: جنسیت، سال تولد و مانند آن."),
            max_length=MOST,
        ),
    ] = ("gender",)
    quiet: Annotated[timedelta, param("Silent after", "خاموش پس از")] = timedelta(days=90)
    fresh: Annotated[timedelta, param("New for", "تازه‌وارد تا")] = timedelta(days=60)
    least: Annotated[
        int,
        param(
            "Customers of a persona, at least", "مشتریان هر پرسونا، دست‌کم", ge=1, le=1_000_000, advanced=True
        ),
    ] = 20

    def __post_init__(self) -> None:
        """Refuse no time at all, and a trait twice."""
        if len(set(self.traits)) < len(self.traits):
            why = Text("the same is named twice.", "یک نام دو بار آمده است.")
            raise BadParameter(parameter="traits", value=self.traits, why=why)
        for name in ("quiet", "fresh"):
            if getattr(self, name) < DAY:
                why = Text("it is too short.", "بیش از اندازه کوتاه است.")
                raise BadParameter(parameter=name, value=in_words(getattr(self, name)), why=why)

    def reads(self) -> Reads:
        return Reads(events=(ORDER,), columns=("time", "event", "amount"), traits=self.traits)

    def scan(self, histories: Histories) -> Crowd:
        kinds, figures = self._figures(histories)
        return Crowd.of(kinds, figures, figures[:, 3:4])

    def learn(self, state: Crowd) -> Sides:
        figures, count = state.figures, state.count
        bought = figures[:, 2] > 0
        last = 0
        if self.until is None and bought.any():
            last = -int(figures[bought, 0].max())
        middle, high = (_from(figures[bought, 3], count[bought], share) for share in (MIDDLE, HIGH))
        bands = []
        for values in figures.T[4:]:
            known = ~np.isnan(values)
            cuts = [_from(values[known], count[known], band / BANDS) for band in range(1, BANDS)]
            bands.append(tuple(dict.fromkeys(cuts)))
        return Sides(state, last, (middle, high), tuple(bands))

    def report(self, model: Sides) -> Report:
        crowd = model.crowd
        named, does, worth = self._sides(model, crowd.codes, crowd.figures)
        names, who = np.unique(np.asarray(named, object).astype(str), return_inverse=True)
        view = Crowds(
            who=who.reshape(-1),
            does=does,
            worth=worth,
            names=tuple(names.tolist()),
            count=crowd.count.astype(np.float64),
            money=crowd.sums[:, 0],
            least=self.least,
        )
        return Report(view.tables(), charts(view), tuple(findings(view)))

    def score(self, histories: Histories, model: Sides) -> Scores:
        kinds, figures = self._figures(histories)
        named, does, worth = self._sides(model, model.crowd.coded(kinds), model.crowd.rounded(figures))
        values = {
            "persona_who": pa.array(named, pa.string()),
            "persona_behaviour": does,
            "persona_value": worth,
        }
        return Scores(histories.customer, values)

    def _figures(self, histories: Histories) -> tuple[list[Category], Array]:
        """Return the categories of all customers, and their figures, see `Sides.crowd`."""
        h, origin = histories, 0 if self.until is None else day_number(self.until)
        role = roles(len(h.names.get("event", ())), h.codes((ORDER,)), np.zeros(0, np.int32))
        bought = totals(h.offsets, h.time, h.event, h.amount, role, EVER, NEVER_ENDS)
        days = [
            local_day(np.nan_to_num(bought[:, at]).astype(np.int64), self.zone or "UTC") - origin
            for at in (3, 2)
        ]
        days = [np.where(bought[:, 0] > 0, one, 0) for one in days]
        numbers, names = split(h, self.traits)
        told = [np.asarray(h.traits[name], np.float64) for name in numbers]
        return [category(h, name) for name in names], np.column_stack(
            (*days, bought[:, 0], bought[:, 1], *told)
        )

    def _sides(self, model: Sides, codes: Array, figures: Array) -> tuple[list[str], Array, Array]:
        """Return who customers are, what they do and what they are worth, codes into `BEHAVIOUR` and `VALUE`."""
        last, first, orders, revenue = figures[:, :4].T
        bought, since, begun = orders > 0, -(last + model.last), -(first + model.last)
        rules = [~bought, since > self.quiet / DAY, begun <= self.fresh / DAY, orders == 1]
        does = np.select(rules, [4, 3, 1, 2], 0)
        worth = np.select([~bought, revenue >= model.cuts[1], revenue >= model.cuts[0]], [3, 0, 1], 2)
        parts = [
            np.array([*labels, UNKNOWN], object)[codes[:, at]] for at, labels in enumerate(model.crowd.labels)
        ]
        parts += [banded(figures[:, 4 + at], cuts) for at, cuts in enumerate(model.bands)]
        named = [BETWEEN.join(one) for one in zip(*parts, strict=True)] if parts else [UNKNOWN] * len(figures)
        return named, does.astype(np.int64), worth.astype(np.int64)


def banded(values: Array, cuts: tuple[float, ...]) -> Array:
    """Return the band of each number in words: object[n]."""
    names = [f"{low:g} – {high:g}" for low, high in pairwise(cuts)]
    words = np.array([f"< {cuts[0]:g}", *names, f"≥ {cuts[-1]:g}"] if cuts else ["="], object)
    found: Array = words[np.searchsorted(np.asarray(cuts), np.nan_to_num(values), side="right")]
    return np.where(np.isnan(values), UNKNOWN, found)


def _from(values: Array, count: Array, share: float) -> float:
    """Return the least value with at least this share of the customers below or at it; inf of nobody."""
    if not len(values):
        return float("inf")
    order = np.argsort(values, kind="stable")
    passed = np.cumsum(count[order])
    at = int(np.searchsorted(passed, share * passed[-1], side="right"))
    return float(values[order][min(at, len(order) - 1)])
