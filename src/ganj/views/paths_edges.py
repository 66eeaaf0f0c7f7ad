"""Which edges of paths are shown, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.sequences import OTHERS, SKIPPED, Named
from ganj.text import Text, same

DROP = -4
"""Code of the end of a path, where a flow shows it."""
TOLD = {OTHERS: "~others", DROP: "~drop", SKIPPED: "…"}
WORDS = {
    OTHERS: Text("Others", "گام‌های دیگر"),
    DROP: Text("Stopped", "توقف"),
    SKIPPED: same("…"),
}
KEPT = 3
"""Steps kept apart at a place of Mixpanel's form."""
Node = tuple[int, int]
"""Place and code of a step."""
Row = tuple[int, int, int]
"""Place, code of the step, code of the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """The edges shown.

    Attributes
    ----------
    rows : place, from, to; in the order shown
    sums : float64[rows, 3]: times, customers (nan where not known), µs
    kept : codes kept apart by place, or None where all are
    """

    rows: list[Row]
    sums: Array
    kept: Mapping[int, set[int]] | None = None

    def shown(self, row: Row) -> Row:
        """Return the edge that an edge is shown as."""
        if self.kept is None:
            return row
        place, *ends = row
        source, target = (
            code if code < 0 or code in self.kept.get(place + at, ()) else OTHERS
            for at, code in enumerate(ends)
        )
        return place, source, target


def strongest(sums: Named, top: int, least: int) -> Edges:
    """Show the edges taken most often that can be reached from the first place."""
    keys, values = sums.tallies["edges"].keys, sums.tallies["edges"].values
    enough = np.flatnonzero((values[:, 0] >= least) & np.all(keys[:, 1:] != OTHERS, axis=1))
    if len(enough) > top:
        line = np.partition(values[enough, 0], -top)[-top]
        enough = enough[values[enough, 0] >= line]

    def order(at: int) -> tuple[float, str, str]:
        place, source, target = (int(k) for k in keys[at])
        return -values[at, 0], node_name(sums, place, source), node_name(sums, place + 1, target)

    chosen = sorted((int(at) for at in enough), key=order)[:top]
    rows = [(int(keys[at, 0]), int(keys[at, 1]), int(keys[at, 2])) for at in chosen]
    reached = _reached(rows)
    kept = [number for number, row in enumerate(rows) if row[:2] in reached]
    return Edges([rows[n] for n in kept], values[[chosen[n] for n in kept]])


def _reached(rows: Sequence[Row]) -> set[tuple[int, int]]:
    """Return the nodes that can be reached from the first place over these edges."""
    first = min((row[0] for row in rows), default=1)
    reached = {row[:2] for row in rows if row[0] == first == 1}
    for place, source, target in sorted(rows):
        if (place, source) in reached:
            reached.add((place + 1, target))
    return reached


def by_place(sums: Named, least: int, *, one_each: bool) -> Edges:
    """Show the most frequent steps at each place, the others joined, and where flows end.

    How many different customers joined edges have together is known only if each customer has one flow.
    """
    kept: dict[int, set[int]] = {}
    nodes = sums.tallies["nodes"]
    for at in np.argsort(-nodes.values[:, 0], kind="stable"):
        place, code = (int(k) for k in nodes.keys[at])
        if code >= 0 and len(kept.setdefault(place, set())) < KEPT:
            kept[place].add(code)
    shape = Edges([], np.zeros((0, 3)), kept)
    parts: dict[Row, list[Array]] = {}
    edges, drops = sums.tallies["edges"], sums.tallies["drops"]
    for key, value in zip(edges.keys, edges.values, strict=True):
        _add(parts, shape.shown((int(key[0]), int(key[1]), int(key[2]))), value)
    for key, value in zip(drops.keys, drops.values, strict=True):
        row = shape.shown((int(key[0]), int(key[1]), DROP))
        _add(parts, row, np.array([value[0], value[1], 0.0]))
    joined = {row: _together(values, one_each=one_each) for row, values in parts.items()}
    rows = [
        row
        for row in sorted(joined, key=lambda row: (row[0], min(row[1:]) < 0, -joined[row][0], row))
        if joined[row][0] >= least
    ]
    return Edges(rows, np.array([joined[row] for row in rows]).reshape(len(rows), 3), kept)


def _add(joined: dict[Row, list[Array]], row: Row, value: Array) -> None:
    joined.setdefault(row, []).append(value)


def _together(values: list[Array], *, one_each: bool) -> Array:
    """Add up edges that are shown as one: float64[3]."""
    total: Array = np.sum(values, axis=0)
    if len(values) > 1 and not one_each:
        total[1] = np.nan
    return total


def node_name(sums: Named, place: int, code: int) -> str:
    """Name a step at a place, as PostHog does: 1_/pricing."""
    return f"{place}_{sums.labels[code] if code >= 0 else TOLD[code]}"
