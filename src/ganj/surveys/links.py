"""A link for each customer: sealed, so that nobody reads who it is for, makes one, or changes one."""

from __future__ import annotations

import base64
import binascii
import time

import msgspec

from ganj.access.sealing import KeyLost, seal, unseal
from ganj.errors import GanjError
from ganj.text import Text

ABOUT = "survey link"
DAY = 86_400  # s


class BrokenLink(GanjError):
    """A link that was cut, changed, or made elsewhere."""

    status = 404
    says = Text("This link does not work.", "این پیوند کار نمی‌کند.")
    hint = Text("Open it again from the message you got.", "آن را دوباره از پیامی که گرفته‌اید باز کنید.")


class LinkTooOld(GanjError):
    """A link whose days are over."""

    status = 410
    says = Text("This survey has ended.", "زمان این نظرسنجی گذشته است.")
    hint = Text("Thank you for your interest.", "از توجه شما سپاسگزاریم.")


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """Whom a link asks: the survey, kind and value of an identifier, and until when (s UTC) it holds."""

    survey: str
    kind: str
    value: str
    until: int


class Links:
    """Makes links under one address.

    Parameters
    ----------
    address : where visitors reach this server, such as ``https://ganj.example.com``
    """

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    def make(self, survey: str, who: tuple[str, str], days: int) -> str:
        """Return the link of one customer."""
        return f"{self._address}/s/{token(survey, who, days)}"


def token(survey: str, who: tuple[str, str], days: int) -> str:
    """Return what stands at the end of a link."""
    asked = Asked(survey, *who, int(time.time()) + days * DAY)
    sealed = seal({"a": msgspec.to_builtins(asked)}, ABOUT)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read(said: str) -> Asked:
    """Return whom a link asks.

    Raises
    ------
    BrokenLink
        It is none of ours.
    LinkTooOld
        Its days are over.
    """
    try:
        sealed = base64.b64decode(said + "=" * (-len(said) % 4), altchars=b"-_", validate=True)
        asked = msgspec.convert(unseal(sealed, ABOUT)["a"], Asked)
    except (ValueError, binascii.Error, KeyLost, msgspec.ValidationError) as wrong:
        raise BrokenLink from wrong
    if asked.until < time.time():
        raise LinkTooOld
    return asked
