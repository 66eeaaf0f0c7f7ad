"""Turns the events of a load into rows of a file of fresh events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np
import pyarrow as pa

from ganj.events import CANCEL, COST, FREE, ORDER, REFUND
from ganj.histories import Array
from ganj.kernels import json_lines as jl
from ganj.kernels.facts import NEW, laid
from ganj.kernels.grouping import different
from ganj.store.collected import wanted
from ganj.store.collected.books import Books
from ganj.store.collected.channels import channels
from ganj.store.collected.lines import hash_of, texts
from ganj.store.collected.money import Purse
from ganj.store.collected.naming import KNOWN
from ganj.store.collected.orders import ABOUT_ORDERS, BACK, ONCE, REPEATED, OrderLines
from ganj.store.collected.pieces import Abouts, Later, called, corrected, either, of_rows, uuids
from ganj.store.collected.told import Told, numbers
from ganj.store.fresh import COLLECTED as COLUMNS

COLLECTED = 0
"""The number of the import that collected events belong to."""


@dataclass(frozen=True)
class Marks:
    """What is remarkable about each event: bool[n] each."""

    late: Array
    future: Array
    old: Array
    unknown: Array
    unpriced: Array


class Shaped:
    """The events of a load, shaped step by step.

    Parameters
    ----------
    told : what lines of the kinds track, page and screen tell
    books : the store's dictionaries
    purse : the workspace's currency
    """

    def __init__(self, told: Told, books: Books, purse: Purse) -> None:
        self.lines, self._books, self._purse = told.lines, books, purse
        lines = self.lines
        self.told = told
        self.time, self.late, self.future, self.old = corrected(lines.time, lines.received)
        self.names, self._of_event = self._named()
        self.order_lines = OrderLines()
        self.order = self._orders()
        self.amount, self._unpriced = self._amounts()
        self._about_orders()
        self.event = np.array([books.event(name) for name in self.names], np.int32)[self._of_event]
        self.product = self._products()

    def __len__(self) -> int:
        """Return how many events there are."""
        return len(self.lines)

    # ---- what it is called

    def _named(self) -> tuple[list[str], Array]:
        """Return the names in this load, and the place of each event's among them: int64[n]."""
        keys = self.lines.hash("e") ^ (self.lines.what.astype(np.uint64) << np.uint64(56))
        first, place = different(keys)
        words = self.lines.texts("e", first)
        names = [called(int(what), word) for what, word in zip(self.lines.what[first], words, strict=True)]
        once = list(dict.fromkeys(names))
        return once, np.array([once.index(name) for name in names], np.int64)[place]

    def _is(self, names: frozenset[str] | set[str]) -> Array:
        found: Array = np.array([name in names for name in self.names], bool)[self._of_event]
        return found

    def _rename(self, rows: Array, name: str) -> None:
        if not len(rows):
            return
        if name not in self.names:
            self.names.append(name)
        self._of_event[rows] = self.names.index(name)

    @property
    def marks(self) -> Marks:
        """What is remarkable about each event."""
        unknown = np.array([name not in KNOWN for name in self.names], bool)[self._of_event]
        return Marks(self.late, self.future, self.old, unknown, self._unpriced)

    # ---- orders and money

    def _orders(self) -> Array:
        """Return the code of each event's order: int32[n], -1 where it is about none."""
        about = np.array([name.startswith(ABOUT_ORDERS) for name in self.names], bool)[self._of_event]
        span, kind = self.told.first(wanted.ORDER)
        rows = np.flatnonzero(about & (kind != jl.NONE))
        code = np.full(len(self), -1, np.int32)
        code[rows] = self._books.orders.codes(texts(self.lines.data, span[rows], kind[rows]))
        return code

    def _amounts(self) -> tuple[Array, Array]:
        """Return each event's amount in the workspace's currency, and where its currency has no rate."""
        data = self.lines.data
        self._worth, without = self._purse.factors(data, self.told.first(wanted.CURRENCY), self.time)
        ordered = self.order >= 0
        amount = numbers(data, self.told.first(wanted.AMOUNT[:3]))
        amount[ordered] = numbers(data, of_rows(self.told.first(wanted.AMOUNT), ordered))
        costs = self._is({COST})
        if costs.any():
            amount[costs] = numbers(data, of_rows(self.told.first(wanted.COST), costs))
        return amount * self._worth, without & ~np.isnan(amount)

    def _about_orders(self) -> None:
        """Read the lines of orders and settle what they are worth and whether they count."""
        span, kind = self.lines.field("p")
        is_order = self._is({ORDER, FREE, REFUND, CANCEL, "Order Updated"})
        for row in np.flatnonzero(is_order & (kind == jl.OBJECT)).tolist():
            total = self.order_lines.add(row, self.lines.data[span[row, 0] : span[row, 1]].tobytes())
            if np.isnan(self.amount[row]):
                self.amount[row] = total * self._worth[row]
        back = self._is(set(BACK))
        self.amount[back] = -np.abs(self.amount[back])
        self._rename(np.flatnonzero(self._is({ORDER}) & (self.amount == 0)), FREE)
        self.repeated = self._repeated()

    def _repeated(self) -> Array:
        """Rename later tellings of an order; return where they are."""
        rows = np.flatnonzero(self._is(set(ONCE) | {REFUND}) & (self.order >= 0))
        names = [self.names[one] for one in self._of_event[rows].tolist()]
        found: Array = rows[~self._books.first(self.order[rows], names)]
        self._rename(found, REPEATED)
        self.amount[found] = np.nan
        return found

    @cached_property
    def whole(self) -> Array:
        """Which events give a whole order back, telling neither an amount nor products: bool[n]."""
        found = self._is({REFUND}) & (self.order >= 0)
        if found.any():
            found &= (self.told.first(wanted.AMOUNT)[1] == jl.NONE) & (self.product < 0)
            found[np.array(self.order_lines.event, np.int64)] = False
        return found

    # ---- products

    def _products(self) -> Array:
        """Return the code of each event's product: int32[n], -1 where it names none or many."""
        of_product = np.array(
            [name.startswith(("Product ", "Wishlist Product")) for name in self.names], bool
        )
        named = either(
            self.told.first(wanted.PRODUCT), self.told.first(wanted.PRODUCT[:2]), of_product[self._of_event]
        )
        span, kind = named
        code = np.full(len(self), -1, np.int32)
        rows = np.flatnonzero(kind)
        if not len(rows):
            return code
        keys = hash_of(self.lines.data, span[rows], kind[rows])
        code[rows] = self._books.products.known(keys)
        missing = rows[code[rows] < 0]
        if len(missing):
            code[missing] = self._new_products(span[missing], kind[missing], keys[code[rows] < 0], missing)
        return code

    def _new_products(self, span: Array, kind: Array, keys: Array, rows: Array) -> Array:
        first, place = different(keys)
        words = texts(self.lines.data, span[first], kind[first])
        found: Array = self._books.products.codes(words, self._of_products(rows[first]))[place]
        return found

    def _of_products(self, rows: Array) -> list[str | None]:
        """Return what events say of the products they name, as JSON."""
        span, kind = self.lines.field("p")
        told = []
        for row in rows.tolist():
            properties = msgspec.json.decode(self.lines.data[span[row, 0] : span[row, 1]].tobytes())
            about = {
                n: properties[n]
                for n in ("name", "category", "brand", "variant")
                if isinstance(properties.get(n), str)
            }
            told.append(msgspec.json.encode(about).decode() if about else None)
        del kind
        return told

    # ---- rows

    def events(self, customer: Array, origin: Array, order: Array) -> pa.Table:
        """Return the events as files of fresh ones have them (`ganj.store.fresh.COLLECTED`).

        Parameters
        ----------
        order : in which they lie there, int64[n]; all that is long is written in it at once
        """
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        facts, offsets = self._facts(place)
        text, ends = self.told.properties(order)
        said = pa.py_buffer(np.packbits(ends[1:] > ends[:-1], bitorder="little"))
        properties = pa.StringArray.from_buffers(len(self), pa.py_buffer(ends), pa.py_buffer(text), said)
        nothing = pa.ListArray.from_arrays(np.zeros(len(self) + 1, np.int32), pa.array([], pa.string()))
        columns = {
            "customer": customer[order],
            "time": self.time[order],
            "message_id": uuids(self.lines.identity[order]),
            "event": self.event[order],
            "amount": self.amount[order],
            "product": self._one_product[order],
            "order": self.order[order],
            "channel": self.channel[order],
            "source": self.source[order],
            "batch": np.full(len(self), COLLECTED, np.int32),
            "origin": origin[order],
            **self._lists(place),
            "line_properties": nothing,
            "properties": properties,
            "facts": pa.ListArray.from_arrays(pa.array(offsets), pa.array(facts)),
        }
        return pa.table([pa.array(columns[name]) for name in COLUMNS.names], schema=COLUMNS)

    @cached_property
    def _one_product(self) -> Array:
        """The product of each event: of an order, that of all its lines where they are of one."""
        product = self.product.copy()
        event, code = np.array(self.order_lines.event, np.int64), self._line_codes
        if len(event):
            rows, starts = np.unique(event, return_index=True)
            least, most = np.minimum.reduceat(code, starts), np.maximum.reduceat(code, starts)
            product[rows] = np.where(least == most, least, -1)
        return product

    @cached_property
    def _line_codes(self) -> Array:
        lines = self.order_lines
        return self._books.products.codes(lines.product, Abouts(lines.about))

    def _lists(self, place: Array) -> dict[str, pa.ListArray]:
        """Return the lines of orders, laid end to end by event, each in its place: int32[n]."""
        single, quantity, price = self._single
        event = np.concatenate((np.array(self.order_lines.event, np.int64), single))
        sign = np.where(self._is(set(BACK)), -1.0, 1.0)[event]
        many = np.concatenate((np.array(self.order_lines.quantity), quantity)) * sign
        each = np.concatenate((np.array(self.order_lines.price), price)) * self._worth[event]
        alone = np.arange(len(event)) >= len(self.order_lines.event)
        columns = {
            "line_product": np.concatenate((self._line_codes, self.product[single])).astype(np.int32),
            "line_quantity": many,
            "line_price": each,
            "line_amount": np.where(alone, self.amount[event], each * many),
        }
        event = place[event]
        order = (event.astype(np.int64) << 32) | np.arange(len(event))
        order.sort()  # numbers are sorted several times as fast as places by what they stand for
        order &= 0xFFFFFFFF
        ends = np.cumsum(np.bincount(event, minlength=len(self)))
        offsets = pa.array(np.append(0, ends).astype(np.int32))
        return {
            name: pa.ListArray.from_arrays(offsets, pa.array(values[order]))
            for name, values in columns.items()
        }

    @cached_property
    def _single(self) -> tuple[Array, Array, Array]:
        """Events that are a line themselves: a product with a price or a number of pieces."""
        data = self.lines.data
        price = numbers(data, self.told.first(wanted.PRICE))
        quantity = numbers(data, self.told.first(wanted.QUANTITY))
        listed = np.zeros(len(self), bool)
        listed[np.array(self.order_lines.event, np.int64)] = True
        listed[self.repeated] = True
        rows = np.flatnonzero((self.product >= 0) & ~listed & ~(np.isnan(price) & np.isnan(quantity)))
        return rows, quantity[rows], price[rows]

    # ---- what a row says further

    @cached_property
    def source(self) -> Array:
        """The code of each event's source: int32[n]."""
        codes, place = self._coded("w", "source")
        return codes[place]

    def _coded(self, letter: str, kind: str) -> tuple[Array, Array]:
        first, place = different(self.lines.hash(letter))
        named = self._books.named[kind]
        codes = np.array([named.code(word or "") for word in self.lines.texts(letter, first)], np.int32)
        return codes, place

    @cached_property
    def channel(self) -> Array:
        """The code of the channel each event came by: int32[n], -1 where it is not known."""
        return channels(self.told, self._books.channels, self._books.named["channel"].code)

    def words(self, kind: str) -> dict[str, int]:
        """Return a dictionary of names as it is now."""
        return self._books.named[kind].codes

    def example(self, member: int) -> str:
        """Return what a member says, shortened."""
        _, _, _, span, kind = self._members
        return (texts(self.lines.data, span[member : member + 1], kind[member : member + 1])[0] or "")[:80]

    @property
    def of_event(self) -> Array:
        """Which of `names` each event has: int64[n]."""
        return self._of_event

    @cached_property
    def said(self) -> tuple[Array, Array, Array]:
        """What events say: the event, the property's number (-1 not kept) and the kind of value of each member."""
        line, _, _, _, kinds = self._members
        return line, self._numbers, kinds

    @cached_property
    def _members(self) -> tuple[Array, Array, Array, Array, Array]:
        return self.told.said()

    @cached_property
    def _numbers(self) -> Array:
        """The number of each member's name: int32[members]."""
        properties, names = self._books.properties, self._members[1]
        number = properties.numbers(names)
        missing = np.flatnonzero(number < 0)
        if len(missing):
            first, _ = different(names[missing])
            properties.name(names[missing[first]], self._words_of(missing[first]))
            number[missing] = properties.numbers(names[missing])
        return number

    def _words_of(self, members: Array) -> list[str]:
        """Return the names of some members."""
        told = self.told
        words = []
        filled = list(self.told.filled)
        plain = np.flatnonzero(told.kinds < jl.NULL) if len(told.kinds) else np.zeros(0, np.int64)
        starts = np.cumsum([len(plain), *(np.count_nonzero(told.filled[name][1]) for name in filled)])
        for member in members.tolist():
            if member < len(plain):
                a, b = told.places[plain[member], :2]
                raw = b'"' + self.lines.data[a:b].tobytes() + b'"'
                words.append(msgspec.json.decode(raw, type=str))
            else:
                words.append(filled[int(np.searchsorted(starts, member, side="right")) - 1])
        return words

    def _facts(self, place: Array) -> tuple[Array, Array]:
        """Return what each event says in codes, in its place: ``property * 1024 + code``, as values and offsets."""
        line, _, *said = self._members
        codes, number = self._books.properties.codes, self._numbers
        code = codes(number, *said)
        missing = np.flatnonzero(code == NEW)
        if len(missing):
            self._new_values(missing)
            code = codes(number, *said)
        values, offsets = laid(place[line], number, code, len(self))
        return values, offsets

    def _new_values(self, missing: Array) -> None:
        _, _, values, span, kind = self._members
        number = self._numbers[missing]
        for one in np.unique(number).tolist():
            mine = missing[number == one]
            at = mine[different(values[mine])[0]]
            self._books.properties.add(one, values[at], Later(self.lines.data, span[at], kind[at]))
