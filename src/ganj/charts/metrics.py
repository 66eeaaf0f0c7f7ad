"""Widths of words in Vazirmatn, read from the font itself.

Who draws without a browser must know how wide words are; guessed widths misplace Persian titles and drop
labels.  Only two tables of the font are needed: which glyph a letter has (``cmap`` format 4) and how far it
advances (``hmtx``).  A Persian letter is as wide as the form in which it stands: alone, at the end, at the
beginning or in the middle of joined letters; the font knows these forms by their own code points.

Source: OpenType specification 1.9, "cmap" (subtable format 4), "hmtx", "hhea", "head"; The Unicode Standard 17,
section 9.2 (cursive joining) and the Arabic presentation forms.
"""

from __future__ import annotations

import struct
import unicodedata
from bisect import bisect_left
from functools import cache
from pathlib import Path

import numpy as np

ASSETS = Path(__file__).with_name("assets")
"""What the build brings from npm: ECharts, and the fonts it measures and draws with."""
FONT_FILES = ("vazirmatn-regular.ttf", "vazirmatn-semibold.ttf")
ELLIPSIS = "…"
UNKNOWN = 0.55  # em
PRESENTATION = range(0xFB50, 0xFEFD)
FORMS = {"<isolated>": 0, "<final>": 1, "<initial>": 2, "<medial>": 3}

Shapes = dict[int, list[float | None]]
"""By code point, advances in ems: alone, at the end, at the beginning, in the middle; None where it has no such form."""


@cache
def shapes() -> Shapes:
    """Return the advances of every letter of the regular font in each of its forms."""
    alone = advances()
    known: Shapes = {code: [advance] for code, advance in alone.items() if code not in PRESENTATION}
    for code in PRESENTATION:
        form, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if form in FORMS and len(letters) == 1 and code in alone and int(letters[0], 16) in known:
            forms = known[int(letters[0], 16)]
            forms += [None] * (4 - len(forms))
            forms[FORMS[form]] = alone[code]
    return known


@cache
def advances() -> dict[int, float]:
    """Return how far each code point of the regular font advances, in ems."""
    font = (ASSETS / FONT_FILES[0]).read_bytes()
    tables = {
        font[at : at + 4]: struct.unpack(">II", font[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16)
    }
    glyphs = glyphs_of(font, tables[b"cmap"][0])
    (per_em,) = struct.unpack(">H", font[tables[b"head"][0] + 18 :][:2])
    (count,) = struct.unpack(">H", font[tables[b"hhea"][0] + 34 :][:2])
    widths = np.frombuffer(font, ">u2", 2 * count, tables[b"hmtx"][0])[::2]
    return {code: round(float(widths[min(glyph, count - 1)]) / per_em, 4) for code, glyph in glyphs.items()}


def glyphs_of(font: bytes, start: int) -> dict[int, int]:
    """Return the glyph of each code point of the Basic Multilingual Plane, from ``cmap`` format 4."""
    (offset,) = (
        struct.unpack(">I", font[at + 4 : at + 8])[0]
        for at in range(start + 4, start + 4 + 8 * struct.unpack(">H", font[start + 2 : start + 4])[0], 8)
        if struct.unpack(">HH", font[at : at + 4]) == (3, 1)
    )
    base = start + offset
    count = struct.unpack(">H", font[base + 6 : base + 8])[0] // 2
    ends, firsts, deltas, ranges = (
        np.frombuffer(font, ">u2", count, base + 14 + 2 * count * part + 2 * (part > 0)) for part in range(4)
    )
    glyphs = {}
    for segment in range(count):
        for code in range(int(firsts[segment]), min(int(ends[segment]), 0xFFFE) + 1):
            glyph = code
            if ranges[segment]:
                at = (
                    base
                    + 16
                    + 6 * count
                    + 2 * segment
                    + int(ranges[segment])
                    + 2 * (code - int(firsts[segment]))
                )
                (glyph,) = struct.unpack(">H", font[at : at + 2])
            glyphs[code] = (glyph + int(deltas[segment])) & 0xFFFF
    return glyphs


def width(words: str, size: float = 12) -> float:
    """Return the width of a line of words in px."""
    known = shapes() if (ASSETS / FONT_FILES[0]).is_file() else {}
    letters = [code for code in map(ord, words) if not is_mark(code)]
    total = 0.0
    for at, code in enumerate(letters):
        forms = known.get(code, [0.0 if 0x200B <= code <= 0x200F or 0x202A <= code <= 0x206F else UNKNOWN])
        before = at > 0 and joins(known.get(letters[at - 1]), 2) and joins(forms, 1)
        after = at + 1 < len(letters) and joins(forms, 2) and joins(known.get(letters[at + 1]), 1)
        total += (forms[before + 2 * after] if len(forms) > 1 else forms[0]) or forms[0] or 0.0
    return size * total


def is_mark(code: int) -> bool:
    """Tell whether a code point stands above or below a letter and takes no width of its own."""
    return code == 0x670 or 0x64B <= code <= 0x65F or 0x300 <= code <= 0x36F


def joins(forms: list[float | None] | None, form: int) -> bool:
    """Tell whether a letter has a form: 1 joins it to the letter before, 2 to the one after."""
    return forms is not None and len(forms) > 1 and forms[form] is not None


def lines(words: str, room: float, size: float = 12) -> list[str]:
    """Break words at a space into two lines of a room in px; what does not fit there is shortened."""
    parts = words.split(" ")
    most = max((n for n in range(1, len(parts)) if width(" ".join(parts[:n]), size) <= room), default=0)
    if width(words, size) <= room or not most:
        return [cut(words, room, size)]
    return [" ".join(parts[:most]), cut(" ".join(parts[most:]), room, size)]


def cut(words: str, room: float, size: float = 12) -> str:
    """Shorten words to a room in px, with an ellipsis."""
    if width(words, size) <= room:
        return words
    keep = bisect_left(range(len(words)), 1, key=lambda n: width(words[:n] + ELLIPSIS, size) > room)
    return words[: max(0, keep - 1)].rstrip() + ELLIPSIS
