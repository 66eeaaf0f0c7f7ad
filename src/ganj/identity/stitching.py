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
from ganj.identity.kinds import PHONE, is_shared
from ganj.identity.rules import Rules

LINK = pa.struct([pa.field("kind", pa.string()), pa.field("value", pa.string())])
PEOPLE = pa.schema(
    [
        pa.field("links", pa.list_(LINK), nullable=False),  # identifiers in their normal form, in any order
        pa.field("time", pa.int64(), nullable=False),  # µs UTC of the first event that carries them
        pa.field(
            "last", pa.int64(), nullable=False
        ),  # µs UTC of the last; of the first where only days count
        pa.field("alias", pa.bool_(), nullable=False),  # said outright to be one person: alias, $create_alias
        pa.field("evidence", pa.string()),  # the message that says so; to each combination its own
    ]
)
"""Combinations of identifiers in the order in which they first came, one row each.

Rows are different in (links, alias, day of ``time``): a limit «five a week» is asked again on another day.
"""


LOTS = np.uint64(0x9E3779B97F4A7C15)
"""Key of the hash that draws go by; whoever changes the hash raises `ganj.store.folder.FORMAT`."""


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
        ``first last`` µs UTC at which the days begin, ``added`` µs of the message that brought it (null where it
        was known before)
    founded : table of the new customers with what they are known by for ever, and what their draws go by:
        ``kind value customer lot``
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
            _founders(customers, named, (links, people["evidence"]), state.created),
        )

    def _marks(self, people: pa.Table) -> tuple[pa.Table, Array, Array]:
        """Give the identifiers numbers: a table of them, and CSR of numbers by combination."""
        column = people["links"].combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        flat, parent = column.flatten(), pc.list_parent_indices(column).to_numpy()
        kind, value = flat.field("kind"), flat.field("value")
        coded = pc.binary_join_element_wise(kind, value, "\x1f").dictionary_encode()
        marks = coded.indices.to_numpy()
        first = np.empty(len(coded.dictionary), np.int64)
        first[marks[::-1]] = np.arange(len(marks))[::-1]  # what is written last stays: the first appearance
        links = pa.table({"kind": kind.take(pa.array(first)), "value": value.take(pa.array(first))})
        good = ~self._rules.blocks(links["value"])[marks]
        return links, *_rows(parent[good], marks[good], len(people))

    def _ranked(self, links: pa.Table, told: Array, offsets: Array) -> tuple[Array, Array]:
        """Put each combination's identifiers in order of trust; equal ones by value."""
        named = pc.unique(links["kind"]).to_pylist()
        kinds = sorted(named, key=self._rules.rank)
        trust = _places(links["kind"].combine_chunks(), kinds).astype(np.int64)
        owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        key = owner * max(len(kinds), 1) + trust[told]
        order = np.argsort(key)
        if (
            key[order][1:] == key[order][:-1]
        ).any():  # putting texts in order takes longer than all else here
            value = pc.rank(links["value"], tiebreaker="dense").to_numpy()
            order = np.lexsort((value[told], key))
        return told[order].astype(np.int32), offsets


def _rows(parent: Array, marks: Array, people: int) -> tuple[Array, Array]:
    """Return CSR of the different marks of each combination."""
    size = int(marks.max()) + 1 if len(marks) else 1
    keys = np.unique(parent.astype(np.int64) * size + marks)
    sizes = np.bincount(keys // size, minlength=people)
    return keys % size, np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))


