"""Kinds of identifiers, and the one form in which each is compared.

A value that cannot be put into its form is no identifier: an e-mail without a host or a national code with
a wrong check digit says nothing of who a person is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from ganj.histories import Array
from ganj.persian import ascii_digits, national_code, phone
from ganj.persian.identifiers import figures

CUSTOMER = "customer_id"
EMAIL = "email"
PHONE = "phone"
NATIONAL_CODE = "national_code"
ACCOUNT = "account"
ANONYMOUS = "anonymous_id"
DEVICE = "device"
EXTERNAL = "external:"
"""Prefix of ids that another system gave: ``external:crm``."""

NAMED = (CUSTOMER, EMAIL, PHONE, NATIONAL_CODE, ACCOUNT, ANONYMOUS, DEVICE)
LONGEST = 512
"""Characters of a value; longer ones are no identifiers but mistakes."""

_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]{2,}")
_HOME = re.compile(r"\+98[1-8]\d{9}")
_KIND = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")


def plain(value: str) -> str | None:
    """Return an id as it is, without the spaces around it and the marks nobody sees; letters keep their case."""
    text = unicodedata.normalize("NFC", value).strip().strip("\u200e\u200f\ufeff\u200b")
    return text if 0 < len(text) <= LONGEST and "\x00" not in text else None


def are_plain(values: pa.StringArray) -> Array:
    """Tell which ids `plain` returns as they are, without looking at each: bool[n]; what it doubts is False."""
    good = pc.and_(pc.string_is_ascii(values), pc.equal(pc.ascii_trim_whitespace(values), values))
    size = pc.binary_length(values)
    fits = pc.and_(pc.greater(size, 0), pc.less_equal(size, LONGEST))
    found: Array = pc.and_(good, fits).fill_null(False).to_numpy(zero_copy_only=False)
    return found


def email(value: str) -> str | None:
    """Return an address in small letters, without ``mailto:`` and angle brackets; None where it is none."""
    text = ascii_digits(value).strip().strip("<>").removeprefix("mailto:").strip().lower()
    return text if len(text) <= 254 and _EMAIL.fullmatch(text) else None


def number(value: str, country: str = "98") -> str | None:
    """Return a phone number in E.164; one without a country's code belongs to ``country``."""
    found = phone(value) if country == "98" else None
    if found:
        return found
    digits = figures(value)
    if digits.startswith(("+", "00")):
        return phone(value)
    home = digits.removeprefix("0")
    if country != "98" and digits.isdigit() and 6 <= len(home) <= 14:
        return f"+{country}{home}"
    return None


def is_shared(kind: str, value: str) -> bool:
    """Tell whether many people may answer to it: a land line."""
    return kind == PHONE and _HOME.fullmatch(value) is not None


def kind_of(name: str) -> str | None:
    """Return the kind that another system's name for it stands for; None where it is no name."""
    text = name.strip().lower().replace(" ", "_").removeprefix(EXTERNAL)
    if text in ALIASES:
        return ALIASES[text]
    return EXTERNAL + text if _KIND.fullmatch(text) else None


def said_outright(one: str | None, other: str) -> tuple[tuple[str, str], ...]:
    """Return the identifiers of an alias: both ids, each as a known and as an unknown visitor may carry it.

    Clients send the two ids in either order, and do not say which of them is the visitor's.
    """
    return tuple((kind, value) for value in (one, other) if value for kind in (CUSTOMER, ANONYMOUS))


ALIASES = {
    **{kind: kind for kind in NAMED},
    **dict.fromkeys(("user_id", "userid", "customerid", "distinct_id"), CUSTOMER),
    **dict.fromkeys(("anonymousid", "anon_id", "$anon_distinct_id", "$device_id"), ANONYMOUS),
    **dict.fromkeys(("device_id", "device.id", "deviceid", "advertising_id", "advertisingid"), DEVICE),
    **dict.fromkeys(("ios.idfa", "ios.idfv", "android.idfa", "android.id", "ios.id"), DEVICE),
    **dict.fromkeys(("mail", "e-mail", "email_address"), EMAIL),
    **dict.fromkeys(("mobile", "phone_number", "cellphone", "tel"), PHONE),
    **dict.fromkeys(("nationalcode", "national_id", "nationalid", "melli_code"), NATIONAL_CODE),
    **dict.fromkeys(("group_id", "groupid"), ACCOUNT),
}

_READERS: dict[str, Callable[[str], str | None]] = {EMAIL: email, NATIONAL_CODE: national_code}


@lru_cache(65_536)
def normal(kind: str, value: str, country: str = "98") -> str | None:
    """Return a value in the form in which its kind is compared; None where it is no identifier."""
    if kind == PHONE:
        return number(value, country)
    return _READERS.get(kind, plain)(value)
