"""Widths of words in Vazirmatn, read from the font itself.

Who draws without a browser must know how wide words are; guessed widths misplace Persian titles and drop
labels.  Only two tables of the font are needed: which glyph a letter has (``cmap`` format 4) and how far it
advances (``hmtx``).  Letters that join are narrower than alone; 0.92 is what joining leaves of them on
average over Persian text.

Source: OpenType specification 1.9, "cmap" (subtable format 4), "hmtx", "hhea", "head".
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import numpy as np

ASSETS = Path(__file__).with_name("assets")
"""What the build brings from npm: ECharts, and the fonts it measures and draws with."""
FONT_FILES = ("vazirmatn-regular.ttf", "vazirmatn-semibold.ttf")
JOINED = 0.92
ELLIPSIS = "…"


@cache
def advances() -> dict[int, float]:
    """Return how far each letter of the regular font advances, in ems, by code point."""
    font = (ASSETS / FONT_FILES[0]).read_bytes()
    tables = {
        font[at : at + 4]: struct.unpack(">II", font[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16)
    }
    glyphs = glyphs_of(font, tables[b"cmap"][0])
    (per_em,) = struct.unpack(">H", font[tables[b"head"][0] + 18 :][:2])
    (count,) = struct.unpack(">H", font[tables[b"hhea"][0] + 34 :][:2])
    widths = np.frombuffer(font, ">u2", 2 * count, tables[b"hmtx"][0])[::2]
    return {
        code: round(
            float(widths[min(glyph, count - 1)]) / per_em * (JOINED if 0x620 <= code <= 0x6D5 else 1), 4
        )
        for code, glyph in glyphs.items()
    }


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
    known = advances() if (ASSETS / FONT_FILES[0]).is_file() else {}
    return size * sum(
        known.get(ord(letter), 0.0 if 0x200B <= ord(letter) <= 0x206F else 0.55) for letter in words
    )


def cut(words: str, room: float, size: float = 12) -> str:
    """Shorten words to a room in px, with an ellipsis."""
    if width(words, size) <= room:
        return words
    kept = words
    while kept and width(kept + ELLIPSIS, size) > room:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS
