"""Words that people read, in both languages.

`Text` is the only type a label, question, finding or error may have: a forgotten translation is a
type error, not a hole on a page.  Numbers, money and dates inside a text are written as
``{share:percent}`` and filled by `ganj.display`, which knows the reader's digits and calendar.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Language = Literal["fa", "en"]


class Text(msgspec.Struct, frozen=True):
    """The same words in English and in Persian.

    Examples
    --------
    >>> Text("Customers", "مشتریان").of("fa")
    'مشتریان'
    """

    en: str
    fa: str

    def of(self, language: str) -> str:
        """Return the words in one language; anything but ``fa`` reads English."""
        return self.fa if language == "fa" else self.en

    def map(self, en: str, fa: str) -> Text:
        """Return both languages with something put after each."""
        return Text(self.en + en, self.fa + fa)


def same(words: str) -> Text:
    """Return a text that is the same in both languages: a name, a number, a customer's own word."""
    return Text(words, words)
