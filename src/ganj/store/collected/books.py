"""The store's dictionaries as a load needs them, in memory, with what is new in this load.

An import changes them too; then they are read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from ganj.events import CANCEL, FREE, ORDER, REFUND
from ganj.histories import Array
from ganj.store.collected.codes import Codes, Table, hashes
from ganj.store.sql import query

MOST_VALUES = 1_000
"""A property with more different values is no breakdown."""
MOST_PROMOTED = 256
"""Properties that collected events may make breakdowns: each is a column of every run, and anybody can send names."""
MOST_PROPERTIES = 4_000
"""Names of properties that are remembered at all."""
MOST_EVENTS = 4_000
"""Names of events of the senders' own; further ones are stored under `OTHER`."""
MOST_CHANNELS = 100_000
"""Different things that say a channel which are remembered: an address with tags in it is one."""
OTHER = "Other Event"
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass
class Named:
    """One dictionary of the table ``names``: words of a kind and their codes."""

    codes: dict[str, int]
    new: list[tuple[int, str]] = field(default_factory=list)

    def code(self, word: str) -> int:
        """Return a word's code, giving it one if it is new."""
        found = self.codes.get(word)
        if found is None:
            found = self.codes[word] = len(self.codes)
            self.new.append((found, word))
        return found


Tellings = Callable[[], tuple[Array, Array]]
"""Reads the orders told so far: their codes and how each was told, `COMPLETED` …, int32[n] both."""
COMPLETED, CANCELLED, REFUNDED = range(3)
_HOW = {ORDER: COMPLETED, FREE: COMPLETED, CANCEL: CANCELLED, REFUND: REFUNDED}


class Books:
    """What has a code: events, sources, channels, products, orders, properties and their values.

    Parameters
    ----------
    cursor : reads the tables
    tellings : reads what orders were told before; asked only if an older order is told again
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, tellings: Tellings) -> None:
        table = _Asking(cursor)
        names = table("stored_names")
        kind = names["kind"].to_pylist()
        self.named = {
            of: Named({word: code for k, code, word in _rows(names, kind) if k == of})
            for of in ("event", "source", "channel")
        }
        products, orders = table("stored_products"), table("stored_orders")
        self.products = Dictionary(Codes.of(products["name"], products["code"].to_numpy()))
        self.orders = Dictionary(Codes.of(orders["name"], orders["code"].to_numpy()))
        self.properties = Properties(table("properties"), names, kind)
        self.channels = Table(np.zeros(0, np.uint64), np.zeros(0, np.int32))
        self._tellings = tellings
        self._first_order = self.orders.following
        self._before: Codes | None = None
        self._since = Codes(np.zeros(0, np.uint64), np.zeros(0, np.int32))

    def event(self, word: str) -> int:
        """Return the code of an event's name; names beyond the limit share one."""
        named = self.named["event"]
        if word not in named.codes and len(named.codes) >= MOST_EVENTS:
            word = OTHER
        return named.code(word)

    def first(self, orders: Array, names: list[str]) -> Array:
        """Tell which orders are told so for the first time, bool[n], and note that they were told.

        Refunds come in parts: only one that an import brought before is the same one again.
        """
        how = np.array([_HOW[name] for name in names], np.int64)
        keys = told_key(orders, how)
        fresh = ~self._told_before(orders, keys)
        once = np.flatnonzero(fresh & (how != REFUNDED))
        different, at = np.unique(keys[once], return_index=True)
        new = self._since.find(different) < 0
        self._since.put(different[new], np.zeros(int(new.sum()), np.int32))
        fresh[once] = False
        fresh[once[at[new]]] = True
        return fresh

    def _told_before(self, orders: Array, keys: Array) -> Array:
        """Tell which were told before anything was loaded here: bool[n]."""
        old = orders < self._first_order
        if old.any():
            if self._before is None:
                told, hows = self._tellings()
                self._before = Codes(told_key(told, hows), np.zeros(len(told), np.int32))
            old[old] = self._before.find(keys[old]) >= 0
        found: Array = old
        return found

    def taken(self) -> list[tuple[str, pa.Table]]:
        """Return what is new, as rows by what is done with them (`ganj.store.waiting.DOING`); it is known from now on."""
        rows = [(kind, code, word) for kind, named in self.named.items() for code, word in named.new]
        rows += self.properties.pairs_new
        if self.channels.size > MOST_CHANNELS:
            self.channels = Table(np.zeros(0, np.uint64), np.zeros(0, np.int32))
        told = [("names", _table(("kind", "code", "name"), rows))] if rows else []
        for named in self.named.values():
            named.new = []
        for name, book in (("products", self.products), ("orders", self.orders)):
            if book.new:
                told.append((name, book.taken()))
        return told + self.properties.taken()


def _rows(names: pa.Table, kind: list[str]) -> zip[tuple[str, int, str]]:
    return zip(kind, names["code"].to_pylist(), names["name"].to_pylist(), strict=True)


def _table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> pa.Table:
    return pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))


class _Asking:
    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def __call__(self, name: str) -> pa.Table:
        return self._cursor.sql(query(name)).to_arrow_table()


