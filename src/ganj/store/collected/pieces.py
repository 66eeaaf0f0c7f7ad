"""Small things that shaping events needs: corrected clocks, texts made late, identities for the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import DAY, Array
from ganj.store.collected.lines import texts
from ganj.store.collected.naming import PAGE, SCREEN, canonical
from ganj.store.collected.orders import traits
from ganj.store.collected.told import Spans

HOUR = DAY // 24
EARLIEST = 631_152_000_000_000
"""1990-01-01: clocks that say less are wrong."""


class Later(Collection[str]):
    """Texts that are made only if they are looked at: of a property with too many values nobody does."""

    def __init__(self, data: Array, span: Array, kind: Array) -> None:
        self._given = data, span, kind

    def __len__(self) -> int:
        return len(self._given[1])

    def __contains__(self, word: object) -> bool:
        return word in list(self)

    def __iter__(self) -> Iterator[str]:
        return iter([word or "" for word in texts(*self._given)])


class Abouts(Sequence[str | None]):
    """What lines say of products, as JSON that is made only of what is looked at: of a known product nobody does."""

    def __init__(self, given: list[dict[str, Any]]) -> None:
        self._given = given

    def __len__(self) -> int:
        return len(self._given)

    def __getitem__(self, place: Any) -> Any:
        about = traits(self._given[place])
        return msgspec.json.encode(about).decode() if about else None


def called(what: int, word: str | None) -> str:
    """Return the name of an event of a kind, by its place in `ganj.store.collected.lines.KINDS`."""
    return (canonical(word or "") or "Event") if what == 0 else PAGE if what == 1 else SCREEN


def of_rows(spans: Spans, rows: Array) -> Spans:
    """Return what some rows tell."""
    return spans[0][rows], spans[1][rows]


def either(one: Spans, other: Spans, first: Array) -> Spans:
    """Return what one place tells where ``first`` is true, and the other elsewhere."""
    return np.where(first[:, None], one[0], other[0]), np.where(first, one[1], other[1]).astype(np.uint8)


def corrected(time: Array, received: Array) -> tuple[Array, Array, Array, Array]:
    """Return when events happened, and which came late, from the future or from before all time.

    A clock that is a day or more ahead, or before 1990, is wrong: such an event happened when it was received.
    """
    late, future, old = received - time > DAY, time - received > HOUR, time < EARLIEST
    time = np.where((time - received > DAY) | old, received, time)
    return time, late & ~old, future, old


def uuids(identity: Array) -> pa.Array:
    """Return identities, uint8[n, 16], as Arrow's 128-bit numbers."""
    plain = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(identity), [None, pa.py_buffer(np.ascontiguousarray(identity))]
    )
    return pa.ExtensionArray.from_storage(pa.uuid(), plain)
