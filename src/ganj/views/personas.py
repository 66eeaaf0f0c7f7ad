"""Personas: who × what they do × what they are worth; tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np

from ganj.display.numbers import END_ISOLATE, ISOLATE
from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.text import Text

WHO, DOES, WORTH = "persona_who", "persona_behaviour", "persona_value"
UNKNOWN, BETWEEN = "—", " · "
SHOWN, GROUPS = 30, 16
"""Personas in the table, and groups of people in pictures."""
BEHAVIOUR: tuple[tuple[str, Text], ...] = (
    ("regular", Text("come back", "همیشگی")),
    ("new", Text("new", "تازه‌وارد")),
    ("once", Text("bought once", "یک‌بار خریده")),
    ("lapsed", Text("silent", "خاموش")),
    ("none", Text("not yet buyers", "هنوز نخریده")),
)
VALUE: tuple[tuple[str, Text], ...] = (
    ("high", Text("high value", "پرارزش")),
    ("middle", Text("middle value", "میان‌ارزش")),
    ("low", Text("low value", "کم‌ارزش")),
    ("none", Text("no purchases yet", "بدون خرید")),
)
NOT_YET = len(VALUE) - 1
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def _apart(words: Text) -> Text:
    """Keep a name in letters of the other direction from taking what follows along."""
    en, fa = words.en, words.fa
    return Text(
        en if en.isascii() else f"{ISOLATE}{en}{END_ISOLATE}",
        f"{ISOLATE}{fa}{END_ISOLATE}" if fa.isascii() else fa,
    )


@dataclass(frozen=True, eq=False)
class Crowds:
    """Customers by who they are, what they do and what they are worth.

    Attributes
    ----------
    who : int64[n], into ``names``; does, worth : int64[n], into `BEHAVIOUR` and `VALUE`
    names : groups of people as they are called
    count, money : float64[n], customers and their revenue
    least : a persona has so many customers
    """

    who: Array
    does: Array
    worth: Array
    names: tuple[str, ...]
    count: Array
    money: Array
    least: int

    @cached_property
    def cube(self) -> Array:
        """float64[2, names, behaviours, values], customers and revenue."""
        shape = (len(self.names), len(BEHAVIOUR), len(VALUE))
        at = np.ravel_multi_index((self.who, self.does, self.worth), shape) if len(self.who) else self.who
        size = int(np.prod(shape))
        return np.stack([np.bincount(at, one, size).reshape(shape) for one in (self.count, self.money)])

    @cached_property
    def personas(self) -> Array:
        """int64[personas, 3]: those large enough, by revenue, then by customers."""
        people, money = self.cube
        found = np.argwhere(people >= self.least)
        sizes, worth = people[tuple(found.T)], money[tuple(found.T)]
        return found[np.lexsort((np.arange(len(found)), -sizes, -np.round(worth, 6)))]

    @cached_property
    def groups(self) -> list[int]:
        """Groups of people by how many they are; the largest only."""
        size = self.cube[0].sum(axis=(1, 2))
        order = np.argsort(-size, kind="stable")[:GROUPS]
        return [int(at) for at in order if size[at] > 0]

    def called(self, persona: Array) -> Text:
        """Name a persona by its three sides."""
        who, does, worth = (int(side) for side in persona)
        words = [_apart(group(self.names[who])), BEHAVIOUR[does][1]]
        words += [] if worth == NOT_YET else [VALUE[worth][1]]
        return Text(", ".join(one.en for one in words), "، ".join(one.fa for one in words))

    def opens(self, who: int, does: int = -1, worth: int = -1) -> Opens:
        """Return what opens a group of people, or part of it."""
        found = [Where(WHO, "=", self.names[who])]
        found += [Where(DOES, "=", BEHAVIOUR[does][0])] if does >= 0 else []
        return tuple(found + ([Where(WORTH, "=", VALUE[worth][0])] if worth >= 0 else []))

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        return {
            "summary": self.summary(),
            "personas": self.table(),
            "people": self.people(),
            "behaviour": self.sides(
                1, column("behaviour", "Behaviour", "رفتار", "category", choices=BEHAVIOUR)
            ),
            "value": self.sides(2, column("value", "Value", "ارزش", "category", choices=VALUE)),
        }

    def summary(self) -> Table:
        """Say the main figures in one row."""
        people, one = self.cube[0], np.array
        inside = people[tuple(self.personas.T)].sum()
        return Table.of(
            Text("At a glance", "در یک نگاه"),
            (column("customers", "Customers", "مشتریان", "customers"), one([int(people.sum())]), [()]),
            (column("groups", "Groups of people", "گروه‌های جمعیتی", "count"), one([len(self.names)])),
            (column("personas", "Personas", "پرسوناها", "count"), one([len(self.personas)])),
            (
                column("covered", "Customers in them", "مشتریان درون آن‌ها", "percent"),
                one([100 * inside / max(people.sum(), 1)]),
            ),
        )

    def table(self) -> Table:
        """Say each persona's figures, and how many times as many it has as chance would give."""
        shown = self.personas[:SHOWN]
        people, money = self.cube
        size, worth = people[tuple(shown.T)], money[tuple(shown.T)]
        whole = max(people.sum(), 1)
        chance = people.sum(axis=(1, 2))[shown[:, 0]] * people.sum(axis=0)[shown[:, 1], shown[:, 2]] / whole
        choices = tuple(
            ("/".join((self.names[a], BEHAVIOUR[b][0], VALUE[c][0])), self.called(np.array([a, b, c])))
            for a, b, c in shown.tolist()
        )
        name = column(
            "persona", "Persona", "پرسونا", "category", choices=choices or (("none", Text("None", "هیچ")),)
        )
        opens = [self.opens(*one) for one in shown.tolist()]
        return Table.of(
            Text("Personas", "پرسوناها"),
            (name, np.arange(len(shown))),
            (column("customers", "Customers", "مشتریان", "customers"), size.astype(np.int64), opens),
            (column("share", "Share of customers", "سهم از مشتریان", "percent"), 100 * size / whole),
            (column("revenue", "Revenue", "درآمد", "money"), worth),
            (
                column("revenue_share", "Share of revenue", "سهم از درآمد", "percent"),
                100 * worth / max(money.sum(), 1e-300),
            ),
            (
                column("per_head", "Revenue per customer", "درآمد هر مشتری", "money"),
                worth / np.maximum(size, 1),
            ),
            (
                column("times", "Times as many as by chance", "چند برابرِ تصادف", "ratio"),
                size / np.maximum(chance, 1e-300),
            ),
        )

    def people(self) -> Table:
        """Say of each group of people how many there are and what they bring."""
        people, money = self.cube
        size, worth = people.sum(axis=(1, 2))[self.groups], money.sum(axis=(1, 2))[self.groups]
        buyers = people[:, :, :NOT_YET].sum(axis=(1, 2))[self.groups]
        high = people[:, :, 0].sum(axis=1)[self.groups]
        return Table.of(
            Text("Groups of people", "گروه‌های جمعیتی"),
            (self._who(), np.array(self.groups, np.int64)),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                size.astype(np.int64),
                [self.opens(at) for at in self.groups],
            ),
            (column("buyers", "Have bought", "خریدارند", "percent"), 100 * buyers / np.maximum(size, 1)),
            (column("high", "Of high value", "پرارزش‌اند", "percent"), 100 * high / np.maximum(size, 1)),
            (column("revenue", "Revenue", "درآمد", "money"), worth),
            (
                column("per_head", "Revenue per customer", "درآمد هر مشتری", "money"),
                worth / np.maximum(size, 1),
            ),
        )

    def sides(self, axis: int, side: Column) -> Table:
        """Say what share of each group of people does, or is worth, what; and how far that is from all others."""
        people = self.cube[0].sum(axis=3 - axis)
        rows = [(who, at) for who in self.groups for at in range(people.shape[1])]
        size = np.array([people[row] for row in rows], np.int64)
        share = [100 * people[row] / max(people[row[0]].sum(), 1) for row in rows]
        beyond = surprises(people)
        opens = [self.opens(who, at) if axis == 1 else self.opens(who, worth=at) for who, at in rows]
        return Table.of(
            Text("What each group does", "رفتار هر گروه")
            if axis == 1
            else Text("What each group is worth", "ارزش هر گروه"),
            (self._who(), np.array([who for who, _ in rows], np.int64)),
            (side, np.array([at for _, at in rows], np.int64)),
            (column("customers", "Customers", "مشتریان", "customers"), size, opens),
            (column("share", "Share of the group", "سهم از گروه", "percent"), np.array(share)),
            (
                column("beyond", "Standard errors from chance", "خطای معیار از تصادف"),
                np.array([beyond[row] for row in rows]),
            ),
        )

    def _who(self) -> Column:
        choices = tuple((name, group(name)) for name in self.names) or ((UNKNOWN, group(UNKNOWN)),)
        return column("who", "Group of people", "گروه جمعیتی", "category", choices=choices)


