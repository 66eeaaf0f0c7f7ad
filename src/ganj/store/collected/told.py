"""Where each wanted value of a load's events lies: the first place that tells it wins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, cached_property

import numpy as np

from ganj.histories import Array
from ganj.kernels import json_lines as jl
from ganj.kernels import json_values as jv
from ganj.kernels import json_wanted as jw
from ganj.kernels.grouping import different
from ganj.kernels.json_said import plain_members
from ganj.store.collected import wanted
from ganj.store.collected.codes import KEY, hashes
from ganj.store.collected.lines import Lines, hash_of, texts
from ganj.store.collected.wanted import Place

Spans = tuple[Array, Array]
"""int32[n, 2] and uint8[n]: where values lie and what they are; ``NONE`` where nothing is told."""
_PLAIN = np.zeros(10, bool)
_PLAIN[[jl.STRING, jl.ESCAPED, jl.WHOLE, jl.DECIMAL, jl.TRUE, jl.FALSE]] = True


def _path_keys(paths: Sequence[str]) -> Array:
    """Return the hash of each path as `ganj.kernels.json_wanted.nested` makes it."""
    keys = []
    for path in paths:
        first, _, second = path.partition(".")
        one = hashes([first])[0]
        keys.append(one if not second else np.uint64(one * jw.NESTED) ^ hashes([second])[0])
    return np.array(keys, np.uint64)


@cache
def _tables() -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Return where a property's and a context's names lie; made at the first load: most commands load nothing."""
    with np.errstate(over="ignore"):
        return jw.tables(hashes(list(wanted.OF_PROPERTIES))), jw.tables(_path_keys(wanted.OF_CONTEXT))


@cache
def _filled_keys() -> Array:
    """Return the hashes of the traits that are filled: uint64[n]."""
    return hashes(list(wanted.FILLED))


_P_SLOT = {name: slot for slot, name in enumerate(wanted.OF_PROPERTIES)}
_C_SLOT = {name: slot for slot, name in enumerate(wanted.OF_CONTEXT)}
_NAMES = np.frombuffer("".join(f'"{name}":' for name in wanted.FILLED).encode(), np.uint8)
_ENDS = np.append(0, np.cumsum([len(f'"{name}":'.encode()) for name in wanted.FILLED])).astype(np.int64)


