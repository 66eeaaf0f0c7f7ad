"""Figures of two groups compared: what goes together, what each adds, and what the outcome depends on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ganj.events import words
from ganj.histories import Array
from ganj.kernels.effects import (
    chance,
    correlation_chance,
    correlation_limits,
    false_discovery,
    least_squares,
    logistic,
    partial,
)
from ganj.kernels.intervals import Z95, wilson
from ganj.miner import Column, Opens, Table, Where, column
from ganj.moments import Moments
from ganj.sketches import Rows
from ganj.text import Text

FIGURES = {
    "group": Text("In the group", "عضویت در گروه"),
    "any": Text("All events", "همهٔ رویدادها"),
    "amount": Text("Amount", "مبلغ"),
    "days": Text("Days known", "روزهای آشنایی"),
}
BINS = 8
"""Ranges of a figure, of about as many customers each."""


class Fitted(NamedTuple):
    """What each figure adds: their names, slopes and errors float64[n], and of the group the whole model."""

    names: list[str]
    slopes: Array
    errors: Array
    whole: tuple[Array, Array] | None
    left: float
    """Variance of the target that is left over; nan of the group."""


@dataclass(frozen=True, eq=False)
class Together:
    """The figures of two groups.

    Attributes
    ----------
    rows, moments : side and figures of each customer
    figures, target : the figures' names, and which is to be explained; empty: the group
    rate : share of false calls allowed
    enough : whether both groups are large enough to speak of
    """

    rows: Rows
    moments: Moments
    figures: tuple[str, ...]
    target: str
    rate: float
    enough: bool

    def tables(self) -> dict[str, Table]:
        """Lay out every table."""
        return {
            "correlations": self.correlations(),
            "regression": self.regression(),
            "dependence": self.dependence(),
        }

    def correlations(self) -> Table:
        """Say how the figures, and being in the group, go together."""
        names = ("group", *self.figures)
        a, b = np.triu_indices(len(names) if self.enough else 0, 1)
        r = self.moments.correlation[a, b]
        r = np.where(a == 0, -r, r)  # the group is side 0
        low, high = correlation_limits(r, self.moments.size)
        return Table.of(
            Text("What goes together", "آنچه با هم می‌آید"),
            (named_figure("first", names), [names[i] for i in a]),
            (named_figure("second", names, "And", "و"), [names[i] for i in b]),
            *limits("r", Text("Correlation", "همبستگی"), np.column_stack((r, low, high)), "number"),
            *self._called(correlation_chance(r, self.moments.size)),
            self._everyone(len(a)),
        )

    def _called(self, p: Array) -> list[tuple[Any, Any]]:
        """Return two columns: p-values adjusted for how many there are, and which are beyond chance."""
        q = false_discovery(p)
        return [
            (column("q", "Chance (adjusted p)", "احتمال تصادف (p تعدیل‌شده)"), q),
            (column("clear", "Beyond chance", "فراتر از تصادف", "flag"), q <= self.rate),
        ]

    def _everyone(self, rows: int) -> tuple[Column, Array, list[Opens]]:
        """Return the column that says, and opens, of how many customers a row speaks."""
        both = (Where("compare_group", "in", ["one", "other"]),)
        size = np.full(rows, self.moments.size, np.int64)
        return column("customers", "Customers", "مشتریان", "customers"), size, [both] * rows

    # ---- what each adds

    def regression(self) -> Table:
        """Say what each figure adds when the others stay as they are."""
        found = self.fitted or Fitted([], np.zeros(0), np.zeros(0), None, 0.0)
        head = Text("Effect on the target", "اثر بر شاخص هدف")
        if not self.target:
            head = Text("Odds ratio, one deviation more", "نسبت بخت، یک انحراف معیار بیشتر")
        with np.errstate(divide="ignore", invalid="ignore"):
            p = chance(found.slopes / found.errors)
        return Table.of(
            Text("What each figure adds", "سهم هر شاخص با ثابت ماندن بقیه"),
            (named_figure("figure", found.names), found.names),
            *limits("effect", head, self.effects, "number"),
            (column("p", "Chance (p)", "احتمال تصادف (p)"), p),
            *self._called(p),
            self._everyone(len(found.names)),
        )

    @property
    def effects(self) -> Array:
        """Return float64[figures, 3]: of each that is regressed on the effect and its limits, of the group odds."""
        if self.fitted is None:
            return np.zeros((0, 3))
        slopes, wide = self.fitted.slopes, Z95 * self.fitted.errors
        found = np.column_stack((slopes, slopes - wide, slopes + wide))
        return found if self.target else np.exp(found)

    @cached_property
    def fitted(self) -> Fitted | None:
        """Regress the target on the other figures, or, if there is none, the group on all (in deviations)."""
        if not self.enough or not self.figures:
            return None
        if self.target:
            return self._squares()
        if not (self.moments.deviation[1:] > 0).all():
            return None
        whole = logistic(self._standard(), self._inside, self.rows.count.astype(float))
        if whole is None:
            return None
        return Fitted(list(self.figures), whole[0][1:], np.sqrt(np.diag(whole[1]))[1:], whole, np.nan)

    def _squares(self) -> Fitted | None:
        names = [name for name in self.figures if name != self.target]
        at = [1 + self.figures.index(name) for name in (self.target, *names)]
        spread = self.moments.spread[np.ix_(at, at)]
        found = least_squares(self.moments.size, spread)
        if found is None:
            return None
        left = float(spread[0, 0] * (1 - found[2]) / (self.moments.size - len(at)))
        return Fitted(names, found[0], found[1], None, left)

    @property
    def _inside(self) -> Array:
        """float64[rows]: 1 of the group."""
        return 1.0 - np.round(self.rows.total[:, 0] / self.rows.count)

    def _standard(self) -> Array:
        """float64[rows, figures], in deviations from the mean."""
        values = self.rows.total[:, 1:] / self.rows.count[:, None]
        found: Array = (values - self.moments.mean[1:]) / self.moments.deviation[1:]
        return found

    # ---- dependence

    @cached_property
    def edges(self) -> dict[str, Array]:
        """Return by figure the keys at which its ranges begin: int64[ranges]."""
        if not self.enough:
            return {}
        found = {}
        for number, name in enumerate(self.figures, 1):
            numbers = self.rows.column(number)
            at = np.searchsorted(
                np.cumsum(numbers.count), np.arange(BINS) / BINS * numbers.size, side="right"
            )
            found[name] = np.unique(numbers.keys[at])
        return found

    def bin_of(self, name: str, values: Array) -> Array:
        """Return the range of a figure each value lies in; -1 where there are none."""
        if name not in self.edges:
            return np.full(len(values), -1)
        found: Array = np.searchsorted(self.edges[name], self.rows.key_of(values), side="right") - 1
        return found

    def dependence(self) -> Table:
        """Say for each range of each figure the share who are in the group, and what the figure alone does to it."""
        told = [
            self._ranges(number, name) for number, name in enumerate(self.figures, 1) if name in self.edges
        ]
        mean, everyone, inside, *alone = np.concatenate([np.zeros((6, 0)), *told], axis=1)
        names = [(name, b) for name, one in zip(self.edges, told, strict=True) for b in range(one.shape[1])]
        low, high = wilson(inside, everyone)
        bins = [Where("compare_bins", "has", f"{name}:{b}") for name, b in names]
        group = Where("compare_group", "=", "one")
        known = [(Where("compare_group", "in", ["one", "other"]), one) for one in bins]
        return Table.of(
            Text("The group's share, by figure", "سهم گروه به تفکیک شاخص"),
            (named_figure("figure", self.figures), [name for name, _ in names]),
            (column("range", "Range, from the least", "بازه، از کمترین", "count"), [b + 1 for _, b in names]),
            (column("mean", "Mean in this range", "میانگین بازه"), mean),
            (column("customers", "Customers", "مشتریان", "customers"), everyone.astype(np.int64), known),
            (
                column("inside", "In the group", "در گروه", "customers"),
                inside.astype(np.int64),
                [(group, one) for one in bins],
            ),
            (column("share", "Share", "سهم", "percent"), 100 * inside / np.maximum(everyone, 1)),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
            *limits(
                "alone", self._alone_is(), np.column_stack(alone), "number" if self.target else "percent"
            ),
        )

    def _alone_is(self) -> Text:
        if self.target:
            return Text("The target, all else as it is", "شاخص هدف، با ثابت ماندن بقیه")
        return Text("Share, all else as it is", "سهم، با ثابت ماندن بقیه")

    def _ranges(self, number: int, name: str) -> Array:
        """float64[6, ranges]: mean, customers, of them in the group, and the partial dependence with its limits."""
        place = np.searchsorted(self.edges[name], self.rows.keys[:, number], side="right") - 1
        size = len(self.edges[name])
        weights = (self.rows.count, self.rows.count * self._inside, self.rows.total[:, number])
        everyone, inside, total = (np.bincount(place, one, size) for one in weights)
        mean = total / everyone
        return np.vstack((mean, everyone, inside, self._alone(number, name, mean)))

    def _alone(self, number: int, name: str, at: Array) -> Array:
        """float64[3, n]: what is to be expected if everyone had some value of a figure; nan where nothing is told."""
        found = self.fitted
        if found is None or name not in found.names:
            return np.full((3, len(at)), np.nan)
        if found.whole is not None:
            values = (at - self.moments.mean[number]) / self.moments.deviation[number]
            count = self.rows.count.astype(float)
            return 100 * np.array(partial(self._standard(), count, found.whole, number - 1, values))
        k = found.names.index(name)
        away = at - self.moments.mean[number]
        middle = self.moments.mean[1 + self.figures.index(self.target)] + found.slopes[k] * away
        wide = Z95 * np.sqrt(found.left / self.moments.size + (found.errors[k] * away) ** 2)
        return np.array((middle, middle - wide, middle + wide))


def named_figure(name: str, figures: Iterable[str], en: str = "Figure", fa: str = "شاخص") -> Column:
    """Return a column of figures, in words."""
    choices = tuple((one, in_words(one)) for one in dict.fromkeys(figures))
    return column(name, en, fa, "category", choices=choices)


def in_words(figure: str) -> Text:
    """Say what people call a figure."""
    return FIGURES.get(figure) or words(figure)


def limits(name: str, label: Text, values: Array, unit: str) -> list[tuple[Any, Any]]:
    """Return three columns: an effect, and its least and greatest."""
    values = np.asarray(values, np.float64).reshape(-1, 3)
    return [
        (column(name, label.en, label.fa, unit), values[:, 0]),
        (column(f"{name}_low", "At least (95 %)", "دست‌کم (۹۵٪)", unit), values[:, 1]),
        (column(f"{name}_high", "At most (95 %)", "دست‌بالا (۹۵٪)", unit), values[:, 2]),
    ]
