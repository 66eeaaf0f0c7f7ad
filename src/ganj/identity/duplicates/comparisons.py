"""Which columns are compared and how: one entry a role."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from ganj.identity.duplicates import levels as say
from ganj.identity.duplicates.levels import Compared, Level, name


def compared(columns: Collection[str]) -> tuple[Compared, ...]:
    """Return the comparisons for which the columns are there."""
    whole = "whole" in columns
    names = (
        name("given", "family" if whole else None, common=True),
        name("family", "given" if whole else None, common=False),
    )
    found = [one for one in (*names, *OTHERS) if one.name in columns]
    if "area" in columns and "street" in columns:
        found = [_exchangeable(one) for one in found]
    return tuple(found)


def _exchangeable(one: Compared) -> Compared:
    """Let the two lines of an address be exchanged."""
    if one.name not in {"street", "area"}:
        return one
    swapped = Level("street_l = area_r or area_l = street_r", say.PLACES, 0.02, 1e-4)
    levels, needs = (one.levels[0], swapped, *one.levels[1:]), (*one.needs, "street", "area")
    return dataclasses.replace(one, levels=levels, needs=needs)


def _null(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


def _one_off(name: str) -> str:
    """Say that one letter is other, missing or exchanged; the costly count only where one half is the same."""
    left, right, half = f"{name}_l", f"{name}_r", f"length({name}_l) // 2"
    return (
        f"(left({left}, {half}) = left({right}, {half}) or right({left}, {half} - 1) = right({right}, {half} - 1))"
        f" and damerau_levenshtein({left}, {right}) <= 1"
    )


def _else(m: float, u: float) -> Level:
    return Level("else", say.DIFFERENT, m, u)


def _same(column: str, m: float, u: float) -> Level:
    return Level(f"{column}_l = {column}_r", say.SAME, m, u, column)


def _number(name: str, *, vetoes: bool) -> Compared:
    """Compare a number that one person has and no other."""
    off = f"damerau_levenshtein({name}_l, {name}_r)"
    ways = (
        Level(f"{name}_l = {name}_r", say.SAME, 0.9, 1e-6),
        Level(_one_off(name), say.ONE_DIGIT, 0.06, 1e-5),
        Level(f"{off} <= 2", say.TWO_DIGITS, 0.02, 1e-3),
        _else(0.02, 0.99),
    )
    return Compared(name, _null(name), ways, (name,), vetoes=vetoes)


def _place(name: str, usual: float) -> Compared:
    """Compare a short text of an address."""
    ways = (
        _same(name, 0.8, usual),
        Level(f"jaro_winkler_similarity({name}_l, {name}_r) >= 0.9", say.CLOSE, 0.08, usual),
        _else(0.12, 1 - 2 * usual),
    )
    return Compared(name, _null(name), ways, (name,), shared=True)


PHONE = Compared(
    "phone",
    _null("phone"),
    (
        _same("phone", 0.6, 2e-5),
        Level("list_has_any(phones_l, phones_r)", say.ONE_OF_THEM, 0.1, 2e-5),
        Level(_one_off("phone"), say.ONE_DIGIT, 0.04, 2e-5),
        Level("right(phone_l, 7) = right(phone_r, 7)", say.ENDS, 0.01, 2e-5),
        _else(0.25, 0.999),
    ),
    ("phone", "phones"),
    shared=True,
)
EMAIL = Compared(
    "email",
    _null("email"),
    (
        _same("email", 0.6, 2e-5),
        Level("mailbox_l = mailbox_r and length(mailbox_l) > 4", say.MAILBOX, 0.08, 2e-5),
        Level("jaro_winkler_similarity(mailbox_l, mailbox_r) >= 0.92", say.CLOSE, 0.07, 1e-4),
        _else(0.25, 0.999),
    ),
    ("email", "mailbox"),
    shared=True,
)
BIRTHDAY = Compared(
    "birthday",
    _null("birthday"),
    (
        _same("birthday", 0.85, 5e-5),
        Level(
            "left(birthday_l, 4) = left(birthday_r, 4) and substr(birthday_l, 5, 2) = right(birthday_r, 2) and right(birthday_l, 2) = substr(birthday_r, 5, 2)",
            say.DAY_MONTH, 0.02, 2e-5,
        ),
        Level(_one_off("birthday"), say.ONE_DIGIT, 0.06, 1e-3),
        Level(
            "(left(birthday_l, 4) = left(birthday_r, 4))::int + (substr(birthday_l, 5, 2) = substr(birthday_r, 5, 2))::int"
            " + (right(birthday_l, 2) = right(birthday_r, 2))::int = 2",
            say.TWO_PARTS, 0.03, 5e-3,
        ),
        Level("left(birthday_l, 4) = left(birthday_r, 4)", say.SAME_YEAR, 0.01, 0.015),
        _else(0.03, 0.98),
    ),
    ("birthday",),
)  # fmt: skip
STREET = Compared(
    "street",
    _null("street"),
    (
        _same("street", 0.65, 5e-4),
        Level("jaro_winkler_similarity(street_l, street_r) >= 0.92", say.CLOSE, 0.1, 1e-3),
        Level(
            "3 * len(list_intersect(street_words_l, street_words_r)) > len(street_words_l) + len(street_words_r)",
            say.ALIKE, 0.08, 2e-3,
        ),
        _else(0.17, 0.996),
    ),
    ("street", "street_words"),
    shared=True,
)  # fmt: skip
CITY = Compared(
    "city",
    _null("city"),
    (
        _same("city", 0.75, 0.03),
        Level(
            "city_sound_l = city_sound_r and list_has_any(city_sounds_l, city_sounds_r)",
            say.SOUNDS,
            0.05,
            0.01,
        ),
        Level("jaro_winkler_similarity(city_l, city_r) >= 0.9", say.CLOSE, 0.05, 0.005),
        _else(0.15, 0.955),
    ),
    ("city", "city_sound", "city_sounds"),
    shared=True,
)
POSTCODE = Compared(
    "postcode",
    _null("postcode"),
    (
        _same("postcode", 0.8, 1e-3),
        Level(_one_off("postcode"), say.ONE_DIGIT, 0.08, 5e-3),
        _else(0.12, 0.994),
    ),
    ("postcode",),
    shared=True,
)
HOUSE = Compared(
    "house",
    _null("house"),
    (
        _same("house", 0.8, 0.01),
        Level(_one_off("house"), say.ONE_DIGIT, 0.08, 0.08),
        _else(0.12, 0.91),
    ),
    ("house",),
    shared=True,
)
STATE = Compared(
    "state", _null("state"), (_same("state", 0.9, 0.15), _else(0.1, 0.85)), ("state",), shared=True
)

OTHERS = (
    _number("national_code", vetoes=True),
    _number("document", vetoes=False),
    PHONE,
    EMAIL,
    BIRTHDAY,
    STREET,
    HOUSE,
    _place("area", 1e-3),
    CITY,
    POSTCODE,
    STATE,
)
