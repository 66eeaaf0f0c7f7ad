"""The message that Segment, RudderStack and Jitsu clients send, alone or in a batch, made into lines of the log.

A batch is decoded whole by one call into typed fields, which is all that nearly every request needs.  Only
where that fails, or a message lacks what it must have, is the batch taken apart and each message read for
itself: a number where a text belongs is made one, what still cannot be read is kept as a reject, and its
neighbours are taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ganj.intake.http.guards import verdict
from ganj.intake.http.refusals import UnreadableBody
from ganj.log import REASONS

UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What the decoder raises; `msgspec.ValidationError` is one of them."""

Object = dict[str, Any]


def _value(levels: int) -> Any:
    """Return the type of JSON values with at most so many levels of arrays and objects."""
    found: Any = bool | int | float | str | None
    for _ in range(levels):
        found = bool | int | float | str | None | list[found] | dict[str, found]
    return found


if TYPE_CHECKING:
    Shallow = Object
else:
    Shallow = dict[str, _value(7)]
"""What nearly every message holds; decoding it into this type proves that it is not deep, at no cost."""


class Message(msgspec.Struct, gc=False, rename="camel"):
    """One message, any type. ``null`` is the same as absent."""

    type: str | None = None
    message_id: str | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    event: str | None = None
    properties: Object | None = None
    context: Object | None = None
    traits: Object | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    sent_at: str | None = None
    name: str | None = None
    category: str | None = None
    group_id: str | None = None
    previous_id: str | None = None
    channel: str | None = None
    integrations: Object | None = None
    merge_properties: list[Object] | None = None
    write_key: str | None = None


class Usual(Message, gc=False, rename="camel"):
    """One message whose values are not deep."""

    properties: Shallow | None = None
    context: msgspec.Raw = msgspec.Raw()  # type: ignore[assignment] # read by `contexts`, once for all that are the same
    traits: Shallow | None = None


class Batch(msgspec.Struct, gc=False, rename="camel"):
    """Messages sent together, with what holds for all of them."""

    batch: list[Usual]
    context: Object | None = None
    integrations: Object | None = None
    sent_at: str | None = None
    write_key: str | None = None


class Parts(msgspec.Struct, gc=False, rename="camel"):
    """A batch whose messages are not read yet."""

    batch: list[msgspec.Raw]
    context: Object | None = None
    integrations: Object | None = None
    sent_at: str | None = None
    write_key: str | None = None


class Unfit(Exception):
    """A message lacks something; carries the code of `ganj.log.REASONS`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


_BATCH = msgspec.json.Decoder(Batch)
_PARTS = msgspec.json.Decoder(Parts)
_USUAL = msgspec.json.Decoder(Usual)
_MESSAGE = msgspec.json.Decoder(Message)
_TEXTS = frozenset(
    field.encode_name for field in msgspec.structs.fields(Message) if field.type == (str | None)
)


def batch_of(document: bytes) -> Batch | Parts:
    """Return a batch, taken apart only if it cannot be read whole.

    Raises
    ------
    UnreadableBody
        It is no JSON, or no batch.
    """
    try:
        return _BATCH.decode(document)
    except UNDECODABLE:
        return parts_of(document)


def parts_of(document: bytes) -> Parts:
    """Return a batch with its messages unread; an array or a single message is a batch too.

    Raises
    ------
    UnreadableBody
        It is no JSON, or no batch.
    """
    try:
        if document.lstrip()[:1] == b"[":
            return Parts(msgspec.json.decode(document, type=list[msgspec.Raw]))
        return _PARTS.decode(document)
    except msgspec.ValidationError as wrong:
        raise UnreadableBody(why=REASONS["not_an_object"]) from wrong
    except UNDECODABLE as wrong:
        raise UnreadableBody(why=REASONS[code_of(wrong)]) from wrong


def message_of(document: bytes) -> Usual | Parts:
    """Return the single message of a body, or it unread in a batch of one.

    Raises
    ------
    UnreadableBody
        It is no JSON object.
    """
    try:
        return _USUAL.decode(document)
    except UNDECODABLE:
        try:
            raw = msgspec.json.decode(document, type=msgspec.Raw)
        except UNDECODABLE as wrong:
            raise UnreadableBody(why=REASONS[code_of(wrong)]) from wrong
        if document.lstrip()[:1] != b"{":
            raise UnreadableBody(why=REASONS["not_an_object"]) from None
        return Parts([raw])


def usual_of(raw: msgspec.Raw) -> Usual:
    """Return one message.

    Raises
    ------
    msgspec.DecodeError, UnicodeDecodeError, RecursionError
        It cannot be read as it is; `mended` may.
    """
    return _USUAL.decode(raw)


def code_of(wrong: BaseException) -> str:
    """Return the code of `ganj.log.REASONS` for what a decoder raised."""
    if isinstance(wrong, UnicodeDecodeError):
        return "not_text"
    if isinstance(wrong, RecursionError):
        return "too_deep"
    if "out of range" in str(wrong):
        return "bad_number"
    return "bad_field" if isinstance(wrong, msgspec.ValidationError) else "not_json"


def mended(raw: msgspec.Raw) -> Message:
    """Read one message, making texts of numbers where a text belongs.

    Raises
    ------
    Unfit
        It cannot be read, or its values are deep or endless.
    """
    read = _read(raw)
    code = verdict([read.properties, read.context, read.traits])
    if code:
        raise Unfit(code)
    return read


def _read(raw: msgspec.Raw) -> Message:
    try:
        return _MESSAGE.decode(raw)
    except msgspec.ValidationError:
        pass
    except UNDECODABLE as wrong:
        raise Unfit(code_of(wrong)) from wrong
    try:
        loose = msgspec.json.decode(raw)
    except UNDECODABLE as wrong:
        raise Unfit(code_of(wrong)) from wrong
    if not isinstance(loose, dict):
        raise Unfit(code="not_an_object")
    for name in _TEXTS & loose.keys():
        loose[name] = text_of(loose[name])
    try:
        return msgspec.convert(loose, Message)
    except msgspec.ValidationError as wrong:
        raise Unfit(code="bad_field") from wrong


def text_of(value: Any) -> Any:
    """Return a number as the text that people write; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    try:
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53
        return str(int(value) if whole else value)
    except (ValueError, OverflowError):  # more digits than Python writes
        return value
