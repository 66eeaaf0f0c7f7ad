"""How an analysis is computed: its page of the documentation, or what its class says."""

from __future__ import annotations

import inspect
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

import ganj
from ganj import miners

PACKAGE = Path(ganj.__file__).parent
FOLDERS = (PACKAGE / "docs" / "analyses", PACKAGE.parents[1] / "docs" / "analyses")


@cache
def method(name: str, language: str) -> Markup:
    """Return the page in a language, else in English, else the class' own words, as HTML."""
    miners.find(name)
    for file in (f"{name}.{language}.md", f"{language}/{name}.md", f"{name}.md", f"en/{name}.md"):
        for folder in FOLDERS:
            if (folder / file).is_file():
                return html((folder / file).read_text(encoding="utf-8"))
    return html(inspect.getdoc(miners.find(name)) or "")


def html(words: str) -> Markup:
    """Render Markdown; HTML inside it stays text."""
    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(words))  # noqa: S704 - our own pages
