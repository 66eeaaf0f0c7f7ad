"""Names typed while the other keyboard was on: «ugd» is علی, «شمه» is ali.

Which keys were pressed is known, so the name can be read back.  Nearly every word can be read back into
nonsense; only what then is a name that others have is believed (`slips`).

Source: ISIRI 9147, the Persian layout of keyboards in Iran.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ganj.persian import name_form

LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,\\`"
PERSIAN = "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپوپپ"
TO_PERSIAN = str.maketrans(LATIN, PERSIAN)
TO_LATIN = str.maketrans({**dict(zip(reversed(PERSIAN), reversed(LATIN), strict=True)), "پ": "m", "ئ": "m"})
LEAST = 3
"""Letters: two keys give a name too easily."""


def retyped(text: str) -> str:
    """Return what the same keys give on the other keyboard.

    >>> retyped("ugd"), retyped("شمه")
    ('علی', 'ali')
    """
    low = text.lower()
    return low.translate(TO_PERSIAN if low[:1].isascii() else TO_LATIN)


def slips(names: Iterable[str | None]) -> dict[str, str]:
    """Return, for the written names that were typed on the other keyboard, the name that was meant.

    Parameters
    ----------
    names : as written, one a person; a name is believed where it is had by more people than the odd one
    """
    told = Counter(name for name in names if name)
    forms: Counter[str] = Counter()
    for name, people in told.items():
        forms[name_form(name)] += people
    meant = {}
    for name in told:
        other = name_form(retyped(name))
        if len(other) >= LEAST and forms[other] > forms[name_form(name)]:
            meant[name] = other
    return meant
