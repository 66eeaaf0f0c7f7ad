"""What is not documented, in both languages, is not finished."""

import re
from pathlib import Path

import click
import pytest
from tools import docs, docs_api, docs_errors, docs_shell

from ganj import miners
from ganj.parameters import parameters

DOCS = docs.DOCS
LANGUAGES = {"en": DOCS, "fa": DOCS / "fa"}
PERSIAN = re.compile(r"[\u0600-\u06ff]")


def read(path):
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_the_generated_pages_are_current():
    assert [str(path.relative_to(DOCS)) for path in docs.stale()] == [], "run `make docs`"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", miners.names())
def test_an_analysis_has_its_page(name, language):
    page = read(LANGUAGES[language] / "analyses" / f"{name}.md")
    said = [*(p.name for p in parameters(miners.find(name))), *(c.name for c in miners.find(name).scored)]
    assert [word for word in said if f"`{word}`" not in page] == []


def test_no_two_errors_have_one_name():
    names = [error.__name__ for error in docs_errors.errors()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_is_explained(language):
    page = read(LANGUAGES[language] / "reference/errors.md")
    assert [e.__name__ for e in docs_errors.errors() if f"## {e.__name__}\n" not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_command_and_its_options_are_explained(language):
    page = read(LANGUAGES[language] / "reference/shell.md")
    names = [name for name, _ in docs_shell.commands()]
    options = [p.opts[-1] for _, c in docs_shell.commands() for p in c.params if isinstance(p, click.Option)]
    assert [name for name in names if f"## {name}\n" not in page] == []
    assert [option for option in options if option not in page] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_route_is_explained(language):
    page = read(LANGUAGES[language] / "reference/api.md")
    assert docs_api.routes()
    assert [path for path, methods, _ in docs_api.routes() if f"`{methods} {path}`" not in page] == []


def test_errors_and_settings_speak_persian():
    for error in docs_errors.errors():
        filled = re.sub(r"\{[^}]*\}", "", error.says.fa)
        assert PERSIAN.search(filled) or not filled.strip(), error
        assert bool(error.hint.en) == bool(error.hint.fa), error


def test_every_page_has_its_mirror():
    pages = {
        path.relative_to(DOCS) for path in DOCS.rglob("*.md") if "fa" not in path.relative_to(DOCS).parts
    }
    mirrored = {path.relative_to(DOCS / "fa") for path in (DOCS / "fa").rglob("*.md")}
    assert pages ^ mirrored == set()


def test_persian_pages_are_persian():
    for path in (DOCS / "fa").rglob("*.md"):
        assert PERSIAN.search(read(path)), path
        assert not re.search("[يك]", read(path)), f"{path} has Arabic letters"


@pytest.mark.parametrize(
    "page", sorted(DOCS.rglob("*.md")) + sorted(DOCS.parent.glob("*.md")), ids=lambda p: p.name
)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", read(page))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_dependency_has_its_reason():
    project = read(DOCS.parent / "pyproject.toml")
    needed = re.findall(
        r'^    "([a-z0-9-]+)>=', project.split("dependencies = [")[1].split("]")[0], re.MULTILINE
    )
    assert len(needed) > 10
    for folder in LANGUAGES.values():
        page = read(folder / "reference/dependencies.md")
        assert [name for name in needed if f"| {name}" not in page] == []


def test_the_readme_has_the_two_commands():
    readme = read(Path(DOCS.parent / "README.md"))
    assert "make demo" in readme
    assert "make test" in readme
