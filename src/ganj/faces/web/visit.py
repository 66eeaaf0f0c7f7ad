"""One visit to a page: who reads, in which language, and how what is found becomes HTML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import jinja2
import jinja2.meta
import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.di import NamedDependency
from markupsafe import Markup

from ganj import __version__, miners
from ganj.display import Display
from ganj.text import Language, Text
from ganj.workspace import Workspace

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
THEMES = ("auto", "light", "dark")
WORKING = 0.7  # seconds a page waits for a result before it shows a skeleton in its place
Asked = Request[Any, Any, Any]


@cache
def environment() -> jinja2.Environment:
    """Return the templates, with everything escaped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return made


@cache
def stamp() -> str:
    """Return what changes when a static file does, so that browsers may keep them for ever."""
    files = [*STATIC.rglob("*.js"), *STATIC.rglob("*.css"), *STATIC.rglob("*.svg"), *STATIC.rglob("*.woff2")]
    return f"{__version__}-{int(max((file.stat().st_mtime for file in files), default=0)):x}"


@dataclass(frozen=True)
class Visit:
    """A reader on a page.

    Attributes
    ----------
    workspace : what is read
    display : the workspace's settings in the language of the address
    path : of the page, with its language
    query : the rest of the address
    theme : ``auto``, ``light`` or ``dark``, as chosen in this browser
    scheme : ``light`` or ``dark``, as this browser showed the last page
    partial : whether only a part of the page is asked for
    """

    workspace: Workspace
    display: Display
    path: str
    query: str = ""
    theme: str = "auto"
    scheme: str = "light"
    partial: bool = False

    @property
    def language(self) -> Language:
        """``fa`` or ``en``."""
        return self.display.language

    def url(self, place: str = "", /, **query: Any) -> str:
        """Return the address of a place in this language; what is empty is left out."""
        asked = [(k, v) for k, v in query.items() if v not in (None, "", ())]
        return f"/{self.language}/{place}" + (f"?{urlencode(asked, doseq=True)}" if asked else "")

    def say(self, en: str, fa: str, /, **evidence: Any) -> str:
        """Return words in the reader's language, their places filled."""
        return self.display.text(Text(en, fa), **evidence) if evidence else Text(en, fa).of(self.language)

    def of(self, text: Text) -> str:
        """Return a text in the reader's language."""
        return text.of(self.language)

    def render(self, template: str, /, **context: Any) -> str:
        """Fill a template."""
        return environment().get_template(template).render(**self._words(), **context)

    def part(self, template: str, name: str, /, *args: Any) -> Markup:
        """Fill one macro of a template, imported with this visit's words."""
        module = environment().get_template(template).make_module(self._words())
        made: Markup = getattr(module, name)(*args)
        return made

    def show(self, template: str, /, status: int = 200, **context: Any) -> Response[str]:
        """Answer with a page."""
        body = self.render(template, **context)
        headers = {"cache-control": "no-store", "vary": "HX-Request"}
        return Response(body, status_code=status, media_type="text/html", headers=headers)

    def _words(self) -> dict[str, Any]:
        return {
            "visit": self,
            "d": self.display,
            "lang": self.language,
            "say": self.say,
            "of": self.of,
            "url": self.url,
            "static": lambda name: f"/static/{name}?v={stamp()}",
            "analyses": analyses(),
            "other_language": other_language(self.path, self.query),
        }


Here = NamedDependency[Visit]
"""How a page's handler asks for the visit."""


@cache
def analyses() -> tuple[tuple[str, Any], ...]:
    """List the analyses by name, for menus."""
    return tuple((name, miners.find(name)) for name in miners.names())


def other_language(path: str, query: str) -> str:
    """Return the address of the same page in the other language."""
    language, _, rest = path.lstrip("/").partition("/")
    return f"/{'en' if language == 'fa' else 'fa'}/{rest}" + (f"?{query}" if query else "")


def visit(state: State, request: Asked) -> Visit:
    """Read from a request who reads and how."""
    workspace: Workspace = state.workspace
    language = request.url.path.split("/")[1]
    cookies = request.cookies
    theme = cookies.get("theme", "auto")
    scheme = theme if theme in {"light", "dark"} else cookies.get("scheme", "light")
    return Visit(
        workspace,
        in_language(workspace.settings, "fa" if language == "fa" else "en"),
        *_place(request),
        theme if theme in THEMES else "auto",
        "dark" if scheme == "dark" else "light",
        request.headers.get("hx-request") == "true",
    )


def _place(request: Asked) -> tuple[str, str]:
    """Return path and query of the page that is seen: that of the form where its answer stands under its action."""
    came = urlsplit(request.headers.get("referer", ""))
    form = (
        request.method == "POST"
        and came.netloc == request.url.netloc
        and came.path.startswith(("/fa/", "/en/"))
    )
    return (came.path, came.query) if form else (request.url.path, request.url.query)


def in_language(settings: Display, language: Language) -> Display:
    """Return the settings for a reader of a language.

    Who reads the workspace in its other language reads that language's digits; calendar, money and
    week stay, since they decide what is counted.
    """
    if settings.language == language:
        return settings
    digits = "persian" if language == "fa" else "latin"
    return msgspec.structs.replace(settings, language=language, digits=digits)


def prepare(name: str) -> None:
    """Compile a template and those it uses, so that its first page need not wait for it."""
    waiting, seen = [name], set[str]()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            environment().get_template(one)
            tree = environment().parse((TEMPLATES / one).read_text(encoding="utf-8"))
            waiting += filter(None, jinja2.meta.find_referenced_templates(tree))
