"""Clusters: which kinds of customers are there?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ganj.calendar import date_of, day_number, midnight
from ganj.errors import BadParameter, TooLittleData
from ganj.histories import Array, Histories
from ganj.kernels.clusters import nearest
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.models.clustering.choosing import Choice, by_kmeans, by_ward, choose
from ganj.models.clustering.lloyd import Centres, kmeans
from ganj.models.clustering.scaling import Scaling
from ganj.models.clustering.ward import Tree, grown
from ganj.parameters import in_words, param
from ganj.text import Text
from ganj.views.alike import CHOICES, Alike, Fold, Named, asked_for, enough, likened
from ganj.views.clusters import BEFORE, CLUSTERS, MOST, NONE, Grouped, tables
from ganj.views.clusters_words import charts, findings, named

WAYS = {"kmeans": by_kmeans, "ward": by_ward}


@dataclass(frozen=True, slots=True, eq=False)
class Divided:
    """What was learned.

    Attributes
    ----------
    alike : see `Clusters.scan`
    scaling, centres : how a customer becomes a point, and the clusters by the nearest centre; None where ``refused``
    choice, leaves, tree : why so many; micro-clusters of everyone and their tree
    refused : why nothing was divided
    """

    alike: Alike
    scaling: Scaling | None = None
    centres: Centres | None = None
    choice: Choice | None = None
    leaves: Centres | None = None
    tree: Tree | None = None
    refused: TooLittleData | None = None

    def points(self, codes: Array, figures: Array) -> Array:
        """Return points of figures as the rows have them; float64[n, p]."""
        return self.scaling.apply(codes, figures) if self.scaling is not None else np.zeros((len(figures), 0))

    def label(self, points: Array) -> Array:
        """Return clusters: int64[n], -1 where nothing was divided."""
        return np.full(len(points), -1, np.int64) if self.centres is None else self.centres.of(points)


class Clusters(Miner[Alike, Divided], frozen=True, kw_only=True):
    """Divide customers into groups of those who are alike, as many as there are, and say what tells them apart.

    Figures of behaviour and traits are brought to one scale (logarithm where skewed, median and quartiles; a share for
    each value of a category), and divided by k-means from seeds far apart, or by Ward's tree of micro-clusters.
    How many there are is asked of the data, and there may be none.  Clusters are numbered by revenue; names are made of
    the figures in which a cluster differs from all others by half a standard deviation and more.

    Notes
    -----
    State: at most 131,072 distinct combinations of categories and figures with counts and sums; beyond that figures are
    rounded, by the same amount wherever the customers were cut.  One pass, O(events + rows log rows).
    Source: docs/analyses/clusters.md.
    """

    title = Text("Clusters", "خوشه‌بندی مشتریان")
    question = Text("Which kinds of customers do we have?", "چه گونه‌هایی از مشتری داریم؟")
    scored = (
        column("cluster", "Cluster", "خوشه", "category", choices=CLUSTERS),
        column("cluster_fit", "How clearly it belongs there", "روشنی تعلق به خوشه", "percent"),
        column("cluster_before", "Cluster before", "خوشهٔ پیشین", "category", choices=BEFORE),
    )
    example: ClassVar[dict[str, Any]] = {"figures": "recency,orders,basket", "compare": "90d"}

    figures: Annotated[
        tuple[Named, ...],
        param("Behaviour", "رفتار", choices=CHOICES, help=Text("Of buyers.", "از خریداران.")),
    ] = ("recency", "orders", "basket", "tenure")
    traits: Annotated[
        tuple[str, ...],
        param(
            "Traits",
            "ویژگی‌ها",
            of="trait",
            help=Text("Numbers and categories: city, age …", "عددی یا دسته‌ای: شهر، سن و مانند آن."),
        ),
    ] = ()
    mix: Annotated[
        str,
        param(
            "What they buy, by",
            "چه می‌خرند، به تفکیک",
            of="part",
            help=Text(
                "A trait of products, such as product.category; each value's share of a customer's orders counts.",
                "ویژگی‌ای از کالا مانند product.category؛ سهم هر مقدار از سفارش‌های مشتری به کار می‌رود.",
            ),
        ),
    ] = ""
    groups: Annotated[
        int,
        param(
            "Number of clusters",
            "شمار خوشه‌ها",
            help=Text("0 leaves it to the data.", "با صفر خود داده‌ها می‌گویند."),
            ge=0,
            le=MOST,
        ),
    ] = 0
    method: Annotated[
        Literal["kmeans", "ward"],
        param(
            "Method",
            "روش",
            choices={
                "kmeans": Text("k-means", "کی‌میانگین (k-means)"),
                "ward": Text("Hierarchical (Ward)", "سلسله‌مراتبی (Ward)"),
            },
        ),
    ] = "kmeans"
    compare: Annotated[
        timedelta,
        param(
            "Compare with so long before",
            "مقایسه با این مدت پیش",
            help=Text("0 compares with nothing.", "با صفر مقایسه نمی‌شود."),
        ),
    ] = timedelta(0)
    most: Annotated[int, param("Clusters, at most", "خوشه‌ها، دست‌بالا", ge=2, le=MOST, advanced=True)] = 8
    weight: Annotated[
        float,
        param(
            "Weight of a category",
            "وزن ویژگی دسته‌ای",
            help=Text(
                "1 counts half a figure; see how it is computed.",
                "با ۱ نیمی از یک سنجه شمرده می‌شود؛ شیوهٔ محاسبه را ببینید.",
            ),
            ge=0,
            le=10,
            advanced=True,
        ),
    ] = 1.0
    seed: Annotated[int, param("Seed", "بذر تصادف", ge=0, le=1_000_000, advanced=True)] = 1

    def __post_init__(self) -> None:
        """Refuse customers who are likened by nothing, and one cluster."""
        likened(self.figures, self.traits, self.mix)
        if self.groups == 1:
            why = Text(
                "one cluster is everyone; ask for two or more.", "یک خوشه یعنی همه؛ دو یا بیشتر بدهید."
            )
            raise BadParameter(parameter="groups", value=1, why=why)
        if self.compare < timedelta(0):
            why = Text("it must not be negative.", "نباید منفی باشد.")
            raise BadParameter(parameter="compare", value=in_words(self.compare), why=why)

    def reads(self) -> Reads:
        return self._fold().reads()

    def scan(self, histories: Histories) -> Alike:
        return self._fold().scan(histories)

    def learn(self, state: Alike) -> Divided:
        crowd = state.crowd
        try:
            enough(crowd, asked_for(self.figures))
        except TooLittleData as why:
            return Divided(state, refused=why)
        scaling = Scaling.of(crowd, len(asked_for(self.figures)) + len(state.numbers), self.weight)
        points, weight = scaling.apply(crowd.codes, crowd.figures), crowd.count.astype(np.float64)
        choice = choose(
            points, weight, WAYS[self.method], max(self.most, self.groups), self.seed, self.groups
        )
        leaves, tree = grown(points, weight, self.seed)
        if self.method == "ward":
            found = Centres(leaves.at, tree.cut(min(choice.chosen, tree.leaves)), np.nan)
        else:
            found = kmeans(points, weight, choice.chosen, self.seed)
        return Divided(state, scaling, self._numbered(found, points, state), choice, leaves, tree)

    def report(self, model: Divided) -> Report:
        crowd = model.alike.crowd
        points = model.points(crowd.codes, crowd.figures)
        view = Grouped(
            alike=model.alike,
            points=points,
            label=np.maximum(model.label(points), 0),
            before=self._former(model, crowd.codes, crowd.figures),
            groups=0 if model.centres is None else model.centres.size,
            figures=asked_for(self.figures),
            choice=model.choice,
            tree=model.tree,
            leaf=np.zeros(0, np.int64) if model.leaves is None else model.label(model.leaves.at),
            as_of=midnight(date_of(self._origin()), self.zone or "UTC"),
            refused=model.refused,
        )
        names = named(view)
        return Report(tables(view, names), charts(view), tuple(findings(view, names)))

    def score(self, histories: Histories, model: Divided) -> Scores:
        who, kinds, figures, _ = self._fold().read(histories)
        crowd = model.alike.crowd
        codes, figures = crowd.coded(kinds), crowd.rounded(figures)
        points = model.points(codes, figures)
        values = {
            "cluster": model.label(points),
            "cluster_fit": _clearly(model, points),
            "cluster_before": self._former(model, codes, figures),
        }
        return Scores(histories.customer[who], values)

    def _origin(self) -> int:
        """Return the local day that recency is counted to."""
        return 0 if self.until is None else day_number(self.until)

    def _fold(self) -> Fold:
        before = None
        if self.compare and self.until is not None and asked_for(self.figures):
            day = self.until - self.compare
            before = (self.instant(day) or 0, day_number(day))
        return Fold(
            asked_for(self.figures), self.traits, self._origin(), self.zone or "UTC", before, self.mix
        )

    def _numbered(self, found: Centres, points: Array, state: Alike) -> Centres:
        """Give clusters their numbers: by revenue, then by customers."""
        label, crowd = found.of(points), state.crowd
        size, money = (np.bincount(label, of, found.size) for of in (crowd.count, crowd.sums[:, 0]))
        share = np.round(money / max(money.sum(), 1e-300), 9)
        place = np.empty(found.size, np.int64)
        place[np.lexsort((np.arange(found.size), -size, -share))] = np.arange(found.size)
        return Centres(found.at, place[found.group], found.inertia, found.rounds)

    def _former(self, model: Divided, codes: Array, figures: Array) -> Array:
        """Return the clusters of the earlier day: int32[n], codes into `BEFORE`; -1 where nothing is compared."""
        fold, d = self._fold(), len(asked_for(self.figures))
        if fold.before is None or model.centres is None:
            return np.full(len(figures), -1, np.int32)
        known = d + len(model.alike.numbers)
        then = np.concatenate((figures[:, known:], figures[:, d:known]), axis=1)
        bought = ~np.isnan(figures[:, known:]).all(axis=1)
        label = model.label(model.points(codes, then))
        return np.where(bought, label, NONE).astype(np.int32)


def _clearly(model: Divided, points: Array) -> Array:
    """Return how much nearer the own centre is than the next, in percent: float64[n]; nan where there is no next."""
    if model.centres is None or model.centres.size < 2:
        return np.full(len(points), np.nan)
    label = model.label(points)
    own, other = np.full(len(points), np.inf), np.full(len(points), np.inf)
    for group in range(model.centres.size):
        far = nearest(points, model.centres.at[model.centres.group == group])[1]
        own = np.where(label == group, far, own)
        other = np.where(label == group, other, np.minimum(other, far))
    found: Array = 100 * (1 - np.sqrt(own / np.maximum(other, 1e-300)))
    return found
