"""One line of the log: an event as it was collected, in canonical JSON, and the checksum after a group of them.

Every line that carries an event begins with ``{"m":`` because we encode it ourselves; a group's last line
begins with ``{"g":``.  So nothing a client sends can look like the end of a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from isal.isal_zlib import crc32

OWN = "ganj"
"""The source and the dialect of what we collect ourselves."""
REJECTED = "rejected"
"""The kind of a line that keeps what could not be taken as an event, and why."""
MANY = "refused:"
"""How the name of such a line begins that keeps no text but only how many were not taken: its ``p`` says ``count``."""
DECISION = "decision"
"""The kind of a line that keeps what a person decided about customers."""


class Line(msgspec.Struct, omit_defaults=True, gc=False):
    """A collected event. Names are one letter: they are written with every event.

    Parameters
    ----------
    m : the message's id, the key of "exactly once"
    r : when we received it, µs UTC
    t : when it happened, µs UTC, the sender's clock corrected
    k : track, identify, page, screen, group, alias; of our own: decision, rejected
    w : the source: the name of the write key, ``ganj`` for our own
    d : the dialect: segment, rudder, jitsu, posthog, ganj
    e : the event's name as sent; of a page or screen its name
    u : the user id
    a : the anonymous id
    b : the previous id of an alias
    g : the group's id
    i : further identifiers the message carries, as (kind, value)
    p : properties
    c : context
    x : traits of an identify or group; a ``null`` in them overwrites
    """

    m: str
    r: int
    t: int
    k: str
    w: str
    d: str
    e: str | None = None
    u: str | None = None
    a: str | None = None
    b: str | None = None
    g: str | None = None
    i: list[tuple[str, str]] | None = None
    p: Any = None
    c: Any = None
    x: Any = None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Line)


def encode(lines: Sequence[Line]) -> bytes:
    """Return the lines as bytes, each with its line feed."""
    return _ENCODER.encode_lines(lines)


def decode(line: bytes) -> Line:
    """Return the event of one line.

    Raises
    ------
    msgspec.DecodeError
        It is none.
    """
    return _DECODER.decode(line)


def trailer(*parts: bytes) -> bytes:
    """Return the line that ends a group: the length and the CRC-32 of its lines, which may come in parts."""
    length, checksum = 0, 0
    for part in parts:
        length, checksum = length + len(part), crc32(part, checksum)
    return b'{"g":[%d,%d]}\n' % (length, checksum)
