"""Loops in Numba: arrays in, arrays out.

Serial, ``nogil``, cached, over a range of customers; the engine runs ranges side by side on its own threads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def kernel(loop: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop that is called from outside; what it is given it cannot change.

    Every array is handed in as a view that cannot be written.  Histories stay untouched, and columns that lie in a
    file or in Arrow, which cannot be written anyway, do not make Numba compile the loop a second time.
    """
    compiled = njit(nogil=True, cache=True)(loop)

    @wraps(loop)
    def call(*given: P.args, **named: P.kwargs) -> R:
        found: R = compiled(*map(_sealed, given), **named)
        return found

    return call


def _sealed(value: Any) -> Any:
    if not isinstance(value, np.ndarray) or not value.flags.writeable:
        return value
    view = value.view()
    view.flags.writeable = False
    return view