class _State:
    """Arrays of the kernel, filled from the book."""

    def __init__(self, rules: Rules, book: Book, links: pa.Table, people: int) -> None:
        from ganj.kernels.stitch import Marks

        origin = book.owners(links).astype(np.int32).copy()
        known = origin >= 0
        stands = np.full(len(origin), -1, np.int32)
        stands[known] = book.now(origin[known])
        roots = np.unique(stands[known])
        held = book.held(roots)
        coded, held_coded = links["kind"].combine_chunks(), held["kind"].combine_chunks()
        self._kinds = sorted({*pc.unique(coded).to_pylist(), *pc.unique(held_coded).to_pylist()})
        kind, held_kind = (_places(column, self._kinds) for column in (coded, held_coded))
        self.marks = Marks(
            kind,
            _shared(links["value"], kind, self._kinds, rules),
            origin,
            np.where(known, np.searchsorted(roots, stands), -1).astype(np.int32),
            np.full(len(origin), -1, np.int32),
        )
        self._rules, self._pairs = rules, _apart(book, roots)
        self._persons = self._forest(held, held_kind, (len(roots) + people, len(held) + len(origin)))
        self._counts = np.array([len(roots), len(held), book.following()], np.int64)
        self.created = book.following()

    @staticmethod
    def _forest(held: pa.Table, held_kind: Array, sizes: tuple[int, int]) -> Any:
        from ganj.kernels.stitch import Persons

        nodes, records = sizes
        owner = held["node"].to_numpy()
        order = np.argsort(owner, kind="stable")
        kind, day = np.zeros(records, np.int32), np.zeros(records, np.int32)
        kind[: len(held)] = held_kind
        day[: len(held)] = held["added"].to_numpy() // DAY
        following = np.full(records, -1, np.int64)
        same = owner[order][1:] == owner[order][:-1]
        following[order[:-1][same]] = order[1:][same]
        first, final = np.full(nodes, -1, np.int64), np.full(nodes, -1, np.int64)
        first[owner[order[::-1]]] = order[::-1]
        final[owner[order]] = order
        return Persons(np.arange(nodes).astype(np.int32), first, final, following, kind, day)

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


def _places(words: pa.Array, known: list[str]) -> Array:
    """Return the place of each word in a list of all: int32[n]."""
    found: Array = pc.index_in(words, value_set=pa.array(known, pa.string())).to_numpy(zero_copy_only=False)
    return found.astype(np.int32)


def _shared(values: pa.ChunkedArray, kind: Array, kinds: list[str], rules: Rules) -> Array:
    """Tell which identifiers many people may answer to: bool[n]."""
    frail = np.array([name in rules.weak for name in kinds] or [False])
    shared: Array = frail[kind]
    if PHONE in kinds:
        at = np.flatnonzero(kind == kinds.index(PHONE))
        many = [is_shared(PHONE, value) for value in values.take(pa.array(at)).to_pylist()]
        shared[at] |= np.array(many, bool)
    return shared


def _apart(book: Book, roots: Array) -> Array:
    """Return which of some persons were told to be different: int32[n, 2], places in ``roots``."""
    pairs = book.apart()
    if not (len(pairs) and len(roots)):
        return np.zeros((0, 2), np.int32)
    ends = book.now(pairs.ravel()).reshape(-1, 2)
    both = np.isin(ends, roots).all(axis=1)
    return np.searchsorted(roots, ends[both]).reshape(-1, 2).astype(np.int32)


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
    """Tell of every identifier whose it is, and on which days it was seen first and last.

    Days are the same however what was collected falls into loads, of which each asks once for a day.
    """
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
            "first": first // DAY * DAY,
            "last": final // DAY * DAY,
            "added": added,
        }
    )
    return table.take(pa.array(seen))


def _founders(
    customers: Array, named: tuple[Array, Array], told: tuple[pa.Table, pa.ChunkedArray], created: int
) -> pa.Table:
    """Name every new customer by the most trusted identifier of the combination that began them.

    What their draws go by is a hash of the message that carried it: the same whatever identifiers they come under,
    and however many customers came before.
    """
    from ganj.kernels.hashing import of_words

    (marks, offsets), (links, evidence) = named, told
    numbers, at = np.unique(customers, return_index=True)
    new = numbers >= created
    best = links.take(pa.array(marks[offsets[at[new]]]))
    began = pa.chunked_array(evidence.take(pa.array(at[new]))).fill_null("").combine_chunks()
    began = began.chunk(0) if isinstance(began, pa.ChunkedArray) else began
    columns = {"customer": pa.array(numbers[new].astype(np.int32)), "lot": pa.array(of_words(began, LOTS))}
    for name, column in columns.items():
        best = best.append_column(name, column)
    return best
