"""People as they are compared: every column in the one form that its spellings have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from ganj.calendar import parse_date
from ganj.calendar.reading import BadDate
from ganj.identity.duplicates.columns import meanings
from ganj.identity.duplicates.keyboard import slips
from ganj.identity.duplicates.sounds import sound, sounds
from ganj.persian import ascii_digits, match_form, name_form, national_code, phone
from ganj.persian.identifiers import figures
from ganj.persian.letters import TITLES, per_distinct

Columns = dict[str, pa.Array]
WORDS = re.compile(r"[^\W_]+")
TEXTS = pa.list_(pa.string())
LATER = 25
"""A year that is 1405 is Jalali, and one that has not come yet, written with two digits, is of last century."""


COLUMNS = {
    "id": pa.int32(),
    **dict.fromkeys(("given", "family", "whole", "email", "mailbox", "phone", "birthday"), pa.string()),
    **{f"{role}_{what}": pa.string() for role in ("given", "family") for what in ("sound", "slip")},
    **dict.fromkeys(("national_code", "document", "postcode", "state"), pa.string()),
    **dict.fromkeys(("street", "house", "area", "city", "city_sound"), pa.string()),
    **dict.fromkeys(("given_sounds", "family_sounds", "city_sounds", "street_words", "phones"), TEXTS),
}
"""What is compared; a column that is not known is all null."""


def comparable(people: pa.Table, told: Mapping[str, str] | None = None) -> pa.Table:
    """Return the columns that are compared: ``id`` int32 (the row), then those whose meaning is known.

    Parameters
    ----------
    people : one row a person; columns of any names and types
    told : a column's role, where it is not what its name says

    Returns
    -------
    pa.Table
        ``given family`` (name forms), ``given_sounds family_sounds`` (their readings), ``given_sound
        family_sound`` (the shortest), ``given_slip family_slip`` (what was meant where the other keyboard
        was on), ``whole`` (both together); ``phones`` (all) and ``phone`` (the first), ``email`` and
        ``mailbox`` (before the @), ``birthday`` (eight digits), numbers and places.
    """
    roles = meanings([name for name in people.column_names if name != "id"], told)
    out: Columns = {"id": pa.array(range(people.num_rows), pa.int32())}
    out |= _names(people, roles)
    for role, read in READERS.items():
        if role in roles:
            out[role] = _first(people, roles[role], read)
    if "phone" in roles:
        out |= _phones(people, roles["phone"])
    if "email" in out:
        out["mailbox"] = per_distinct(out["email"], lambda text: text.partition("@")[0] or None)
    if "city" in out:
        out["city_sounds"] = _lists(out["city"], sounds)
        out["city_sound"] = per_distinct(out["city"], sound)
    if "street" in out:
        out["street_words"] = _lists(out["street"], lambda text: tuple(sorted(set(WORDS.findall(text)))))
        out["street"] = per_distinct(out["street"], lambda text: text.replace(" ", ""))
    return pa.table({name: out.get(name, pa.nulls(people.num_rows, kind)) for name, kind in COLUMNS.items()})


def _names(people: pa.Table, roles: Mapping[str, Sequence[str]]) -> Columns:
    written = {role: _first(people, roles[role], str.strip) for role in ("given", "family") if role in roles}
    if "name" in roles:
        whole = _first(people, roles["name"], str.strip)
        for role, part in (("given", _first_word), ("family", _other_words)):
            split = per_distinct(whole, part)
            written[role] = pc.coalesce(written[role], split) if role in written else split
    out: Columns = {}
    for role, texts in written.items():
        out |= _name(role, texts)
    if {"given", "family"} <= out.keys():
        out["whole"] = pc.binary_join_element_wise(out["given"], out["family"], "", null_handling="emit_null")
    return out


def _name(role: str, texts: pa.Array) -> Columns:
    meant = slips(texts.to_pylist())
    form = per_distinct(texts, lambda text: name_form(text) or None)
    return {
        role: form,
        f"{role}_sounds": _lists(form, sounds),
        f"{role}_sound": per_distinct(form, lambda text: sound(text) or None),
        f"{role}_slip": per_distinct(texts, meant.get),
    }


def _kept_words(text: str) -> list[str]:
    words = [word for word in re.split(r"[\s.\-_،,]+", text) if word]
    return [word for word in words if match_form(word) not in TITLES] or words


def _first_word(text: str) -> str | None:
    words = _kept_words(text)
    return words[0] if len(words) > 1 else None


def _other_words(text: str) -> str | None:
    words = _kept_words(text)
    return " ".join(words[1:] or words) or None


def _phones(people: pa.Table, names: Sequence[str]) -> Columns:
    columns = [per_distinct(_texts(people[name]), phone_form).to_pylist() for name in names]
    rows = [tuple(dict.fromkeys(n for n in row if n)) for row in zip(*columns, strict=True)]
    return {
        "phone": pa.array([row[0] if row else None for row in rows], pa.string()),
        "phones": pa.array([row or None for row in rows], TEXTS),
    }


def _first(people: pa.Table, names: Sequence[str], read: Callable[[str], str | None]) -> pa.Array:
    """Return the first of some columns that says something, as ``read`` reads it."""
    columns = [per_distinct(_texts(people[name]), lambda text: read(text) or None) for name in names]
    return pc.coalesce(*columns)


def _texts(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.nulls(0, pa.string())
    return whole if pa.types.is_string(whole.type) else whole.cast(pa.string())


def _lists(texts: pa.Array, change: Callable[[str], Sequence[str]]) -> pa.Array:
    """Return a list of texts for each text, made once for each different one."""
    coded = pc.dictionary_encode(texts)
    made = [list(change(text)) or None for text in coded.dictionary.to_pylist()]
    return pa.array(made, TEXTS).take(coded.indices)


# ---- one text


def phone_form(text: str) -> str | None:
    """Return a number in E.164, or its digits where the country is not known; None below five digits."""
    digits = re.sub(r"\D", "", figures(text))
    return phone(text) or (digits if len(digits) >= 5 else None)


def email_form(text: str) -> str | None:
    """Return an address in lower case, without what is written around it; None where there is no @."""
    plain = ascii_digits(text).strip().strip("<>\"'").removeprefix("mailto:").lower()
    return plain if re.fullmatch(r"[^@\s]+@[^@\s]+", plain) else None


def code_form(text: str) -> str | None:
    """Return a national code, or the digits of what is not quite one, its lost zeros put back."""
    digits = figures(text)
    return national_code(text) or (digits.zfill(10) if 8 <= len(digits) <= 10 else digits or None)


@cache
def birthday_form(text: str) -> str | None:
    """Return a date as eight digits, Gregorian whichever calendar it was written in.

    Eight digits that are no date are kept: a slip of one digit is compared like any other.
    """
    try:
        return parse_date(text).strftime("%Y%m%d").zfill(8)
    except BadDate:
        digits = re.sub(r"\D", "", ascii_digits(text))
        return digits[:8] if len(digits) >= 8 else None


def text_form(text: str) -> str | None:
    """Return words in their match form, single spaces between them."""
    return " ".join(WORDS.findall(match_form(text))) or None


def compact_form(text: str) -> str | None:
    """Return a code's letters and digits."""
    return "".join(WORDS.findall(match_form(text))) or None


READERS: dict[str, Callable[[str], str | None]] = {
    "email": email_form,
    "national_code": code_form,
    "document": compact_form,
    "birthday": birthday_form,
    "street": text_form,
    "house": compact_form,
    "area": compact_form,
    "city": compact_form,
    "postcode": compact_form,
    "state": compact_form,
}
