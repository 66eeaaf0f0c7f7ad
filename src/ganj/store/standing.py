"""Who stands for whom at one moment, and which sealed events lie where they no longer belong.

Sealed runs are never rewritten for a merge.  A reader leaves out of a bucket the events of origins that moved
away, and brings in those that moved to it: runs are sorted, so both are found by searching.  Where nothing was
merged all of this is empty and costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.store.database import Database
from ganj.store.runs import halves, numbers


@dataclass(frozen=True, eq=False)
class Places:
    """Origins whose events lie under one number in runs and belong to another customer.

    Attributes
    ----------
    origin, lies, now : int32[n], in order of ``lies``
    """

    origin: Array
    lies: Array
    now: Array

    def __len__(self) -> int:
        """Count them."""
        return len(self.origin)

    def where(self, keep: Array) -> Places:
        """Return some of them: bool[n]."""
        return Places(self.origin[keep], self.lies[keep], self.now[keep])

    def rows(self, events: pa.Table) -> tuple[Array, Array]:
        """Find their events in a run's: int64[rows] ascending, and the customer each belongs to now, int32[rows].

        Parameters
        ----------
        events : in order, with ``customer`` and ``origin``
        """
        customer = numbers(events["customer"])
        under = np.unique(self.lies)
        starts, stops = (np.searchsorted(customer, under, side) for side in ("left", "right"))
        sizes = stops - starts
        near = np.repeat(starts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        if not len(near):
            return near, np.zeros(0, np.int32)
        keys = _key(customer[near], events["origin"].take(pa.array(near)).to_numpy())
        mine = _key(self.lies, self.origin)
        order = np.argsort(mine)
        at = np.minimum(np.searchsorted(mine[order], keys), len(mine) - 1)
        found = mine[order][at] == keys
        return near[found], self.now[order][at[found]]


def _key(customer: Array, origin: Array) -> Array:
    key: Array = customer.astype(np.int64) << 32 | origin.astype(np.int64)
    return key


class Standing:
    """Who stands for whom.

    Attributes
    ----------
    version : changes with every merge, every undo, and when the database is another
    now : int32[n] by origin, who stands for it; origins beyond stand for themselves
    """

    def __init__(self, database: Database, buckets: int, before: Standing | None) -> None:
        self.now: Array
        self.version = (database.generation, *database.rows("identity_version")[0])
        if before is not None and before.version == self.version:
            self.now = before.now
        else:
            self.now = laid_out(database.table("moved"))
        told = database.table("displaced")
        places = Places(*(told[name].to_numpy() for name in ("origin", "customer", "now")))
        self._leaving = _split(places, places.lies % buckets)
        self._coming = {
            bucket: _split(coming, coming.lies % buckets)
            for bucket, coming in _split(places, places.now % buckets).items()
        }
        self.displaced = places

    def of(self, customers: Array) -> Array:
        """Return who stands for some customers: int32[n]."""
        return standing(self.now, customers)

    def themselves(self, customers: Array) -> Array:
        """Return those who are stood for by nobody else, in order."""
        if not len(self.now):
            return customers
        kept: Array = customers[self.of(customers) == customers]
        return kept

    def members(self, customer: int) -> Array:
        """Return the origins that a customer stands for, ascending, itself among them."""
        return self.everyone_of(np.array([customer], np.int32))[0]

    def everyone_of(self, customers: Array) -> tuple[Array, Array]:
        """Return the origins that some customers stand for, and who does: int32[n] both.

        Parameters
        ----------
        customers : int32[n] ascending
        """
        if not len(self.now):
            return customers, customers
        origins = np.flatnonzero(np.isin(self.now, customers)).astype(np.int32)
        beyond = customers[customers >= len(self.now)]
        return np.append(origins, beyond), np.append(self.now[origins], beyond)

    def leaving(self, bucket: int) -> Places | None:
        """Return whose events in a bucket's runs belong elsewhere."""
        return self._leaving.get(bucket)

    def coming(self, bucket: int) -> dict[int, Places]:
        """Return whose events belong to a bucket, by the bucket whose runs they lie in."""
        return self._coming.get(bucket, {})


def standing(now: Array, customers: Array) -> Array:
    """Return who stands for some customers, int32[n]; ``now`` is as in `Standing`."""
    if not len(now):
        return customers
    known = (customers >= 0) & (customers < len(now))
    found: Array = np.where(known, now[np.where(known, customers, 0)], customers)
    return found.astype(np.int32)


def laid_out(moved: pa.Table) -> Array:
    """Return who stands for each origin, by origin: of rows of the table ``moved``."""
    origin, customer = moved["origin"].to_numpy(), moved["customer"].to_numpy()
    now = np.arange(int(origin.max()) + 1 if len(origin) else 0, dtype=np.int32)
    now[origin] = customer
    return now


def _split(places: Places, bucket: Array) -> dict[int, Places]:
    return {int(number): places.where(bucket == number) for number in np.unique(bucket)}


def without_moved(events: pa.Table, leaving: Places) -> pa.Table:
    """Leave out of a run the events that belong elsewhere."""
    rows, _ = leaving.rows(events)
    if not len(rows):
        return events
    keep = np.ones(len(events), bool)
    keep[rows] = False
    return events.filter(pa.array(keep))


def moved(events: pa.Table, coming: Places) -> pa.Table:
    """Return the events of a run that belong to other customers now, under their numbers and in order."""
    rows, now = coming.rows(events)
    found = events.take(pa.array(rows))
    place = found.column_names.index("customer")
    found = found.set_column(place, found.schema.field("customer"), pa.array(now.astype(np.int32)))
    if not len(found):
        return found
    high, low = halves(found["message_id"])
    order = np.lexsort((low, high, numbers(found["time"]), now))
    return found.take(pa.array(order))
