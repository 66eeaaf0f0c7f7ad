"""Contexts, read once: a site's pages, a server's library send the same one again and again.

A context is half of an event's bytes and says where it came from, not what happened, so few different ones come
often.  It is looked up by its bytes; only a new one is decoded, looked over and encoded anew.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from ganj.intake.http.guards import verdict, without_nul
from ganj.intake.http.messages import UNDECODABLE, Object, Shallow, Unfit, text_of

MOST_ID = 512
"""Characters of a user, anonymous or group id."""
_MOST, _LONGEST = 4096, 4096
_DECODER = msgspec.json.Decoder(Shallow | None)


class Context(NamedTuple):
    """A context, how it is written into a line, and the identifiers in it; all None where there is none."""

    value: Object | None
    written: Any
    identifiers: list[tuple[str, str]] | None


_NONE = Context(None, None, None)
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
    return Context(value, msgspec.Raw(msgspec.json.encode(value)), identifiers(value)) if value else _NONE


def identifiers(context: Object | None) -> list[tuple[str, str]] | None:
    """Return the further identifiers that a context carries: of the device, and external ones."""
    if not context:
        return None
    device, outer = context.get("device"), context.get("externalIds") or context.get("externalId")
    if device is None and outer is None:
        return None
    found = (
        [("device", device.get(name)) for name in ("id", "advertisingId")] if isinstance(device, dict) else []
    )
    if isinstance(outer, list):
        found += [
            (f"external:{one.get('type')}", text_of(one.get("id"))) for one in outer if isinstance(one, dict)
        ]
    fit = [(kind, value) for kind, value in found if isinstance(value, str) and 0 < len(value) <= MOST_ID]
    return fit or None
