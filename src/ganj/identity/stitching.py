"""Stitches identifiers into people, as they come in.

Whoever loads events groups them by the identifiers they carry and asks once for each different combination;
what is known so far lies in a `Book`, which the store keeps.  Nothing here knows where.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.histories import DAY, Array
from ganj.identity.kinds import is_shared
from ganj.identity.rules import Rules

LINK = pa.struct([pa.field("kind", pa.string()), pa.field("value", pa.string())])
PEOPLE = pa.schema(
    [
        pa.field("links", pa.list_(LINK), nullable=False),  # identifiers in their normal form, in any order
        pa.field("time", pa.int64(), nullable=False),  # µs UTC of the first event that carries them
        pa.field("last", pa.int64(), nullable=False),  # µs UTC of the last
        pa.field("alias", pa.bool_(), nullable=False),  # said outright to be one person: alias, $create_alias
        pa.field("evidence", pa.string()),  # the message that says so
    ]
)
"""Combinations of identifiers in the order in which they first came, one row each.

Rows are different in (links, alias, day of ``time``): a limit «five a week» is asked again on another day.
"""


class Book(Protocol):
    """What is known before a load; customers are numbers of origins throughout."""

    def owners(self, links: pa.Table) -> Array:
        """Return the origin that has each identifier (``kind``, ``value``), int32[n]; -1 where nobody has."""

    def held(self, origins: Array) -> pa.Table:
        """Return what the persons behind some origins hold: ``node`` into ``origins``, ``kind``, ``added`` µs.

        ``origins`` are ones that stand for a person, ascending.
        """

    def now(self, origins: Array) -> Array:
        """Return the origin that stands for the person of each origin: int32[n]."""

    def apart(self) -> Array:
        """Return pairs of origins that were told to be different people: int32[n, 2]."""

    def following(self) -> int:
        """Return the number of the next new customer."""


@dataclass(frozen=True)
class Merge:
    """Two customers that turned out to be one, and why.

    Attributes
    ----------
    one, other : origins
    links : the two identifiers, (kind, value), that one message named together
    time : µs UTC of that message
    evidence : what it was
    """

    one: int
    other: int
    links: tuple[tuple[str, str], tuple[str, str]]
    time: int
    evidence: str


@dataclass(frozen=True, eq=False)
class Assigned:
    """What a load's identifiers mean.

    Attributes
    ----------
    customers : int32[people], the origin each combination belongs to; -1 where it names nobody
    kept : int32[people], how many of its identifiers count; the least trusted were set aside
    merges : customers that became one, in order
    identifiers : table of every identifier named: ``kind value customer`` (-1 where all set it aside),
        ``first last`` µs, ``added`` µs of the message that brought it (null where it was known before)
    founded : table of the new customers with what they are known by for ever: ``kind value customer``
    """

    customers: Array
    kept: Array
    merges: list[Merge]
    identifiers: pa.Table
    founded: pa.Table


class Index:
    """Identifiers and the people they belong to.

    Parameters
    ----------
    rules : what makes identifiers one person's
    book : what is known so far
    """

    def __init__(self, rules: Rules, book: Book) -> None:
        self._rules, self._book = rules, book

    def assign(self, people: pa.Table) -> Assigned:
        """Give every combination (`PEOPLE`) a customer, in order."""
        links, told, offsets = self._marks(people)
        days = (people["time"].to_numpy() // DAY).astype(np.int32)
        named = self._ranked(links, told, offsets)
        state = _State(self._rules, self._book, links, len(people))
        customers, kept, joined = state.stitch(named, days, people["alias"].to_numpy().astype(bool))
        return Assigned(
            customers,
            kept,
            _merges(people, links, joined, state.marks.origin),
            _identifiers(people, links, state.marks, named),
            _founders(customers, named, links, state.created),
        )

    def _marks(self, people: pa.Table) -> tuple[pa.Table, Array, Array]:
        """Give the identifiers numbers: a table of them, and CSR of numbers by combination."""
        column = people["links"].combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        flat, parent = column.flatten(), pc.list_parent_indices(column).to_numpy()
        kind, value = flat.field("kind"), flat.field("value")
        coded = pc.binary_join_element_wise(kind, value, "\x1f").dictionary_encode()
        marks, first = np.unique(coded.indices.to_numpy(), return_index=True)
        del marks  # dictionary codes come in order of first appearance, so they are 0 … n - 1
        links = pa.table({"kind": kind.take(pa.array(first)), "value": value.take(pa.array(first))})
        good = ~self._rules.blocks(links["value"])[coded.indices.to_numpy()]
        return links, *_rows(parent[good], coded.indices.to_numpy()[good], len(people))

    def _ranked(self, links: pa.Table, told: Array, offsets: Array) -> tuple[Array, Array]:
        """Put each combination's identifiers in order of trust; equal ones by value."""
        kinds = links["kind"].to_pylist()
        rank = {kind: self._rules.rank(kind) for kind in set(kinds)}
        place = {kind: n for n, kind in enumerate(sorted(rank, key=rank.__getitem__))}
        trust = np.array([place[kind] for kind in kinds], np.int64)
        value = pc.rank(links["value"], tiebreaker="dense").to_numpy() if len(links) else np.zeros(0)
        owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        order = np.lexsort((value[told], trust[told], owner))
        return told[order].astype(np.int32), offsets


