"""The tables, pictures and sentences of two groups compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ganj.events import value_words, words
from ganj.histories import Array
from ganj.kernels.effects import (
    chance,
    false_discovery,
    risk_ratio,
    standardised,
    two_shares,
)
from ganj.kernels.intervals import newcombe
from ganj.miner import Column, Opens, Table, Where, column
from ganj.moments import Moments
from ganj.sketches import Groups, Rows
from ganj.text import Text
from ganj.views.compare_figures import Together, limits
from ganj.views.traits import called

SIDES = (("one", Text("The group", "گروه")), ("other", Text("The others", "بقیه")))
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
    def together(self) -> Together:
        """Return what the figures say together."""
        return Together(self.rows, self.moments, self.figures, self.target, self.rate, self.enough)

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
            **self.together.tables(),
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
        opens, names = self._opens(keys), told_apart(keys)
        share = 100 * hits / np.maximum(self.people, 1)
        return Table.of(
            Text("Who did what, and who has what", "چه کسانی چه کرده‌اند و چه دارند"),
            (_of_kind(keys[:, 0].tolist()), keys[:, 0].tolist()),
            (_named(names), list(names)),
            (column("one", "In the group", "در گروه", "customers"), hits[:, 0], opens[0]),
            (column("other", "Of the others", "از بقیه", "customers"), hits[:, 1], opens[1]),
            (column("one_share", "Share of the group", "سهم گروه", "percent"), share[:, 0], opens[0]),
            (column("other_share", "Share of the others", "سهم بقیه", "percent"), share[:, 1], opens[1]),
            *limits(
                "difference",
                Text("Difference (points)", "اختلاف (واحد درصد)"),
                100 * found["apart"],
                "percent",
            ),
            *limits("ratio", Text("Ratio", "نسبت"), found["ratio"], "number"),
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
        apart = np.column_stack((d, low, high))[order]
        kinds, what = [names[i][0] for i in order], [names[i][1] for i in order]
        opens = self._opens(list(zip(kinds, what, strict=True)))
        some = some[order].astype(np.int64)
        return Table.of(
            Text("How often, and how much", "چند بار و چه اندازه"),
            (_of_kind(kinds), kinds),
            (_named({name: words(name) for name in what}), what),
            (column("one", "Known of the group", "دانسته از گروه", "customers"), some[:, 0], opens[0]),
            (column("other", "Known of the others", "دانسته از بقیه", "customers"), some[:, 1], opens[1]),
            (column("one_mean", "Mean of the group", "میانگین گروه"), mean[order, 0]),
            (column("other_mean", "Mean of the others", "میانگین بقیه"), mean[order, 1]),
            *limits("effect", Text("Standardised difference", "اختلاف استانداردشده"), apart, "number"),
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


def _side() -> Any:
    return column("group", "Group", "گروه", "category", choices=SIDES)


def _named(names: Mapping[str, Text]) -> Column:
    """Return the column of what was done or had; standard events and channels are told in words."""
    return column("name", "What", "چه چیز", "category", choices=tuple(names.items()))


def _of_kind(kinds: Iterable[str]) -> Column:
    """Return the column of what kind of thing it is: an event, a trait, or what breaks events down."""
    told = {"event": Text("Event", "رویداد"), "trait": Text("Trait", "ویژگی مشتری")}
    choices = tuple((kind, told.get(kind) or called(kind)) for kind in dict.fromkeys(kinds))
    return column("kind", "Kind", "نوع", "category", choices=choices)


def told_apart(keys: Array) -> dict[str, Text]:
    """Return the names of object[n, 2] kinds and names, with their words; one that several kinds have is told with its kind."""
    many = Counter(keys[:, 1].tolist())
    found: dict[str, Text] = {}
    for kind, name in keys.tolist():
        told = words(name) if kind == "event" else value_words(name)
        of = called(kind)
        apart = Text(f"{told.en} ({of.en.lower()})", f"{told.fa} ({of.fa})")
        found |= {name: told} if many[name] == 1 else {f"{name} ({kind})": apart}
    return found
