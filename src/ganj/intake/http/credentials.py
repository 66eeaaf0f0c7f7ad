"""Where a request carries its write key: every place that real clients use."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import suppress

from ganj.intake.http.asked import Asked

_IN_QUERY = ("writeKey", "write_key", "api_key", "token", "_")


def offered(asked: Asked, *in_body: str | None) -> Iterator[str]:
    """Yield every text in a request that may be the key, the likeliest first.

    Parameters
    ----------
    asked : the request
    in_body : what its body or address calls a key
    """
    said = asked.headers.get(b"authorization")
    if said is not None:
        yield from _authorization(said)
    said = asked.headers.get(b"x-write-key")
    if said is not None:
        yield from _halves(said.decode("latin-1"))
    for text in in_body:
        if text:
            yield from _halves(text)
    if asked.query:
        words = asked.words()
        yield from (words[name] for name in _IN_QUERY if name in words)


def _authorization(said: bytes) -> Iterator[str]:
    """Read ``Basic`` with the key as user name, its colon there or not, and ``Bearer``."""
    scheme, _, rest = said.strip().partition(b" ")
    text = rest.strip()
    if scheme.lower() == b"basic":
        with suppress(binascii.Error, ValueError):
            yield from _halves(
                base64.b64decode(text + b"=" * (-len(text) % 4), validate=True).decode("latin-1")
            )
    yield from _halves((text or scheme).decode("latin-1"))  # some clients send the key as it is


def _halves(text: str) -> Iterator[str]:
    """Yield the text, and what stands before a colon: a password or a secret follows it."""
    if ":" not in text:
        yield text
        return
    yield text.partition(":")[0]
    yield text
