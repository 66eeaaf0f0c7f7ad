"""The tree of clusters as it is drawn: its topmost joins, laid out so that no branches cross."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array
from ganj.miner import Column, Table, column
from ganj.models.clustering.ward import Tree
from ganj.text import Text

DRAWN = 24
"""Leaves of the tree that are drawn."""


def drawn(own: Column, tree: Tree | None, leaf: Array) -> Table:
    """Lay the top of the tree out: of each join where its two branches stand, how high these and it are.

    Parameters
    ----------
    own : the column of clusters
    leaf : int64[leaves], the cluster of each
    """
    rows = [] if tree is None else _branches(tree, leaf)
    told = [np.array([row[at] for row in rows], np.float64) for at in range(6)]
    return Table.of(
        Text("The tree of clusters", "درخت خوشه‌ها"),
        (own, np.array([row[6] for row in rows], np.int64)),
        (column("left", "One branch", "یک شاخه"), told[0]),
        (column("right", "The other branch", "شاخهٔ دیگر"), told[1]),
        (column("left_height", "Its height", "بلندی آن"), told[2]),
        (column("right_height", "The other's height", "بلندی دیگری"), told[3]),
        (column("height", "Distance", "فاصله"), told[4]),
        (column("members", "Customers", "مشتریان", "count"), told[5].astype(np.int64)),
    )


def _branches(tree: Tree, leaf: Array) -> list[tuple[float, ...]]:
    """Return a row for each join of the topmost: places and heights of both parts, height, customers, cluster or -1."""
    first = max(tree.leaves - DRAWN, 0)  # joins before this one are inside a drawn leaf
    place: dict[int, float] = {}
    for node in _ordered(tree, 2 * tree.leaves - 2, first):
        place[node] = float(len(place))
    member = [np.array([n]) for n in range(tree.leaves)]
    height = np.concatenate((np.zeros(tree.leaves), tree.height))
    shown = np.where(np.arange(len(height)) < tree.leaves + first, 0.0, height)
    rows: list[tuple[float, ...]] = []
    for step, (a, b) in enumerate(tree.joins.tolist()):
        member.append(np.concatenate((member[a], member[b])))
        if step < first:
            continue
        place[tree.leaves + step] = (place[a] + place[b]) / 2
        groups = np.unique(leaf[member[-1]])
        one = int(groups[0]) if len(groups) == 1 else -1
        size = float(tree.weight[member[-1]].sum())
        rows.append(
            (
                *sorted_by_place((place[a], shown[a]), (place[b], shown[b])),
                float(tree.height[step]),
                size,
                one,
            )
        )
    return rows


def sorted_by_place(
    one: tuple[float, float], other: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Return the places of two branches in order, then their heights."""
    (a, height_a), (b, height_b) = sorted((one, other))
    return a, b, float(height_a), float(height_b)


def _ordered(tree: Tree, top: int, first: int) -> list[int]:
    """Return the drawn leaves in an order in which no branches cross."""
    waiting, found = [top], []
    while waiting:
        node = waiting.pop()
        if node < tree.leaves + first:
            found.append(node)
        else:
            waiting += reversed(tree.joins[node - tree.leaves].tolist())
    return found
