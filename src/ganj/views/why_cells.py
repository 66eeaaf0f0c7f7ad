"""The figures that may be asked about, and combinations of values measured by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ganj.histories import Array
from ganj.models.causes.scanning import Cause, causes
from ganj.sketches import Groups
from ganj.text import Text
from ganj.views.why_fold import AMOUNT, CUSTOMERS, EVENTS, JOIN, OVER, WIDTH, Label, name_of

UNKNOWN = Text("Unknown", "نامشخص")
SHRUNK = 20.0
"""So many of the whole's cases are added to a cell before its ratio of before is believed."""
Places = tuple[int, int]
"""Of a figure's numerator and denominator; -1 for 1."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that may be asked about.

    Attributes
    ----------
    name : its choice
    text, choice : its words in sentences and in a list
    unit, written : of its values in tables, and in sentences
    cells : where its numerator and denominator stand in a combination's sums
    whole : where they stand in the sums of a period: customers, events, amount, squares, over
    of_money : whether items, prices and mix of products are factors
    """

    name: str
    text: Text
    choice: Text
    unit: str
    written: str
    cells: Places
    whole: Places
    of_money: bool = False

    @property
    def is_ratio(self) -> bool:
        """Tell whether it is one sum over another."""
        return self.whole[1] >= 0

    @property
    def factor(self) -> float:
        """A rate is in percent."""
        return 100.0 if self.unit == "percent" else 1.0

    def of(self, sums: Array) -> float:
        """Return the figure of a period: sums float64[5]."""
        over = float(sums[self.whole[1]]) if self.is_ratio else 1.0
        return self.factor * float(sums[self.whole[0]]) / over if over > 0 else 0.0

    def of_day(self, sums: Array | None) -> float:
        """Return the figure of a day: events, amount, over; customers are told by their events."""
        if sums is None:
            return np.nan if self.is_ratio else 0.0
        place = {0: 0, 1: 0, 2: 1, 4: 2}
        over = float(sums[place[self.whole[1]]]) if self.is_ratio else 1.0
        return self.factor * float(sums[place[self.whole[0]]]) / over if over > 0 else np.nan

    def fraction(self, cells: Array) -> tuple[Array, Array]:
        """Return denominators and numerators, before and now, in units of the figure: float64[k, 2] each."""
        top, below = self.cells
        return cells[:, below : below + 2], self.factor * cells[:, top : top + 2]

    def spread(self, sums: Array) -> float:
        """Return the standard error of the difference of a ratio: of a mean amount, or of a rate."""
        events, over = sums[:, 1], sums[:, 4]
        if self.name == "rate":
            rate = np.clip(np.divide(events, over, out=np.zeros(2), where=over > 0), 0, 1)
            return 100 * float(np.sqrt((rate * (1 - rate) / np.maximum(over, 1)).sum()))
        size = np.maximum(events, 1)
        variance = np.maximum(sums[:, 3] / size - (sums[:, 2] / size) ** 2, 0)
        return float(np.sqrt((variance / size).sum()))


