"""What happens to Persian records on their way through forms, spreadsheets and phones.

*Innocent* noise changes the spelling and nothing else; a *slip* changes a letter or a digit.  It is written
here from what such tables look like, apart from how ganj mends it.
"""

from __future__ import annotations

import datetime as dt
import random

from persiantools.jdatetime import JalaliDate

ZWNJ = "\u200c"
ARABIC = str.maketrans("یک", "يك")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
LETTERS = "ابپتجچخدرزسشفقکگلمنوهی"
KEYS = "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدئو"
LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,"
TYPED_LATIN = dict(zip(KEYS, LATIN_KEYS, strict=True)) | {
    "آ": "H",
    "پ": "\\",
    "ژ": "C",
}
VARIANTS = [
    ("ou", "oo"),
    ("ou", "u"),
    ("ee", "i"),
    ("gh", "q"),
    ("ei", "ey"),
    ("eh", "e"),
    ("a", "aa"),
    ("oo", "ou"),
    ("i", "ee"),
]
TITLES = ("آقای ", "خانم ", "مهندس ", "دکتر ")


def letters(rng: random.Random, text: str) -> str:
    """Spell a text as another keyboard or person would: ي and ك, with or without the half-space, a title."""
    if rng.random() < 0.4:
        text = text.translate(ARABIC)
    if ZWNJ in text and rng.random() < 0.6:
        text = text.replace(ZWNJ, rng.choice(("", " ")))
    if rng.random() < 0.05:
        text = text.replace("ا", "اَ", 1)
    return rng.choice(TITLES) + text if rng.random() < 0.03 else text


def latin(rng: random.Random, spelling: str) -> str:
    """Write a name in Latin letters, in one of the spellings people use."""
    before, after = rng.choice(VARIANTS)
    text = spelling.replace(before, after, 1) if rng.random() < 0.4 else spelling
    return text.title() if rng.random() < 0.7 else text


def other_keyboard(text: str) -> str:
    """Type a Persian text while the Latin keyboard is on."""
    return "".join(TYPED_LATIN.get(letter, letter) for letter in text)


def digits(rng: random.Random, number: str) -> str:
    return number.translate(PERSIAN_DIGITS) if rng.random() < 0.3 else number


def lost_zeros(rng: random.Random, number: str) -> str:
    """Read a number as a spreadsheet does."""
    return number.lstrip("0") if rng.random() < 0.5 else number


def date(rng: random.Random, day: dt.date) -> str:
    """Write a date in one of the forms that forms ask for."""
    jalali = JalaliDate(day)
    forms = (
        f"{jalali.year}/{jalali.month:02}/{jalali.day:02}",
        f"{jalali.year}/{jalali.month}/{jalali.day}",
        f"{jalali.year:04}{jalali.month:02}{jalali.day:02}",
        day.isoformat(),
        day.strftime("%d/%m/%Y"),
    )
    return digits(rng, rng.choice(forms))


def slip(rng: random.Random, text: str) -> str:
    """Put one letter or digit wrong: another, one left out, two exchanged, one doubled."""
    at = rng.randrange(len(text))
    pool = "0123456789" if text[at].isdigit() else LETTERS
    ways = (
        text[:at] + rng.choice(pool) + text[at + 1 :],
        text[:at] + text[at + 1 :],
        text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
        text[:at] + text[at] + text[at:],
    )
    return rng.choice(ways) or text
