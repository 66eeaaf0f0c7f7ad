"""What a body really is: decided by its bytes, because clients do not say it truly.

Real clients send gzip as a form, JSON as plain text to be spared a preflight, and a form whose field
``data`` is JSON in base64 when a page closes.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from urllib.parse import unquote_to_bytes

from ganj.intake.http.asked import Asked
from ganj.intake.http.refusals import BodyTooLarge, UnknownEncoding, UnreadableBody
from ganj.log import REASONS
from ganj.text import Text

GZIP = b"\x1f\x8b"
_PACKED = {"gzip": 31, "x-gzip": 31, "deflate": 47}
_BROKEN = Text("it is not packed as it says.", "فشردگی آن درست نیست.")
_MOST_LAYERS = 3


def document(asked: Asked, limit: int) -> bytes:
    """Return the JSON document that a body holds.

    Raises
    ------
    BodyTooLarge, UnknownEncoding, UnreadableBody
        It is larger than ``limit`` once unpacked, packed in an unknown way, or broken.
    """
    body = asked.body
    if len(body) > limit:
        raise BodyTooLarge(limit=limit)
    said = asked.headers.get(b"content-encoding")
    if said is None and body[:1] in b"{[" and body:
        return body
    if said is not None:
        body = _unpacked(body, said.decode("latin-1").strip().lower(), limit)
    for _ in range(_MOST_LAYERS):
        inner = _inner(body, asked, limit)
        if inner is body:
            break
        body = inner
    return body.removeprefix(b"\xef\xbb\xbf")


def _inner(body: bytes, asked: Asked, limit: int) -> bytes:
    """Take off one wrapping, if there is one."""
    if body[:2] == GZIP:
        return gunzip(body, 31, limit)
    if body[:5] == b"data=":
        field = unquote_to_bytes(body[5:].split(b"&", 1)[0].replace(b"+", b" "))
        return field if field[:1] == b"{" else base64_of(field)
    if body[:1] not in b'{[" \t\r\n' and (b"base64" in asked.query or _is_form(asked)):
        return base64_of(body)
    return body


def _is_form(asked: Asked) -> bool:
    return asked.headers.get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded")


def _unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    if encoding in {"", "identity"}:
        return body
    bits = _PACKED.get(encoding)
    if bits is None:
        raise UnknownEncoding(encoding=encoding)
    if body[:1] in b"{[" and body:  # a proxy has unpacked it and left the header
        return body
    return gunzip(body, bits, limit)


def gunzip(body: bytes, bits: int, limit: int) -> bytes:
    """Unpack at most ``limit`` bytes, so that a small body cannot fill the memory.

    Raises
    ------
    BodyTooLarge, UnreadableBody
        There would be more; it is broken or cut off.
    """
    packed = zlib.decompressobj(bits)
    try:
        data = packed.decompress(body, limit + 1)
    except zlib.error as wrong:
        raise UnreadableBody(why=_BROKEN) from wrong
    if len(data) > limit:
        raise BodyTooLarge(limit=limit)
    if not packed.eof:
        raise UnreadableBody(why=_BROKEN)
    return data


def base64_of(text: bytes) -> bytes:
    """Return what base64 text of either alphabet holds; a plus that became a space is one again.

    Raises
    ------
    UnreadableBody
        It is no base64.
    """
    plain = text.strip().replace(b" ", b"+").replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise UnreadableBody(why=REASONS["not_json"]) from wrong
