"""The sums of paths whose steps are few kinds, made in one pass."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array, Histories
from ganj.kernels.flows import CUSTOMERS, TIMES, WAIT, flowed
from ganj.sequences import NOTHING, Naming
from ganj.sketches import Tally

MOST = 1 << 20
"""Moves up to which a table of all possible ones is kept."""
LONGEST = 1 << 61
"""Keys of paths are below it."""

Sums = tuple[dict[str, Tally], int, int]
"""Tallies as `ganj.miners.paths.Flows` has them; paths; customers."""


def folded(histories: Histories, naming: Naming, gap: int, places: int, *, collapse: bool) -> Sums | None:
    """Count moves, steps, ends, paths and loops of sessions, from their first step on.

    Parameters
    ----------
    gap : µs
    places : most steps of a path

    Returns
    -------
    sums : or None where there are too many kinds of steps
    """
    size = len(naming.labels)
    if places * size * size > MOST or (size + 1) ** places > LONGEST:
        return None
    powers = np.array([(size + 1) ** k for k in range(places)][::-1], np.int64)
    given = (histories.offsets, histories.time, naming.code, naming.place)
    nodes, drops, edges, loops, keys, sums, sessions, customers = flowed(*given, gap, powers, size, collapse)
    there = np.flatnonzero(sums[:, TIMES])
    found = keys[there] if len(keys) else there
    order = np.argsort(found)
    tallies = {
        "nodes": _tally(nodes, (places, size), (1, 0)),
        "drops": _tally(drops, (places - 1, size), (1, 0)),
        "edges": _tally(edges, (places - 1, size, size), (1, 0, 0), wait=True),
        "loops": _tally(loops, (size, size + 1), (0, -1)),
        "paths": Tally(
            _unpacked(found[order], powers, size + 1),
            sums[there[order]][:, [TIMES, CUSTOMERS]].astype(np.float64),
        ),
    }
    return tallies, sessions, customers


def _tally(sums: Array, shape: tuple[int, ...], first: tuple[int, ...], *, wait: bool = False) -> Tally:
    """Keep the keys that occur, numbered from ``first`` on."""
    there = np.flatnonzero(sums[:, TIMES])
    keys = np.column_stack(np.unravel_index(there, shape)) + np.array(first)
    columns = [TIMES, CUSTOMERS, WAIT] if wait else [TIMES, CUSTOMERS]
    return Tally(keys.astype(np.int64), sums[there][:, columns].astype(np.float64))


def _unpacked(keys: Array, powers: Array, base: int) -> Array:
    """Return of each path whether it is whole, and its steps, `NOTHING` after the end: int64[paths, 1 + places].

    They are in the order of the keys, so that nothing has to be sorted again.
    """
    out = np.empty((len(keys), 1 + len(powers)), np.int64)
    left = keys
    for column in range(len(powers), 0, -1):
        left, out[:, column] = left // base, left % base + NOTHING
    out[:, 0] = left
    return out
