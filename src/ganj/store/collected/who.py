"""Whose each line is: different combinations of identifiers are asked for once, and remembered.

Most lines of a load carry identifiers that an earlier line carried; their customer is a look-up by hash.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.events import COST
from ganj.histories import DAY, NOBODY, Array
from ganj.identity import kinds
from ganj.identity.stitching import LINK, PEOPLE
from ganj.kernels import json_lines as jl
from ganj.kernels.grouping import different
from ganj.store.collected import wanted
from ganj.store.collected.codes import Codes, hashes
from ganj.store.collected.lines import KINDS, hash_of, strings, texts
from ganj.store.collected.pieces import of_rows
from ganj.store.collected.told import Told

MOST = 1_000_000
"""Combinations that are remembered: twelve bytes each."""
ALIAS, GROUP = KINDS.index("alias"), KINDS.index("group")
_ODD = np.uint64(0xD6E8FEB86659FD93)

_EMAILS, _PHONES = ("email", "$email"), ("phone", "mobile", "phone_number", "$phone")
_CODES = ("national_code", "nationalCode", "national_id", "melli_code")

Assign = Callable[[pa.Table], Array]
"""Gives every combination (`PEOPLE`) a customer: int32[n]."""


@cache
def _nobodys() -> Array:
    """Hash the names of events that are of nobody, whoever sends them: what a channel cost is no customer's."""
    return hashes(
        [COST, *(form(COST.replace(" ", between)) for form in (str, str.lower) for between in "_ -")]
    )


