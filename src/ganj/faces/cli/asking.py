"""Commands and options whose help is in both languages, and the options every command takes.

``-w``, ``--json`` and ``--language`` may stand before the command or after it; what they said lies in
`Call`, which all contexts of one call share.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from ganj.text import Text


@dataclass
class Call:
    """What was said for the whole call."""

    folder: Path | None = None
    json: bool = False
    language: str = ""
    asked_language: bool = False

    @property
    def workspace(self) -> Path:
        """The workspace's folder: as said, else the current folder if it is one, else ``./ganj``."""
        if self.folder is not None:
            return self.folder
        here = Path.cwd()
        return here if (here / "workspace.json").exists() else here / "ganj"

    @property
    def tongue(self) -> str:
        """The language to speak before a workspace's settings are known."""
        return self.language or _of_locale()


def call() -> Call:
    """Return what was said for this call."""
    return click.get_current_context().ensure_object(Call)


def _of_locale() -> str:
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fa" if (said or locale.getlocale()[0] or "").lower().startswith(("fa", "persian")) else "en"


def _tell(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        if value:
            setattr(ctx.ensure_object(Call), name, value)

    return keep


class Option(click.Option):
    """An option whose help is a `Text`."""

    def __init__(self, *declared: Any, says: Text, **rest: Any) -> None:
        super().__init__(*declared, **rest)
        self.says = says

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the names and the help in the reader's language."""
        self.help = self.says.of(_language(ctx))
        return super().get_help_record(ctx)


def option(*declared: str, says: tuple[str, str], **rest: Any) -> Callable[[Any], Any]:
    """Declare an option of a command, its help in English and Persian."""
    return click.option(*declared, cls=Option, says=Text(*says), **rest)


def everywhere() -> list[click.Parameter]:
    """Return the options every command takes."""
    shared: dict[str, Any] = {"expose_value": False, "is_eager": True}
    return [
        Option(
            ["-w", "--workspace"],
            type=click.Path(file_okay=False, path_type=Path),
            envvar="GANJ_WORKSPACE",
            metavar="DIR",
            callback=_tell("folder"),
            says=Text("The workspace's folder (GANJ_WORKSPACE).", "پوشهٔ فضای کار (GANJ_WORKSPACE)."),
            **shared,
        ),
        Option(
            ["--json", "json"],
            is_flag=True,
            callback=_tell("json"),
            says=Text("Print JSON for programs.", "خروجی JSON برای برنامه‌ها."),
            **shared,
        ),
        Option(
            ["--language"],
            type=click.Choice(["fa", "en"]),
            envvar="GANJ_LANGUAGE",
            callback=_tell("language"),
            says=Text("Language of words (GANJ_LANGUAGE).", "زبان نوشته‌ها (GANJ_LANGUAGE)."),
            **shared,
        ),
    ]


class _Spoken(click.Command):
    """What has a `Text` for its help and takes the options of every command."""

    def __init__(
        self, name: str, *, says: Text, params: list[click.Parameter] | None = None, **rest: Any
    ) -> None:
        self.says = says
        super().__init__(name, params=[*(params or []), *everywhere()], **rest)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence, in the reader's language."""
        del limit
        return self.says.of(_language(click.get_current_context(silent=True))).split("\n")[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it is for."""
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in self.says.of(_language(ctx)).split("\n\n"):
                formatter.write_text(paragraph)
                formatter.write_paragraph()


class Command(_Spoken):
    """A command with help in both languages."""


class Group(_Spoken, click.Group):
    """Commands under one word, with help in both languages."""


def command(en: str, fa: str, *, name: str = "", group: Group | None = None) -> Callable[[Any], Command]:
    """Make a function a command; its name is the function's if none is given."""

    def make(function: Callable[..., Any]) -> Command:
        # Options that `option` left on the function, in the order they are read.
        params = list(reversed(getattr(function, "__click_params__", [])))
        word = name or function.__name__.rstrip("_")
        made = Command(word, says=Text(en, fa), callback=function, params=params)
        if group is not None:
            group.add_command(made)
        return made

    return make


def _language(ctx: click.Context | None) -> str:
    said = ctx.find_object(Call) if ctx else None
    return (said or Call()).tongue