class Told:
    """What the events of a load say.

    Attributes
    ----------
    lines : the events
    line, places, kinds, names, values : members of their properties; see `ganj.kernels.json_lines.members`
    """

    def __init__(self, lines: Lines) -> None:
        self.lines, self.data = lines, lines.data
        self.line, self.places, self.kinds, self.names, self.values = lines.members or _members(lines)
        self._at, self._there_in_properties = jw.chosen(
            self.line, self.names, len(lines), *_tables()[0], len(_P_SLOT)
        )
        self._mend_escaped()

    def at(self, rows: Array) -> Told:
        """Return what some of the events say."""
        if len(rows) == len(self.lines):
            return self
        found = object.__new__(Told)
        found.lines, found.data = self.lines.at(rows), self.data
        place = np.full(len(self.lines), -1, np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        mine = place[self.line] >= 0
        found.line, found.places = place[self.line[mine]], self.places[mine]
        found.kinds, found.names, found.values = self.kinds[mine], self.names[mine], self.values[mine]
        moved = np.append(np.cumsum(mine, dtype=np.int32) - 1, np.int32(-1))
        found._at = moved[self._at[:, rows]]
        found._there_in_properties = np.any(found._at >= 0, axis=1)
        spans, kinds, place = self._context
        found._context = spans, kinds, place[rows]
        return found

    def _mend_escaped(self) -> None:
        """Hash values with a backslash by what they stand for."""
        at = np.flatnonzero(self.kinds == jl.ESCAPED)
        if len(at):
            words = texts(self.data, self.places[at, 2:], self.kinds[at])
            self.values[at] = hashes([word or "" for word in words])

    @cached_property
    def _context(self) -> tuple[Array, Array, Array]:
        """Where wanted values of the different contexts lie, what they are, and which context each event has."""
        span, kind = self.lines.field("c")
        first, place = different(hash_of(self.data, span, kind))
        spans, kinds = jw.nested(self.data, span[first], kind[first], *_tables()[1], len(_C_SLOT), KEY)
        return spans, kinds, place

    def has(self, name: str) -> Array:
        """Tell which events tell a property, in whatever form: bool[n]."""
        there: Array = self._at[_P_SLOT[name]] >= 0
        return there

    def one(self, place: Place) -> Spans:
        """Return what is told in one place; lists, objects and empty texts tell nothing."""
        return self.first((place,))

    def anybody(self, places: Iterable[Place]) -> bool:
        """Tell whether any event tells anything in any of some places."""
        return any(map(self._there, places))

    def _there(self, place: Place) -> bool:
        """Tell whether any event tells anything in a place: of most of them none does."""
        if place.where == "line":
            return True
        of_properties, of_context = self._anywhere
        return bool(
            of_context[_C_SLOT[place.name]] if place.where == "c" else of_properties[_P_SLOT[place.name]]
        )

    @cached_property
    def _anywhere(self) -> tuple[Array, Array]:
        of_context: Array = np.logical_or.reduce(self._context[1] != jl.NONE, axis=1)
        return self._there_in_properties, of_context

    def first(self, places: Sequence[Place]) -> Spans:
        """Return what the first of some places tells."""
        told = [place for place in places if self._there(place)]
        slots = [
            _P_SLOT[p.name] if p.where == "p" else -1 - _C_SLOT[p.name] for p in told if p.where != "line"
        ]
        if len(slots) < len(told):  # a field of the line: there is no other place then
            return self._plain(*self.lines.field(told[0].name))
        members = self.places, self.kinds
        span, kind = jw.picked(np.array(slots, np.int64), self._at, members, self._context)
        return span, kind

    @staticmethod
    def _plain(span: Array, kind: Array) -> Spans:
        empty = (kind == jl.STRING) & (span[:, 1] - span[:, 0] <= 2)
        return span, np.where(_PLAIN[kind] & ~empty, kind, jl.NONE).astype(np.uint8)

    def alike(self, names: Sequence[str]) -> tuple[Array, Array]:
        """Find the events that differ where some properties are filled: by context, and whether they are page views.

        Returns
        -------
        rows, place : int64[different], and which of them each event is like, int64[n]; all events where any tells one
            of the properties itself
        """
        own = (
            place
            for name in names
            for place in (Place("p", name), *wanted.FILLED[name])
            if place.where == "p"
        )
        if self.anybody(own):
            every = np.arange(len(self.lines))
            return every, every
        rows, place = different((self._context[2] * 2 + (self.lines.what == 1)).astype(np.uint64))
        return rows, place

    def few(self, rows: Array) -> Told:
        """Return what some of the events say, for `one`, `first` and `either` alone."""
        found = object.__new__(Told)
        vars(found).update({name: told for name, told in vars(self).items() if name != "filled"})
        spans, kinds, place = self._context
        found.lines, found._at, found._context = (
            self.lines.at(rows),
            self._at[:, rows],
            (spans, kinds, place[rows]),
        )
        return found

    @cached_property
    def filled(self) -> dict[str, Spans]:
        """What each event is given beside its properties, where it does not tell it itself."""
        found = {}
        page = self.lines.what > 0
        for name, places in wanted.FILLED.items():
            if (name == "name" and not page.any()) or not self.anybody(places):
                continue
            span, kind = self.first(places)
            there = kind != jl.NONE
            if self._there(Place("p", name)):
                there &= ~self.has(name)
            if name == "name":
                there &= page
            if there.all():
                found[name] = span, kind
            elif there.any():
                found[name] = (
                    np.where(there[:, None], span, 0).astype(np.int32),
                    np.where(there, kind, jl.NONE).astype(np.uint8),
                )
        return found

    def either(self, name: str) -> Spans:
        """Return a property as the event tells it or as it is filled."""
        span, kind = self.one(Place("p", name))
        if name in self.filled:
            other, what = self.filled[name]
            here = kind == jl.NONE
            if here.all():
                return other, what
            span, kind = np.where(here[:, None], other, span), np.where(here, what, kind).astype(np.uint8)
        return span, kind

    def properties(self, order: Array) -> tuple[Array, Array]:
        """Return the properties of each event as JSON, in some order: uint8[…], int32[n + 1] offsets."""
        span, kind = self.lines.field("p")
        base = np.where((kind == jl.OBJECT)[:, None], span, 0).astype(np.int32, copy=False)[order]
        filled = list(wanted.FILLED)
        extra = [self.filled[name][0] for name in filled if name in self.filled]
        names = [k for k, name in enumerate(filled) if name in self.filled]
        text = np.concatenate([_NAMES[_ENDS[k] : _ENDS[k + 1]] for k in names]) if names else _NAMES[:0]
        ends = np.append(0, np.cumsum([_ENDS[k + 1] - _ENDS[k] for k in names])).astype(np.int64)
        added = np.stack([one[order] for one in extra]) if extra else np.zeros((0, len(base), 2), np.int32)
        room = int((base[:, 1] - base[:, 0]).sum() + (added[..., 1] - added[..., 0]).sum())
        room += len(base) * (len(text) + len(names) + 2)
        return jv.joined(self.data, base, added, text, ends, room)

    def said(self) -> tuple[Array, Array, Array, Array, Array]:
        """Return every plain value of every event, filled ones too: line, name hash, value hash, span, kind."""
        names = [place for place, name in enumerate(wanted.FILLED) if name in self.filled]
        beside = [self.filled[name] for name in wanted.FILLED if name in self.filled]
        many = len(self.lines)
        spans = np.stack([span for span, _ in beside]) if beside else np.zeros((0, many, 2), np.int32)
        kinds = np.stack([kind for _, kind in beside]) if beside else np.zeros((0, many), np.uint8)
        told = self.line, self.places, self.kinds, self.names, self.values
        found = plain_members(self.data, *told, _PLAIN, spans, kinds, _filled_keys()[names], KEY)
        line, name, value, span, kind = found
        mine = len(kind) - int(np.count_nonzero(kinds))
        for at in mine + np.flatnonzero(kind[mine:] == jl.ESCAPED):
            value[at] = hashes([texts(self.data, span[at : at + 1], kind[at : at + 1])[0] or ""])[0]
        return line, name, value, span, kind


def _members(lines: Lines) -> tuple[Array, ...]:
    """List the members of the properties of some lines."""
    span, kind = lines.field("p")
    most = int((span[:, 1] - span[:, 0]).sum()) // 5 + len(lines) + 1
    found: tuple[Array, ...] = jl.members(
        lines.data, np.ascontiguousarray(span), np.ascontiguousarray(kind), most, KEY
    )
    return found


def numbers(data: Array, spans: Spans) -> Array:
    """Read values as numbers, float64[n]: numbers, and texts that are written as numbers; nan for all else."""
    span, kind = spans
    text = (kind == jl.STRING) | (kind == jl.ESCAPED)
    there = text | (kind == jl.WHOLE) | (kind == jl.DECIMAL)
    quote = text.astype(np.int32)
    begin, end = np.where(there, span[:, 0] + quote, 0), np.where(there, span[:, 1] - quote, 0)
    found, read = jv.numbers(data, begin, end)
    for row in np.flatnonzero(there & ~read):
        found[row] = _read(
            texts(data, span[row : row + 1], kind[row : row + 1])[0] or "", text=bool(text[row])
        )
    return found


def _read(word: str, *, text: bool) -> float:
    """Read what is no plain number: very long or small ones, Persian digits, thousands."""
    from ganj.money import parse_number

    if not text:
        number = float(word)
        return number if np.isfinite(number) else float("nan")
    told = parse_number(word)
    return float("nan") if told is None else float(told)
