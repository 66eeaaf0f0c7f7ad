"""Landscape: how do our customers lie beside each other?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ganj.calendar import day_number
from ganj.errors import TooLittleData
from ganj.histories import Array, Histories
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.models.clustering.plane import Plane
from ganj.models.clustering.scaling import Scaling
from ganj.parameters import param
from ganj.text import Text
from ganj.views.alike import (
    CHOICES,
    FIGURES,
    Alike,
    Figure,
    Fold,
    Named,
    asked_for,
    enough,
    likened,
    of_trait,
)
from ganj.views.clusters import kind_of
from ganj.views.landscape import GRID, MEASURES, Lands


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """What was learned.

    Attributes
    ----------
    alike : see `Landscape.scan`
    scaling, plane : how a customer becomes a point, and where it stands; None where ``refused``
    refused : why there is no map
    """

    alike: Alike
    scaling: Scaling | None = None
    plane: Plane | None = None
    refused: TooLittleData | None = None

    def squares(self, codes: Array, figures: Array) -> Array:
        """Return where customers stand: int64[n, 2]; -1 where there is no map."""
        if self.scaling is None or self.plane is None:
            return np.full((len(figures), 2), -1, np.int64)
        return self.plane.squares(self.scaling.apply(codes, figures), GRID)


class Landscape(Miner[Alike, Laid], frozen=True, kw_only=True):
    """Lay customers out on a plane, the alike near each other, and show where many stand.

    Figures and traits are brought to one scale as for clusters; the plane has the two directions in which customers
    differ most (principal components).  It says which part of all differences it shows and what its directions mean.

    Notes
    -----
    State: as of clusters, at most 131,072 distinct combinations.  One pass, O(events + rows log rows).
    Source: K. Pearson, 1901; docs/analyses/landscape.md.
    """

    title = Text("Map of customers", "نقشهٔ مشتریان")
    question = Text("How do our customers lie beside each other?", "مشتریان ما چگونه کنار هم قرار می‌گیرند؟")
    scored = (
        column("map_x", "Place across", "جای افقی", "count"),
        column("map_y", "Place upwards", "جای عمودی", "count"),
    )
    example: ClassVar[dict[str, Any]] = {"figures": "recency,orders,basket,tenure"}

    figures: Annotated[
        tuple[Named, ...],
        param("Behaviour", "رفتار", choices=CHOICES, help=Text("Of buyers.", "از خریداران.")),
    ] = ("recency", "orders", "basket", "tenure")
    traits: Annotated[tuple[str, ...], param("Traits", "ویژگی‌ها", of="trait")] = ()
    measure: Annotated[
        Literal["customers", "revenue", "per_head"], param("Shade by", "سایه بر پایهٔ", choices=MEASURES)
    ] = "customers"

    def __post_init__(self) -> None:
        """Refuse customers who are likened by nothing."""
        likened(self.figures, self.traits)

    def reads(self) -> Reads:
        return self._fold().reads()

    def scan(self, histories: Histories) -> Alike:
        return self._fold().scan(histories)

    def learn(self, state: Alike) -> Laid:
        crowd = state.crowd
        try:
            enough(crowd, asked_for(self.figures))
        except TooLittleData as why:
            return Laid(state, refused=why)
        scaling = Scaling.of(crowd, len(asked_for(self.figures)) + len(state.numbers))
        points = scaling.apply(crowd.codes, crowd.figures)
        return Laid(state, scaling, Plane.of(points, crowd.count.astype(np.float64)))

    def report(self, model: Laid) -> Report:
        crowd = model.alike.crowd
        view = Lands(
            alike=model.alike,
            figures=self._columns(model),
            plane=model.plane,
            squares=model.squares(crowd.codes, crowd.figures),
            measure=self.measure,
            refused=model.refused,
        )
        return Report(view.tables(), view.charts(), tuple(view.findings()))

    def score(self, histories: Histories, model: Laid) -> Scores:
        who, kinds, figures, _ = self._fold().read(histories)
        crowd = model.alike.crowd
        squares = model.squares(crowd.coded(kinds), crowd.rounded(figures))
        return Scores(histories.customer[who], {"map_x": squares[:, 0], "map_y": squares[:, 1]})

    def _fold(self) -> Fold:
        origin = 0 if self.until is None else day_number(self.until)
        return Fold(asked_for(self.figures), self.traits, origin, self.zone or "UTC")

    def _columns(self, model: Laid) -> tuple[Figure, ...]:
        """Name the columns of the points: figures, numbers, and values of categories."""
        found = [FIGURES[name] for name in asked_for(self.figures)]
        found += [of_trait(name) for name in model.alike.numbers]
        if model.scaling is not None:
            for name, labels in zip(
                model.alike.kinds, model.scaling.shown(model.alike.crowd.labels), strict=True
            ):
                found += [kind_of(name, label) for label in labels]
        return tuple(found)
