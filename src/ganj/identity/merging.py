"""Which customer stands for which: the people that merges make of customers.

A merge is an edge between two customers; people are the connected components, each called by the least
number in it, which is the oldest.  So the order of merges does not matter, and to undo one is to leave its
edge out.
"""

from __future__ import annotations

import numpy as np

from ganj.histories import Array


def standing(customers: int, edges: Array) -> Array:
    """Return who stands for each customer: int32[customers].

    Parameters
    ----------
    edges : int32[merges, 2]
    """
    from ganj.kernels.stitch import least

    return least(customers, np.ascontiguousarray(edges, np.int32).reshape(-1, 2))


def components(edges: Array) -> tuple[Array, Array]:
    """Return the customers that edges touch, ascending, and who stands for each: int32[n] both."""
    touched, places = np.unique(np.asarray(edges, np.int32), return_inverse=True)
    found = standing(len(touched), places.reshape(-1, 2))
    stands: Array = touched[found]
    return touched.astype(np.int32), stands.astype(np.int32)


def joining(edges: Array) -> Array:
    """Tell which edges bring two people together who are not one by those before: bool[edges].

    Parameters
    ----------
    edges : int32[edges, 2]; one with a negative end brings nobody together
    """
    parent: dict[int, int] = {}

    def first(customer: int) -> int:
        while (above := parent.get(customer, customer)) != customer:
            parent[customer] = parent.get(above, above)
            customer = above
        return customer

    joins = np.zeros(len(edges), bool)
    for at, (one, other) in enumerate(edges.tolist()):
        left, right = first(one), first(other)
        if left != right and min(one, other) >= 0:
            parent[max(left, right)] = min(left, right)
            joins[at] = True
    return joins
