"""Overview: who are our customers, and what do they bring?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.breakdown import of_customers, spread
from ganj.calendar import buckets, period_names, start
from ganj.events import ORDER, REFUND
from ganj.filters import divided
from ganj.histories import Array, Histories
from ganj.kernels.orders import BOUGHT, EVER, NEVER_ENDS, RETURNED, by_period, roles, totals
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.moments import Moments
from ganj.parameters import param
from ganj.sketches import Groups, Rows, Tally, from_ordered_bits
from ganj.text import Text
from ganj.views.overview import Company
from ganj.views.overview_words import charts, findings

BINS = 1 << 16
"""Distinct values a distribution keeps before it rounds them."""
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What is known of all customers together.

    Attributes
    ----------
    figures : float64[9], customers, buyers, orders, revenue, returns, returned, lines, orders and revenue
        without a known customer
    periods : by period: orders, revenue, returned, active, buyers, new; orders and revenue of nobody
    baskets, items : distribution of the amount, and of the number of lines, of an order
    buyers : distribution of each of `ganj.views.overview.FIGURES` over buyers
    together : moments of `ganj.views.overview.FIGURES` over buyers
    groups : by label: customers, orders, revenue, returned
    first, last : µs UTC of the first and the last event
    """

    figures: Array
    periods: Tally
    baskets: Rows
    items: Rows
    buyers: tuple[Rows, ...]
    together: Moments
    groups: Groups
    first: int
    last: int

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.figures + other.figures,
            self.periods + other.periods,
            self.baskets + other.baskets,
            self.items + other.items,
            tuple(a + b for a, b in zip(self.buyers, other.buyers, strict=True)),
            self.together + other.together,
            self.groups + other.groups,
            min(self.first, other.first),
            max(self.last, other.last),
        )


