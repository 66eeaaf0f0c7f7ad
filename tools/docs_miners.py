"""The generated parts of the analyses' pages: parameters and scores, from the class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.tables import table

from ganj import miners
from ganj.miner import Miner
from ganj.parameters import parameters
from ganj.text import Text

PART = re.compile(r"(<!-- parameters -->\n).*?(<!-- end -->)", re.DOTALL)
PARAMETERS = (Text("parameter", "پارامتر"), Text("what", "چیست"), Text("at first", "در آغاز"))
SCORES = (Text("score", "امتیاز"), Text("what", "چیست"))
COMMON = {field.name for field in parameters(Miner)}
ALSO = Text(
    "Every analysis also takes `since`, `until`, `segment`, `where`, `calendar`, `zone`, `week_start`.",
    "همهٔ تحلیل‌ها `since`، `until`، `segment`، `where`، `calendar`، `zone` و `week_start` را هم می‌پذیرند.",
)


def filled(folder: Path, language: str) -> Iterator[tuple[Path, str]]:
    """Return the analyses' pages that have a generated part, with it written."""
    for name in miners.names():
        path = folder / f"{name}.md"
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if PART.search(old):
            told = said(miners.find(name), language)
            yield path, PART.sub(lambda found, told=told: f"{found[1]}\n{told}\n{found[2]}", old)


def said(cls: type[Miner[Any, Any]], language: str) -> str:
    """Write the tables of one analysis."""
    own = [p for p in parameters(cls) if p.name not in COMMON]
    rows = [(f"`{p.name}`", _what(p.label, p.help, p.choices, language), _default(p)) for p in own]
    text = table([h.of(language) for h in PARAMETERS], rows) + "\n" if rows else ""
    text += ALSO.of(language) + "\n"
    if cls.scored:
        scores = [(f"`{c.name}`", _what(c.label, c.help, c.choices, language)) for c in cls.scored]
        text += "\n" + table([h.of(language) for h in SCORES], scores)
    return text


def _what(label: Text, help_: Text, choices: tuple[tuple[str, Text], ...], language: str) -> str:
    said = label.of(language) + (f". {help_.of(language)}" if help_.of(language) else "")
    named = ", ".join(f"`{name}` {words.of(language)}" for name, words in choices if name)
    return f"{said}: {named}" if named else said


def _default(parameter: Any) -> str:
    if parameter.required:
        return "—"
    shown = parameter.default
    if shown in (None, "", [], ()):
        return ""
    return f"`{', '.join(map(str, shown)) if isinstance(shown, list | tuple) else shown}`"