FIGURES: dict[str, Figure] = {
    one.name: one
    for one in (
        Figure(
            "amount",
            Text("Revenue", "درآمد"),
            Text("Revenue", "درآمد"),
            "money",
            "short",
            (AMOUNT, -1),
            (2, -1),
            of_money=True,
        ),
        Figure(
            "events",
            Text("The number of events", "شمار رویداد"),
            Text("Number of events (orders)", "شمار رویداد (سفارش)"),
            "count",
            "count",
            (EVENTS, -1),
            (1, -1),
        ),
        Figure(
            "customers",
            Text("The number of customers", "شمار مشتریان"),
            Text("Number of customers", "شمار مشتریان"),
            "count",
            "count",
            (CUSTOMERS, -1),
            (0, -1),
        ),
        Figure(
            "each",
            Text("The average basket", "میانگین سبد"),
            Text("Average basket", "میانگین سبد"),
            "money",
            "short",
            (AMOUNT, EVENTS),
            (2, 1),
            of_money=True,
        ),
        Figure(
            "rate",
            Text("The rate", "نرخ"),
            Text("Rate (of another event)", "نرخ (از رویدادی دیگر)"),
            "percent",
            "percent",
            (EVENTS, OVER),
            (1, 4),
        ),
    )
}


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """Combinations of values, measured by a figure.

    Attributes
    ----------
    figure : by which
    by : the dimensions
    cells : see `ganj.views.why_fold.Moved`
    ratio : what the calendar alone makes of the figure
    whole : float64[2, 5], see `ganj.views.why_fold.Moved`
    """

    figure: Figure
    by: tuple[str, ...]
    cells: Groups
    ratio: float
    whole: Array

    @property
    def unit(self) -> str:
        """The unit of what causes are measured in: of a ratio, its numerator's."""
        return {"each": "money", "rate": "count"}.get(self.figure.name, self.figure.unit)

    def sums(self, key: str) -> Mapping[Label, Array]:
        """Return the sums of the combinations of some dimensions."""
        largest = self.cells.values.get(key)
        told = sorted(largest.values.items()) if largest is not None else ()
        return {tuple(label.split(JOIN)): row for label, row in told}

    def matrix(self, key: str) -> Array:
        """Return the same as rows: float64[k, `ganj.views.why_fold.WIDTH`]."""
        return np.array(list(self.sums(key).values())).reshape(-1, WIDTH)

    def values(self, sums: Array, period: int) -> Array:
        """Return the figure of combinations in a period: float64[k]."""
        top, below = self.figure.cells
        over = sums[:, below + period] if below >= 0 else np.ones(len(sums))
        found = np.full(len(sums), np.nan)
        ratio: Array = np.divide(sums[:, top + period], over, out=found, where=over > 0)
        return self.figure.factor * ratio

    def largest(self, place: int, top: int) -> list[Label]:
        """Return the values of a dimension that differ most from what was to be expected, the greatest first."""
        sums = self.sums(name_of((place,)))
        expected, observed = self._expected(self.matrix(name_of((place,))))
        size = dict(zip(sums, np.abs(observed - expected).tolist(), strict=True))
        return sorted(sums, key=lambda label: (-size[label], label))[:top]

    def _expected(self, sums: Array) -> tuple[Array, Array]:
        """Return what combinations were to have, had only the calendar changed, and what they have."""
        top, below = self.figure.cells
        if below < 0:
            return np.maximum(sums[:, top], 0) * self.ratio, np.maximum(sums[:, top + 1], 0)
        first, second = self.figure.whole
        rate = self.whole[0, first] / self.whole[0, second] if self.whole[0, second] > 0 else 0.0
        believed = (np.maximum(sums[:, top], 0) + SHRUNK * rate) / (sums[:, below] + SHRUNK)
        return sums[:, below + 1] * believed, np.maximum(sums[:, top + 1], 0)

    @property
    def noise(self) -> float:
        """Variance over mean of a sum of independent events: 1 for counts, mean square over mean for amounts."""
        _, events, amount, squares, _ = self.whole.sum(axis=0)
        if not self.figure.of_money:
            once = 1.0
        elif self.figure.is_ratio:
            once = squares / amount - amount / events if amount > 0 and events > 0 else 1.0
        else:
            once = squares / amount if amount > 0 else 1.0
        return float(max(once, 1e-9))

    def causes(self, most: int) -> list[Cause]:
        """Find where it moved apart from the rest."""
        keys = [name_of(tuple(range(len(self.by))))] if self.by else []
        if not keys or not self.sums(keys[0]):
            return []
        labels = list(self.sums(keys[0]))
        expected, observed = self._expected(self.matrix(keys[0]))
        if expected.sum() <= 0 or observed.sum() <= 0:
            return []
        codes = np.column_stack(
            [np.unique([label[d] for label in labels], return_inverse=True)[1] for d in self._range]
        )
        way = int(np.sign(observed.sum() - expected.sum()))
        noise = self.noise
        told = causes(codes, observed / noise, expected / noise, behind=self._behind, most=most, way=way)
        return [replace(one, observed=noise * one.observed, expected=noise * one.expected) for one in told]

    @property
    def _behind(self) -> float:
        """How much was seen before for each 1 that is expected now."""
        if not self.figure.is_ratio:
            return 1 / self.ratio
        below = self.figure.whole[1]
        return float(self.whole[0, below] / self.whole[1, below]) if self.whole[1, below] > 0 else 1.0

    @property
    def _range(self) -> range:
        return range(len(self.by))

    def named(self, cause: Cause) -> tuple[str, Label]:
        """Return a cause as dimensions and values."""
        labels = list(self.sums(name_of(tuple(self._range))))
        known = [np.unique([label[d] for label in labels]).tolist() for d in self._range]
        return name_of(tuple(d for d, _ in cause.where)), tuple(known[d][code] for d, code in cause.where)

    def said(self, key: str, label: Label) -> str:
        """Write a combination as conditions are written."""
        return ", ".join(f"{self.by[int(d)]} = {value or '—'}" for d, value in zip(key, label, strict=True))
