"""How an analysis is computed: its page of the documentation, or what its class says."""

from __future__ import annotations

import inspect
import re
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

import ganj
from ganj import miners

PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\s*$", re.MULTILINE)
PACKAGE = Path(ganj.__file__).parent
FOLDERS = (PACKAGE / "docs", PACKAGE.parents[1] / "docs")
"""In an installed ganj, and in a checkout."""


@cache
def method(name: str, language: str) -> Markup:
    """Return the page in a language, else in English, else the class' own words, as HTML."""
    miner = miners.find(name)
    for file in ([f"fa/analyses/{name}.md"] if language == "fa" else []) + [f"analyses/{name}.md"]:
        for folder in FOLDERS:
            if (folder / file).is_file():
                return html((folder / file).read_text(encoding="utf-8"))
    return html(inspect.getdoc(miner) or "")


def html(words: str) -> Markup:
    """Render Markdown; HTML inside it stays text, and pictures, which the page has itself, are left out."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return Markup(reader.render(PICTURE.sub("", words)))  # noqa: S704 - our own pages, HTML in them escaped
