"""Numbers that identify people, companies and accounts in Iran: read, repaired, checked, masked.

Every reader takes what a person or a spreadsheet wrote and returns the one canonical form, or None where it
is none.  Spreadsheets drop leading zeros and turn long numbers into 9.12E+09; what they lost is put back
only where nothing but one answer is possible.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.persian.letters import INVISIBLE, ZWNJ, ascii_digits, per_distinct

IGNORED = str.maketrans(dict.fromkeys(" \t\r\n\u00a0\u202f-–−_.()/'\u2009" + INVISIBLE + ZWNJ, None))
FLOAT = re.compile(r"\d+[.٫]0+")
SCIENTIFIC = re.compile(r"(\d)(?:[.,٫](\d+))?[eE]\+?(\d{1,2})")
MOBILE = re.compile(r"(?:(?:\+|00)?98|0)?(9\d{9})")
MOBILE_DOUBLED = re.compile(r"(?:\+|00)?980(9\d{9})")
INTERNATIONAL = re.compile(r"(?:\+|00)([1-9]\d{6,14})")
LANDLINE = re.compile(r"(?:(?:\+|00)?98|0)([1-8]\d{9})")
LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)


def figures(text: str) -> str:
    """Return a written number's digits and plus sign: digits ASCII, spaces and punctuation gone.

    ``9123456789.0`` and ``9.123456789E+09`` are what spreadsheets make of a number; the second is
    undone only where it still holds every digit.
    """
    plain = ascii_digits(text).strip().strip("'\"=")
    scientific = SCIENTIFIC.fullmatch(plain)
    if scientific:
        whole, fraction, power = scientific[1], scientific[2] or "", int(scientific[3])
        # 9.12E+09 has forgotten seven digits: whoever fills them with zeros calls a stranger
        return whole + fraction if len(fraction) == power else ""
    if FLOAT.fullmatch(plain):
        plain = re.split(r"[.٫]", plain)[0]
    return plain.translate(IGNORED)


def mobile(text: str) -> str | None:
    """Return an Iranian mobile number as ``+989123456789``; None where it is none.

    ``09123456789``, ``9123456789`` (the zero lost), ``+98 912 345 6789``, ``00989123456789``,
    ``+9809123456789`` and digits of both alphabets.
    """
    number = figures(text)
    found = MOBILE.fullmatch(number) or MOBILE_DOUBLED.fullmatch(number)
    return "+98" + found[1] if found else None


def phone(text: str) -> str | None:
    """Return any phone number in E.164: Iranian mobiles and land lines with their area code, or + and a country.

    None where the country cannot be known.
    """
    found = mobile(text)
    if found:
        return found
    number = figures(text)
    home = LANDLINE.fullmatch(number)
    if home:
        return "+98" + home[1]
    abroad = INTERNATIONAL.fullmatch(number)
    return "+" + abroad[1] if abroad and not abroad[1].startswith("98") else None


def _check_digit(code: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(code, range(10, 1, -1), strict=False)) % 11
    return int(code[9]) == (total if total < 2 else 11 - total)


def national_code(text: str) -> str | None:
    """Return a person's ten-digit national code; None where its check digit is wrong.

    Eight or nine digits have lost their leading zeros to a spreadsheet and get them back; no place's code
    begins with more than two. Ten equal digits pass the sum and belong to nobody.

    Source: persian-tools, ``verifyIranianNationalId``: weights 10 … 2, modulo 11.
    """
    code = figures(text)
    if not (code.isdigit() and 8 <= len(code) <= 10):
        return None
    code = code.zfill(10)
    if len(set(code)) == 1 or code.startswith("000") or code[3:9] == "000000":
        return None
    return code if _check_digit(code) else None


def legal_id(text: str) -> str | None:
    """Return a company's eleven-digit national id; None where its check digit is wrong.

    Source: persian-tools, ``verifyIranianLegalId``: the tenth digit plus two added to each, weights
    29 27 23 19 17 twice, modulo 11.
    """
    code = figures(text)
    if not (code.isdigit() and len(code) == 11) or code[3:9] == "000000":
        return None
    shift = int(code[9]) + 2
    total = sum((int(digit) + shift) * weight for digit, weight in zip(code, LEGAL_WEIGHTS, strict=False))
    return code if total % 11 % 10 == int(code[10]) else None


def sheba(text: str) -> str | None:
    """Return a bank account's IBAN, ``IR`` and 24 digits; None where ISO 7064 modulo 97 is not one."""
    code = figures(text).upper()
    digits = code.removeprefix("IR")
    if not (digits.isdigit() and len(digits) == 24):
        return None
    return "IR" + digits if int(digits[2:] + "1827" + digits[:2]) % 97 == 1 else None  # I = 18, R = 27


