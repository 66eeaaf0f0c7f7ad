"""Write the reference pages that are made from the code, in both languages.

``python -m tools.docs`` writes them; ``--check`` only says which are not current.  In an analysis' page the
part between ``<!-- parameters -->`` and ``<!-- end -->`` is written too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tools import (
    docs_api,
    docs_collection,
    docs_errors,
    docs_files,
    docs_miners,
    docs_settings,
    docs_shell,
    docs_sources,
)

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {
    "reference/shell.md": docs_shell.page,
    "reference/errors.md": docs_errors.page,
    "reference/settings.md": docs_settings.page,
    "reference/api.md": docs_api.page,
    "reference/collection.md": docs_collection.page,
    "reference/file-kinds.md": docs_files.page,
    "reference/sources.md": docs_sources.page,
}
NOTE = "<!-- Written by `make docs`; change the code, not this page. -->\n\n"


def pages() -> Iterator[tuple[Path, str]]:
    """Return every generated page and what it should say."""
    for language, folder in (("en", DOCS), ("fa", DOCS / "fa")):
        for name, page in PAGES.items():
            yield folder / name, NOTE + framed(page(language), language)
        yield from docs_miners.filled(folder / "analyses", language)


def framed(text: str, language: str) -> str:
    """Turn a Persian page to the right."""
    return text if language == "en" else f'<div dir="rtl">\n\n{text}\n</div>\n'


def stale() -> list[Path]:
    """Return the pages that do not say what they should."""
    return [path for path, text in pages() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main() -> int:
    """Write, or check."""
    if "--check" in sys.argv:
        old = stale()
        for path in old:
            print(f"{path.relative_to(DOCS.parent)} is not current: make docs")
        return 1 if old else 0
    for path, text in pages():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