def group(name: str) -> Text:
    """Return a group of people as people read it: in Persian limits in words, since signs turn round there."""
    return Text(name, name.translate(PERSIAN).replace("≥ ", "از ").replace("< ", "کمتر از "))


def is_known(name: str) -> bool:
    """Tell whether anything is known of a group of people."""
    return any(part != UNKNOWN for part in name.split(BETWEEN))


def surprises(table: Array) -> Array:
    """Return how many standard errors each cell is from what its row and column let expect: float64[r, c].

    Source: S. J. Haberman, The analysis of residuals in cross-classified tables, 1973 (adjusted residuals).
    """
    whole = max(table.sum(), 1e-300)
    rows, columns = table.sum(axis=1, keepdims=True) / whole, table.sum(axis=0, keepdims=True) / whole
    expected = whole * rows * columns
    error = np.sqrt(expected * (1 - rows) * (1 - columns))
    found: Array = np.divide(table - expected, error, out=np.zeros(table.shape), where=error > 1e-9)
    return found


def charts(view: Crowds) -> tuple[Chart, ...]:
    """Return the pictures."""
    money = view.cube[1].sum() > 0
    return (
        Chart(
            kind="hbar",
            table="personas",
            title=Text("Personas with most revenue", "پردرآمدترین پرسوناها")
            if money
            else Text("Largest personas", "بزرگ‌ترین پرسوناها"),
            x="persona",
            y=("share", "revenue_share") if money else ("share",),
            options={"top": 12, "sorted": False},
        ),
        Chart(
            kind="heatmap",
            table="behaviour",
            title=Text("What each group does (share of the group)", "رفتار هر گروه (سهم از گروه)"),
            x="behaviour",
            series="who",
            y=("share",),
        ),
        Chart(
            kind="heatmap",
            table="value",
            title=Text("What each group is worth (share of the group)", "ارزش هر گروه (سهم از گروه)"),
            x="value",
            series="who",
            y=("share",),
        ),
    )


