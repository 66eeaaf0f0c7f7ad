"""Which events are meant, and histories of only those."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from ganj.breakdown import OF_EVENTS, PRODUCT, parted
from ganj.filters.conditions import BadFilter, Needs
from ganj.filters.groups import Part, each, part
from ganj.filters.truth import is_trait, of_customers, of_events
from ganj.histories import Array, Histories
from ganj.miner import Reads
from ganj.parameters import listed
from ganj.text import Text

ANY = "any"
"""The selector of every event."""


class Filter(msgspec.Struct, frozen=True):
    """Conditions that are all true; a group of which any is enough is one of them."""

    conditions: tuple[Part, ...] = ()

    @classmethod
    def read(cls, words: Iterable[str]) -> Filter:
        """Read conditions.

        Raises
        ------
        BadFilter
            One cannot be read.
        """
        return cls(tuple(part(text) for text in words))

    def needs(self) -> Needs:
        """Say what must be read."""
        return needs(self.conditions)

    def events(self, histories: Histories) -> Array:
        """Return bool[events]: of which every condition on events is true.

        A group that speaks of events and of customers is one on events.
        """
        return _all(
            [of_events(histories, one) for one in self.conditions if not is_trait(histories, one)],
            len(histories.time),
        )

    def customers(self, histories: Histories) -> Array:
        """Return bool[customers]: of whom every condition on customers is true."""
        return _all(
            [of_customers(histories, one) for one in self.conditions if is_trait(histories, one)],
            len(histories),
        )

    def of(self, histories: Histories) -> Histories:
        """Return the customers who fit, with the events that fit.

        A customer who fits and has no fitting event stays, with an empty history: as where an analysis
        reads only some kinds of events.
        """
        about_customers = [is_trait(histories, one) for one in self.conditions]
        if not all(about_customers):
            histories = histories.keep(self.events(histories))
        if any(about_customers):
            histories = histories.choose(self.customers(histories))
        return histories


class Selector(msgspec.Struct, frozen=True):
    """Events of one name, or of any, of which conditions are true.

    Attributes
    ----------
    event : the name; empty for every event
    where : conditions on the event or on its customer
    """

    event: str
    where: Filter = Filter()

    def needs(self) -> Needs:
        """Say what must be read."""
        return self.where.needs()

    def events(self, histories: Histories) -> Array:
        """Return bool[events]: which are meant."""
        meant = np.ones(len(histories.time), bool)
        if self.event:
            meant = histories.event == histories.codes((self.event,))[0]
        if self.where.conditions:
            meant = meant & self.where.events(histories)
            meant &= self.where.customers(histories)[histories.owner]
        return meant

    def __str__(self) -> str:
        """Write it the way it is read."""
        told = ", ".join(str(one) for one in self.where.conditions)
        return (self.event or ANY) + (f"[{told}]" if told else "")


@functools.lru_cache(maxsize=1024)
def selector(words: str) -> Selector:
    """Read a selector: ``Product Viewed``, ``Page Viewed[path = /pricing]`` or ``any``.

    Raises
    ------
    BadFilter
        A bracket is not closed, there is no event, or a condition cannot be read.
    """
    event, bracket, rest = words.strip().partition("[")
    event = event.strip()
    if not event or (bracket and not rest.endswith("]")):
        why = Text(
            "write it like Page Viewed[path = /pricing].", "آن را مانند Page Viewed[path = /pricing] بنویسید."
        )
        raise BadFilter(words=words, why=why)
    where = Filter.read(listed(rest[:-1])) if bracket else Filter()
    return Selector("" if event.lower() == ANY else event, where)


def needs(conditions: Iterable[Part]) -> Needs:
    """Join what conditions need."""
    return _joined([one.needs() for one in each(conditions)])


def divided(reads: Reads, *names: str, traits: bool = True) -> Reads:
    """Add to what an analysis reads what some breakdowns need, see `ganj.breakdown`; empty names need nothing.

    Parameters
    ----------
    traits : whether customers are broken down too, or events only
    """
    return widened(reads, _joined([_dividing(name, traits=traits) for name in names if name]))


def _dividing(by: str, *, traits: bool) -> Needs:
    kind, name = parted(by)
    if kind == "segment":
        return Needs(segments=(name,))
    if kind == PRODUCT:
        return Needs(columns=(PRODUCT,), lines=True, products=(name,) if name else ())
    if name in OF_EVENTS and kind == "event":
        return Needs(columns=(name,))
    names = (name,)
    return Needs(() if kind == "customer" else names, names if traits and kind != "event" else ())


def _joined(wanted: Sequence[Needs]) -> Needs:
    return Needs(
        _once(name for need in wanted for name in need.properties),
        _once(name for need in wanted for name in need.traits),
        _once(name for need in wanted for name in need.columns),
        any(need.lines for need in wanted),
        _once(name for need in wanted for name in need.products),
        _once(name for need in wanted for name in need.segments),
    )


def widened(reads: Reads, need: Needs) -> Reads:
    """Add to what an analysis reads what conditions need."""
    return msgspec.structs.replace(
        reads,
        properties=_once((*reads.properties, *need.properties)),
        traits=_once((*reads.traits, *need.traits)),
        columns=_once((*reads.columns, *need.columns)),
        lines=reads.lines or need.lines,
        products=_once((*reads.products, *need.products)),
        segments=_once((*reads.segments, *need.segments)),
    )


def reading(reads: Reads, selectors: Iterable[str]) -> Reads:
    """Say what an analysis of some selectors reads: their events and what their conditions need.

    Parameters
    ----------
    reads : what the analysis reads besides; its ``events`` are replaced
    """
    meant = [selector(words) for words in selectors]
    events = None if any(not one.event for one in meant) else _once(one.event for one in meant)
    whole = msgspec.structs.replace(reads, events=events)
    return functools.reduce(widened, (one.needs() for one in meant), whole)


def marks(histories: Histories, selectors: Sequence[str]) -> Array:
    """Return int64[events]: bit k is set where an event is one of those that selector k means."""
    out = np.zeros(len(histories.time), np.int64)
    for bit, words in enumerate(selectors):
        out |= selector(words).events(histories).astype(np.int64) << bit
    return out


def coded(histories: Histories, roles: Sequence[Sequence[str]]) -> tuple[Array, Array]:
    """Say which roles each event has: a code for each, and a table by code that a loop looks into.

    Where names say it all, which is nearly always, the codes are those of the names and nothing is computed
    for each event.

    Parameters
    ----------
    roles : the selectors of each role

    Returns
    -------
    code : int32[events]; of no length where every event is alike
    table : int64[codes + 1], bit k is set where a selector of role k means the event
    """
    meant = [[selector(words) for words in each] for each in roles]
    if any(one.where.conditions for each in meant for one in each):
        bits = np.zeros(len(histories.time), np.int32)
        for k, each in enumerate(roles):
            bits |= (marks(histories, each) > 0).astype(np.int32) << k
        return bits, np.arange(1 << len(roles))
    always = sum(1 << k for k, each in enumerate(meant) if any(not one.event for one in each))
    named = [(k, one.event) for k, each in enumerate(meant) for one in each if one.event]
    if all((always >> k) & 1 for k, _ in named):
        return np.zeros(0, np.int32), np.array([always])
    table = np.full(len(histories.names.get("event", ())) + 1, always)
    for (k, _), code in zip(named, histories.codes(name for _, name in named), strict=True):
        table[code] |= 1 << k if code >= 0 else 0
    return histories.event, table


def filtered(histories: Histories, where: Sequence[str]) -> Histories:
    """Return the customers and events of whom and of which all conditions are true."""
    return Filter.read(where).of(histories) if where else histories


def _all(masks: list[Array], size: int) -> Array:
    return functools.reduce(np.logical_and, masks, np.ones(size, bool))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
