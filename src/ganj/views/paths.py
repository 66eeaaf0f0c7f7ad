"""Paths: tables, the picture of flows, and sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ganj.display.numbers import in_digits
from ganj.events import words
from ganj.histories import Array
from ganj.miner import Chart, Column, Opens, Table, Where, column
from ganj.sequences import NOTHING, OTHERS, SKIPPED, Named
from ganj.sketches import Tally
from ganj.text import Text, same
from ganj.views.paths_edges import DROP, TOLD, WORDS, Edges, Node, Row, node_name

STEPS, PATHS, LOOPS = 20, 30, 20
"""Rows shown: steps at a place, paths, loops."""


@dataclass(frozen=True)
class Flow:
    """Paths laid out.

    Attributes
    ----------
    edges : those shown
    sums : tallies, see `ganj.miners.paths.Flows`
    sessions, customers, events : how many there are
    asked : the steps that paths must begin or end with
    """

    edges: Edges
    sums: Named
    sessions: int
    customers: int
    events: int
    asked: tuple[str, ...]

    # ---- names

    def namer(self, kind: str) -> Callable[[Sequence[int]], str | None]:
        """Return what names a key of a tally; None where it is not shown."""
        if kind in {"edges", "left"}:
            shown = set(self.edges.rows)
            return lambda key: self._edge(key if len(key) == 3 else (*key, DROP), shown)
        rows = {"nodes": self.nodes, "drops": self.nodes, "paths": self.paths, "loops": self.loops}[kind]
        names = {tuple(int(k) for k in keys): name for keys, name, _ in rows}
        return lambda key: names.get(tuple(key))

    def _edge(self, key: Sequence[int], shown: set[Row]) -> str | None:
        row = self.edges.shown((key[0], key[1], key[2]))
        return self.edge_name(row) if row in shown else None

    def edge_name(self, row: Row) -> str:
        """Name an edge: 1_/ > 2_/pricing."""
        place, source, target = row
        return f"{node_name(self.sums, place, source)} > {node_name(self.sums, place + 1, target)}"

    def label(self, code: int) -> Text:
        """Return what people read for a step."""
        return WORDS[code] if code < 0 else words(self.sums.labels[code])

    @cached_property
    def nodes(self) -> list[tuple[Array, str, Array]]:
        """The steps shown: key, name, sums; by place, the most frequent first."""
        tally = self.sums.tallies["nodes"]
        out: list[tuple[Array, str, Array]] = []
        for place in np.unique(tally.keys[:, 0]):
            here = np.flatnonzero((tally.keys[:, 0] == place) & (tally.keys[:, 1] >= 0))
            best = here[np.argsort(-tally.values[here, 0], kind="stable")][:STEPS]
            out += [
                (tally.keys[at], node_name(self.sums, *map(int, tally.keys[at])), tally.values[at])
                for at in best
            ]
        return out

    @cached_property
    def paths(self) -> list[tuple[Array, str, Array]]:
        """The whole paths taken most often."""
        return self._top("paths", PATHS, lambda key: self.path_text(key).en)

    @cached_property
    def loops(self) -> list[tuple[Array, str, Array]]:
        """The loops made most often."""
        return self._top(
            "loops", LOOPS, lambda key: " > ".join(self._once(int(k)) for k in key if k != NOTHING)
        )

    def _top(self, kind: str, most: int, name: Callable[[Array], str]) -> list[tuple[Array, str, Array]]:
        tally = self.sums.tallies[kind]
        apart = np.flatnonzero(np.all(tally.keys != OTHERS, axis=1))
        best = apart[np.argsort(-tally.values[apart, 0], kind="stable")][:most]
        return [(tally.keys[at], name(tally.keys[at]), tally.values[at]) for at in best]

    def _once(self, code: int) -> str:
        return self.sums.labels[code] if code >= 0 else TOLD[code]

    def path_text(self, key: Array) -> Text:
        """Write a path: its steps, and an ellipsis where more followed."""
        steps = [self.label(int(code)) for code in key[1:] if code != NOTHING]
        more = [] if key[0] else [WORDS[SKIPPED]]
        every = [*steps, *more]
        return Text(" › ".join(step.en for step in every), " › ".join(step.fa for step in every))

    # ---- tables

    def edges_table(self) -> Table:
        """Lay out the edges shown."""
        sums, rows = self.edges.sums, self.edges.rows
        known = ~np.isnan(sums[:, 1]) if len(rows) else np.zeros(0, bool)
        opens: list[Opens] = [(Where("edges_taken", "has", self.edge_name(row)),) for row in rows]
        ends = sorted({end for row in rows for end in (row[:2], (row[0] + 1, row[2]))})
        with np.errstate(divide="ignore", invalid="ignore"):
            pace = np.where([row[2] != DROP for row in rows], sums[:, 2] / sums[:, 0], np.nan)
        return Table.of(
            Text("Moves from step to step", "گذر از گامی به گام دیگر"),
            self._ends("source", Text("From", "از"), [row[:2] for row in rows], ends),
            self._ends("target", Text("To", "به"), [(row[0] + 1, row[2]) for row in rows], ends),
            (column("times", "Paths", "مسیرها", "count"), sums[:, 0].astype(np.int64), opens),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                sums[:, 1],
                [one if k else None for one, k in zip(opens, known, strict=True)],
            ),
            (
                column("share", "Of all paths", "از همهٔ مسیرها", "percent"),
                _percent(sums[:, 0], self.sessions),
            ),
            (column("mean_time", "Mean time", "میانگین زمان", "duration"), pace),
        )

    def _ends(self, name: str, label: Text, nodes: list[Node], among: list[Node]) -> tuple[Column, Array]:
        """Return a column of steps at places, as categories: int64[rows]; one step has one code among all."""
        choices = tuple((node_name(self.sums, *node), self._placed(*node)) for node in among)
        number = {node: at for at, node in enumerate(among)}
        return (
            Column(name=name, label=label, unit="category", choices=choices),
            np.array([number[node] for node in nodes], np.int64),
        )

    def _placed(self, place: int, code: int) -> Text:
        label = self.label(code)
        return Text(f"{place}. {label.en}", f"{in_digits(str(place), 'persian')}. {label.fa}")

    def steps_table(self) -> Table:
        """Lay out the steps by place: how many got there, how many stopped."""
        drops = self.sums.tallies["drops"].rows()
        gone = np.array(
            [drops.get(tuple(int(k) for k in key), np.zeros(2)) for key, _, _ in self.nodes]
        ).reshape(-1, 2)
        sums = np.array([one for _, _, one in self.nodes]).reshape(-1, 2)
        names = [name for _, name, _ in self.nodes]
        nodes = [(int(key[0]), int(key[1])) for key, _, _ in self.nodes]
        return Table.of(
            Text("Steps by place", "گام‌ها به تفکیک جایگاه"),
            (
                column("place", "Place", "جایگاه"),
                np.array([int(key[0]) for key, _, _ in self.nodes], np.int64),
            ),
            self._ends("step", Text("Step", "گام"), nodes, sorted(nodes)),
            (column("times", "Paths", "مسیرها", "count"), sums[:, 0].astype(np.int64)),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                sums[:, 1].astype(np.int64),
                [(Where("nodes_reached", "has", name),) for name in names],
            ),
            (
                column("dropped", "Paths that stopped here", "مسیرهای پایان‌یافته", "count"),
                gone[:, 0].astype(np.int64),
            ),
            (
                column("drop_rate", "Share that stopped", "نرخ توقف", "percent"),
                _percent(gone[:, 0], sums[:, 0]),
            ),
            (
                column("stopped", "Customers who stopped here", "مشتریان متوقف‌شده", "customers"),
                gone[:, 1].astype(np.int64),
                [(Where("dropped_at", "has", name),) for name in names],
            ),
        )

    def paths_table(self) -> Table:
        """Lay out the whole paths."""
        sums = np.array([one for _, _, one in self.paths]).reshape(-1, 2)
        names = [name for _, name, _ in self.paths]
        choices = tuple((name, self.path_text(key)) for key, name, _ in self.paths)
        return Table.of(
            Text("Whole paths", "مسیرهای کامل"),
            (
                Column(name="path", label=Text("Path", "مسیر"), unit="category", choices=choices),
                np.arange(len(names)),
            ),
            (
                column("steps", "Steps", "شمار گام‌ها", "count"),
                np.array([int((key[1:] != NOTHING).sum()) for key, _, _ in self.paths], np.int64),
            ),
            (column("times", "Paths", "مسیرها", "count"), sums[:, 0].astype(np.int64)),
            (
                column("share", "Of all paths", "از همهٔ مسیرها", "percent"),
                _percent(sums[:, 0], self.sessions),
            ),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                sums[:, 1].astype(np.int64),
                [(Where("paths_taken", "has", name),) for name in names],
            ),
        )

    def loops_table(self) -> Table:
        """Lay out what is done again: at once, or after one other step."""
        sums = np.array([one for _, _, one in self.loops]).reshape(-1, 2)
        told = [[self.label(int(k)) if k != NOTHING else same("—") for k in key] for key, _, _ in self.loops]
        return Table.of(
            Text("Loops", "حلقه‌ها"),
            _texts("step", Text("Step taken again", "گام تکرارشده"), [one[0] for one in told]),
            _texts("by", Text("By way of (—: at once)", "از راه (—: بی‌درنگ)"), [one[1] for one in told]),
            (column("times", "Times", "بار", "count"), sums[:, 0].astype(np.int64)),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                sums[:, 1].astype(np.int64),
                [(Where("loops_made", "has", name),) for _, name, _ in self.loops],
            ),
        )


@dataclass(frozen=True)
class Among(Flow):
    """Some of the paths, of which the rows are laid out that the ``whole`` shows."""

    whole: Flow

    @classmethod
    def of(cls, some: Flow, whole: Flow) -> Among:
        """Lay out some paths as the whole is: its names, its edges, steps and paths, whatever is frequent here."""
        none = {name: Tally.empty(*_shape(tally)) for name, tally in whole.sums.tallies.items()}
        sums = Named(whole.sums.labels, none, whole.sums.plain) + some.sums
        told = sums.tallies["edges"].rows()
        rows = [row for row in whole.edges.rows if min(row[1:]) >= 0]
        edges = np.array([told.get(row, np.zeros(3)) for row in rows]).reshape(-1, 3)
        return cls(Edges(rows, edges), sums, some.sessions, some.customers, some.events, some.asked, whole)

    @cached_property
    def nodes(self) -> list[tuple[Array, str, Array]]:
        """The steps that the whole shows."""
        return self._like("nodes", self.whole.nodes)

    @cached_property
    def paths(self) -> list[tuple[Array, str, Array]]:
        """The paths that the whole shows."""
        return self._like("paths", self.whole.paths)

    def _like(self, kind: str, shown: list[tuple[Array, str, Array]]) -> list[tuple[Array, str, Array]]:
        told = self.sums.tallies[kind].rows()
        return [(key, name, told.get(tuple(key.tolist()), np.zeros_like(sums))) for key, name, sums in shown]

    def tables(self) -> dict[str, Table]:
        """Return the tables of some of the paths."""
        return {"paths": self.paths_table(), "edges": self.edges_table(), "steps": self.steps_table()}


def _shape(tally: Tally) -> tuple[int, int]:
    return tally.keys.shape[1], tally.values.shape[1]


def _texts(name: str, label: Text, values: list[Text]) -> tuple[Column, Array]:
    """Return a column of words as categories."""
    distinct = {text.en: text for text in values}
    place = {en: number for number, en in enumerate(distinct)}
    return (
        Column(name=name, label=label, unit="category", choices=tuple(distinct.items())),
        np.array([place[text.en] for text in values], np.int64),
    )


def _percent(part: Array, whole: Any) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = 100 * np.asarray(part, np.float64) / np.asarray(whole, np.float64)
    return found


def charts() -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    return (
        Chart(
            kind="sankey",
            table="edges",
            title=Text("From step to step", "از گام به گام"),
            x="source",
            y=("times",),
            series="target",
        ),
    )
