"""Says which customer each combination of identifiers belongs to."""

from __future__ import annotations

import numpy as np
from numba import njit

from ganj.histories import Array


@njit(cache=True, nogil=True)
def resolve(marks: Array, owner: Array, first_new: int) -> Array:
    """Give every combination of identifiers a customer, in order.

    The strongest identifier that is known decides; those that are not known yet become that customer's.
    Where none is known a new customer begins.

    Parameters
    ----------
    marks : int32[people, kinds], numbers of identifiers, strongest kind first; -1 where there is none
    owner : int32[identifiers], the customer each belongs to, -1 unknown; filled in
    first_new : number of the first new customer

    Returns
    -------
    customer : int32[people]
    """
    people, kinds = marks.shape
    customer = np.empty(people, np.int32)
    following = first_new
    for i in range(people):
        found = -1
        for kind in range(kinds):
            mark = marks[i, kind]
            if mark >= 0 and owner[mark] >= 0:
                found = owner[mark]
                break
        if found < 0:
            found = following
            following += 1
        for kind in range(kinds):
            mark = marks[i, kind]
            if mark >= 0 and owner[mark] < 0:
                owner[mark] = found
        customer[i] = found
    return customer
