"""Heat-map: where on a page do customers click, and how far down do they read?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import msgspec
import numpy as np
import pyarrow as pa

from ganj.breakdown import pages
from ganj.events import words
from ganj.filters import marks, reading
from ganj.histories import Array, Category, Histories
from ganj.kernels.intervals import wilson
from ganj.kernels.pairs import distinct
from ganj.miner import (
    Asked,
    Chart,
    Column,
    Finding,
    Miner,
    Opens,
    Reads,
    Report,
    Scores,
    Table,
    Where,
    column,
)
from ganj.parameters import param
from ganj.sketches import Groups, Largest, Tally
from ganj.text import Text

DEPTHS = np.arange(0, 101, 10)
"""Percent of a page's height."""
X, Y, WIDTH, SCROLL = "x", "y", "width", "scroll"
"""Properties that a tracker collects, pixels of the page; ``scroll`` is percent of its height."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where on pages things happened.

    Attributes
    ----------
    totals : by page: events, customers, and events without a place on the page
    grids : by page, by (row, column): events and customers
    depths : by page: customers who reached each of `DEPTHS`
    """

    totals: Largest
    grids: Groups
    depths: Largest

    def __add__(self, other: Places) -> Places:
        totals, grids = self.totals + other.totals, self.grids + other.grids
        return Places(totals, _of_kept(grids.values, totals), self.depths + other.depths)

    @property
    def busiest(self) -> str:
        """The page with most events; empty where there is none."""
        found = self.totals.values
        return min(found, key=lambda page: (-found[page][0], page)) if found else ""


