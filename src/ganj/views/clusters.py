"""Clusters' tables: how large they are, what tells them apart, how many there should be, who moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array
from ganj.miner import Column, Opens, Table, Where, column
from ganj.models.clustering.choosing import Choice
from ganj.models.clustering.telling import share_shifts, shifts
from ganj.models.clustering.ward import Tree
from ganj.text import Text
from ganj.views.alike import FIGURES, Alike, Figure, of_trait
from ganj.views.clusters_tree import drawn
from ganj.views.traits import called

MOST = 12
NUMBERS: tuple[tuple[str, Text], ...] = tuple(
    (str(n), Text(str(n), "".join("۰۱۲۳۴۵۶۷۸۹"[int(digit)] for digit in str(n)))) for n in range(1, MOST + 1)
)
CLUSTERS: tuple[tuple[str, Text], ...] = tuple(
    (name, Text(f"Cluster {number.en}", f"خوشهٔ {number.fa}")) for name, number in NUMBERS
)
NONE = MOST
BEFORE = (*CLUSTERS, ("none", Text("Not yet a buyer", "هنوز خریدار نبود")))


@dataclass(frozen=True, slots=True)
class Trait:
    """Something by which a cluster differs from the rest.

    Attributes
    ----------
    figure : what; a value of a category is a figure of the share that has it
    effect : how far from the rest, in standard deviations or Cohen's h
    inside, outside : the mean (or share in percent) in the cluster and in the rest
    kind : whether it is a value of a category
    """

    figure: Figure
    effect: float
    inside: float
    outside: float
    kind: bool = False


@dataclass(frozen=True, eq=False)
class Grouped:
    """Customers in clusters.

    Attributes
    ----------
    alike : the customers
    points : float64[rows, p], as they were clustered
    label : int64[rows], below ``groups``; before : int32[rows], codes into `BEFORE`, -1 where nothing is compared
    groups : how many clusters; 0 where ``refused``
    figures : what was asked for, and traits that are numbers, in the order of the rows' figures
    choice, tree, leaf : why so many; the tree of micro-clusters, and the cluster of each leaf
    as_of : µs UTC
    """

    alike: Alike
    points: Array
    label: Array
    before: Array
    groups: int
    figures: tuple[str, ...]
    choice: Choice | None
    tree: Tree | None
    leaf: Array
    as_of: int
    refused: TooLittleData | None = None

    @property
    def count(self) -> Array:
        """float64[rows], customers."""
        found: Array = self.alike.crowd.count.astype(np.float64)
        return found

    @cached_property
    def size(self) -> Array:
        """int64[groups], customers."""
        return np.bincount(self.label, self.count, self.groups).astype(np.int64)[: self.groups]

    @cached_property
    def sums(self) -> Array:
        """float64[groups, s], see `Alike.crowd`."""
        return self._added(self.alike.crowd.sums)

    @cached_property
    def known(self) -> tuple[Figure, ...]:
        """The figures that customers are likened by."""
        return tuple(FIGURES[name] for name in self.figures) + tuple(
            of_trait(name) for name in self.alike.numbers
        )

    @cached_property
    def means(self) -> tuple[Array, Array]:
        """Means of each figure in each cluster and in all others: float64[groups, figures]."""
        d = len(self.known)
        there = ~np.isnan(self.alike.crowd.figures[:, :d])
        many = self._added(self.count[:, None] * there)
        total = self.sums[:, 2 : 2 + d]
        with np.errstate(invalid="ignore", divide="ignore"):
            return total / many, (total.sum(axis=0) - total) / (many.sum(axis=0) - many)

    @cached_property
    def traits(self) -> tuple[tuple[Trait, ...], ...]:
        """Of each cluster everything it may differ by, in a fixed order."""
        inside, outside = self.means
        if not self.groups:
            return ()
        effects = shifts(self.points[:, : len(self.known)], self.count, self.label, self.groups)
        found = [
            [
                Trait(one, float(effects[g, at]), float(inside[g, at]), float(outside[g, at]))
                for at, one in enumerate(self.known)
            ]
            for g in range(self.groups)
        ]
        for at, name in enumerate(self.alike.kinds):
            for g, of in enumerate(self._kinds(at, name)):
                found[g] += of
        return tuple(tuple(one) for one in found)

    def _kinds(self, at: int, name: str) -> list[list[Trait]]:
        labels, codes = self.alike.crowd.labels[at], self.alike.crowd.codes[:, at]
        told = share_shifts(codes, self.count, self.label, self.groups, len(labels))
        common = np.flatnonzero(self._shares(codes, len(labels)) >= 0.01)  # one in a hundred
        return [
            [
                Trait(
                    kind_of(name, labels[v]),
                    float(told[2][g, v]),
                    100 * float(told[0][g, v]),
                    100 * float(told[1][g, v]),
                    kind=True,
                )
                for v in common.tolist()
            ]
            for g in range(self.groups)
        ]

    def _added(self, rows: Array) -> Array:
        """Add rows float64[rows, s] up by cluster: float64[groups, s]."""
        found = np.zeros((self.groups, rows.shape[1]))
        for at in range(rows.shape[1]):
            found[:, at] = np.bincount(self.label, rows[:, at], self.groups)[: self.groups]
        return found

    def _shares(self, codes: Array, labels: int) -> Array:
        there = codes >= 0
        found: Array = np.bincount(codes[there], self.count[there], labels) / max(self.count.sum(), 1)
        return found


def kind_of(name: str, label: str) -> Figure:
    """Return a value of a category as a figure: the share that has it."""
    said = called(name).map(f": {label}", f": {label}")
    rarely = called(name).map(f": seldom {label}", f": کمتر {label}")
    return Figure(f"{name}={label}", said, "percent", said, rarely)


def opens(groups: int) -> list[Opens]:
    """Return what opens each cluster."""
    return [(Where("cluster", "=", CLUSTERS[g][0]),) for g in range(groups)]


def tables(view: Grouped, names: tuple[Text, ...]) -> Mapping[str, Table]:
    """Return the tables by name; ``names`` are those of the clusters."""
    own = column("cluster", "Cluster", "خوشه", "category", choices=_choices(names))
    short = column("cluster", "Cluster", "خوشه", "category", choices=NUMBERS)
    found = {
        "summary": summary(view),
        "clusters": sizes(view, own),
        "profile": profile(view, short),
        "means": means(view, own),
        "choice": choice(view.choice),
        "tree": drawn(short, view.tree if view.groups > 1 else None, view.leaf),
    }
    return found | ({"transitions": transitions(view)} if view.before.max(initial=-1) >= 0 else {})


def _choices(names: tuple[Text, ...]) -> tuple[tuple[str, Text], ...]:
    """Return clusters numbered and named."""
    numbered = [
        (key, Text(f"{said.en} · {name.en}", f"{said.fa} · {name.fa}"))
        for (key, said), name in zip(NUMBERS, names, strict=False)
    ]
    return tuple(numbered) or CLUSTERS[:1]


def summary(view: Grouped) -> Table:
    """Say the main figures in one row."""
    one, told = np.array, view.choice
    at = [] if told is None else np.flatnonzero(told.many == view.groups).tolist()
    silhouette, stability = (
        [float(x[at[0]]) for x in (told.silhouette, told.stability)] if told and at else [np.nan] * 2
    )
    return Table.of(
        Text("At a glance", "در یک نگاه"),
        (column("customers", "Customers", "مشتریان", "customers"), one([view.alike.crowd.size]), [()]),
        (column("groups", "Clusters", "خوشه‌ها", "count"), one([view.groups])),
        (column("silhouette", "Mean silhouette", "میانگین سیلوئت", "ratio"), one([silhouette])),
        (column("stability", "Stability", "پایداری", "percent"), one([100 * stability])),
        *([(column("as_of", "As of", "تا تاریخ", "date"), one([view.as_of]))] if view.figures else []),
    )


def sizes(view: Grouped, own: Column) -> Table:
    """Say how many customers and how much revenue each cluster has."""
    whole = np.maximum(view.sums.sum(axis=0), 1e-300)
    size = np.maximum(view.size, 1)
    revenue, orders = view.sums[:, 0], view.sums[:, 1]
    money = [
        (column("revenue", "Revenue", "درآمد", "money"), revenue),
        (column("revenue_share", "Share of revenue", "سهم از درآمد", "percent"), 100 * revenue / whole[0]),
        (column("per_head", "Revenue per customer", "درآمد هر مشتری", "money"), revenue / size),
        (column("orders_each", "Orders per customer", "سفارش هر مشتری", "ratio"), orders / size),
    ]
    return Table.of(
        Text("Clusters", "خوشه‌ها"),
        (own, np.arange(view.groups)),
        (column("customers", "Customers", "مشتریان", "customers"), view.size, opens(view.groups)),
        (
            column("share", "Share of customers", "سهم از مشتریان", "percent"),
            100 * view.size / max(view.size.sum(), 1),
        ),
        *(money if view.sums.any() or view.figures else []),
    )


def profile(view: Grouped, own: Column) -> Table:
    """Say by what each cluster differs from all others, a row for each cluster and figure."""
    every = view.traits[0] if view.traits else ()
    strong = [max(abs(view.traits[g][at].effect) for g in range(view.groups)) for at in range(len(every))]
    shown = [at for at, one in enumerate(every) if not one.kind or strong[at] >= 0.2]  # a small effect, Cohen
    rows = [(g, at, view.traits[g][at]) for at in shown for g in range(view.groups)]
    choices = tuple((one.figure.name, one.figure.label) for one in every)
    what = column("figure", "Figure", "سنجه", "category", choices=choices or (("none", Text("None", "هیچ")),))
    return Table.of(
        Text("What tells the clusters apart", "وجه تمایز خوشه‌ها"),
        (own, np.array([g for g, *_ in rows], np.int64)),
        (what, np.array([at for _, at, _ in rows], np.int64)),
        (
            column("effect", "Difference from the others", "تفاوت با دیگران"),
            np.array([one.effect for *_, one in rows]),
        ),
        *_shares([one for *_, one in rows]),
    )


def _shares(rows: list[Trait]) -> list[tuple[Column, Array]]:
    """Return the shares of a value inside and outside, where there are values of categories; numbers have `means`."""
    told = np.array([(one.inside, one.outside) if one.kind else (np.nan, np.nan) for one in rows]).reshape(
        -1, 2
    )
    if np.isnan(told).all():
        return []
    return [
        (column("inside", "Share in the cluster", "سهم در خوشه", "percent"), told[:, 0]),
        (column("outside", "Share in the others", "سهم در دیگران", "percent"), told[:, 1]),
    ]


def means(view: Grouped, own: Column) -> Table:
    """Say the means of each cluster, in their own units."""
    inside, _ = view.means
    figures = [(one.column(f"mean_{one.name}"), inside[:, at]) for at, one in enumerate(view.known)]
    return Table.of(
        Text("Means of each cluster", "میانگین‌های هر خوشه"),
        (own, np.arange(view.groups)),
        (column("customers", "Customers", "مشتریان", "customers"), view.size, opens(view.groups)),
        *figures,
    )


def choice(told: Choice | None) -> Table:
    """Say what speaks for each number of clusters."""
    nothing = np.zeros(0)
    parts = (
        [nothing] * 7
        if told is None
        else [
            told.many,
            told.silhouette,
            told.ratio,
            told.gap,
            told.error,
            100 * told.stability,
            100 * told.least,
        ]
    )
    chosen = [] if told is None else (told.many == told.chosen).tolist()
    columns = (
        column("many", "Clusters", "شمار خوشه‌ها", "count"),
        column("silhouette", "Mean silhouette", "میانگین سیلوئت", "ratio"),
        column("calinski", "Calinski–Harabasz", "شاخص کالینسکی–هاراباز", "ratio"),
        column("gap", "Beyond a cloud", "فراتر از ابر یکنواخت", "ratio"),
        column("error", "Its standard error", "خطای معیار آن", "ratio"),
        column("stability", "Stability", "پایداری", "percent"),
        column("least", "Least stable cluster", "ناپایدارترین خوشه", "percent"),
    )
    return Table.of(
        Text("Why so many clusters", "چرا این شمار خوشه"),
        *zip(columns, parts, strict=True),
        (column("chosen", "Chosen", "برگزیده", "flag"), chosen),
    )


def transitions(view: Grouped) -> Table:
    """Say how many customers were in which cluster on the earlier day."""
    pairs, at = np.unique(np.stack((view.before, view.label), axis=1), axis=0, return_inverse=True)
    size = np.bincount(at.reshape(-1), view.count, len(pairs)).astype(np.int64)
    behind = [
        (Where("cluster_before", "=", BEFORE[a][0]), Where("cluster", "=", CLUSTERS[b][0]))
        for a, b in pairs.tolist()
    ]
    return Table.of(
        Text("From then to now", "از آن روز تا امروز"),
        (column("was", "Then", "آن روز", "category", choices=BEFORE), pairs[:, 0]),
        (column("cluster", "Now", "اکنون", "category", choices=CLUSTERS), pairs[:, 1]),
        (column("customers", "Customers", "مشتریان", "customers"), size, behind),
    )