def _rows(parent: Array, marks: Array, people: int) -> tuple[Array, Array]:
    """Return CSR of the different marks of each combination."""
    pairs = np.unique(np.stack((parent, marks), axis=1), axis=0) if len(marks) else np.zeros((0, 2), int)
    sizes = np.bincount(pairs[:, 0], minlength=people)
    return pairs[:, 1], np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))


class _State:
    """Arrays of the kernel, filled from the book."""

    def __init__(self, rules: Rules, book: Book, links: pa.Table, people: int) -> None:
        from ganj.kernels.stitch import Marks

        origin = book.owners(links).astype(np.int32).copy()
        known = origin >= 0
        stands = np.full(len(origin), -1, np.int32)
        stands[known] = book.now(origin[known])
        pairs = book.apart()
        ends = book.now(pairs.ravel()) if len(pairs) else np.zeros(0, np.int32)
        roots = np.unique(np.concatenate((stands[known], ends)))
        held = book.held(roots)
        kinds = sorted({*links["kind"].to_pylist(), *held["kind"].to_pylist()})
        numbers = {kind: number for number, kind in enumerate(kinds)}
        node = np.where(known, np.searchsorted(roots, stands), -1).astype(np.int32)
        shared = [
            kind in rules.weak or is_shared(kind, value)
            for kind, value in zip(links["kind"].to_pylist(), links["value"].to_pylist(), strict=True)
        ]
        self.marks = Marks(
            np.array([numbers[kind] for kind in links["kind"].to_pylist()], np.int32),
            np.array(shared, bool),
            origin,
            node,
            np.full(len(origin), -1, np.int32),
        )
        self._rules, self._kinds, self._numbers = rules, kinds, numbers
        self._pairs = np.searchsorted(roots, ends).reshape(-1, 2).astype(np.int32)
        self._persons = self._forest(held, len(roots), people, len(origin))
        self._counts = np.array([len(roots), len(held), book.following()], np.int64)
        self.created = book.following()

    def _forest(self, held: pa.Table, nodes: int, people: int, marks: int) -> Any:
        from ganj.kernels.stitch import Persons

        size, records = nodes + people, len(held) + marks
        owner = held["node"].to_numpy()
        order = np.argsort(owner, kind="stable")
        kind, day = np.zeros(records, np.int32), np.zeros(records, np.int32)
        kind[: len(held)] = [self._numbers[kind] for kind in held["kind"].to_pylist()]
        day[: len(held)] = held["added"].to_numpy() // DAY
        following = np.full(records, -1, np.int64)
        same = owner[order][1:] == owner[order][:-1]
        following[order[:-1][same]] = order[1:][same]
        first, final = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
        first[owner[order[::-1]]] = order[::-1]
        final[owner[order]] = order
        return Persons(np.arange(size).astype(np.int32), first, final, following, kind, day)

    def stitch(self, named: tuple[Array, Array], days: Array, alias: Array) -> tuple[Array, Array, Array]:
        from ganj.kernels.stitch import Limits, stitch

        limits = [self._rules.limit(kind) for kind in self._kinds]
        kept = Limits(
            np.array([limit.most for limit in limits], np.int32),
            np.array([limit.days for limit in limits], np.int32),
            np.array([kind in self._rules.weak for kind in self._kinds], bool),
        )
        return stitch(
            named[1], named[0], days, alias, self.marks, self._persons, self._pairs, kept, self._counts
        )


def _merges(people: pa.Table, links: pa.Table, joined: Array, origin: Array) -> list[Merge]:
    if not len(joined):
        return []
    rows = people.select(["time", "evidence"]).take(pa.array(joined[:, 0])).to_pylist()
    named = links.to_pylist()

    def link(mark: int) -> tuple[str, str]:
        return named[mark]["kind"], named[mark]["value"]

    return [
        Merge(int(origin[a]), int(origin[b]), (link(a), link(b)), row["time"], row["evidence"] or "")
        for (a, b), row in zip(joined[:, 1:].tolist(), rows, strict=True)
    ]


def _identifiers(people: pa.Table, links: pa.Table, marks: Any, named: tuple[Array, Array]) -> pa.Table:
    """Tell of every identifier whose it is, and when it was seen."""
    told, offsets = named
    owner = np.repeat(np.arange(len(people)), np.diff(offsets))
    time, last = people["time"].to_numpy(), people["last"].to_numpy()
    first, final = np.full(len(links), np.iinfo(np.int64).max), np.full(len(links), np.iinfo(np.int64).min)
    np.minimum.at(first, told, time[owner])
    np.maximum.at(final, told, last[owner])
    new = marks.taken >= 0
    added = pa.array(time[np.where(new, marks.taken, 0)] if len(time) else np.zeros(0, np.int64), mask=~new)
    seen = np.flatnonzero(np.bincount(told, minlength=len(links)))
    table = pa.table(
        {
            "kind": links["kind"],
            "value": links["value"],
            "customer": pa.array(marks.origin),
            "first": first,
            "last": final,
            "added": added,
        }
    )
    return table.take(pa.array(seen))


def _founders(customers: Array, named: tuple[Array, Array], links: pa.Table, created: int) -> pa.Table:
    """Name every new customer by the most trusted identifier of the combination that began them."""
    told, offsets = named
    numbers, at = np.unique(customers, return_index=True)
    new = numbers >= created
    best = links.take(pa.array(told[offsets[at[new]]]))
    return best.append_column("customer", pa.array(numbers[new].astype(np.int32)))
