"""What a name sounds like, whichever alphabet it is written in.

«یوسفی», ``Yousefi`` and ``Yusofy`` have the consonants y-s-f in common.  Short vowels are not written in
Persian and are written at will in Latin, so only consonants are kept, in classes of one sound: ث س ص are
one, ق and غ are one.  و and ی are a consonant in one name and a vowel in another, which the spelling does
not tell: a Persian name has a reading with and one without each.

Source: the romanisations in use in Iranian passports and on the web (gh and q, kh, ou and u, eh and e);
the idea is that of Soundex (Russell, 1918) with the classes of Persian sounds.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

from ganj.persian import name_form

MOST = 4
"""Letters of one name that are read in two ways; of further ones only «vowel» is tried."""
VOWELS = frozenset("aeiou")
OPENING = frozenset("اعآ")
LETTERS = {
    **dict.fromkeys("ثسص", "s"),
    **dict.fromkeys("ذزضظ", "z"),
    **dict.fromkeys("تط", "t"),
    **dict.fromkeys("حه", "h"),
    **dict.fromkeys("غق", "q"),
    **dict.fromkeys("جژ", "j"),
    **dict(zip("بپچخدرشفکگلمن", "bpcxdrSfkglmn", strict=True)),
}
PAIRS = {
    "kh": "x",
    "gh": "q",
    "sh": "S",
    "ch": "c",
    "zh": "j",
    "dj": "j",
    "ph": "f",
    "th": "t",
    "ck": "k",
}
SINGLES = {**{letter: letter for letter in "bdfgjklmnpqrstz"}, "c": "k", "x": "ks", "h": "h"}
SILENT = re.compile("[vyh]")
TWICE = re.compile(r"(.)\1+")
Ways = list[tuple[str, ...]]
"""For each letter, what it may sound like."""
PERSIAN = re.compile("[\u0600-\u06ff]")


@lru_cache(maxsize=200_000)
def sounds(name: str) -> tuple[str, ...]:
    """Return every reading of a name, in its match form, without spaces; one for a Latin name.

    >>> sounds("یوسفی") == ("ysf", "ysfy")
    True
    >>> sounds("yousefi")
    ('ysf',)
    """
    ways = _persian(name) if PERSIAN.search(name) else _latin(name)
    readings = {TWICE.sub(r"\1", "".join(reading)) for reading in product(*ways)}
    return tuple(sorted(readings - {""}))


def sound(name: str) -> str:
    """Return what all readings have in common, without the letters that may be silent: what a name is looked up by."""
    bare = (TWICE.sub(r"\1", reading[:1] + SILENT.sub("", reading[1:])) for reading in sounds(name))
    return min(bare, default="")


def spoken(text: str) -> tuple[str, ...]:
    """Return the readings of a name as it was written."""
    return sounds(name_form(text))


def _persian(name: str) -> Ways:
    ways: Ways = []
    open_ = 0
    for at, letter in enumerate(name):
        if at == 0 and letter in OPENING:
            ways.append(("a",))
        elif letter in "وی":
            consonant = "v" if letter == "و" else "y"
            open_ += at > 0
            ways.append((consonant,) if at == 0 else ("", consonant) if open_ <= MOST else ("",))
        elif letter == "ه" and at == len(name) - 1 > 0:
            continue  # «فاطمه»: not heard
        else:
            ways.append((LETTERS.get(letter, ""),))
    return ways


def _latin(name: str) -> Ways:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if "a" <= c <= "z")
    ways: Ways = []
    at = open_ = 0
    while at < len(plain):
        pair = plain[at : at + 2]
        if pair == "th" and open_ < MOST:
            ways.append(("t", "th"))  # Fatemeh and Fathi
            open_ += 1
        else:
            ways.append((PAIRS.get(pair) or _letter(plain, at),))
        at += 2 if pair in PAIRS else 1
    return ways


def _letter(plain: str, at: int) -> str:
    letter, after = plain[at], plain[at + 1 : at + 2]
    if letter in VOWELS:
        return "a" if at == 0 else ""
    if letter in "vwy":
        consonant = "y" if letter == "y" else "v"
        return consonant if after in VOWELS and after else "v" * (letter == "v")
    if letter == "h" and not after and at:
        return ""
    if letter == "c" and after in {"e", "i", "y"}:
        return "s"
    return SINGLES[letter]