class Heatmap(Miner[Places, Places], frozen=True, kw_only=True):
    """Count events by their place on a page, and customers by how far down they scrolled.

    A place is measured in widths of the page: ``x / width`` across and ``y / width`` down, so that windows of
    any size are laid upon each other.  The page is parted into ``columns`` across and squares of the same size
    down, to a length of ``lengths`` widths.  An event without a place on the page is counted, and left out of
    the grid.

    How far a customer read is the greatest ``scroll`` (percent of the page's height) among his scroll events.

    Notes
    -----
    State: two numbers for each cell of each page in which something happened, and eleven for each page;
    independent of the number of customers.  At most 16,384 pages are told apart, see
    `ganj.sketches.Largest`; up to as many all is exact.  One pass, O(events).
    """

    title = Text("Heat-map of a page", "نقشهٔ حرارتی صفحه")
    question = Text("Where on a page do customers click?", "مشتریان کجای صفحه کلیک می‌کنند؟")
    scored = (
        column("pages_clicked", "Pages", "صفحه‌ها", "list"),
        column("cells", "Cells of the page shown", "خانه‌های صفحهٔ نمایش‌داده", "list"),
        column("depth", "Scrolled down the page shown", "پیمایش صفحهٔ نمایش‌داده", "percent"),
    )
    place = "heatmap"
    example: ClassVar[dict[str, Any]] = {"events": ["Product Viewed"]}

    page: Annotated[
        str, param("Page (the busiest if none is given)", "صفحه (اگر داده نشود، پررویدادترین)")
    ] = ""
    events: Annotated[
        tuple[str, ...],
        param("What is counted", "رویدادهای شمردنی", of="event", min_length=1, max_length=10),
    ] = ("Page Clicked",)
    scrolls: Annotated[
        tuple[str, ...], param("Scrolling", "رویدادهای پیمایش", of="event", max_length=10, advanced=True)
    ] = ("Page Scrolled",)
    path: Annotated[
        str, param("Property that names the page", "ویژگیِ نشانی صفحه", of="item", advanced=True)
    ] = "path"
    columns: Annotated[int, param("Cells across", "شمار خانه‌ها در پهنا", ge=4, le=100)] = 20
    lengths: Annotated[
        int, param("Length shown, in widths of the page", "درازای نمایش‌داده، بر حسب پهنای صفحه", ge=1, le=20)
    ] = 3

    def reads(self) -> Reads:
        read = reading(Reads(numbers=(X, Y, WIDTH, SCROLL)), (*self.events, *self.scrolls))
        return msgspec.structs.replace(read, properties=tuple(dict.fromkeys((*read.properties, self.path))))

    def asks(self) -> tuple[Asked, ...]:
        return (Asked(self.page, (f"value:{self.path}",)),) if self.page else ()

    def scan(self, histories: Histories) -> Places:
        named = pages(histories, self.path)
        at = np.flatnonzero(marks(histories, self.events))
        page, owner = named.codes[at].astype(np.int64), histories.owner[at]
        cell = self._cells(histories, at)
        people = distinct(page, owner)
        totals = np.column_stack(
            [np.bincount(some, minlength=len(named.labels)) for some in (page, people[:, 0], page[cell < 0])]
        ).astype(np.float64)
        inside = cell >= 0
        kept = Largest.of({label: row for label, row in zip(named.labels, totals, strict=True) if row[0]})
        grids = self._grids(named.labels, page[inside], owner[inside], cell[inside])
        return Places(kept, _of_kept(grids, kept), Largest.of(self._depths(histories, named)))

    def report(self, model: Places) -> Report:
        shown = self._shown(model)
        grid = self._grid(model, shown)
        tables = {"pages": _pages(model), "grid": grid, "scroll": _scroll(model, shown)}
        used = {name: table for name, table in tables.items() if len(table)}
        return Report(
            used or {"pages": tables["pages"]}, self._charts(used), tuple(self._findings(model, shown))
        )

    def score(self, histories: Histories, model: Places) -> Scores:
        shown, size = self._shown(model), len(histories)
        named = pages(histories, self.path)
        at = np.flatnonzero(marks(histories, self.events))
        owner, page = histories.owner[at], named.codes[at].astype(np.int64)
        cell = self._cells(histories, at)
        here = (np.array([*named.labels, ""], object)[page] == shown) & (cell >= 0)
        numbers = _lists(owner, page, size)
        labels = pa.array(named.labels, pa.string()).take(numbers.values)
        values = {
            "pages_clicked": pa.ListArray.from_arrays(numbers.offsets, labels),
            "cells": _lists(owner[here], cell[here], size),
            "depth": self._deepest(histories, named, shown),
        }
        return Scores(histories.customer, values)

    def _shown(self, model: Places) -> str:
        return self.page or model.busiest

    def _cells(self, histories: Histories, at: Array) -> Array:
        """Return the cell of some events, columns × row + column; -1 where an event has no place on the page."""
        x, y, width = (_number(histories, name)[at] for name in (X, Y, WIDTH))
        with np.errstate(invalid="ignore", divide="ignore"):
            across, down = np.floor(x / width * self.columns), np.floor(y / width * self.columns)
            good = (width > 0) & (x >= 0) & (x < width) & (y >= 0) & (down < self.columns * self.lengths)
        across = np.minimum(across, self.columns - 1)  # a product may round up to the edge
        cell = np.full(len(at), -1, np.int64)
        cell[good] = (down[good] * self.columns + across[good]).astype(np.int64)
        return cell

    def _grids(self, labels: tuple[str, ...], page: Array, owner: Array, cell: Array) -> dict[str, Tally]:
        """Count events and customers by page and cell."""
        keys, place, counts = np.unique(
            np.column_stack((page, cell)).reshape(-1, 2), axis=0, return_inverse=True, return_counts=True
        )
        who = distinct(place.reshape(-1), owner)
        values = np.column_stack((counts, np.bincount(who[:, 0], minlength=len(keys)))).astype(np.float64)
        parts = np.column_stack((keys[:, 1] // self.columns, keys[:, 1] % self.columns))
        return {
            labels[code]: Tally(parts[keys[:, 0] == code], values[keys[:, 0] == code])
            for code in np.unique(keys[:, 0])
        }

    def _depths(self, histories: Histories, named: Category) -> dict[str, Array]:
        """Count by page the customers who reached each depth."""
        at = np.flatnonzero(marks(histories, self.scrolls))
        depth = np.clip(_number(histories, SCROLL)[at], 0, 100)
        known = ~np.isnan(depth)
        at, depth = at[known], depth[known]
        pairs, place = np.unique(
            np.column_stack((named.codes[at], histories.owner[at])).reshape(-1, 2),
            axis=0,
            return_inverse=True,
        )
        most = np.zeros(len(pairs))
        np.maximum.at(most, place.reshape(-1), depth)
        return {
            named.labels[code]: (most[pairs[:, 0] == code][:, None] >= DEPTHS).sum(axis=0).astype(np.float64)
            for code in np.unique(pairs[:, 0])
        }

    def _deepest(self, histories: Histories, named: Category, shown: str) -> Array:
        """float64[customers]: the greatest depth on a page; nan for who never scrolled on it."""
        depth = np.clip(_number(histories, SCROLL), 0, 100)
        meant = (marks(histories, self.scrolls) > 0) & ~np.isnan(depth)
        meant &= np.array([*named.labels, ""], object)[named.codes] == shown
        found = np.full(len(histories), -1.0)
        np.maximum.at(found, histories.owner[meant], depth[meant])
        return np.where(found < 0, np.nan, found)

    # ---- what people see

    def _grid(self, model: Places, shown: str) -> Table:
        """Lay out every cell of a page down to the last in which something happened."""
        tally = model.grids.values.get(shown)
        rows = int(tally.keys[:, 0].max()) + 1 if tally is not None and len(tally) else 0
        counts = np.zeros((rows, self.columns, 2))
        if tally is not None:
            counts[tally.keys[:, 0], tally.keys[:, 1]] = tally.values
        row, across = np.divmod(np.arange(rows * self.columns), self.columns)
        flat = counts.reshape(-1, 2)
        opens = [(Where("cells", "has", int(cell)),) for cell in range(rows * self.columns)]
        total = max(flat[:, 0].sum(), 1)
        return Table.of(
            Text("Places on the page", "جاهای صفحه"),
            (column("row", "Row", "سطر", "count"), row + 1),
            (column("column", "Column", "ستون", "count"), across + 1),
            (column("left", "From the left", "از چپ", "percent"), 100 * across / self.columns),
            (
                column("top", "From the top, in widths", "از بالا، بر حسب پهنا", "percent"),
                100 * row / self.columns,
            ),
            (column("events", "Events", "رویدادها", "count"), flat[:, 0].astype(np.int64)),
            (column("share", "Share", "سهم", "percent"), 100 * flat[:, 0] / total),
            (column("customers", "Customers", "مشتریان", "customers"), flat[:, 1].astype(np.int64), opens),
        )

    def _charts(self, tables: dict[str, Table]) -> tuple[Chart, ...]:
        told = (
            Chart(
                kind="heatmap",
                table="grid",
                title=Text("Where customers clicked", "جای کلیک‌ها روی صفحه"),
                x="column",
                series="row",
                y=("events",),
                options={"fixed": True},  # a page has its left where it is, whoever reads
            ),
            Chart(
                kind="line",
                table="scroll",
                title=Text("How far down customers read", "مشتریان تا کجای صفحه پایین می‌روند"),
                x="depth",
                y=("share",),
                options={"low": "low", "high": "high"},
            ),
            Chart(
                kind="hbar",
                table="pages",
                title=Text("Pages", "صفحه‌ها"),
                x="page",
                y=("events",),
            ),
        )
        return tuple(chart for chart in told if chart.table in tables)

    def _findings(self, model: Places, shown: str) -> Iterator[Finding]:
        events, customers, lost = model.totals.values.get(shown, np.zeros(3))
        if not events:
            text = Text(
                "Nothing has been collected on this page; places come from a tracker on the site.",
                "روی این صفحه چیزی ثبت نشده است؛ جای کلیک‌ها را کد رهگیری سایت می‌فرستد.",
            )
            yield Finding(text=text, tone="warn")
            return
        opens: Opens = (Where("pages_clicked", "has", shown),)
        yield Finding(
            text=Text(
                "On {page} there are {events:count} events of {customers:count} customers.",
                "روی «{page}» {events:count} رویداد از {customers:count} مشتری هست.",
            ),
            evidence={"page": words(shown), "events": int(events), "customers": int(customers)},
            opens=opens,
            weight=1.0,
        )
        if lost:
            yield Finding(
                text=Text(
                    "{lost:count} of them ({share:percent}) say no place on the page, or one beyond the length shown.",
                    "{lost:count} رویداد ({share:percent}) جایی روی صفحه ندارند یا پایین‌تر از درازای نمایش‌داده‌اند.",
                ),
                evidence={"lost": int(lost), "share": 100 * lost / events},
                tone="warn",
                weight=0.4,
            )
        reached = model.depths.values.get(shown)
        if reached is not None and reached[0]:
            yield Finding(
                text=Text(
                    "{half:percent} read to the middle of it, {end:percent} to the end.",
                    "{half:percent} تا میانهٔ صفحه و {end:percent} تا پایان آن پایین رفته‌اند.",
                ),
                evidence={"half": 100 * reached[5] / reached[0], "end": 100 * reached[10] / reached[0]},
                opens=(Where("depth", ">=", 0),),
                weight=0.8,
            )


def _of_kept(grids: Mapping[str, Tally], kept: Largest) -> Groups:
    """Return the grids of the pages that are kept."""
    return Groups({label: grid for label, grid in grids.items() if label in kept.values})


def _pages(model: Places, most: int = 50) -> Table:
    found = model.totals.values
    labels = sorted(found, key=lambda page: (-found[page][0], page))[:most]
    rows = np.array([found[label] for label in labels]).reshape(len(labels), 3).astype(np.int64)
    choices = tuple((label, words(label)) for label in labels)
    return Table.of(
        Text("Pages", "صفحه‌ها"),
        (
            Column(name="page", label=Text("Page", "صفحه"), unit="category", choices=choices),
            np.arange(len(labels)),
        ),
        (column("events", "Events", "رویدادها", "count"), rows[:, 0]),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            rows[:, 1],
            [(Where("pages_clicked", "has", label),) for label in labels],
        ),
        (column("lost", "Without a place", "بی‌جا", "count"), rows[:, 2]),
    )


def _scroll(model: Places, shown: str) -> Table:
    reached = model.depths.values.get(shown, np.zeros(0))
    depth = DEPTHS[: len(reached)]
    low, high = wilson(reached, np.full(len(reached), reached[:1].sum()))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = 100 * reached / reached[:1].sum()
    return Table.of(
        Text("How far down customers read", "مشتریان تا کجای صفحه پایین می‌روند"),
        (column("depth", "Of the page's height", "از بلندای صفحه", "percent"), depth),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            reached.astype(np.int64),
            [(Where("depth", ">=", float(d)),) for d in depth],
        ),
        (column("share", "Share", "سهم", "percent"), share),
        (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
        (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
    )


def _number(histories: Histories, name: str) -> Array:
    """float64[events]; nan where an event has no such property."""
    return histories.columns.get(f"number:{name}", np.full(len(histories.time), np.nan))


def _lists(owner: Array, values: Array, size: int) -> pa.ListArray:
    """Gather distinct values into a list for each customer, ascending."""
    pairs = distinct(owner, values)
    ends = np.concatenate(([0], np.cumsum(np.bincount(pairs[:, 0], minlength=size))))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(pairs[:, 1], pa.int64()))