def findings(view: Crowds) -> Iterator[Finding]:
    """Say what a manager takes away."""
    people, money = view.cube
    if not people.sum():
        yield Finding(
            text=Text(
                "There are no customers yet whose traits are known.",
                "هنوز مشتری‌ای که ویژگی‌هایش دانسته باشد نیست.",
            ),
            tone="warn",
            weight=1.0,
        )
        return
    if len(view.personas):
        first = view.personas[0]
        share = {"name": view.called(first), "share": 100 * float(people[tuple(first)] / people.sum())}
        worth = 100 * float(money[tuple(first)] / money.sum()) if money.sum() > 0 else 0.0
        yield Finding(
            text=Text(
                "The persona that brings most: {name}; {share:percent} of customers, {revenue:percent} of revenue.",
                "پردرآمدترین پرسونا: {name}؛ {share:percent} مشتریان و {revenue:percent} درآمد.",
            ),
            evidence=share | {"revenue": worth},
            opens=view.opens(*first.tolist()),
            weight=1.0,
        )
    yield from _differences(view)


def _differences(view: Crowds) -> Iterator[Finding]:
    """Say where a group does or is worth something more often than chance, corrected for all cells looked at."""
    known = np.array([is_known(name) for name in view.names])
    sides = [(axis, view.cube[0].sum(axis=3 - axis) * known[:, None]) for axis in (1, 2)]
    cells = sum(table.size for _, table in sides)
    bar = NormalDist().inv_cdf(1 - 0.025 / cells)  # one in twenty by chance over all cells, either way
    found = [
        (float(surprises(table)[who, at]), axis, who, at, table)
        for axis, table in sides
        for who, at in np.argwhere((surprises(table) > bar) & (table >= view.least)).tolist()
        if (axis, at) != (2, NOT_YET)  # said as behaviour
    ]
    for rank, (_, axis, who, at, table) in enumerate(sorted(found, key=lambda one: -one[0])[:3]):
        rest = table.sum(axis=0) - table[who]
        yield Finding(
            text=Text(
                "{who}: {share:percent} of them are «{side}», against {others:percent} of all others; more than chance.",
                "{who}: {share:percent} آنان «{side}»اند، در برابر {others:percent} دیگران؛ فراتر از تصادف.",
            ),
            evidence={
                "who": group(view.names[who]),
                "side": (BEHAVIOUR if axis == 1 else VALUE)[at][1],
                "share": 100 * float(table[who, at] / table[who].sum()),
                "others": 100 * float(rest[at] / max(rest.sum(), 1)),
            },
            opens=view.opens(who, at) if axis == 1 else view.opens(who, worth=at),
            weight=0.8 - rank / 100,
        )
    if not found:
        yield Finding(
            text=Text(
                "By these traits no group does or is worth anything more often than chance gives: they are no ground for different treatment.",
                "با این ویژگی‌ها رفتار یا ارزش هیچ گروهی فراتر از تصادف نیست: دلیلی برای رفتار متفاوت با آنان نیست.",
            ),
            tone="warn",
            weight=0.8,
        )
