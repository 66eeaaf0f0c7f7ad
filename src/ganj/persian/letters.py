"""Persian text as people read it and as it is compared.

One word reaches us in many spellings: with the Arabic ي and ك of old keyboards, with presentation forms out of
PDFs, stretched with tatweel, with and without the half-space.  The *display form* mends letters and spaces
and keeps everything a reader sees; the *match form* is what two spellings have in common, and is never shown.

Source: Lucene's PersianNormalizer for the folding of heh and yeh; Unicode NFKC for presentation forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

ZWNJ = "\u200c"
LETTERS = {
    **dict.fromkeys("يىې", "ی"),
    **dict.fromkeys("كڪ", "ک"),
    **dict.fromkeys("ەہھ", "ه"),
    "ۀ": "هٔ",
}
"""What the display form puts for letters of other keyboards; heh with yeh above is spelled ``هٔ`` throughout."""
LONG = 10_000  # characters
BETWEEN = "\ue000"  # stands between the texts of a column; a private character that nobody writes
INVISIBLE = (
    "\u200b\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\u061c\ufeff\u00ad"
)
MARKS = "".join(chr(c) for c in (*range(0x064B, 0x0653), 0x0654, 0x0655, 0x0656, 0x0670, 0x0640))
"""Short vowels, tanvin, tashdid, hamza above and below, dagger alef, tatweel: not compared."""
PERSIAN_DIGITS, ARABIC_DIGITS, ASCII_DIGITS = "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "0123456789"
TO_ASCII = str.maketrans(PERSIAN_DIGITS + ARABIC_DIGITS, ASCII_DIGITS * 2)
DISPLAY: dict[int, str | None] = {
    **{ord(letter): persian for letter, persian in LETTERS.items()},
    **dict.fromkeys(map(ord, "\u0640" + INVISIBLE), None),
}
SPACES = re.compile(r"\s{2,}|[^\S ]")  # all but a single plain space
HALF_SPACES = re.compile(rf"(?<![^\s{BETWEEN}{ZWNJ}]){ZWNJ}+|{ZWNJ}+(?=[\s{BETWEEN}]|$)")
PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
MATCH: dict[int, str | None] = {
    **{ord(mark): None for mark in MARKS},
    **dict.fromkeys(map(ord, "يىېۍئ"), "ی"),
    **dict.fromkeys(map(ord, "كڪګ"), "ک"),
    **dict.fromkeys(map(ord, "ەہھۀةۃ"), "ه"),
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    ord("ؤ"): "و",
    ord("ء"): None,
    **dict.fromkeys(map(ord, INVISIBLE), None),
    ord(ZWNJ): None,
    **{code: chr(other) for code, other in TO_ASCII.items()},
}
"""Single characters only: the column version replaces them one by one."""


def ascii_digits(text: str) -> str:
    """Return the text with Persian and Arabic digits as ASCII ones."""
    return text.translate(TO_ASCII)


def replaced(text: str, table: dict[int, str | None]) -> str:
    """Translate characters; a long text (a column) by what occurs in it, which is ten times faster."""
    if len(text) < LONG:
        return text.translate(table)
    for code, other in table.items():
        if chr(code) in text:
            text = text.replace(chr(code), other or "")
    return text


def _without_presentation(text: str) -> str:
    """Return the text with the joined shapes that PDFs give back turned into letters."""
    if not PRESENTATION.search(text):
        return text
    return PRESENTATION.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)


def display_form(text: str) -> str:
    """Return the text as a person should read it.

    Letters of other keyboards and presentation forms become Persian ones, tatweel and invisible marks
    go, spaces become single, and a half-space stays only between letters.
    """
    return _display(text.replace(BETWEEN, "")).strip()


def _display(text: str) -> str:
    text = replaced(_without_presentation(text), DISPLAY)
    return SPACES.sub(" ", HALF_SPACES.sub("", text) if ZWNJ in text else text)


def match_form(text: str) -> str:
    """Return what different spellings of a word or name have in common; never shown.

    Beyond the display form: digits are ASCII, vowel signs and hamzas go, half-spaces close up (and so do
    «می‌رود» and «میرود»), Latin letters are lower case.
    """
    return _match(text.replace(BETWEEN, "")).strip()


def _match(text: str) -> str:
    return SPACES.sub(" ", replaced(_without_presentation(text), MATCH)).casefold()


def name_form(text: str) -> str:
    """Return a person's name for comparing: the match form without spaces, signs, titles and «سید».

    «آقای علی‌رضا کریمی» and «عليرضا كريمي» are one.
    """
    words = [word for word in re.split(r"[\s.\-_،,]+", match_form(text)) if word]
    kept = [word for word in words if word not in TITLES]
    return "".join(kept or words)


TITLES = frozenset(
    match_form(word)
    for word in [
        "آقای",
        "آقا",
        "خانم",
        "جناب",
        "سرکار",
        "دکتر",
        "مهندس",
        "حاج",
        "حاجی",
        "سید",
        "سیده",
        "استاد",
        "مشتری",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "eng",
    ]
)


def distinct(values: pa.Array | pa.ChunkedArray) -> Any:
    """Return a column as codes into its different texts."""
    column = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)


def per_distinct(values: pa.Array | pa.ChunkedArray, change: Callable[[str], str | None]) -> pa.Array:
    """Apply a function of one text to a column, once for each different text."""
    coded = distinct(values)
    changed = [None if text is None else change(text) for text in coded.dictionary.to_pylist()]
    return pa.array(changed, pa.string()).take(coded.indices)


def _at_once(values: pa.Array | pa.ChunkedArray, change: Callable[[str], str]) -> pa.Array:
    """Apply a function that works character by character to all texts of a column in one go."""
    coded = distinct(values)
    texts = [(text or "").replace(BETWEEN, "") for text in coded.dictionary.to_pylist()]
    if not texts:
        return pa.nulls(len(coded), pa.string())
    changed = change(BETWEEN.join(texts)).split(BETWEEN)
    return pc.utf8_trim_whitespace(pa.array(changed, pa.string())).take(coded.indices)


def display_forms(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the display form of each text of a column; string[n], null stays null."""
    return _at_once(values, _display)


def match_forms(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the match form of each text of a column; string[n], null stays null."""
    return _at_once(values, _match)


def name_forms(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the name form of each text of a column; string[n], null stays null."""
    return per_distinct(values, name_form)
