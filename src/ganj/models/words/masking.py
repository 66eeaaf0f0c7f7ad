"""Personal data in customers' words, hidden before anyone reads a quotation."""

from __future__ import annotations

import re

from ganj.models.words.names import without_names
from ganj.persian import ZWNJ, display_form

HIDDEN = "•••"
PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail
    r"|(?:https?://|www\.)\S+"
    r"|@\w{3,}"  # a name on a network
    r"|\bIR[\s-]?(?:[\d۰-۹٠-٩][\s-]?){20,}"  # an account
    r"|\+?[\d۰-۹٠-٩](?:[\s\-_.()/\u200c]{0,2}[\d۰-۹٠-٩]){5,}",  # phones, cards, codes, numbers of orders
    re.IGNORECASE,
)
LONGEST = 280
"""Letters of a quotation."""


def quoted(text: str, most: int = LONGEST) -> str:
    """Return a text as it may be shown: without addresses, long numbers and names, and not too long."""
    hidden = without_names(PERSONAL.sub(HIDDEN, display_form(text)), HIDDEN)
    if len(hidden) <= most:
        return hidden
    return hidden[:most].rsplit(" ", 1)[0].rstrip(ZWNJ) + " …"
