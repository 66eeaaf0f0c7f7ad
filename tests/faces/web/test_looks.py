"""Rules of the style sheets and templates that no eye sees at once."""

import re

import pytest

from ganj.charts import theme
from ganj.faces.web.visit import STATIC, TEMPLATES

SHEETS = sorted((STATIC / "css").glob("*.css"))
PAGES = sorted(TEMPLATES.rglob("*.html"))


def test_the_pages_have_the_colours_of_the_pictures():
    tokens = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    said = dict(re.findall(r"--([\w-]+): (light-dark\(#\w+, #\w+\))", tokens))
    assert {name: f"light-dark({a}, {b})" for name, (a, b) in theme.TOKENS.items()}.items() <= said.items()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_nothing_stands_left_or_right(sheet):
    """Only logical properties: the page is born right to left. Digits are the exception, and say why."""
    plain = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    physical = re.findall(
        r"(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right|float):|(?<![\w-])(?:width|height):",
        plain,
    )
    assert physical == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_persian_is_written_with_persian_letters(page):
    assert not re.search("[يكۀ٠-٩]", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_sentence_is_there_in_both_languages(page):
    for en, fa in re.findall(
        r"say\('((?:[^'\\]|\\.)*)', '((?:[^'\\]|\\.)*)'", page.read_text(encoding="utf-8")
    ):
        assert en.strip()
        assert re.search("[آ-ی]|[<>{]", fa), (en, fa)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_nothing_is_taken_for_markup_that_was_not_made_by_us(page):
    assert [
        line
        for line in page.read_text(encoding="utf-8").splitlines()
        if "|safe" in line and "sheet.body" not in line
    ] == []
