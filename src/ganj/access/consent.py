"""What a customer allowed: the last word on each channel, and every word before it.

Consent is said by events (`GIVEN`, `WITHDRAWN`, with the channel among their properties) and by traits
that sources carry (``email_consent``, ``sms_opt_out`` …).  The latest word holds; of two of the same
moment the one that forbids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ganj.text import Text

GIVEN, WITHDRAWN, UNSUBSCRIBED = "Consent Given", "Consent Withdrawn", "Unsubscribed"
EVENTS = (GIVEN, WITHDRAWN, UNSUBSCRIBED)
CHANNELS: dict[str, Text] = {
    "email": Text("E-mail", "ایمیل"),
    "sms": Text("SMS", "پیامک"),
    "call": Text("Call", "تماس تلفنی"),
    "push": Text("Push message", "اعلان"),
    "messenger": Text("Messenger", "پیام‌رسان"),
    "post": Text("Post", "پست"),
    "onsite": Text("On the site", "در سایت"),
    "tracking": Text("Tracking", "ردگیری رفتار"),
}
_OTHER_WORDS = {
    "mail": "email", "e-mail": "email", "text": "sms", "mobile": "sms", "phone": "call", "voice": "call",
    "webpush": "push", "notification": "push", "whatsapp": "messenger", "telegram": "messenger",
    "analytics": "tracking", "cookies": "tracking",
}  # fmt: skip
_YES = frozenset({"true", "1", "1.0", "yes", "y", "given", "granted", "opt-in", "بله", "دارد"})
_NO = frozenset({"false", "0", "0.0", "no", "n", "withdrawn", "denied", "opt-out", "خیر", "ندارد"})
_MOST = 40  # letters of a channel's name


class Statement(msgspec.Struct, frozen=True):
    """One word on a channel.

    Attributes
    ----------
    channel : one of `CHANNELS`, or a name of the source's own
    given : whether it allows
    time : µs UTC; None where it is not known
    source : who told us
    how : how it was given, as far as that was said: a form, a call
    """

    channel: str
    given: bool
    time: int | None
    source: str = ""
    how: str = ""


class Consent(msgspec.Struct, frozen=True):
    """What holds for a channel: the last statement and all, newest first."""

    channel: str
    given: bool
    history: tuple[Statement, ...]

    @property
    def last(self) -> Statement:
        """The statement that holds."""
        return self.history[0]


def fold(statements: Iterable[Statement]) -> dict[str, Consent]:
    """Return what holds for each channel that anything was said of, in the order of `CHANNELS`."""
    by_channel: dict[str, list[Statement]] = {}
    for said in statements:
        by_channel.setdefault(said.channel, []).append(said)
    for told in by_channel.values():
        told.sort(key=lambda one: (one.time is None, -(one.time or 0), one.given))
    known = list(CHANNELS)
    places = sorted(by_channel, key=lambda name: (known.index(name) if name in known else len(known), name))
    return {name: Consent(name, by_channel[name][0].given, tuple(by_channel[name])) for name in places}


def of_event(event: Mapping[str, Any]) -> list[Statement]:
    """Return what an event of `EVENTS` says: it may name several channels."""
    properties = event.get("properties") or {}
    given = event["event"] == GIVEN
    told = properties.get("channel") or properties.get("channels")
    if told is None:
        told = event.get("channel") or ("email" if event["event"] == UNSUBSCRIBED else None)
    names = told if isinstance(told, list) else [told]
    how = str(properties.get("how") or properties.get("method") or "")
    source = str(event.get("source") or "")
    return [
        Statement(channel_of(str(name)), given, event["time"], source, how)
        for name in names
        if name is not None and str(name).strip()
    ]


def of_trait(name: str, value: Any, source: str | None, time: int | None) -> Statement | None:
    """Return what a trait says of a channel, if it is one that does."""
    found = _channel_in(name.lower())
    word = str(value).strip().lower()
    if found is None or word not in _YES | _NO:
        return None
    channel, allows = found
    return Statement(channel, (word in _YES) == allows, time, source or "")


def _channel_in(name: str) -> tuple[str, bool] | None:
    """Return the channel that a trait's name speaks of, and whether its yes allows."""
    if name == "unsubscribed":
        return "email", False
    for end, allows in (("_consent", True), ("_opt_in", True), ("_opt_out", False), ("_unsubscribed", False)):
        if name.endswith(end) and len(name) > len(end):
            return channel_of(name.removesuffix(end)), allows
    return (channel_of(name.removeprefix("consent_")), True) if name.startswith("consent_") else None


def channel_of(name: str) -> str:
    """Return a channel's own name: what sources call ``mail`` is ``email``."""
    plain = " ".join(name.lower().split())[:_MOST]
    return _OTHER_WORDS.get(plain, plain)


def words(channel: str) -> Text:
    """Return what people read for a channel."""
    return CHANNELS.get(channel, Text(channel, channel))
