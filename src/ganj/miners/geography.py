"""Geography: where do our customers live, and where do they buy most?"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.breakdown import of_customers
from ganj.events import ORDER
from ganj.histories import Array, Category, Histories
from ganj.kernels.orders import EVER, NEVER_ENDS, roles, totals
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.parameters import param
from ganj.sketches import Largest
from ganj.text import Text
from ganj.views.geography import MEASURES, Homes
from ganj.views.iran import CHOICES, ELSEWHERE, province_of

BETWEEN = "\t"
"""Stands between a province and a city in a label; no name has one."""


class Geography(Miner[Largest, Largest], frozen=True, kw_only=True):
    """Count customers, orders and revenue by province and city of Iran.

    A customer lives in the province they told; if none was told, or it is not recognised, in that of their city.
    Spellings are told apart by letters only: Arabic letters, half-spaces, capitals and the word «استان» make no difference.
    Places that are not recognised are listed, never guessed.  Customers who have not bought count too.

    Notes
    -----
    State: sums by told province and city, at most 16,384 pairs.  One pass, O(events).
    Source: population of the census of 1395, Statistical Centre of Iran; docs/analyses/geography.md.
    """

    title = Text("Geography", "جغرافیای مشتریان")
    question = Text(
        "Where do our customers live, and where do they buy most?",
        "مشتریان ما کجا زندگی می‌کنند و کجا بیشتر می‌خرند؟",
    )
    scored = (
        column("home_province", "Province", "استان", "category", choices=CHOICES),
        column("home_city", "City", "شهر", "text"),
    )
    example: ClassVar[dict[str, Any]] = {"measure": "revenue"}

    measure: Annotated[
        Literal["customers", "revenue", "per_buyer", "density"],
        param("Colour the map by", "رنگ نقشه بر پایهٔ", choices=MEASURES),
    ] = "customers"
    province: Annotated[str, param("Trait of the province", "ویژگیِ استان", of="trait", advanced=True)] = (
        "province"
    )
    city: Annotated[str, param("Trait of the city", "ویژگیِ شهر", of="trait", advanced=True)] = "city"

    def reads(self) -> Reads:
        return Reads(events=(ORDER,), columns=("time", "event", "amount"), traits=(self.province, self.city))

    def scan(self, histories: Histories) -> Largest:
        label, names = self._places(histories)
        h = histories
        role = roles(len(h.names.get("event", ())), h.codes((ORDER,)), np.zeros(0, np.int32))
        bought = totals(h.offsets, h.time, h.event, h.amount, role, EVER, NEVER_ENDS)
        figures = np.column_stack((np.ones(len(h)), bought[:, 0] > 0, bought[:, 0], bought[:, 1]))
        sums = np.stack([np.bincount(label, one, len(names)) for one in figures.T], axis=1)
        return Largest.of({name: sums[at] for at, name in enumerate(names) if sums[at, 0]})

    def report(self, model: Largest) -> Report:
        homes: dict[tuple[int, str], Array] = {}
        for name in sorted(model.values):
            lives = home(name)
            homes[lives] = homes.get(lives, 0) + model.values[name]
        view = Homes(
            province=np.array([province for province, _ in homes], np.int64),
            city=tuple(city for _, city in homes),
            figures=np.array(list(homes.values())).reshape(-1, 4),
            measure=self.measure,
        )
        return Report(view.tables(), view.charts(), tuple(view.findings()))

    def score(self, histories: Histories, model: Largest) -> Scores:
        del model
        label, names = self._places(histories)
        homes = [home(name) for name in names]
        province = np.array([at for at, _ in homes], np.int32)
        city = pa.array([called for _, called in homes], pa.string())
        values = {"home_province": province[label], "home_city": city.take(pa.array(label))}
        return Scores(histories.customer, values)

    def _places(self, histories: Histories) -> tuple[Array, list[str]]:
        """Return each customer's place int64[customers], into the names of places: province and city as told."""
        told = [of_customers(histories, name) or _nothing(histories) for name in (self.province, self.city)]
        wide = len(told[1].labels) + 1
        code = (told[0].codes.astype(np.int64) + 1) * wide + told[1].codes + 1
        kinds, label = np.unique(code, return_inverse=True)
        labels = [["", *(one.replace(BETWEEN, " ") for one in part.labels)] for part in told]
        names = [labels[0][kind // wide] + BETWEEN + labels[1][kind % wide] for kind in kinds.tolist()]
        return label, names


def home(name: str) -> tuple[int, str]:
    """Return the province of a place, a code into `CHOICES`, and how its city is called: where neither is known, as told."""
    province, _, city = name.partition(BETWEEN)
    at = province_of(province, city)
    return at, city or (province if at == ELSEWHERE else "")


def _nothing(histories: Histories) -> Category:
    return Category(np.full(len(histories), -1, np.int32), ())
