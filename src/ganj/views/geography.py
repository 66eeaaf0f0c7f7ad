"""Where customers live: tables, map and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.text import Text
from ganj.views.iran import CHOICES, ELSEWHERE, PEOPLE, PROVINCES, UNTOLD

PROVINCE, CITY = "home_province", "home_city"
SHOWN = 100
"""Cities, and places that were not recognised, in a table."""
MEASURES: dict[str, Text] = {
    "customers": Text("Customers", "مشتریان"),
    "revenue": Text("Revenue", "درآمد"),
    "per_buyer": Text("Revenue per buyer", "درآمد هر خریدار"),
    "density": Text("Customers per 100,000 people", "مشتری در هر ۱۰۰٬۰۰۰ نفر"),
}


@dataclass(frozen=True, eq=False)
class Homes:
    """Customers by where they live.

    Attributes
    ----------
    province : int64[n], codes into `CHOICES`
    city : n names as told; empty where none was
    figures : float64[n, 4], customers, buyers, orders, revenue
    measure : what colours the map, a name in `MEASURES`
    """

    province: Array
    city: tuple[str, ...]
    figures: Array
    measure: str

    @cached_property
    def totals(self) -> Array:
        """float64[provinces + 2, 4], see ``figures``."""
        found = np.zeros((len(CHOICES), 4))
        np.add.at(found, self.province, self.figures)
        return found

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        return {
            "summary": self.summary(),
            "provinces": self.provinces(),
            "cities": self.cities(),
            "unrecognised": self.unrecognised(),
            "map": self.map(),
        }

    def summary(self) -> Table:
        """Say the main figures in one row."""
        whole, one = self.totals.sum(axis=0), np.array
        known = self.totals[: len(PROVINCES)]
        opens = [(Where(PROVINCE, "=", CHOICES[at][0]),) for at in (ELSEWHERE, UNTOLD)]
        lost, untold = self.totals[[ELSEWHERE, UNTOLD], 0].astype(np.int64).tolist()
        return Table.of(
            Text("At a glance", "در یک نگاه"),
            (column("customers", "Customers", "مشتریان", "customers"), one([int(whole[0])]), [()]),
            (
                column("provinces", "Provinces with customers", "استان‌های دارای مشتری", "count"),
                one([int((known[:, 0] > 0).sum())]),
            ),
            (column("revenue", "Revenue", "درآمد", "money"), one([whole[3]])),
            (
                column("elsewhere", "Place not recognised", "جای ناشناخته", "customers"),
                one([lost]),
                opens[:1],
            ),
            (column("untold", "Place not told", "جای گفته‌نشده", "customers"), one([untold]), opens[1:]),
        )

    def provinces(self) -> Table:
        """Say each province's figures, those with most customers first; also who lives nowhere known."""
        order = np.argsort(-self.totals[:, 0], kind="stable")
        order = order[self.totals[order, 0] > 0]
        opens: list[Opens] = [(Where(PROVINCE, "=", CHOICES[at][0]),) for at in order.tolist()]
        return Table.of(
            Text("Provinces", "استان‌ها"),
            (_province(), order),
            *_figures(self.totals[order], self.totals.sum(axis=0), opens),
            (
                column("density", MEASURES["density"].en, MEASURES["density"].fa, "ratio"),
                _density(self.totals)[order],
            ),
        )

    def cities(self) -> Table:
        """Say the figures of the cities with most customers."""
        known = [n for n, name in enumerate(self.city) if name and self.province[n] < ELSEWHERE]
        at = sorted(known, key=lambda n: (-self.figures[n, 0], self.city[n], self.province[n]))[:SHOWN]
        opens = [self._opens(n) for n in at]
        return Table.of(
            Text("Cities", "شهرها"),
            (column("city", "City", "شهر", "text"), [self.city[n] for n in at]),
            (_province(), self.province[at].astype(np.int64)),
            *_figures(self.figures[at], self.totals.sum(axis=0), opens),
        )

    def unrecognised(self) -> Table:
        """List the places that no province was found for."""
        at = [n for n in range(len(self.city)) if self.province[n] == ELSEWHERE]
        at = sorted(at, key=lambda n: (-self.figures[n, 0], self.city[n]))[:SHOWN]
        size = np.array([self.figures[n, 0] for n in at], np.int64)
        return Table.of(
            Text("Places that were not recognised", "جاهایی که شناخته نشد"),
            (column("city", "City", "شهر", "text"), [self.city[n] for n in at]),
            (column("customers", "Customers", "مشتریان", "customers"), size, [self._opens(n) for n in at]),
        )

    def map(self) -> Table:
        """Lay the provinces out as tiles, those without customers too."""
        known = self.totals[: len(PROVINCES)]
        size = known[:, 0].astype(np.int64)
        opens = [
            (Where(PROVINCE, "=", one.name),) if n else None for one, n in zip(PROVINCES, size, strict=True)
        ]
        place = np.array([one.tile for one in PROVINCES])
        each = np.divide(known[:, 3], known[:, 1], out=np.full(len(known), np.nan), where=known[:, 1] > 0)
        return Table.of(
            Text("Map", "نقشه"),
            (_province(), np.arange(len(PROVINCES))),
            (column("across", "Column", "ستون"), place[:, 0]),
            (column("down", "Row", "سطر"), place[:, 1]),
            (column("customers", "Customers", "مشتریان", "customers"), size, opens),
            (column("revenue", "Revenue", "درآمد", "money"), known[:, 3], opens),
            (column("per_buyer", "Revenue per buyer", "درآمد هر خریدار", "money"), each, opens),
            (
                column("density", MEASURES["density"].en, MEASURES["density"].fa, "ratio"),
                _density(self.totals)[: len(known)],
                opens,
            ),
        )

    def _opens(self, n: int) -> Opens:
        return Where(CITY, "=", self.city[n]), Where(PROVINCE, "=", CHOICES[int(self.province[n])][0])

    def charts(self) -> tuple[Chart, ...]:
        """Return the map, and the largest provinces by revenue."""
        first = [self.measure, *(name for name in MEASURES if name != self.measure)]
        mapped = Chart(
            kind="tiles",
            table="map",
            title=MEASURES[self.measure].map(" by province", " به تفکیک استان"),
            x="across",
            series="down",
            y=tuple(first),
            color="province",
        )
        bars = Chart(
            kind="hbar",
            table="cities",
            title=Text("Cities with most revenue", "پردرآمدترین شهرها"),
            x="city",
            y=("revenue",),
            options={"top": 12},
        )
        return mapped, bars

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away."""
        known = self.totals[: len(PROVINCES)]
        if known[:, 0].sum() <= 0:
            yield NOWHERE
        else:
            yield self._top(known)
            yield from self._thin(known)
        lost = self.totals[ELSEWHERE, 0]
        if lost > 0:
            yield Finding(
                text=Text(
                    "{customers:count} customers live in places that were not recognised; they are listed below.",
                    "جای {customers:count} مشتری شناخته نشد؛ فهرستشان پایین‌تر آمده است.",
                ),
                evidence={"customers": int(lost)},
                opens=(Where(PROVINCE, "=", "elsewhere"),),
                tone="warn",
                weight=0.4,
            )

    def _top(self, known: Array) -> Finding:
        at = int(np.argmax(known[:, 0]))
        money = self.totals[:, 3].sum()
        share = {"share": 100 * known[at, 0] / self.totals[:, 0].sum(), "province": PROVINCES[at].label}
        people = {"people": 100 * PROVINCES[at].people / PEOPLE}
        text = Text(
            "{share:percent} of customers live in {province}, where {people:percent} of the country lives",
            "{share:percent} مشتریان در استان {province} زندگی می‌کنند که {people:percent} مردم کشور آنجا هستند",
        )
        more = {"revenue": 100 * known[at, 3] / money} if money > 0 else {}
        text = (
            text.map("; they bring {revenue:percent} of revenue.", "؛ {revenue:percent} درآمد از آنان است.")
            if more
            else text.map(".", ".")
        )
        opens = (Where(PROVINCE, "=", PROVINCES[at].name),)
        return Finding(text=text, evidence=share | people | more, opens=opens, weight=1.0)

    def _thin(self, known: Array) -> Iterator[Finding]:
        """Say where most people live for whom there are fewest customers, compared with the country."""
        rate = known[:, 0].sum() / PEOPLE
        missing = np.array([one.people for one in PROVINCES]) * rate - known[:, 0]
        at = int(np.argmax(missing))
        if missing[at] < 10:  # customers; fewer are chance
            return
        yield Finding(
            text=Text(
                "{province} has {customers:count} customers; at the country's rate of {rate:ratio} in 100,000 people it would have {expected:count}.",
                "استان {province} {customers:count} مشتری دارد؛ با نسبت کل کشور ({rate:ratio} در هر ۱۰۰٬۰۰۰ نفر) باید {expected:count} مشتری می‌داشت.",
            ),
            evidence={
                "province": PROVINCES[at].label,
                "customers": int(known[at, 0]),
                "rate": 1e5 * rate,
                "expected": round(PROVINCES[at].people * rate),
            },
            opens=(Where(PROVINCE, "=", PROVINCES[at].name),) if known[at, 0] else None,
            weight=0.7,
        )


NOWHERE = Finding(
    text=Text(
        "No customer's province or city is known yet: import them as the traits province or city, or say which traits they are.",
        "هنوز استان یا شهر هیچ مشتری‌ای دانسته نیست: آن‌ها را با ویژگی‌های province یا city وارد کنید یا بگویید کدام ویژگی‌اند.",
    ),
    tone="warn",
    weight=1.0,
)


def _province() -> Column:
    return column("province", "Province", "استان", "category", choices=CHOICES)


def _density(totals: Array) -> Array:
    """Return customers per 100,000 people: float64[choices], nan where nobody is counted."""
    people = np.array([*(one.people for one in PROVINCES), np.nan, np.nan])
    found: Array = 1e5 * totals[:, 0] / people
    return found


def _figures(
    rows: Array, whole: Array, opens: list[Opens]
) -> tuple[tuple[Column, Array] | tuple[Column, Array, list[Opens]], ...]:
    """Return the columns of customers, buyers, orders and revenue: float64[n, 4]."""
    size, buyers, orders, money = rows.reshape(-1, 4).T
    customers, revenue = (max(float(whole[at]), 1e-300) for at in (0, 3))
    each = np.divide(money, buyers, out=np.full(len(money), np.nan), where=buyers > 0)
    return (
        (column("customers", "Customers", "مشتریان", "customers"), size.astype(np.int64), opens),
        (column("share", "Share of customers", "سهم از مشتریان", "percent"), 100 * size / customers),
        (column("buyers", "Buyers", "خریداران", "count"), buyers.astype(np.int64)),
        (column("orders", "Orders", "سفارش‌ها", "orders"), orders.astype(np.int64)),
        (column("revenue", "Revenue", "درآمد", "money"), money),
        (column("revenue_share", "Share of revenue", "سهم از درآمد", "percent"), 100 * money / revenue),
        (column("per_buyer", "Revenue per buyer", "درآمد هر خریدار", "money"), each),
    )