def card(text: str) -> str | None:
    """Return a bank card's sixteen digits; None where Luhn's sum is wrong."""
    code = figures(text)
    if not (code.isdigit() and len(code) == 16) or len(set(code)) == 1:
        return None
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(code))
    return code if sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0 else None


def mask(code: str, head: int, tail: int) -> str:
    """Return a code with all but its first and last characters as dots."""
    hidden = max(len(code) - head - tail, 0)
    return code[:head] + "•" * hidden + code[len(code) - tail :] if hidden else "•" * len(code)


def mask_national_code(code: str) -> str:
    """Return ``001•••••31``: enough to tell two people apart on one screen, not to be used elsewhere."""
    return mask(code, 3, 2)


def mask_mobile(number: str) -> str:
    """Return ``+98912•••6789``."""
    return mask(number, 6, 4)


def mask_card(code: str) -> str:
    """Return the bank's six digits and the last four, the rest hidden."""
    return mask(code, 6, 4)


def mask_sheba(code: str) -> str:
    """Return an IBAN with its middle hidden."""
    return mask(code, 4, 4)


def mask_email(address: str) -> str:
    """Return ``s•••••@example.com``."""
    name, at, host = address.partition("@")
    return mask(name, 1, 0) + at + host


def column(read: Callable[[str], str | None], values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Apply one of the readers to a column of texts or numbers; string[n], null where it is none."""
    return per_distinct(_texts(values), read)


def _texts(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    column = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _mixed(
    read: Callable[[str], str | None], texts: pa.Array, plain: pa.Array, answers: pa.Array
) -> pa.Array:
    """Return ``answers`` where the text is plainly written, and read the others one by one."""
    odd = pc.fill_null(pc.invert(plain), True)
    return pc.replace_with_mask(answers, odd, per_distinct(texts.filter(odd), read))


def mobiles(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the mobile number of each row, ``+989…``; string[n], null where it is none."""
    texts = _texts(values)
    plain = pc.match_substring_regex(texts, r"^(?:(?:\+|00)?98|0)?9[0-9]{9}$")
    return _mixed(
        mobile, texts, plain, pc.binary_join_element_wise("+98", pc.utf8_slice_codeunits(texts, -10), "")
    )


def phones(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the phone number of each row in E.164; string[n], null where it is none."""
    return pc.coalesce(mobiles(values), column(phone, values))


def national_codes(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the national code of each row; string[n], null where it is none."""
    texts = _texts(values)
    plain = pc.match_substring_regex(texts, r"^[0-9]{8,10}$")
    padded = pc.utf8_lpad(pc.if_else(plain, texts, "0000000000"), 10, "0")
    number = pc.fill_null(padded, "0000000000").cast(pa.int64()).to_numpy()
    digits = number[:, None] // 10 ** np.arange(9, -1, -1) % 10
    rest = digits[:, :9] @ np.arange(10, 1, -1) % 11
    good = digits[:, 9] == np.where(rest < 2, rest, 11 - rest)
    good &= (digits.min(axis=1) != digits.max(axis=1)) & (number >= 10**7) & (number // 10 % 10**6 != 0)
    return _mixed(national_code, texts, plain, pc.if_else(pa.array(good), padded, None))
