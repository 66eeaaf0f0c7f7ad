"""Trees that scikit-learn grew, as arrays: one loop gives their answer and what each kind of column did to it.

A node's value is the mean of the rows it was grown from; on its way down a tree a row's mean changes at every
node, and each change is put down to the column that parted there.  The changes add up to the answer exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ganj.histories import Array
from ganj.kernels.branches import walked

Reading = Literal["as it is", "share", "logarithm"]
EDGE = 1e-4
"""A share is at least so far from 0 and 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees below each other; arrays as in `ganj.kernels.branches.walked`.

    Attributes
    ----------
    base : what all roots together say
    reading : what the trees add up: the log-odds or the figure, a share, or the logarithm of a figure
    """

    roots: Array
    column: Array
    edge: Array
    children: Array
    value: Array
    base: float
    reading: Reading

    def raw(self, matrix: Array) -> Array:
        """Return the log-odds, or the figure: float64[n]."""
        added = self.parts(matrix, np.zeros(matrix.shape[1], np.int64), 1)[:, 0] + self.base
        if self.reading == "share":
            share = np.clip(added, EDGE, 1 - EDGE)
            return np.asarray(np.log(share / (1 - share)))
        return np.exp(added) if self.reading == "logarithm" else added

    def parts(self, matrix: Array, kind: Array, kinds: int) -> Array:
        """Return how much each kind of column adds: float64[n, kinds + 1], the last of columns of kind -1."""
        return walked(
            np.ascontiguousarray(matrix, np.float32),
            *(self.roots, self.column, self.edge, self.children, self.value),
            kind,
            kinds,
        )


def of_forest(forest: Any) -> Trees:
    """Read a random forest of scikit-learn: the share of yes, or the figure."""
    told = [tree.tree_ for tree in forest.estimators_]
    values = [one.value[:, 0, -1] for one in told]  # the share of the last class, or the figure
    reading: Reading = "share" if told[0].value.shape[2] > 1 else "as it is"
    nodes = [
        (np.where(one.children_left < 0, -1, one.feature), one.threshold, one.children_left, one.children_right, value)
        for one, value in zip(told, values, strict=True)
    ]  # fmt: skip
    return _below(nodes, 1 / len(told), reading)


def of_boosted(boosted: Any, reading: Reading, said: Callable[[Array], Array], columns: int) -> Trees:
    """Read boosted trees of scikit-learn.

    Parameters
    ----------
    said : what the trees add up for rows, as scikit-learn says it; where they begin is read from it
    """
    grown = boosted._predictors  # noqa: SLF001 - scikit-learn shows the trees that it boosted in no other way
    nodes = [_meant(one[0].nodes) for one in grown]
    begun = _below(nodes, 1.0, reading)
    usual = np.zeros((1, columns), np.float32)
    least = begun.parts(usual, np.zeros(columns, np.int64), 1)[0, 0] + begun.base
    return Trees(
        begun.roots,
        begun.column,
        begun.edge,
        begun.children,
        begun.value,
        begun.base + float(said(usual)[0]) - float(least),
        reading,
    )


def _meant(nodes: Array) -> tuple[Array, ...]:
    """Return one boosted tree's column, edge, children and values; a node means what its children do."""
    value, left, right = nodes["value"].copy(), *(nodes[name].astype(np.int64) for name in ("left", "right"))
    leaf, count = nodes["is_leaf"].astype(bool), nodes["count"].astype(np.float64)
    for node in np.flatnonzero(~leaf)[::-1]:  # children come after their parent
        both = [left[node], right[node]]
        value[node] = value[both] @ count[both] / count[both].sum()
    column = np.where(leaf, -1, nodes["feature_idx"].astype(np.int64))
    return column, nodes["num_threshold"], left, right, value


def _below(nodes: Sequence[tuple[Array, ...]], weight: float, reading: Reading) -> Trees:
    """Put trees below each other, each weighed."""
    size = np.array([len(one[0]) for one in nodes], np.int64)
    roots = np.cumsum(size) - size
    column, edge, left, right, value = (np.concatenate(parts) for parts in zip(*nodes, strict=True))
    children = np.column_stack((left, right)) + np.repeat(roots, size)[:, None]
    told = value * weight
    return Trees(
        roots,
        column.astype(np.int32),
        edge.astype(np.float64),
        children.astype(np.int32),
        told,
        float(told[roots].sum()),
        reading,
    )
