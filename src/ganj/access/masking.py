"""Personal identifiers as they are shown: in full, in full when asked for, or never whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec

from ganj import persian
from ganj.parameters import param
from ganj.text import Text

Shown = Literal["full", "click", "masked"]
MASKS: dict[str, Callable[[str], str]] = {
    "national_code": persian.mask_national_code,
    "email": persian.mask_email,
    "phone": persian.mask_mobile,
    "card": persian.mask_card,
    "sheba": persian.mask_sheba,
}
DOTS = re.compile("•{5,}")
WAYS = {
    "full": Text("In full", "کامل"),
    "click": Text("In full when clicked", "کامل، پس از کلیک"),
    "masked": Text("Masked", "پوشیده"),
}
_KINDS = {
    "phone": "phone", "mobile": "phone", "tel": "phone", "telephone": "phone", "cell": "phone",
    "phonenumber": "phone", "mobilenumber": "phone", "تلفن": "phone", "موبایل": "phone", "شمارهموبایل": "phone",
    "شمارهتلفن": "phone", "تلفنهمراه": "phone", "email": "email", "mail": "email", "emailaddress": "email",
    "ایمیل": "email", "پستالکترونیک": "email", "nationalcode": "national_code", "nationalid": "national_code",
    "melli": "national_code", "codemelli": "national_code", "کدملی": "national_code", "شمارهملی": "national_code",
    "card": "card", "cardnumber": "card", "شمارهکارت": "card", "iban": "sheba", "sheba": "sheba", "شبا": "sheba",
}  # fmt: skip
_BETWEEN = re.compile(r"[\s_\-.\u200c]+")


class Privacy(msgspec.Struct, frozen=True, kw_only=True):
    """How personal identifiers are shown on pages, and given by the API and the shell.

    What is shown in full when clicked is given in full to programs; what is masked, to nobody.
    """

    phone: Annotated[Shown, param("Phone numbers", "شماره‌های تلفن", choices=WAYS)] = "click"
    email: Annotated[Shown, param("E-mail addresses", "نشانی‌های ایمیل", choices=WAYS)] = "click"
    national_code: Annotated[
        Shown, param("National codes, cards and accounts", "کدهای ملی، کارت‌ها و حساب‌ها", choices=WAYS)
    ] = "masked"

    def way(self, kind: str) -> Shown:
        """Return how a kind of identifier is shown; what is not personal is shown in full."""
        if kind not in MASKS:
            return "full"
        told: Shown = getattr(self, kind if kind in {"phone", "email"} else "national_code")
        return told

    def shown(self, kind: str, value: str) -> str:
        """Return what a page shows first."""
        return value if self.way(kind) == "full" else masked(kind, value)

    def full(self, kind: str, value: str) -> str:
        """Return what a page shows when clicked; empty where there is nothing more to show."""
        return value if self.way(kind) == "click" else ""

    def given(self, kind: str, value: str) -> str:
        """Return what programs are given."""
        return masked(kind, value) if self.way(kind) == "masked" else value

    def values(self, told: dict[str, Any]) -> dict[str, Any]:
        """Return properties or traits as programs are given them."""
        return {name: self._inside(name, value) for name, value in told.items()}

    def _inside(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return self.values(value)
        if isinstance(value, list):
            return [self._inside(name, one) for one in value]
        kind = kind_of(name)
        known = kind and value is not None and not isinstance(value, bool)
        return self.given(kind, str(value)) if known and self.way(kind) == "masked" else value


CLOSED = Privacy(phone="masked", email="masked", national_code="masked")
"""Nothing whole: for what leaves our pages."""


def masked(kind: str, value: str) -> str:
    """Return an identifier with its middle hidden; what is not personal stays as it is."""
    mask = MASKS.get(kind)
    return DOTS.sub("••••", mask(value)) if mask and value else value


def kind_of(name: str) -> str:
    """Return the kind of identifier that a trait or property of some name holds; empty for none."""
    return _KINDS.get(_BETWEEN.sub("", name.lower()), "")