class Dictionary:
    """Words with codes of a table of their own: products, orders."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self.new: list[tuple[int, str, str | None]] = []

    @property
    def following(self) -> int:
        """The next code."""
        return self._codes.following

    def known(self, keys: Array) -> Array:
        """Return codes by hash, int32[n]; -1 where a word is not known."""
        return self._codes.find(keys)

    def codes(self, words: list[str | None], abouts: Sequence[str | None] | None = None) -> Array:
        """Return the code of each word, int32[n], giving new words codes in order; -1 for None.

        Parameters
        ----------
        abouts : what is said of each, kept where the word is new
        """
        keys = hashes([word or "" for word in words])
        found = self._codes.find(keys)
        found[np.array([word is None for word in words], bool)] = -1
        missing = [place for place in np.flatnonzero(found < 0).tolist() if words[place] is not None]
        if missing:
            new, first, place = np.unique(keys[missing], return_index=True, return_inverse=True)
            order = np.argsort(first)
            codes = np.empty(len(new), np.int32)
            codes[order] = self._codes.add(new[order])
            for at, code in zip(first[order].tolist(), codes[order].tolist(), strict=True):
                about = abouts[missing[at]] if abouts else None
                self.new.append((code, words[missing[at]] or "", about))
            found[missing] = codes[place]
        return found

    def taken(self) -> pa.Table:
        """Return what is new: ``code name about``."""
        rows, self.new = self.new, []
        code, name, about = zip(*rows, strict=True)
        return pa.table({"code": list(code), "name": list(name), "about": pa.array(about, pa.string())})


class Properties:
    """Names of properties, which of them are breakdowns, and the codes of their values."""

    def __init__(self, table: pa.Table, names: pa.Table, kind: list[str]) -> None:
        self.names: list[str] = table["name"].to_pylist()
        numbers = table["number"].to_numpy()
        self._numbers = Table(hashes(table["name"]), numbers)
        self.promoted = np.zeros(max(len(self.names), 1) + 64, bool)
        self.promoted[numbers] = table["promoted"].to_numpy(zero_copy_only=False)
        self._sizes = np.zeros(len(self.promoted), np.int64)
        number_of = dict(zip(self.names, numbers.tolist(), strict=True))
        told = [
            (number_of.get(k[9:], -1), c, w) for k, c, w in _rows(names, kind) if k.startswith("property:")
        ]
        at = np.array([number for number, _, _ in told], np.int64)
        np.add.at(self._sizes, at[at >= 0], 1)
        keys = pair_keys(at, hashes([word for _, _, word in told]))
        self._pairs = Table(keys, np.array([code for _, code, _ in told], np.int32))
        self._new: list[int] = []
        self._demoted: list[int] = []
        self.pairs_new: list[tuple[str, int, str]] = []

    def numbers(self, keys: Array) -> Array:
        """Return the number of each name by hash, int32[n]; -1 unknown."""
        return self._numbers.find(keys)

    def name(self, keys: Array, words: list[str]) -> None:
        """Give new names numbers; the first of them are breakdowns until they show too many values."""
        room = MOST_PROPERTIES - len(self.names)
        keys, words = keys[:room], words[:room]
        if not words:
            return
        for number, word in zip(self._numbers.add(keys).tolist(), words, strict=True):
            if number >= len(self.promoted):
                self.promoted = np.append(self.promoted, np.zeros(len(self.promoted), bool))
                self._sizes = np.append(self._sizes, np.zeros(len(self._sizes), np.int64))
            self.promoted[number] = self.promoted.sum() < MOST_PROMOTED
            self.names.append(word)
            self._new.append(number)

    def codes(self, number: Array, values: Array, span: Array, kind: Array) -> Array:
        """Return the code of what each member says, int32[n]; see `ganj.kernels.facts.coded`."""
        from ganj.kernels.facts import coded

        found: Array = coded(number, values, span, kind, self.promoted, self._pairs.keys, self._pairs.codes)
        return found

    def add(self, number: int, values: Array, words: Collection[str]) -> None:
        """Give codes to new values of a property; too many and it is no breakdown any more."""
        size = int(self._sizes[number])
        if size + len(words) > MOST_VALUES:
            self.promoted[number] = False
            self._demoted.append(number)
            return
        codes = np.arange(size, size + len(words), dtype=np.int32)
        self._pairs.put(pair_keys(np.full(len(words), number), values), codes)
        self._sizes[number] += len(words)
        kind = f"property:{self.names[number]}"
        self.pairs_new += [(kind, code, word) for code, word in zip(codes.tolist(), words, strict=True)]

    def taken(self) -> list[tuple[str, pa.Table]]:
        """Return what is new, as rows by what is done with them."""
        told = []
        if self._new:
            rows = [(n, self.names[n], bool(self.promoted[n])) for n in self._new]
            told.append(("properties", _table(("number", "name", "promoted"), rows)))
        if self._demoted:
            gone = [(n, f"property:{self.names[n]}") for n in self._demoted]
            told.append(("demoted", _table(("number", "kind"), gone)))
        self._new, self._demoted, self.pairs_new = [], [], []
        return told


def pair_keys(number: Array, values: Array) -> Array:
    """Return one hash for a property and a value."""
    mixed: Array = values ^ ((number.astype(np.uint64) + np.uint64(1)) * _MIX)
    return mixed


def told_key(order: Array, event: Array) -> Array:
    """Return one key for an order and what was told of it."""
    both: Array = (order.astype(np.uint64) << np.uint64(16)) | event.astype(np.uint64)
    return both * _MIX
