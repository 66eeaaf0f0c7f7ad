"""The map of customers: tables, picture, and words for its directions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array
from ganj.miner import Chart, Finding, Opens, Table, Where, column
from ganj.models.clustering.plane import Plane
from ganj.text import Text
from ganj.views.alike import Alike, Figure
from ganj.views.sampled import refusal

GRID = (28, 16)
"""Squares across and up."""
STRONG = 0.4
"""A figure names an end of a direction if its correlation with it is so strong."""
MEASURES: dict[str, Text] = {
    "customers": Text("Customers", "مشتریان"),
    "revenue": Text("Revenue", "درآمد"),
    "per_head": Text("Revenue per customer", "درآمد هر مشتری"),
}
DIRECTIONS = (("across", Text("Across", "افقی")), ("up", Text("Up", "عمودی")))


@dataclass(frozen=True, eq=False)
class Lands:
    """Customers on a plane.

    Attributes
    ----------
    alike : the customers
    figures : what the points' columns are, in their order
    plane, squares : the plane, and int64[rows, 2] where each row stands; None and empty where ``refused``
    measure : what shades the map
    """

    alike: Alike
    figures: tuple[Figure, ...]
    plane: Plane | None
    squares: Array
    measure: str
    refused: TooLittleData | None = None

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        return {"summary": self.summary(), "squares": self.cells(), "directions": self.directions()}

    @property
    def explained(self) -> tuple[float, float]:
        """Each direction's part of the differences, in percent."""
        told = np.full(2, np.nan) if self.plane is None else 100 * self.plane.explained
        return float(told[0]), float(told[1])

    @cached_property
    def added(self) -> tuple[Array, Array, Array]:
        """Squares with customers int64[n, 2], and their customers and revenue."""
        crowd = self.alike.crowd
        if self.plane is None:
            return np.zeros((0, 2), np.int64), np.zeros(0), np.zeros(0)
        places, at = np.unique(self.squares, axis=0, return_inverse=True)
        at = at.reshape(-1)
        return places, np.bincount(at, crowd.count), np.bincount(at, crowd.sums[:, 0])

    def summary(self) -> Table:
        """Say the main figures in one row."""
        one, (across, up) = np.array, self.explained
        return Table.of(
            Text("At a glance", "در یک نگاه"),
            (column("customers", "Customers", "مشتریان", "customers"), one([self.alike.crowd.size]), [()]),
            (column("explained", "Differences shown", "تفاوت‌های نشان‌داده‌شده", "percent"), one([across + up])),
            (column("across", "… across", "… افقی", "percent"), one([across])),
            (column("up", "… upwards", "… عمودی", "percent"), one([up])),
        )

    def cells(self) -> Table:
        """Say how many customers stand where."""
        places, size, money = self.added
        opens: list[Opens] = [(Where("map_x", "=", x), Where("map_y", "=", y)) for x, y in places.tolist()]
        return Table.of(
            Text("Squares of the map", "خانه‌های نقشه"),
            (column("map_x", "Across", "افقی", "count"), places[:, 0]),
            (column("map_y", "Up", "عمودی", "count"), places[:, 1]),
            (column("customers", "Customers", "مشتریان", "customers"), size.astype(np.int64), opens),
            (column("revenue", "Revenue", "درآمد", "money"), money, opens),
            (
                column("per_head", "Revenue per customer", "درآمد هر مشتری", "money"),
                money / np.maximum(size, 1),
                opens,
            ),
        )

    def directions(self) -> Table:
        """Say how each figure goes with each direction."""
        choices = tuple((one.name, one.label) for one in self.figures)
        rows = [(way, at) for way in range(2) for at in range(len(self.figures))] if self.plane else []
        told = [self.plane.likeness[way, at] for way, at in rows] if self.plane else []
        return Table.of(
            Text("What the directions mean", "معنای دو راستا"),
            (
                column("direction", "Direction", "راستا", "category", choices=DIRECTIONS),
                np.array([way for way, _ in rows], np.int64),
            ),
            (
                column("figure", "Figure", "سنجه", "category", choices=choices),
                np.array([at for _, at in rows], np.int64),
            ),
            (column("likeness", "Correlation", "همبستگی"), np.array(told, np.float64)),
        )

    def ends(self, way: int) -> tuple[Text, Text]:
        """Return words for the lower and the higher end of a direction: figures that go with it, strongest first."""
        if self.plane is None:
            return Text("", ""), Text("", "")
        along = self.plane.likeness[way]
        order = [at for at in np.argsort(-np.abs(along), kind="stable").tolist() if abs(along[at]) >= STRONG][
            :2
        ]
        low, high = [], []
        for at in order:
            words = (self.figures[at].low, self.figures[at].high)
            low.append(words[int(along[at] < 0)])
            high.append(words[int(along[at] > 0)])
        return _joined(low), _joined(high)

    def charts(self) -> tuple[Chart, ...]:
        """Return the map and what its directions mean."""
        if self.plane is None:
            return ()
        first = (self.measure, *(name for name in MEASURES if name != self.measure))
        mapped = Chart(
            kind="density",
            table="squares",
            title=Text("The map of customers: ", "نقشهٔ مشتریان: ").map(
                MEASURES[self.measure].en.lower(), MEASURES[self.measure].fa
            ),
            x="map_x",
            series="map_y",
            y=first,
            options={"grid": list(GRID), "across": self.ends(0), "up": self.ends(1)},
        )
        meant = Chart(
            kind="matrix",
            table="directions",
            title=Text("What the directions mean", "معنای دو راستا"),
            x="direction",
            series="figure",
            y=("likeness",),
        )
        return mapped, meant

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away, or why nothing can be said."""
        if self.refused is not None:
            yield refusal(self.refused)
            return
        yield self._shown()
        yield self._dense()
        yield from self._rich()

    def _shown(self) -> Finding:
        across, up = self.explained
        (left, right), (down, top) = self.ends(0), self.ends(1)
        return Finding(
            text=Text(
                "The map shows {shown:percent} of the differences between customers: across from {left} to {right}, "
                "upwards from {down} to {top}.",
                "نقشه {shown:percent} تفاوت‌های مشتریان را نشان می‌دهد: افقی از «{left}» تا «{right}»، عمودی از «{down}» تا «{top}».",
            ),
            evidence={"shown": across + up, "left": left, "right": right, "down": down, "top": top},
            tone="plain"
            if across + up >= 50
            else "warn",  # less than half: the rest lies in other directions
            weight=1.0,
        )

    def _dense(self) -> Finding:
        """Say on how small a part of the map half of the customers stand."""
        _, size, _ = self.added
        order = np.sort(size)[::-1]
        half = int(np.searchsorted(np.cumsum(order), size.sum() / 2)) + 1
        return Finding(
            text=Text(
                "Half of the {customers:count} customers stand on {half:count} of the map's {squares:count} squares.",
                "نیمی از {customers:count} مشتری در {half:count} خانه از {squares:count} خانهٔ نقشه‌اند.",
            ),
            evidence={"customers": int(size.sum()), "half": half, "squares": GRID[0] * GRID[1]},
            weight=0.7,
        )

    def _rich(self) -> Iterator[Finding]:
        """Say which share of revenue the squares bring that are richest by the head, up to a tenth of the customers."""
        _, size, money = self.added
        if money.sum() <= 0:
            return
        order = np.argsort(-money / np.maximum(size, 1), kind="stable")
        take = order[: max(int(np.searchsorted(np.cumsum(size[order]), size.sum() / 10, side="right")), 1)]
        yield Finding(
            text=Text(
                "The richest squares hold {share:percent} of customers and {revenue:percent} of revenue.",
                "پردرآمدترین خانه‌ها {share:percent} مشتریان و {revenue:percent} درآمد را دارند.",
            ),
            evidence={
                "share": 100 * float(size[take].sum() / size.sum()),
                "revenue": 100 * float(money[take].sum() / money.sum()),
            },
            weight=0.6,
        )


def _joined(words: list[Text]) -> Text:
    if not words:
        return Text("mixed", "درهم")
    return Text(", ".join(one.en for one in words), "، ".join(one.fa for one in words))
