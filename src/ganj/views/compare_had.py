"""What the customers of two groups had, counted and gathered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ganj.histories import Array


@dataclass(frozen=True, slots=True, eq=False)
class Had:
    """Which customers of a part had some things of one kind.

    Attributes
    ----------
    kind : ``event``, a property's or a trait's name, ``product``
    names : the things
    owner, thing, times : int64[pairs], who, what (a place in ``names``), how often
    """

    kind: str
    names: tuple[str, ...]
    owner: Array
    thing: Array
    times: Array

    @classmethod
    def of(cls, kind: str, names: tuple[str, ...], owner: Array, code: Array) -> Had:
        """Count codes by customer; those below 0 are nothing."""
        known = code >= 0
        whole = owner[known].astype(np.int64) * max(len(names), 1) + code[known]
        pairs, times = np.unique(whole, return_counts=True)
        return cls(kind, names, *np.divmod(pairs, max(len(names), 1)), times)

    def by_side(self, side: Array) -> dict[str, Array]:
        """Sum up by side: ``{name: float64[2, 3]}``."""
        inside = side[self.owner] >= 0
        place = self.thing[inside] * 2 + side[self.owner[inside]]
        times = self.times[inside].astype(np.float64)
        sums = [np.bincount(place, w, 2 * len(self.names)) for w in (None, times, times * times)]
        table = np.stack(sums, axis=1).reshape(len(self.names), 2, 3)
        return {self.names[k]: table[k] for k in np.flatnonzero(table.any(axis=(1, 2)))}


def gathered(pairs: list[tuple[int, str]], size: int) -> pa.ListArray:
    """Gather words by customer, in the order of customers."""
    pairs.sort()
    ends = np.concatenate(([0], np.cumsum(np.bincount([int(i) for i, _ in pairs], minlength=size))))
    return pa.ListArray.from_arrays(
        pa.array(ends, pa.int32()), pa.array([word for _, word in pairs], pa.string())
    )
