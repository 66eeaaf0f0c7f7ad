"""The card of a customer that other systems embed: signed for one customer, for minutes, with fixed parts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from ganj.access import tokens
from ganj.access.masking import CLOSED
from ganj.errors import BadParameter, GanjError, UnknownName
from ganj.parameters import param
from ganj.text import Text
from ganj.workspace.profiles import finding, kept, whole
from ganj.workspace.profiles.telling import surest

if TYPE_CHECKING:
    from ganj.workspace import Workspace

AUDIENCE = "ganj:embed:customer"
Part = Literal["who", "figures", "stage", "scores", "segments", "timeline", "notes"]
PARTS: tuple[Part, ...] = ("who", "figures", "stage", "scores", "segments", "timeline", "notes")
USUAL: tuple[Part, ...] = ("who", "figures", "stage", "scores", "timeline")
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:\d{1,5})?")


class Gone(tokens.BadToken):
    """A card of a customer whose number is another's by now: after a merge, or an import taken back."""

    status = 410
    says = Text(
        "This customer is no longer the one the link was made for.", "این پیوند دیگر به همان مشتری نمی‌رسد."
    )


class NotOnCard(GanjError):
    """A part that a card's token does not name. Facts: ``part``."""

    status = 403
    says = Text("This link does not show {part}.", "این پیوند «{part}» را نشان نمی‌دهد.")
    hint = Text("Name the part when the link is made.", "هنگام ساختن پیوند این بخش را نام ببرید.")


class Embedding(msgspec.Struct, frozen=True, kw_only=True):
    """Where cards may be shown, and for how long a link holds."""

    origins: Annotated[
        tuple[str, ...],
        param("Sites that may show cards", "سایت‌هایی که می‌توانند کارت را نشان دهند", max_length=50),
    ] = ()
    minutes: Annotated[
        int, param("Longest life of a link, minutes", "بیشترین عمر پیوند، به دقیقه", ge=1, le=60)
    ] = 10

    def __post_init__(self) -> None:
        """Refuse what is no origin: it would become part of a header."""
        for origin in self.origins:
            if not _ORIGIN.fullmatch(origin):
                why = Text(
                    "write it like https://crm.example.com.", "آن را مانند https://crm.example.com بنویسید."
                )
                raise BadParameter(parameter="origins", value=origin, why=why)


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a system asks when it wants a card.

    Attributes
    ----------
    customer : number; or
    phone, email, id : an identifier of that kind (``id`` is the number in the CRM); or
    identifier : one of any kind
    parts : what the card shows; nobody can widen it later
    masked : whether identifiers are hidden in part
    """

    customer: int | None = None
    phone: str = ""
    email: str = ""
    id: str = ""
    identifier: str = ""
    language: Literal["fa", "en", ""] = ""
    theme: Literal["auto", "light", "dark"] = "auto"
    parts: tuple[Part, ...] = USUAL
    masked: bool = True
    minutes: int | None = None


class Claims(msgspec.Struct, frozen=True):
    """What a token says.

    Attributes
    ----------
    sub : the customer's number
    chk : a keyed hash of the surest identifier, so that the number cannot come to mean someone else
    """

    aud: str
    iat: int
    exp: int
    sub: int
    chk: str
    lang: Literal["fa", "en"]
    theme: Literal["auto", "light", "dark"]
    parts: tuple[Part, ...]
    masked: bool = True


class Issued(msgspec.Struct, frozen=True):
    """A token, where its card is, and when it ends, seconds since 1970."""

    token: str
    path: str
    expires: int


class Key(msgspec.Struct, frozen=True):
    """What tokens are signed with; random, kept in the workspace."""

    id: str
    secret: str

    @property
    def raw(self) -> bytes:
        """The 32 bytes."""
        return base64.b64decode(self.secret)


def embedding(workspace: Workspace) -> Embedding:
    """Return where cards may be shown."""
    return kept.value(workspace.store.control, "embedding", Embedding)


def issue(workspace: Workspace, order: Order) -> Issued:
    """Sign a token for one customer.

    Raises
    ------
    UnknownName, SeveralCustomers
        The customer is not there, or not the only one.
    BadParameter
        The link would hold longer than the settings allow.
    """
    number = _meant(workspace, order)
    most = embedding(workspace).minutes
    minutes = most if order.minutes is None else order.minutes
    if not 1 <= minutes <= most:
        why = Text(f"it must be between 1 and {most}.", f"باید میان ۱ و {most} باشد.")
        raise BadParameter(parameter="minutes", value=str(minutes), why=why)
    key, now = _key(workspace), int(time.time())
    claims = Claims(
        aud=AUDIENCE,
        iat=now,
        exp=now + 60 * minutes,
        sub=number,
        chk=_mark(key, *surest(workspace, number)),
        lang=order.language or workspace.settings.language,
        theme=order.theme,
        parts=tuple(part for part in PARTS if part in order.parts),
        masked=order.masked,
    )
    token = tokens.sign(key.raw, key.id, claims)
    return Issued(token, f"/embed/customer/{token}", claims.exp)


def read(workspace: Workspace, token: str) -> Claims:
    """Return what a token says.

    Raises
    ------
    BadToken, TokenEnded, Gone
        It is not one of ours, its time is over, or the customer is another by now.
    """
    key = _key(workspace)
    claims = tokens.read(key.raw, key.id, token, Claims, AUDIENCE)
    known = workspace.store.profile(claims.sub)
    marks = [_mark(key, row[0], row[1]) for row in known["identifiers"]] if known else []
    if not any(hmac.compare_digest(mark, claims.chk) for mark in marks):
        raise Gone
    return claims


def told(workspace: Workspace, token: str) -> dict[str, Any]:
    """Return what a card shows as JSON: the parts its token names, identifiers as it allows."""
    claims = read(workspace, token)
    profile = workspace.customer(claims.sub)
    privacy = CLOSED if claims.masked else workspace.profiles.privacy
    everything = whole.whole(workspace, profile, workspace.settings, privacy, claims.parts)
    return {**everything, "parts": claims.parts, "expires": claims.exp}


def revoke(workspace: Workspace) -> str:
    """Sign with a new key from here on, so that every link ends now; returns the key's name."""
    key = Key(secrets.token_hex(4), base64.b64encode(secrets.token_bytes(32)).decode())
    kept.put(workspace.store.control, "embed_key", msgspec.to_builtins(key))
    return key.id


def _key(workspace: Workspace) -> Key:
    control = workspace.store.control
    if kept.raw(control, "embed_key") is None:
        revoke(workspace)
    return msgspec.convert(kept.raw(control, "embed_key"), Key)


def _mark(key: Key, kind: str, value: str) -> str:
    return hmac.new(key.raw, f"{kind}\n{value}".encode(), hashlib.sha256).hexdigest()[:16]


def _meant(workspace: Workspace, order: Order) -> int:
    if order.customer is not None:
        return finding.known(workspace, order.customer)
    for kind, value in (("phone", order.phone), ("email", order.email), ("customer_id", order.id)):
        if value:
            return finding.find(workspace, value, kind)
    if not order.identifier:
        raise UnknownName(kind=finding.CUSTOMER, name="", near="customer, phone, email, id, identifier")
    return finding.find(workspace, order.identifier)
