"""Contexts, read once: a site's pages, a server's library send the same one again and again.

A context is half of an event's bytes and says where it came from, not what happened, so few different ones come
often.  It is looked up by its bytes; only a new one is decoded, looked over and encoded anew.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from ganj.intake.http.guards import verdict, without_nul
from ganj.intake.http.messages import UNDECODABLE, Object, Shallow, Unfit

_MOST, _LONGEST = 4096, 4096
_DECODER = msgspec.json.Decoder(Shallow | None)


class Context(NamedTuple):
    """A context, and how it is written into a line; both None where there is none."""

    value: Object | None
    written: Any


_NONE = Context(None, None)
_known: dict[bytes, Context] = {b"": _NONE, b"null": _NONE}


def context(raw: msgspec.Raw) -> Context:
    """Return a context by its bytes.

    Raises
    ------
    Unfit
        It is no object, or not a plain one: the message is to be read for itself.
    """
    key = bytes(raw)
    found = _known.get(key)
    if found is None:
        found = _read(key)
        if len(key) <= _LONGEST:
            if len(_known) >= _MOST:
                _known.clear()
                _known.update({b"": _NONE, b"null": _NONE})
            _known[key] = found
    return found


def _read(key: bytes) -> Context:
    try:
        value = without_nul(_DECODER.decode(key))
    except UNDECODABLE as wrong:
        raise Unfit(code="bad_field") from wrong
    if verdict(value):
        raise Unfit(code="bad_number")
    return Context(value, msgspec.Raw(msgspec.json.encode(value))) if value else _NONE
