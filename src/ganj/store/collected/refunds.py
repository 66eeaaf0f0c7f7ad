"""Refunds that name an order and no amount: by Segment's spec all of it is given back.

What such a refund comes to is what was paid for the order less what was given back of it otherwise.  It follows
from all that is told of the order, and so changes when more is told: an order, or a part given back, may come after
the refund of the whole.  An event that is stored is then replaced by its new form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa

from ganj.events import ADJUST, FREE, ORDER, REFUND
from ganj.histories import Array
from ganj.store.fresh import COLLECTED
from ganj.store.runs import halves
from ganj.store.sql import query

BOUGHT = (ORDER, FREE)
PAID = (*BOUGHT, ADJUST, REFUND)
"""Events whose amounts say what is left of an order; those that say that there is one."""
Codes = Callable[[], dict[str, int]]
Tables = Callable[[], Iterator[pa.Table]]


class Settled(NamedTuple):
    """What a load brings when its refunds are settled.

    Attributes
    ----------
    events : as `ganj.store.fresh.COLLECTED`, those stored before whose amount is another now among them
    replaced : ``message_id origin`` of these
    """

    events: list[pa.Table]
    replaced: pa.Table


class Refunds:
    """Refunds of whole orders, and what is left of each order.

    Parameters
    ----------
    cursor : reads the tables
    codes : the codes of events' names
    stored : reads all that is stored of orders: tables of ``order event amount``; asked once, if at all
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, codes: Codes, stored: Tables) -> None:
        known = cursor.sql(query("whole_refunds_known")).to_arrow_table()["order"]
        self._known: Array = known.to_numpy()
        self._codes, self._stored = codes, stored
        self._left: Left | None = None
        self._unsure = self._known
        """Orders of which an import may have told since their refunds were settled."""

    def settle(
        self, cursor: duckdb.DuckDBPyConnection, events: list[pa.Table], whole: list[Array]
    ) -> Settled:
        """Say what refunds of whole orders come to, those of a load and earlier ones of the same orders.

        Parameters
        ----------
        events, whole : of the load, and which of them refund a whole order: bool[n] each
        """
        new = np.concatenate((np.zeros(0, bool), *whole))
        if not (new.any() or len(self._known) or self._left):
            return Settled(events, NONE)
        load = pa.concat_tables([COLLECTED.empty_table(), *events])
        left = self._left = self._left or self._read(cursor)
        left.add(load.filter(pa.array(~new)))
        orders = load["order"].to_numpy()
        self._known = np.union1d(self._known, orders[new])
        about = np.union1d(self._unsure, np.intersect1d(orders, self._known))
        self._unsure = about[:0]
        return self._settled(cursor, left, load, new, about) if len(about) else Settled(events, NONE)

    def _read(self, cursor: duckdb.DuckDBPyConnection) -> Left:
        """Look through all that is stored, once."""
        left = Left(self._codes)
        for table in self._stored():
            left.add(table)
        left.add(self._of(cursor, self._known), -1.0)
        return left

    def _settled(
        self, cursor: duckdb.DuckDBPyConnection, left: Left, load: pa.Table, new: Array, orders: Array
    ) -> Settled:
        before = self._of(cursor, orders)
        refunds = pa.concat_tables([before, load.filter(pa.array(new))])
        amount = _amounts(refunds, left)
        was = refunds["amount"].to_numpy()
        changed = (amount != was) & ~(np.isnan(amount) & np.isnan(was))
        changed[len(before) :] = True
        refunds = refunds.set_column(4, COLLECTED.field("amount"), pa.array(amount))
        _store(cursor, refunds.filter(pa.array(changed)))
        again = refunds.slice(0, len(before)).filter(pa.array(changed[: len(before)]))
        whole = [load.filter(pa.array(~new)), refunds.slice(len(before)), again]
        return Settled([one for one in whole if len(one)], again.select(NONE.column_names))

    def _of(self, cursor: duckdb.DuckDBPyConnection, orders: Array) -> pa.Table:
        cursor.register("about_orders", pa.table({"order": orders}))
        found = cursor.sql(query("whole_refunds")).to_arrow_table()
        return found.select(COLLECTED.names).cast(COLLECTED)


class Left:
    """What is left of each order: what was paid less what was given back, where anything was paid."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._left = np.zeros(0)
        self._bought = np.zeros(0, bool)

    def add(self, events: pa.Table, sign: float = 1.0) -> None:
        """Take account of what events say, or leave it out again with a sign of -1."""
        order, amount = events["order"].to_numpy(), events["amount"].to_numpy()
        event = events["event"].to_numpy()
        good = (order >= 0) & ~np.isnan(amount) & self._is(event, PAID)
        order, amount, event = order[good], amount[good], event[good]
        if not len(order):
            return
        missing = int(order.max()) + 1 - len(self._left)
        if missing > 0:
            room = missing + len(self._left) // 4
            self._left = np.append(self._left, np.zeros(room))
            self._bought = np.append(self._bought, np.zeros(room, bool))
        np.add.at(self._left, order, sign * amount)
        self._bought[order[self._is(event, BOUGHT)]] = True

    def _is(self, event: Array, names: tuple[str, ...]) -> Array:
        codes = self._codes()
        found: Array = np.isin(event, [codes[name] for name in names if name in codes])
        return found

    def of(self, orders: Array) -> Array:
        """Return what is left of some orders, float64[n]; nan where nothing was paid that is known."""
        there = orders < len(self._left)
        left = np.full(len(orders), np.nan)
        left[there] = np.where(
            self._bought[orders[there]], np.maximum(self._left[orders[there]], 0.0), np.nan
        )
        return left


NONE = pa.Table.from_batches([], pa.schema([COLLECTED.field(name) for name in ("message_id", "origin")]))


def _amounts(refunds: pa.Table, left: Left) -> Array:
    """Return what each comes to: the first of an order all that is left of it, further ones nothing."""
    order = refunds["order"].to_numpy()
    high, low = halves(refunds["message_id"])
    by_time = np.lexsort((low, high, refunds["time"].to_numpy(), order))
    first = np.zeros(len(order), bool)
    first[by_time[np.append(True, np.diff(order[by_time]) != 0)]] = True
    rest = left.of(order)
    return np.where(first | np.isnan(rest), -rest, 0.0) + 0.0


def _store(cursor: duckdb.DuckDBPyConnection, refunds: pa.Table) -> None:
    if len(refunds):
        cursor.register("told", refunds)
        for name in ("older_whole_refunds", "new_whole_refunds"):
            cursor.execute(query(name))