class Overview(Miner[Sums, Sums], frozen=True, kw_only=True):
    """Count customers, orders and money; say when, how unevenly, and by whom.

    A customer is anyone with a history; a buyer has an order.  Revenue is the sum of orders, before returns.
    New is who orders for the first time *ever*, also where the report begins later.  Sales without a known
    customer are counted apart and are in no figure of customers.  ``by`` breaks customers down by a trait, or
    orders by a property, and then a customer is counted under each value he ordered with.

    Notes
    -----
    State: sums by period and by label, and ten distributions of at most 65,536 distinct values each (exact up
    to as many, then rounded by about 0.1 %).  One pass, O(events).
    """

    title = Text("Overview", "نمای کلی")
    question = Text("Who are our customers, and what do they bring?", "مشتریان ما کیستند و چه می‌آورند؟")
    at_home = 1
    scored = (
        column("orders", "Orders", "سفارش‌ها", "orders"),
        column("revenue", "Revenue", "درآمد", "money"),
        column("returned", "Returned", "مرجوعی", "money"),
        column("net_revenue", "Net revenue", "درآمد خالص", "money"),
        column("average_basket", "Average basket", "میانگین سبد", "money"),
        column("first_order", "First order", "نخستین سفارش", "date"),
        column("last_order", "Last order", "آخرین سفارش", "date"),
        column("first_order_period", "First ordered in", "دورهٔ نخستین سفارش", "date"),
        column("order_periods", "Ordered in", "سفارش در", "list"),
        column("active_periods", "Active in", "فعال در", "list"),
        column("overview_groups", "Groups", "گروه‌ها", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"period": "month"}

    period: Annotated[
        Literal["day", "week", "month", "quarter", "year"],
        param(
            "Period",
            "دوره",
            choices=period_names("day", "week", "month", "quarter", "year"),
        ),
    ] = "month"
    by: Annotated[str, param("Break down by", "تفکیک بر پایهٔ", of="part")] = ""

    def reads(self) -> Reads:
        return divided(Reads(columns=("time", "event", "amount"), lines=True, nobody=True), self.by)

    def window(self) -> tuple[int | None, int | None]:
        return None, self.instant(self.until)  # the first order ever may lie before `since`

    def scan(self, histories: Histories) -> Sums:
        known, nobody = _apart(histories)
        rows, unknown = self._totals(known), self._totals(nobody)
        counted = self._counted(rows)
        bought = rows[rows[:, 0] > 0]
        figures = _figures_of(bought)
        baskets, items = self._baskets(known)
        sums = (counted.sum(), len(bought), *rows[:, [0, 1, 4, 5]].sum(axis=0), items.sum())
        time = histories.time
        return Sums(
            figures=np.array([*sums, *unknown[:, :2].sum(axis=0)]),
            periods=self._periods(known, 0) + self._periods(nobody, 6),
            baskets=Rows.of(baskets[:, None], BINS),
            items=Rows.of(items[:, None], BINS),
            buyers=tuple(Rows.of(one[:, None], BINS) for one in figures.T),
            together=Moments.of(figures),
            groups=Groups(self._groups(known, rows, counted)),
            first=int(time.min()) if len(time) else NEVER_ENDS,
            last=int(time.max()) if len(time) else EVER,
        )

    def report(self, model: Sums) -> Report:
        ordinal = model.periods.keys[:, 0]
        since, until = self.instant(self.since), self.instant(self.until)
        horizon = until if until is not None else model.last + 1
        begins, ends = (
            start(ordinal, self.period, *self.bucketing),
            start(ordinal + 1, self.period, *self.bucketing),
        )
        view = Company(
            sums=model.figures,
            ordinal=ordinal,
            starts=begins,
            periods=model.periods.values,
            over=(ends <= horizon) & (begins >= (EVER if since is None else since)),
            baskets=model.baskets.numbers(),
            items=model.items.numbers(),
            buyers=tuple(rows.numbers() for rows in model.buyers),
            floors=from_ordered_bits(model.buyers[1].keys[:, 0]),
            together=model.together,
            groups=model.groups.values,
            period=self.period,
            calendar=self.bucketing[0],
            span=(model.first if since is None else max(since, model.first), model.last),
        )
        return Report(view.tables(), charts(broken_down=bool(view.groups)), tuple(findings(view)))

    def score(self, histories: Histories, model: Sums) -> Scores:
        del model  # what one customer bought does not depend on others
        known, _ = _apart(histories)
        rows = self._totals(known)
        at = np.flatnonzero(self._counted(rows))
        found, labels = rows[at], self._labels(known)
        never, none = np.isnan(found[:, 2]), found[:, 0] == 0
        first = np.where(never, 0, found[:, 2]).astype(np.int64)
        last = np.where(none, 0, found[:, 3]).astype(np.int64)
        begun = start(buckets(first, self.period, *self.bucketing), self.period, *self.bucketing)
        values = {
            "orders": found[:, 0].astype(np.int64),
            "revenue": found[:, 1],
            "returned": found[:, 5],
            "net_revenue": found[:, 1] - found[:, 5],
            "average_basket": np.where(none, np.nan, found[:, 1] / np.maximum(found[:, 0], 1)),
            "first_order": pa.array(first, mask=never),
            "last_order": pa.array(last, mask=none),
            "first_order_period": pa.array(begun, mask=never),
            "order_periods": self._periods_with(known, at, BOUGHT),
            "active_periods": self._periods_with(known, at, None),
            "overview_groups": gathered(labels, at),
        }
        return Scores(known.customer[at], values)

    def _role(self, h: Histories) -> Array:
        return roles(len(h.names.get("event", ())), h.codes((ORDER,)), h.codes((REFUND,)))

    def _since(self) -> int:
        since = self.instant(self.since)
        return EVER if since is None else since

    def _totals(self, h: Histories) -> Array:
        found: Array = totals(h.offsets, h.time, h.event, h.amount, self._role(h), self._since(), NEVER_ENDS)
        return found

    def _counted(self, rows: Array) -> Array:
        """bool[customers]: everyone, or who did anything since the report begins."""
        return np.ones(len(rows), bool) if self.since is None else rows[:, 6] > 0

    def _ordered(self, h: Histories) -> Array:
        """bool[events]: orders since the report begins."""
        found: Array = (self._role(h)[h.event] == BOUGHT) & (h.time >= self._since())
        return found

    def _periods(self, h: Histories, column: int) -> Tally:
        """Add up by period; the figures go to ``column`` and those after it."""
        period = buckets(h.time, self.period, *self.bucketing)
        base = int(period.min()) if len(period) else 0
        found = by_period(h.offsets, h.time, period, h.event, h.amount, self._role(h), base, self._since())
        at = np.flatnonzero(found.any(axis=1))
        wide = np.zeros((len(at), 8))
        wide[:, column:] = found[at, : 8 - column] if column else np.pad(found[at], ((0, 0), (0, 2)))
        return Tally.of((at + base)[:, None], wide)

    def _baskets(self, h: Histories) -> tuple[Array, Array]:
        """Return the amounts and the numbers of lines of orders, where they are known."""
        ordered = self._ordered(h)
        amount = h.amount[ordered]
        lines = np.diff(h.lines.offsets)[ordered] if h.lines is not None else np.zeros(0, np.int64)
        return amount[~np.isnan(amount)], lines[lines > 0].astype(np.float64)

    def _groups(self, h: Histories, rows: Array, counted: Array) -> dict[str, Array]:
        """Return by label: customers, orders, revenue, returned."""
        if not self.by:
            return {}
        trait = of_customers(h, self.by)
        labels, owner, code = self._labels(h)
        size = len(labels)
        customers = np.bincount(code, counted[owner], size)
        if trait is not None:
            sums = [np.bincount(code, rows[:, k], size) for k in (0, 1, 5)]
        else:
            sums = self._group_sums(h, size)
        found = np.column_stack((customers, *sums))
        return {label: row for label, row in zip(labels, found, strict=True) if row.any()}

    def _group_sums(self, h: Histories, size: int) -> list[Array]:
        bought, back = self._ordered(h), (self._role(h)[h.event] == RETURNED) & (h.time >= self._since())
        told = spread(h, self.by, np.flatnonzero(bought | back))
        codes, value = told.codes.astype(np.int64) + 1, told.share * np.nan_to_num(h.amount[told.event])
        bought, back = bought[told.event], back[told.event]
        return [
            np.bincount(codes[bought], minlength=size),
            np.bincount(codes[bought], value[bought], size),
            np.bincount(codes[back], np.abs(value[back]), size),
        ]

    def _labels(self, h: Histories) -> tuple[tuple[str, ...], Array, Array]:
        """Return labels, and distinct pairs of a customer's position and a label's number, in order."""
        trait = of_customers(h, self.by) if self.by else None
        if trait is not None:
            return ("", *trait.labels), np.arange(len(h)), trait.codes.astype(np.int64) + 1
        if not self.by:
            return ("",), np.zeros(0, np.int64), np.zeros(0, np.int64)
        told = spread(h, self.by, np.flatnonzero(self._ordered(h)))
        size = len(told.labels) + 1
        pairs = np.unique(h.owner[told.event] * size + told.codes + 1)
        return ("", *told.labels), pairs // size, pairs % size

    def _periods_with(self, h: Histories, at: Array, role: int | None) -> pa.ListArray:
        """List the periods in which customers had events (of a role)."""
        keep = h.time >= self._since()
        if role is not None:
            keep &= self._role(h)[h.event] == role
        owner, period = h.owner[keep], buckets(h.time[keep], self.period, *self.bucketing)
        fresh = np.ones(len(owner), bool)
        fresh[1:] = (owner[1:] != owner[:-1]) | (period[1:] != period[:-1])
        sizes = np.bincount(owner[fresh], minlength=len(h))[at]
        ends = np.concatenate(([0], np.cumsum(sizes)))
        return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(period[fresh], pa.int64()))


def _apart(histories: Histories) -> tuple[Histories, Histories]:
    """Part the customers from the history of nobody."""
    first = int(np.searchsorted(histories.customer, 0))
    return histories.part(first, len(histories)), histories.part(0, first)


def _figures_of(rows: Array) -> Array:
    """Return `ganj.views.overview.FIGURES` of buyers: float64[buyers, figures]."""
    orders, revenue, first, last, _, returned, _ = rows.T
    return np.column_stack((orders, revenue, revenue / orders, returned, (last - first) / DAY))


def gathered(labels: tuple[tuple[str, ...], Array, Array], at: Array) -> pa.ListArray:
    """Gather each customer's labels into a list, for the customers at some positions."""
    words, owner, code = labels
    place = np.searchsorted(at, owner)
    inside = (
        (place < len(at)) & (at[np.minimum(place, len(at) - 1)] == owner)
        if len(at)
        else np.zeros(len(owner), bool)
    )
    ends = np.concatenate(([0], np.cumsum(np.bincount(place[inside], minlength=len(at)))))
    named = pa.array(words, pa.string()).take(pa.array(code[inside]))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), named)
