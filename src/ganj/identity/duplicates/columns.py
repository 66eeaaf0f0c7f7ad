"""What the columns of a table of people mean, told from their names in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from ganj.errors import UnknownName
from ganj.persian import match_form
from ganj.text import Text

Role = Literal[
    "given", "family", "name", "phone", "email", "national_code", "document", "birthday",
    "street", "house", "area", "city", "postcode", "state",
]  # fmt: skip
ROLES: tuple[str, ...] = get_args(Role)

LABELS = {
    "given": Text("First name", "نام"),
    "family": Text("Last name", "نام خانوادگی"),
    "name": Text("Name", "نام و نام خانوادگی"),
    "phone": Text("Phone", "تلفن"),
    "email": Text("E-mail", "ایمیل"),
    "national_code": Text("National code", "کد ملی"),
    "document": Text("Document number", "شمارهٔ مدرک"),
    "birthday": Text("Birthday", "تاریخ تولد"),
    "street": Text("Address", "نشانی"),
    "house": Text("House number", "پلاک"),
    "area": Text("Area", "محله"),
    "city": Text("City", "شهر"),
    "postcode": Text("Postcode", "کد پستی"),
    "state": Text("Province", "استان"),
}

WORDS = {
    "given": "first name|given name|forename|fname|نام کوچک|اسم|اسم کوچک",
    "family": "last name|surname|family name|family|lname|نام خانوادگی|فامیل|فامیلی|شهرت",
    "name": "name|full name|customer name|contact name|client name|نام و نام خانوادگی|نام کامل|نام مشتری|نام",
    "phone": "phone|mobile|phone number|mobile number|mobile phone|cell|cell phone|tel|telephone|home phone|work phone|"
    "fax|billing phone|تلفن|موبایل|همراه|تلفن همراه|شماره موبایل|شماره تماس|شماره همراه|تلفن ثابت|تلفن منزل",
    "email": "email|e mail|mail|email address|billing email|ایمیل|پست الکترونیک|پست الکترونیکی|رایانامه",
    "national_code": "national code|national id|melli code|کد ملی|شماره ملی",
    "document": "soc sec id|ssn|social security number|passport|passport number|identity number|id card|"
    "شماره شناسنامه|شماره گذرنامه|گذرنامه",
    "birthday": "birthday|birth date|date of birth|dob|born|تاریخ تولد|تولد|روز تولد",
    "street": "address|address 1|address1|street|street address|billing address|billing address 1|آدرس|نشانی|خیابان",
    "house": "house|house number|street number|building number|پلاک|شماره پلاک",
    "area": "address 2|address2|area|neighbourhood|neighborhood|district|محله|منطقه|ناحیه",
    "city": "city|town|suburb|billing city|شهر|شهرستان",
    "postcode": "postcode|post code|postal code|zip|zip code|billing postcode|کد پستی|کدپستی",
    "state": "state|province|region|billing state|استان",
}

KNOWN = {
    re.sub(r"[\W_]+", "", match_form(word)): role
    for role, words in WORDS.items()
    for word in words.split("|")
}


def role_of(name: str) -> str | None:
    """Return what a column of this name means for telling people apart; None for nothing.

    >>> role_of("First name"), role_of("كد ملي"), role_of("favourite colour")
    ('given', 'national_code', None)
    """
    return KNOWN.get(re.sub(r"[\W_]+", "", match_form(name)))


def meanings(names: Iterable[str], told: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """Return the columns of each role, in their order.

    Parameters
    ----------
    names : the table's columns
    told : a column's role, where it is not what its name says; an empty role leaves a column out

    Raises
    ------
    UnknownName
        A column or role that is not there.
    """
    present, given = list(names), dict(told or {})
    for name, role in given.items():
        if name not in present:
            raise UnknownName.among(Text("column", "ستون"), name, present)
        if role and role not in ROLES:
            raise UnknownName.among(Text("role of a column", "نقش ستون"), role, ROLES)
    found: dict[str, list[str]] = {}
    for name in present:
        meant = given.get(name, role_of(name))
        if meant:
            found.setdefault(meant, []).append(name)
    return found
