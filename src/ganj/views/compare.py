"""The tables, pictures and sentences of two groups compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ganj.events import words
from ganj.histories import Array
from ganj.kernels.effects import (
    chance,
    correlation_limits,
    false_discovery,
    least_squares,
    logistic,
    risk_ratio,
    standardised,
    two_shares,
)
from ganj.kernels.intervals import Z95, newcombe, wilson
from ganj.miner import Column, Opens, Table, Where, column
from ganj.sketches import Groups, Moments, Rows
from ganj.text import Text
from ganj.views.traits import called

SIDES = (("one", Text("The group", "گروه")), ("other", Text("The others", "بقیه")))
FIGURES = {
    "group": Text("In the group", "عضویت در گروه"),
    "any": Text("All events", "همهٔ رویدادها"),
    "amount": Text("Amount", "مبلغ"),
    "days": Text("Days known", "روزهای آشنایی"),
}
BINS = 8
"""Ranges of a figure, of about as many customers each."""
TOLD = 0.95
"""A behaviour whose shares lie so far apart all but defines the group."""


@dataclass(frozen=True, eq=False)
class Apart:
    """Two groups, and in what they differ.

    Attributes
    ----------
    people : int64[2]
    had : by (kind, name): float64[2, 3], customers who had it, its sum, its sum of squares
    numbers : by trait: `Groups` of `Moments` by side
    rows, moments : side and figures of each customer
    figures, target : the figures' names, and which is to be explained; empty: the group
    leaks : kinds and names that make the group
    support, fewest, rate : least customers who had it, least in a group, share of false calls allowed
    """

    people: Array
    had: Mapping[tuple[str, str], Array]
    numbers: Mapping[str, Groups]
    rows: Rows
    moments: Moments
    figures: tuple[str, ...]
    target: str
    leaks: frozenset[tuple[str, str]]
    support: int
    fewest: int
    rate: float

    @property
    def enough(self) -> bool:
        """Whether both groups are large enough to speak of."""
        return bool(self.people.min() >= self.fewest)

    @cached_property
    def kept(self) -> dict[tuple[str, str], Array]:
        """What enough customers had, by kind and name, in order."""
        if not self.enough:
            return {}
        fit = {key: sums for key, sums in self.had.items() if sums[:, 0].sum() >= self.support}
        return {key: fit[key] for key in sorted(fit)}

    def tables(self) -> dict[str, Table]:
        """Lay out every table."""
        return {
            "groups": self.groups(),
            "differences": self.differences(),
            "counts": self.counts(),
            "correlations": self.correlations(),
            "regression": self.regression(),
            "dependence": self.dependence(),
        }

    def groups(self) -> Table:
        """Say how many are in each group."""
        opens = [(Where("compare_group", "=", name),) for name, _ in SIDES]
        return Table.of(
            Text("Groups", "گروه‌ها"),
            (_side(), np.arange(2)),
            (column("customers", "Customers", "مشتریان", "customers"), self.people.astype(np.int64), opens),
        )

    # ---- shares

    @cached_property
    def shares(self) -> dict[str, Array]:
        """Return of what was kept, in order of p: hits, difference, limits, ratio, limits, q, whether it leaks."""
        keys = list(self.kept)
        hits = np.array([self.kept[key][:, 0] for key in keys]).reshape(-1, 2)
        tries = np.broadcast_to(self.people.astype(float), hits.shape)
        apart = np.array([newcombe(h[::-1], t[::-1]) for h, t in zip(hits, tries, strict=True)]).reshape(
            -1, 3
        )
        p = chance(two_shares(hits, tries)) if keys else np.zeros(0)
        leak = np.array([self.leaks_at(*key) for key in keys], bool) | (np.abs(apart[:, 0]) >= TOLD)
        order = np.lexsort((-np.abs(apart[:, 0]), np.nan_to_num(p, nan=1.0)))
        found = {
            "hits": hits,
            "apart": apart,
            "ratio": np.column_stack(risk_ratio(hits, tries)),
            "q": false_discovery(p),
            "leak": leak,
            "key": np.array([*keys, ("", "")], object)[:-1].reshape(-1, 2),
        }
        return {name: values[order] for name, values in found.items()}

    def leaks_at(self, kind: str, name: str) -> bool:
        """Tell whether something makes the group by its definition."""
        return (kind, name) in self.leaks or (kind, "") in self.leaks

    def differences(self) -> Table:
        """Say of each behaviour how many of each group had it."""
        found = self.shares
        keys, hits = found["key"], found["hits"].astype(np.int64)
        opens, names = self._opens(keys), _apart(keys)
        share = 100 * hits / np.maximum(self.people, 1)
        return Table.of(
            Text("Who did what, and who has what", "چه کسانی چه کرده‌اند و چه دارند"),
            (_of_kind(keys[:, 0].tolist()), keys[:, 0].tolist()),
            (_named(names), names),
            (column("one", "In the group", "در گروه", "customers"), hits[:, 0], opens[0]),
            (column("other", "Of the others", "از بقیه", "customers"), hits[:, 1], opens[1]),
            (column("one_share", "Share of the group", "سهم گروه", "percent"), share[:, 0], opens[0]),
            (column("other_share", "Share of the others", "سهم بقیه", "percent"), share[:, 1], opens[1]),
            *_limits(
                "difference",
                Text("Difference (points)", "اختلاف (واحد درصد)"),
                100 * found["apart"],
                "percent",
            ),
            *_limits("ratio", Text("Ratio", "نسبت"), found["ratio"], "number"),
            (column("q", "Chance (adjusted p)", "احتمال تصادف (p تعدیل‌شده)"), found["q"]),
            (column("clear", "Beyond chance", "فراتر از تصادف", "flag"), found["q"] <= self.rate),
            (column("leak", "Defines the group", "تعریف‌کنندهٔ گروه", "flag"), found["leak"]),
        )

    def _opens(self, keys: Iterable[tuple[str, str]]) -> list[list[Opens]]:
        """Say for each side who had some things."""
        told = [Where("compare_had", "has", f"{kind}:{name}") for kind, name in keys]
        return [[(Where("compare_group", "=", side), one) for one in told] for side, _ in SIDES]

    # ---- numbers

    def counts(self) -> Table:
        """Say of each count and number how far its means lie apart."""
        names, some, size, mean, spread = self._means()
        d, low, high, z = standardised(size, mean, spread)
        q = false_discovery(chance(z)) if len(z) else z
        order = np.lexsort((-np.nan_to_num(np.abs(d)), np.nan_to_num(q, nan=1.0)))
        limits = np.column_stack((d, low, high))[order]
        kinds, what = [names[i][0] for i in order], [names[i][1] for i in order]
        opens = self._opens(list(zip(kinds, what, strict=True)))
        some = some[order].astype(np.int64)
        return Table.of(
            Text("How often, and how much", "چند بار و چه اندازه"),
            (_of_kind(kinds), kinds),
            (_named(what), what),
            (column("one", "Known of the group", "دانسته از گروه", "customers"), some[:, 0], opens[0]),
            (column("other", "Known of the others", "دانسته از بقیه", "customers"), some[:, 1], opens[1]),
            (column("one_mean", "Mean of the group", "میانگین گروه"), mean[order, 0]),
            (column("other_mean", "Mean of the others", "میانگین بقیه"), mean[order, 1]),
            *_limits("effect", Text("Standardised difference", "اختلاف استانداردشده"), limits, "number"),
            (column("q", "Chance (adjusted p)", "احتمال تصادف (p تعدیل‌شده)"), q[order]),
            (column("clear", "Beyond chance", "فراتر از تصادف", "flag"), q[order] <= self.rate),
        )

    def _means(self) -> tuple[list[tuple[str, str]], Array, Array, Array, Array]:
        """Return names, and by row and side: customers told of, sizes, means, sums of squared deviations."""
        names: list[tuple[str, str]] = []
        rows: list[Any] = []
        for (kind, name), sums in self.kept.items():
            if kind == "event":
                mean = sums[:, 1] / self.people
                names.append((kind, name))
                rows.append(
                    (sums[:, 0], self.people, mean, np.maximum(sums[:, 2] - self.people * mean * mean, 0))
                )
        for name in sorted(self.numbers) if self.enough else ():
            nothing = Moments(0, np.zeros(1), np.zeros((1, 1)))
            pair = [self.numbers[name].values.get(side, nothing) for side, _ in SIDES]
            if min(one.size for one in pair) >= self.fewest:
                names.append(("trait", name))
                rows.append(
                    tuple(zip(*((m.size, m.size, m.mean[0], m.spread[0, 0]) for m in pair), strict=True))
                )
        table = np.array(rows, np.float64).reshape(-1, 4, 2)
        return names, table[:, 0], table[:, 1], table[:, 2], table[:, 3]

    # ---- figures

    def correlations(self) -> Table:
        """Say how the figures, and being in the group, go together."""
        names = ("group", *self.figures)
        a, b = np.triu_indices(len(names) if self.enough else 0, 1)
        r = self.moments.correlation[a, b]
        r = np.where(a == 0, -r, r)  # the group is side 0
        low, high = correlation_limits(r, self.moments.size)
        return Table.of(
            Text("What goes together", "آنچه با هم می‌آید"),
            (_figure("first", names), [names[i] for i in a]),
            (_figure("second", names, "And", "و"), [names[i] for i in b]),
            *_limits("r", Text("Correlation", "همبستگی"), np.column_stack((r, low, high)), "number"),
            self._everyone(len(a)),
        )

    def _everyone(self, rows: int) -> tuple[Column, Array, list[Opens]]:
        """Return the column that says, and opens, of how many customers a row speaks."""
        both = (Where("compare_group", "in", ["one", "other"]),)
        size = np.full(rows, self.moments.size, np.int64)
        return column("customers", "Customers", "مشتریان", "customers"), size, [both] * rows

    def regression(self) -> Table:
        """Say what each figure adds when the others stay as they are."""
        names, found = self._regressed()
        slopes, errors = found if found is not None else (np.zeros(0), np.zeros(0))
        names = names if found is not None else []
        limits = np.column_stack((slopes, slopes - Z95 * errors, slopes + Z95 * errors))
        head = Text("Effect on the target", "اثر بر شاخص هدف")
        if not self.target:
            limits, head = (
                np.exp(limits),
                Text("Odds ratio, one deviation more", "نسبت بخت، یک انحراف معیار بیشتر"),
            )
        with np.errstate(divide="ignore", invalid="ignore"):
            p = chance(slopes / errors)
        return Table.of(
            Text("What each figure adds", "سهم هر شاخص با ثابت ماندن بقیه"),
            (_figure("figure", names), names),
            *_limits("effect", head, limits, "number"),
            (column("p", "Chance (p)", "احتمال تصادف (p)"), p),
            self._everyone(len(names)),
        )

    def _regressed(self) -> tuple[list[str], tuple[Array, Array] | None]:
        """Regress the target on the other figures, or, if there is none, the group on all (in deviations)."""
        if not self.enough or not self.figures:
            return [], None
        if self.target:
            names = [name for name in self.figures if name != self.target]
            at = [1 + self.figures.index(name) for name in (self.target, *names)]
            fitted = least_squares(self.moments.size, self.moments.spread[np.ix_(at, at)])
            return names, fitted and fitted[:2]
        wide = self.moments.deviation[1:]
        if not (wide > 0).all():
            return [], None
        values = self.rows.total / self.rows.count[:, None]
        figures = (values[:, 1:] - self.moments.mean[1:]) / wide
        return list(self.figures), logistic(
            figures, 1 - np.round(values[:, 0]), self.rows.count.astype(float)
        )

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
        """Say for each range of each figure the share of its customers who are in the group."""
        rows: list[tuple[Any, ...]] = []
        for number, name in enumerate(self.figures, 1):
            if name not in self.edges:
                continue
            keys, side = self.rows.keys[:, number], self.rows.keys[:, 0] == 0
            place = np.searchsorted(self.edges[name], keys, side="right") - 1
            size = len(self.edges[name])
            all_, in_ = (np.bincount(place, w, size) for w in (self.rows.count, self.rows.count * side))
            mean = np.bincount(place, self.rows.total[:, number], size) / all_
            rows += [(name, b, mean[b], all_[b], in_[b]) for b in range(size)]
        mean, everyone, inside = np.array([row[2:] for row in rows], np.float64).reshape(-1, 3).T
        low, high = wilson(inside, everyone)
        bins = [Where("compare_bins", "has", f"{name}:{b}") for name, b, *_ in rows]
        group = Where("compare_group", "=", "one")
        known = [(Where("compare_group", "in", ["one", "other"]), one) for one in bins]
        return Table.of(
            Text("The group's share, by figure", "سهم گروه به تفکیک شاخص"),
            (_figure("figure", self.figures), [name for name, *_ in rows]),
            (
                column("range", "Range, from the least", "بازه، از کمترین", "count"),
                [b + 1 for _, b, *_ in rows],
            ),
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
        )


def _side() -> Any:
    return column("group", "Group", "گروه", "category", choices=SIDES)


def _named(names: Iterable[str]) -> Column:
    """Return the column of what was done or had; standard events are told in words."""
    choices = tuple((name, words(name)) for name in dict.fromkeys(names))
    return column("name", "What", "چه چیز", "category", choices=choices)


def _of_kind(kinds: Iterable[str]) -> Column:
    """Return the column of what kind of thing it is: an event, a trait, or what breaks events down."""
    told = {"event": Text("Event", "رویداد"), "trait": Text("Trait", "ویژگی مشتری")}
    choices = tuple((kind, told.get(kind) or called(kind)) for kind in dict.fromkeys(kinds))
    return column("kind", "Kind", "نوع", "category", choices=choices)


def _figure(name: str, figures: Iterable[str], en: str = "Figure", fa: str = "شاخص") -> Column:
    """Return a column of figures, in words."""
    choices = tuple((one, FIGURES.get(one) or words(one)) for one in dict.fromkeys(figures))
    return column(name, en, fa, "category", choices=choices)


def _apart(keys: Array) -> list[str]:
    """Return the names of object[n, 2] kinds and names; one that several kinds have is told with its kind."""
    many = Counter(keys[:, 1].tolist())
    return [name if many[name] == 1 else f"{name} ({kind})" for kind, name in keys.tolist()]


def _limits(name: str, label: Text, values: Array, unit: str) -> list[tuple[Any, Any]]:
    """Return three columns: an effect, and its least and greatest."""
    values = np.asarray(values, np.float64).reshape(-1, 3)
    return [
        (column(name, label.en, label.fa, unit), values[:, 0]),
        (column(f"{name}_low", "At least (95 %)", "دست‌کم (۹۵٪)", unit), values[:, 1]),
        (column(f"{name}_high", "At most (95 %)", "دست‌بالا (۹۵٪)", unit), values[:, 2]),
    ]
