"""The reference page of errors, from their classes."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module

import ganj
from ganj.errors import GanjError
from ganj.text import Text

TITLE = Text(
    "# Errors\n\nEach mistake has a name, which programs find in `type` of the API's and the shell's problem JSON. "
    "Words in braces are filled with the values at hand.\n",
    "# خطاها\n\nهر خطا نامی دارد که برنامه‌ها آن را در `type` پاسخ API و پوستهٔ فرمان می‌یابند. واژه‌های درون آکولاد با مقدارهای همان لحظه پر می‌شوند.\n",
)
SCRIPTS = {"__main__", "migrations"}  # they do something when they are imported
STATUS = Text("HTTP status", "کد HTTP")


def page(language: str) -> str:
    """Write the page."""
    return "\n".join([TITLE.of(language), *(_section(error, language) for error in errors())])


def errors() -> list[type[GanjError]]:
    """Return every error class there is, by name."""
    for module in pkgutil.walk_packages(ganj.__path__, "ganj."):
        if not SCRIPTS & set(module.name.split(".")):
            import_module(module.name)
    found: set[type[GanjError]] = set()
    new = {GanjError}
    while new:
        new = {
            sub for cls in new for sub in cls.__subclasses__() if sub.__module__.startswith("ganj.")
        } - found
        found |= new
    return sorted((cls for cls in found if hasattr(cls, "says")), key=lambda cls: cls.__name__)


def _section(error: type[GanjError], language: str) -> str:
    words, hint = _plain(error, error.says, language), _plain(error, error.hint, language)
    lines = [
        f"## {error.__name__}\n",
        f"> {words}\n",
        f"{hint}\n" if hint else "",
        f"{STATUS.of(language)}: {error.status}\n",
    ]
    return "\n".join(line for line in lines if line)


def _plain(error: type[GanjError], text: Text, language: str) -> str:
    """Return the words with places named simply; a reason that is always the same is written out."""
    why = getattr(error, "why", None)
    words = text.of(language)
    if isinstance(why, Text):
        words = re.sub(r"\{why[^}]*\}", lambda _: why.of(language), words)
    return re.sub(r"\{(\w+)[^}]*\}", r"{\1}", words)
