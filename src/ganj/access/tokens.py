"""Signed tokens of one fixed form: HS256, one audience, a short life.

The form of JSON Web Tokens (RFC 7519), so that any system can read when one ends; but the algorithm is
never taken from the token (RFC 8725): a token is ours only if its header is, byte for byte, the one we write.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any, TypeVar

import msgspec

from ganj.errors import GanjError
from ganj.text import Text

T = TypeVar("T", bound=msgspec.Struct)
MOST = 4_096
"""Letters of a token."""


class BadToken(GanjError):
    """A token that was not signed by this workspace, or not for this."""

    status = 401
    says = Text("This link is not valid.", "این پیوند معتبر نیست.")
    hint = Text("Ask for a new one.", "پیوند تازه‌ای بخواهید.")


class TokenEnded(BadToken):
    """A token whose time is over. Facts: none."""

    says = Text("This link has ended.", "زمان این پیوند به پایان رسیده است.")


def sign(key: bytes, key_id: str, claims: msgspec.Struct) -> str:
    """Return the claims as a token.

    Parameters
    ----------
    claims : has ``aud`` and ``exp``, seconds since 1970
    """
    body = _header(key_id) + b"." + _encoded(msgspec.json.encode(claims))
    return (body + b"." + _encoded(_signature(key, body))).decode()


def read(key: bytes, key_id: str, token: str, kind: type[T], audience: str) -> T:
    """Return a token's claims.

    Raises
    ------
    BadToken, TokenEnded
        It is not one of ours, not for this audience, or its time is over.
    """
    header, _, rest = token.encode("ascii", "replace")[:MOST].partition(b".")
    payload, _, signature = rest.partition(b".")
    body = header + b"." + payload
    if not hmac.compare_digest(signature, _encoded(_signature(key, body))):
        raise BadToken
    if header != _header(key_id):
        raise BadToken
    claims = _claims(payload, kind)
    told: Any = claims
    if told.aud != audience:
        raise BadToken
    if told.exp <= time.time():
        raise TokenEnded
    return claims


def _claims(payload: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(_decoded(payload), type=kind)
    except (msgspec.DecodeError, ValueError) as wrong:
        raise BadToken from wrong


def _header(key_id: str) -> bytes:
    return _encoded(msgspec.json.encode({"alg": "HS256", "typ": "JWT", "kid": key_id}))


def _signature(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()


def _encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _decoded(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
