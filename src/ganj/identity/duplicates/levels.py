"""How alike two values are, in words a reviewer understands and in SQL.

A comparison has levels from «the same» down to «different».  Each has two shares: ``m``, how often pairs
who are one person come out so, and ``u``, how often strangers do; the logarithm of their ratio is what
the level says for or against (Fellegi and Sunter, 1969).  The shares here are those that hold until the data
itself has taught better ones (`ganj.identity.duplicates.training`).
"""

from __future__ import annotations

from dataclasses import dataclass

from ganj.identity.duplicates.columns import LABELS
from ganj.text import Text


@dataclass(frozen=True)
class Level:
    """One answer to «how alike?».

    Attributes
    ----------
    sql : the condition, over ``NAME_l`` and ``NAME_r``; our own words only
    says : the answer in words
    m, u : share of pairs of one person, and of strangers, before anything is learned
    frequency : a column whose common values say less than its rare ones, if any
    """

    sql: str
    says: Text
    m: float
    u: float
    frequency: str | None = None


@dataclass(frozen=True)
class Compared:
    """One column's comparison.

    Attributes
    ----------
    name : the role
    null : when nothing can be said
    levels : best first; the last is «else»
    needs : the columns it reads
    vetoes : whether «different» here keeps a pair from being merged without a person looking
    shared : whether people of one household have it in common
    """

    name: str
    null: str
    levels: tuple[Level, ...]
    needs: tuple[str, ...]
    vetoes: bool = False
    shared: bool = False

    @property
    def label(self) -> Text:
        """The column in words."""
        return LABELS[self.name]


SAME = Text("the same", "یکسان")
SOUNDS = Text("sounds the same", "هم‌آوا")
OTHER_KEYBOARD = Text("typed on the other keyboard", "با صفحه‌کلید دیگر تایپ شده")
EXCHANGED = Text("names exchanged", "نام‌ها جابه‌جا")
CLOSE = Text("nearly the same", "تقریباً یکسان")
ALIKE = Text("alike", "شبیه")
DIFFERENT = Text("different", "متفاوت")
PART = Text("one is part of the other", "یکی بخشی از دیگری")
SPLIT = Text("same whole name", "نام کامل یکسان")
ONE_DIGIT = Text("one digit off", "یک رقم تفاوت")
TWO_DIGITS = Text("two digits off", "دو رقم تفاوت")
ENDS = Text("same last digits", "رقم‌های پایانی یکسان")
ONE_OF_THEM = Text("one of them is the same", "یکی از آن‌ها یکسان")
MAILBOX = Text("same before the @", "پیش از @ یکسان")
DAY_MONTH = Text("day and month exchanged", "روز و ماه جابه‌جا")
TWO_PARTS = Text("two of day, month, year", "دو جزء از روز، ماه و سال یکسان")
SAME_YEAR = Text("same year", "سال یکسان")
PLACES = Text("fields exchanged", "خانه‌ها جابه‌جا")


def name(role: str, other: str | None, *, common: bool) -> Compared:
    """Compare a first or last name.

    Parameters
    ----------
    role, other : ``given`` and ``family``, or the other way; None where there is only one
    common : whether two people often share it by chance
    """
    usual = 0.02 if common else 0.005
    levels = [Level(f"{role}_l = {role}_r", SAME, 0.82, usual, role)]
    needs = [role, f"{role}_sound", f"{role}_sounds", f"{role}_slip"]
    null = f"{role}_l is null or {role}_r is null"
    if other:
        needs += [other, "whole"]
        crossed = f"({role}_l = {other}_r and {other}_l = {role}_r)"
        if common:
            levels.append(Level("whole_l = whole_r", SPLIT, 0.005, 1e-6))
            levels.append(Level(crossed, EXCHANGED, 0.01, 1e-5))
        else:  # said once, by the first name
            null += f" or {crossed} or (whole_l = whole_r and {role}_l <> {role}_r)"
    levels += [
        Level(
            f"{role}_sound_l = {role}_sound_r and list_has_any({role}_sounds_l, {role}_sounds_r)",
            SOUNDS,
            0.05,
            usual / 3,
            f"{role}_sound",
        ),
        Level(f"{role}_slip_l = {role}_r or {role}_l = {role}_slip_r", OTHER_KEYBOARD, 0.005, usual / 100),
        Level(f"jaro_winkler_similarity({role}_l, {role}_r) >= 0.9", CLOSE, 0.06, usual),
        Level(f"starts_with({role}_l, {role}_r) or starts_with({role}_r, {role}_l)", PART, 0.01, usual),
        Level(f"jaro_winkler_similarity({role}_l, {role}_r) >= 0.75", ALIKE, 0.02, usual * 2),
        Level("else", DIFFERENT, 0.02, 0.94),
    ]
    return Compared(role, null, tuple(levels), tuple(needs), vetoes=common, shared=not common)
