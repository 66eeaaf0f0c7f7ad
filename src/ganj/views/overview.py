"""The overview's tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganj.calendar import PERIOD_NAMES
from ganj.events import value_words
from ganj.histories import Array
from ganj.miner import Column, Opens, Table, Where, column
from ganj.moments import Moments
from ganj.sketches import Numbers
from ganj.text import Text

FIGURES: tuple[tuple[str, Text], ...] = (
    ("orders", Text("Orders", "سفارش‌ها")),
    ("revenue", Text("Revenue", "درآمد")),
    ("average_basket", Text("Average basket", "میانگین سبد")),
    ("returned", Text("Returned", "مرجوعی")),
    ("lifetime", Text("Days from first to last order", "روز از نخستین تا آخرین سفارش")),
)
"""What is measured of each buyer."""
TOPS = (1, 5, 10, 20, 50)
"""Shares of the buyers whose share of revenue is told, percent."""
BARS = 20
UNKNOWN = Text("unknown", "نامشخص")


MAIN = (
    column("customers", "Customers", "مشتریان", "customers"),
    column("buyers", "Buyers", "خریداران", "customers"),
    column("repeat", "Bought more than once", "خرید دوباره", "customers"),
    column("repeat_rate", "Of buyers", "نرخ خرید دوباره", "percent"),
    column("orders", "Orders", "سفارش‌ها", "orders"),
    column("revenue", "Revenue", "درآمد", "money"),
    column("returns", "Returns", "شمار مرجوعی", "count"),
    column("returned", "Returned", "مبلغ مرجوعی", "money"),
    column("net_revenue", "Net revenue", "درآمد خالص", "money"),
    column("average_basket", "Average basket", "میانگین سبد", "money"),
    column("median_basket", "Median basket", "میانهٔ سبد", "money"),
    column("lines", "Order lines", "اقلام سفارش", "count"),
    column("orders_per_buyer", "Orders per buyer", "سفارش هر خریدار", "ratio"),
    column("revenue_per_buyer", "Revenue per buyer", "درآمد هر خریدار", "money"),
    column("unknown_orders", "Orders without a known customer", "سفارش بدون مشتری شناخته", "orders"),
    column("unknown_revenue", "Revenue without a known customer", "درآمد بدون مشتری شناخته", "money"),
    column("first", "First event", "نخستین رویداد", "date"),
    column("last", "Last event", "آخرین رویداد", "date"),
)
BUYERS: Opens = (Where("orders", ">=", 1),)
OPENS: Mapping[str, Opens] = {
    "customers": (),
    "buyers": BUYERS,
    "orders": BUYERS,
    "revenue": BUYERS,
    "repeat": (Where("orders", ">=", 2),),
    "returned": (Where("returned", ">", 0),),
}
EACH = (
    column("orders", "Orders", "سفارش‌ها", "orders"),
    column("revenue", "Revenue", "درآمد", "money"),
    column("returned", "Returned", "مرجوعی", "money"),
    column("average_basket", "Average basket", "میانگین سبد", "money"),
    column("active", "Active customers", "مشتریان فعال", "customers"),
    column("buyers", "Buyers", "خریداران", "customers"),
    column("new", "New buyers", "خریداران تازه", "customers"),
    column("returning", "Returning buyers", "خریداران بازگشته", "customers"),
    column("unknown_orders", "Orders without a known customer", "سفارش بدون مشتری شناخته", "orders"),
    column("unknown_revenue", "Revenue without a known customer", "درآمد بدون مشتری شناخته", "money"),
    column("over", "Whole period", "دورهٔ کامل", "flag"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Company:
    """All customers together.

    Attributes
    ----------
    sums, periods : see `ganj.miners.overview.Sums`; ``periods`` are float64[periods, 8] of ``ordinal``
    over : bool[periods], whether a period lies wholly in the report
    starts : int64[periods], µs UTC
    baskets, items : of orders
    buyers : of each of `FIGURES`
    floors : float64[k], the least revenue of each bin of ``buyers[1]``
    together : of `FIGURES` over buyers
    groups : by label: customers, orders, revenue, returned
    period, calendar : what a period is
    span : µs UTC of the first and the last event
    """

    sums: Array
    ordinal: Array
    starts: Array
    periods: Array
    over: Array
    baskets: Numbers
    items: Numbers
    buyers: tuple[Numbers, ...]
    floors: Array
    together: Moments
    groups: Mapping[str, Array]
    period: str
    calendar: str
    span: tuple[int, int]

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        found = {
            "figures": self.figures(),
            "periods": self.by_period(),
            "concentration": self.concentration(),
            "curve": self.curve(),
            "baskets": self.distribution(self.baskets),
            "items": self.lines(),
            "spread": self.spread(),
            "correlations": self.correlations(),
        }
        return found | ({"groups": self.by_group()} if self.groups else {})

    def figures(self) -> Table:
        """Say the main figures in one row."""
        values = self.told()
        return Table.of(
            Text("At a glance", "در یک نگاه"),
            *(
                _headed(head, [values[head.name]], {name: [opens] for name, opens in OPENS.items()})
                for head in MAIN
            ),
        )

    def told(self) -> Mapping[str, Any]:
        """Return the main figures by name."""
        customers, buyers, orders, revenue, returns, returned, lines, lost, lost_revenue = self.sums.tolist()
        repeat = more_than_one(self.buyers[0])
        empty = self.span[0] > self.span[1]
        return {
            "customers": int(customers),
            "buyers": int(buyers),
            "repeat": repeat,
            "repeat_rate": float(100 * _ratio(repeat, buyers)),
            "orders": int(orders),
            "revenue": revenue,
            "returns": int(returns),
            "returned": returned,
            "net_revenue": revenue - returned,
            "average_basket": float(_ratio(revenue, orders)),
            "median_basket": self.baskets.median,
            "lines": int(lines),
            "orders_per_buyer": float(_ratio(orders, buyers)),
            "revenue_per_buyer": float(_ratio(revenue, buyers)),
            "unknown_orders": int(lost),
            "unknown_revenue": lost_revenue,
            "first": None if empty else self.span[0],
            "last": None if empty else self.span[1],
        }

    def by_period(self) -> Table:
        """Say what each period brought."""
        name = PERIOD_NAMES[self.period]
        when = column("period", name.en, name.fa, "period", period=self.period, calendar=self.calendar)
        values, opens = self.each_period(), self.behind()
        return Table.of(
            Text("By period", "به تفکیک دوره"),
            (when, self.ordinal),
            *(_headed(head, values[head.name], opens) for head in EACH),
        )

    def each_period(self) -> Mapping[str, Array]:
        """Return the figures of the periods by name."""
        orders, revenue, returned, active, buyers, new, lost, lost_revenue = self.periods.T
        return {
            "orders": orders.astype(np.int64),
            "revenue": revenue,
            "returned": returned,
            "average_basket": _ratio(revenue, orders),
            "active": active.astype(np.int64),
            "buyers": buyers.astype(np.int64),
            "new": new.astype(np.int64),
            "returning": (buyers - new).astype(np.int64),
            "unknown_orders": lost.astype(np.int64),
            "unknown_revenue": lost_revenue,
            "over": self.over,
        }

    def behind(self) -> Mapping[str, list[Opens]]:
        """Return who is behind the figures of the periods."""
        when, began = self.ordinal.tolist(), self.starts.tolist()
        bought = [Where("order_periods", "has", p) for p in when]
        first = [Where("first_order_period", "=", t) for t in began]
        earlier = [Where("first_order_period", "<", t) for t in began]
        here: list[Opens] = [(w,) for w in bought]
        return {
            "orders": here,
            "revenue": here,
            "buyers": here,
            "active": [(Where("active_periods", "has", p),) for p in when],
            "new": list(zip(bought, first, strict=True)),
            "returning": list(zip(bought, earlier, strict=True)),
        }

    def concentration(self) -> Table:
        """Say what share of revenue the top buyers bring; who spends as much as the last of them is with them."""
        spent = self.buyers[1]
        if not spent.size:
            return self._tops([])
        least = spent.size - np.ceil(np.array(TOPS) * spent.size / 100).astype(np.int64)
        ends = np.cumsum(spent.count)
        bins = np.searchsorted(ends, least, side="right")
        above = np.cumsum(spent.count[::-1])[::-1], np.cumsum(spent.total[::-1])[::-1]
        return self._tops(
            [
                (top, int(above[0][b]), float(self.floors[b]), float(above[1][b]))
                for top, b in zip(TOPS, bins, strict=True)
            ]
        )

    def _tops(self, rows: list[tuple[int, int, float, float]]) -> Table:
        top, customers, least, revenue = (np.array([row[k] for row in rows]) for k in range(4))
        opens: list[Opens] = [
            (Where("revenue", ">=", floor), Where("orders", ">=", 1)) for _, _, floor, _ in rows
        ]
        return Table.of(
            Text("How unevenly revenue is spread", "تمرکز درآمد"),
            (column("top", "Top", "برترین", "percent"), top),
            (column("customers", "Customers", "مشتریان", "customers"), customers.astype(np.int64), opens),
            (column("least", "Each spent at least", "خرید هر یک دست‌کم", "money"), least, opens),
            (column("revenue", "Revenue", "درآمد", "money"), revenue, opens),
            (
                column("share", "Of revenue", "سهم از درآمد", "percent"),
                100 * _ratio(revenue, self.buyers[1].sum),
                opens,
            ),
        )

    def curve(self) -> Table:
        """Draw the share of revenue that each share of the buyers brings, the best first: 101 points."""
        spent = self.buyers[1]
        asked = np.linspace(0, 1, 101)
        buyers = np.concatenate(([0], np.cumsum(spent.count[::-1])))
        money = np.concatenate(([0], np.cumsum(spent.total[::-1])))
        share = np.interp(asked * spent.size, buyers, money)
        return Table.of(
            Text("Concentration", "منحنی تمرکز"),
            (column("customers", "Of buyers", "سهم از خریداران", "percent"), 100 * asked),
            (column("revenue", "Of revenue", "سهم از درآمد", "percent"), 100 * _ratio(share, spent.sum)),
        )

    def distribution(self, numbers: Numbers) -> Table:
        """Count orders by their amount, in steps of a round width; the last bar has all that is above."""
        values = numbers.values
        top = float(numbers.quantile(0.98)) if numbers.size else 0.0
        low = min(0.0, float(values.min())) if numbers.size else 0.0
        width = _round_width((top - low) / BARS)
        edges = np.floor(low / width) * width + width * np.arange(BARS + 1)
        at = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, BARS - 1)
        orders = np.bincount(at, numbers.count, BARS).astype(np.int64)
        used = np.flatnonzero(orders)
        shown = slice(int(used[0]) if len(used) else 0, int(used[-1]) + 1 if len(used) else 0)
        high = np.where(np.arange(BARS) == BARS - 1, np.nan, edges[1:])
        return Table.of(
            Text("Orders by amount", "سفارش‌ها به تفکیک مبلغ"),
            (column("from", "From", "از", "money"), edges[:-1][shown]),
            (column("to", "Below", "تا", "money"), high[shown]),
            (column("orders", "Orders", "سفارش‌ها", "orders"), orders[shown]),
            (
                column("share", "Of orders", "سهم از سفارش‌ها", "percent"),
                100 * _ratio(orders[shown], numbers.size),
            ),
        )

    def lines(self) -> Table:
        """Count orders by how many lines they have; the last row has all that is above."""
        size = np.minimum(np.rint(self.items.values), BARS).astype(np.int64)
        orders = np.bincount(size, self.items.count, BARS + 1)[1:].astype(np.int64)
        used = np.flatnonzero(orders)
        shown = int(used[-1]) + 1 if len(used) else 0
        return Table.of(
            Text("Orders by number of lines", "سفارش‌ها به تفکیک شمار اقلام"),
            (
                column("lines", "Lines (20 and more together)", "شمار اقلام (۲۰ و بیشتر با هم)"),
                np.arange(1, shown + 1),
            ),
            (column("orders", "Orders", "سفارش‌ها", "orders"), orders[:shown]),
            (
                column("share", "Of orders", "سهم از سفارش‌ها", "percent"),
                100 * _ratio(orders[:shown], self.items.size),
            ),
        )

    def spread(self) -> Table:
        """Say mean, spread and quantiles of each figure over buyers."""
        shares = (0, 0.25, 0.5, 0.75, 0.9, 1)
        quantiles = np.array([numbers.quantile(np.array(shares)) for numbers in self.buyers])
        names = (
            ("least", "Least", "کمینه"),
            ("q25", "A quarter below", "چارک نخست"),
            ("median", "Median", "میانه"),
            ("q75", "Three quarters below", "چارک سوم"),
            ("q90", "Nine tenths below", "دهک نهم"),
            ("most", "Most", "بیشینه"),
        )
        return Table.of(
            Text("Figures of a buyer", "ارقام هر خریدار"),
            (column("figure", "Figure", "سنجه", "category", choices=FIGURES), np.arange(len(FIGURES))),
            (column("buyers", "Buyers", "خریداران"), np.array([numbers.size for numbers in self.buyers])),
            (column("mean", "Mean", "میانگین"), np.array([numbers.mean for numbers in self.buyers])),
            (column("deviation", "Standard deviation", "انحراف معیار"), self.together.deviation),
            *((column(*name), quantiles[:, k]) for k, name in enumerate(names)),
        )

    def correlations(self) -> Table:
        """Say Pearson's correlation of each pair of figures over buyers."""
        size = len(FIGURES)
        a, b = np.divmod(np.arange(size * size), size)
        return Table.of(
            Text("Correlations", "همبستگی‌ها"),
            (column("a", "Figure", "سنجه", "category", choices=FIGURES), a),
            (column("b", "With", "با", "category", choices=FIGURES), b),
            (column("r", "Correlation", "همبستگی", "ratio"), self.together.correlation.ravel()),
            (column("n", "Buyers", "خریداران"), np.full(size * size, self.together.size)),
        )

    def by_group(self) -> Table:
        """Say what each group has and brings, the greatest revenue first."""
        labels = sorted(self.groups, key=lambda label: (-self.groups[label][2], label))
        customers, orders, revenue, returned = np.array([self.groups[label] for label in labels]).T
        opens = [(Where("overview_groups", "has", label),) for label in labels]
        choices = tuple((label, value_words(label) if label else UNKNOWN) for label in labels)
        return Table.of(
            Text("Groups", "گروه‌ها"),
            (column("group", "Group", "گروه", "category", choices=choices), np.arange(len(labels))),
            (column("customers", "Customers", "مشتریان", "customers"), customers.astype(np.int64), opens),
            (column("orders", "Orders", "سفارش‌ها", "orders"), orders.astype(np.int64), opens),
            (column("revenue", "Revenue", "درآمد", "money"), revenue, opens),
            (
                column("share", "Of revenue", "سهم از درآمد", "percent"),
                100 * _ratio(revenue, revenue.sum()),
                opens,
            ),
            (column("average_basket", "Average basket", "میانگین سبد", "money"), _ratio(revenue, orders)),
            (column("returned", "Returned", "مرجوعی", "money"), returned),
        )


def _headed(
    head: Column, values: Any, opens: Mapping[str, list[Opens]]
) -> tuple[Column, Any] | tuple[Column, Any, list[Opens]]:
    return (head, values, opens[head.name]) if head.name in opens else (head, values)


def more_than_one(orders: Numbers) -> int:
    """Count the buyers of more than one order."""
    return int(orders.count[orders.values > 1].sum())


def _ratio(part: Array | float, whole: Array | float) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.asarray(part, np.float64) / np.asarray(whole, np.float64)
    return found


def _round_width(width: float) -> float:
    """Return the least of 1, 2, 2.5 or 5 times a power of ten that is not below a width."""
    if not width > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(step * power for step in (1, 2, 2.5, 5, 10, 20) if step * power >= width))