class Who:
    """Remembers whose combinations of identifiers are."""

    def __init__(self, country: str = "98") -> None:
        self._country = country
        self._known = Codes(np.zeros(0, np.uint64), np.zeros(0, np.int32))

    def forget(self) -> None:
        """Ask again for everything: a person decided something, or the rules have changed."""
        self._known = Codes(np.zeros(0, np.uint64), np.zeros(0, np.int32))

    def of(self, said: Told, time: Array, assign: Assign) -> Array:
        """Return the customer of each line: int32[n], ``NOBODY`` where it names none."""
        told = _Links(said, self._country)
        keys = told.keys ^ ((time // DAY).astype(np.uint64) * _ODD)
        first, place = different(keys)
        once = keys[first]
        customer = self._known.find(once)
        missing = np.flatnonzero((customer == -1) & told.any[first])
        if len(missing):
            customer[missing] = self._asked(told, first[missing], time, assign)
            good = missing[customer[missing] >= 0]
            if self._known.size + len(good) > MOST:
                self.forget()
            self._known.put(once[good], customer[good])
        found: Array = customer[place]
        return found

    def _asked(self, told: _Links, rows: Array, time: Array, assign: Assign) -> Array:
        links = told.all_links(rows)
        found = np.full(len(rows), NOBODY, np.int32)
        at = np.flatnonzero(pc.list_value_length(links).to_numpy() > 0)
        if not len(at):
            return found
        span, kind = told.lines.field("m")
        found[at] = assign(
            pa.table(
                {
                    "links": links.take(pa.array(at)),
                    "time": time[rows[at]],
                    "last": time[rows[at]],
                    "alias": told.lines.what[rows[at]] == ALIAS,
                    "evidence": strings(told.lines.data, span[rows[at]], kind[rows[at]]),
                },
                schema=PEOPLE,
            )
        )
        return found


class _Links:
    """The identifiers that lines carry."""

    def __init__(self, told: Told, country: str) -> None:
        lines = self.lines = told.lines
        self._country = country
        self._mail, self._phone = told.first(wanted.EMAIL), told.first(wanted.PHONE)
        self._group = lines.field("g")
        self._of_context = told.first(wanted.ACCOUNT)
        self.any = np.zeros(len(lines), bool)
        self.keys = self._hashed()

    def _hashed(self) -> Array:
        """Return one hash of all identifiers of each line: uint64[n]."""
        lines = self.lines
        known = lines.what == KINDS.index("identify")
        traits, kind = lines.field("x")
        mine = (np.where(known[:, None], traits, 0), np.where(known, kind, jl.NONE))
        parts = [*(lines.field(letter) for letter in "uaib"), self._mail, self._phone, mine]
        key = np.where(lines.what == ALIAS, np.uint64(1), np.uint64(2))
        for span, what in parts:
            there = (what != jl.NONE) & (what != jl.NULL)
            if not there.any():
                key = (key ^ np.uint64(7)) * jl.MULTIPLIER
                continue
            self.any |= there
            told = np.where(there, hash_of(lines.data, span, what), np.uint64(7))
            key = (key ^ told) * jl.MULTIPLIER
        nobody = ~self.any
        for span, what in (self._group, self._of_context):
            there = nobody & (what != jl.NONE) & (what != jl.NULL)
            if not there.any():
                continue
            self.any |= there
            key = np.where(there, (key ^ hash_of(lines.data, span, what)) * jl.MULTIPLIER, key)
        nobody = np.isin(lines.hash("e"), _nobodys())
        self.any &= ~nobody
        key[nobody] = 0
        return key

    def all_links(self, rows: Array) -> pa.ListArray:
        """Return the identifiers of some lines in their normal form, each once: lists of `LINK`."""
        plain, ids = self._plain(rows)
        others = [self.links(row) for row in rows[~plain].tolist()]
        both = pa.concat_arrays([ids, pa.array(others, ids.type)])
        place = np.empty(len(rows), np.int64)
        place[plain], place[~plain] = np.arange(plain.sum()), plain.sum() + np.arange(len(others))
        return both.take(pa.array(place))

    def _plain(self, rows: Array) -> tuple[Array, pa.ListArray]:
        """Find the lines that carry only a user's and a visitor's id, both in their normal form already.

        Returns
        -------
        plain, links : bool[n], and the identifiers of those
        """
        lines, span = self.lines, {letter: of_rows(self.lines.field(letter), rows) for letter in "uai"}
        plain = (lines.what[rows] != ALIAS) & (lines.what[rows] != KINDS.index("identify"))
        for _, kind in (span["i"], of_rows(self._mail, rows), of_rows(self._phone, rows)):
            plain &= (kind == jl.NONE) | (kind == jl.NULL)
        there, words = [], []
        for letter in "ua":
            kind = span[letter][1]
            word = strings(lines.data, *span[letter])
            normal = kinds.are_plain(word)
            plain &= normal | (kind == jl.NONE)
            there.append(kind != jl.NONE)
            words.append(word)
        plain &= there[0] | there[1]
        at = np.flatnonzero(plain)
        told = np.stack(there, axis=1)[at]
        order = pa.array((np.arange(len(at))[:, None] + np.array([0, len(at)]))[told])
        value = pa.concat_arrays([word.take(pa.array(at)) for word in words]).take(order)
        kind = pa.array([kinds.CUSTOMER, kinds.ANONYMOUS], pa.string()).take(
            pa.array(np.broadcast_to([0, 1], told.shape)[told])
        )
        offsets = np.append(0, np.cumsum(told.sum(axis=1))).astype(np.int32)
        links = pa.StructArray.from_arrays([kind, value], fields=list(LINK))
        return plain, pa.ListArray.from_arrays(pa.array(offsets), links, type=PEOPLE.field("links").type)

    def links(self, row: int) -> list[dict[str, str]]:
        """Return the identifiers of one line in their normal form, each once."""
        found = [pair for pair in self._told(row) if pair[0]]
        if not found:
            found = [
                (kinds.ACCOUNT, word)
                for word in (self._text(self._group, row), self._text(self._of_context, row))
            ]
        normal = {
            (kind, kinds.normal(kind, word, self._country)): None
            for kind, word in found[:32]
            if kind and word
        }
        return [{"kind": kind, "value": value} for kind, value in normal if value]

    def _told(self, row: int) -> list[tuple[str | None, str | None]]:
        lines = self.lines
        user, anonymous, before = (self._text(lines.field(letter), row) for letter in "uab")
        if lines.what[row] == ALIAS and before:
            return list(kinds.said_outright(user or anonymous, before))
        found: list[tuple[str | None, str | None]] = [
            (kinds.CUSTOMER, user),
            (kinds.ANONYMOUS, anonymous),
            (kinds.EMAIL, self._text(self._mail, row)),
            (kinds.PHONE, self._text(self._phone, row)),
        ]
        span, kind = lines.field("i")
        if kind[row] == jl.LIST:
            found += [(kinds.kind_of(str(k)), str(v)) for k, v in self._json(span[row])]
        span, kind = lines.field("x")
        if kind[row] == jl.OBJECT and lines.what[row] == KINDS.index("identify"):
            found += _of_traits(self._json(span[row]))
        return [pair for pair in found if pair[0] and pair[1]]

    def _text(self, spans: tuple[Array, Array], row: int) -> str | None:
        return texts(self.lines.data, spans[0][row : row + 1], spans[1][row : row + 1])[0]

    def _json(self, span: Array) -> Any:
        return msgspec.json.decode(self.lines.data[span[0] : span[1]].tobytes())


def _of_traits(traits: dict[str, Any]) -> list[tuple[str | None, str | None]]:
    """Return what of a person's traits names the person."""
    found: list[tuple[str | None, str | None]] = []
    for kind, names in ((kinds.EMAIL, _EMAILS), (kinds.PHONE, _PHONES), (kinds.NATIONAL_CODE, _CODES)):
        value = next((traits[name] for name in names if isinstance(traits.get(name), str | int)), None)
        found.append((kind, None if value is None else str(value)))
    return found
