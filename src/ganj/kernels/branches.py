"""Rows of a matrix walked down many trees, and what each kind of column did on the way."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array
from ganj.kernels import kernel


@kernel
def walked(
    matrix: Array, roots: Array, column: Array, edge: Array, children: Array, value: Array, kind: Array, kinds: int
) -> Array:  # fmt: skip
    """Add up, over all trees, how the mean of a node changes from each node to the next on a row's way.

    Parameters
    ----------
    matrix : float32[n, d]
    roots : int64[trees], the first node of each
    column : int32[nodes], by which a node parts rows; -1 in a leaf
    edge : float64[nodes], a row whose value is not above it goes left
    children : int32[nodes, 2], left and right
    value : float64[nodes], the mean of the rows of a node
    kind : int64[d], of each column; -1 where a row's way is not told apart
    kinds : how many

    Returns
    -------
    float64[n, kinds + 1]
        By kind of the column that parted; the last is of columns of no kind.

    Notes
    -----
    O(n · trees · depth).  Tree by tree for some rows at a time, so that both stay in the processor's cache.

    Source: A. Saabas, Interpreting random forests, 2014 (a forest's answer as a sum over the paths).
    """
    found = np.zeros((len(matrix), kinds + 1))
    for begin in range(0, len(matrix), 512):
        end = min(begin + 512, len(matrix))
        for root in roots:
            for i in range(begin, end):
                node = root
                while column[node] >= 0:
                    by = column[node]
                    after = children[node, 0 if matrix[i, by] <= edge[node] else 1]
                    found[i, kind[by]] += value[after] - value[node]  # -1 is the last
                    node = after
    return found
