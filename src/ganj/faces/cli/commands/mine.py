"""``ganj mine NAME``: run an analysis; its options are the parameters of its class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganj.faces.cli.asking import Command, Group, Option, call
from ganj.text import Text

if TYPE_CHECKING:
    from ganj.miner import Miner
    from ganj.parameters import Parameter

_NEGATIVE = re.compile(r"-\d+(\.\d+)?")
_MANY = {"texts", "choices", "numbers"}
_SHOWN = {
    "texts": "TEXT…",
    "choices": "NAME…",
    "numbers": "NUMBER…",
    "count": "N",
    "number": "X",
    "duration": "7d|12h|30m",
    "date": "YYYY-MM-DD",
}


class Analyses(Group):
    """The analyses, each a command made from its class."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the analyses."""
        from ganj import miners

        del ctx
        return list(miners.names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the command of an analysis; a wrong name is told with the nearest ones."""
        from ganj import miners

        if ctx.resilient_parsing and cmd_name not in miners.names():
            return None
        return Analysis(cmd_name, miners.find(cmd_name))


class Analysis(Command):
    """One analysis, its options made from its parameters."""

    def __init__(self, name: str, cls: type) -> None:
        from ganj.parameters import parameters

        self.many = {_flag(p.name) for p in parameters(cls) if p.kind in _MANY}
        options: list[click.Parameter] = [parameter_option(p) for p in parameters(cls)]
        says: Text = cls.question  # type: ignore[attr-defined] # every analysis has its question
        super().__init__(
            name, says=says, params=[*options, *_files(cls)], callback=lambda **words: _run(name, words)
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read ``--steps A B C`` as ``--steps A --steps B --steps C``, which click understands."""
        return super().parse_args(ctx, list(_spread(args, self.many)))


def _spread(args: list[str], many: set[str]) -> Iterator[str]:
    flag = waiting = ""
    for arg in args:
        if arg.startswith("-") and arg != "-" and not _NEGATIVE.fullmatch(arg):
            _given_to(waiting)
            flag = waiting = arg if arg in many else ""
            if not flag:
                yield arg
        elif flag:
            yield from (flag, arg)
            waiting = ""
        else:
            yield arg
    _given_to(waiting)


def _given_to(waiting: str) -> None:
    """Refuse a flag that nothing was given to."""
    if waiting:
        said = Text("{flag} needs at least one value.", "{flag} دست‌کم یک مقدار لازم دارد.").of(call().tongue)
        raise click.BadOptionUsage(waiting, said.format(flag=waiting))


def parameter_option(parameter: Parameter) -> Option:
    """Make the option of a parameter."""
    flag, many = _flag(parameter.name), parameter.kind in _MANY
    help_ = parameter.label if not parameter.help.en else _both(parameter.label, parameter.help)
    if parameter.choices:
        names = " | ".join(name for name, _ in parameter.choices if name)
        help_ = help_.map(f" ({names})", f" ({names})")
    if parameter.default not in (None, "", [], ()):
        shown = _shown(parameter.default)
        help_ = help_.map(f" [{shown}]", f" [{shown}]")
    if parameter.kind == "flag":
        return Option([f"{flag}/--no-{flag[2:]}", parameter.name], default=None, says=help_)
    metavar = _SHOWN.get(parameter.kind, "TEXT")
    return Option([flag, parameter.name], multiple=many, default=None, metavar=metavar, says=help_)


def _files(cls: type[Miner[Any, Any]]) -> list[click.Parameter]:
    """Return the options that write files: the tables, and the rows of an analysis that has any."""
    says = Text("Also write each table as a CSV file there.", "هر جدول را به صورت CSV هم آنجا بنویس.")
    place = click.Path(file_okay=False, path_type=Path)
    options: list[click.Parameter] = [Option(["--csv"], type=place, metavar="DIR", says=says)]
    kinds = cls.rows_as
    if kinds:
        ends = ", ".join(f".{kind}" for kind in kinds)
        rows = Text(
            f"Write its rows to a file instead ({ends}).",
            f"به جای گزارش، سطرها را در این فایل بنویس ({ends}).",
        )
        place = click.Path(dir_okay=False, path_type=Path)
        options.append(Option(["--rows"], type=place, metavar="FILE", says=rows))
    return options


def _run(name: str, words: dict[str, Any]) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    csv, rows = words.pop("csv"), words.pop("rows", None)
    asked = {word: _given(value) for word, value in words.items() if value not in (None, ())}
    if rows is not None:
        with workspace() as road:
            road.rows(name, asked, rows)
        showing.note("Written to {path}.", "در {path} نوشته شد.", path=rows)
        return
    with workspace() as road, showing.bar("Mining", "در حال کاوش") as progress:
        told = road.mine(name, asked, progress)
    if csv is not None:
        _write(csv, name, told)
    if not call().json:
        showing.report(told)
        return
    for table in told["tables"].values():
        table.pop("words", None)
    showing.print_json(told)


def _given(value: Any) -> Any:
    """Return what was given: one value of many may be a list with commas, as in a URL."""
    if isinstance(value, tuple):
        return value[0] if len(value) == 1 else list(value)
    return "true" if value is True else "false" if value is False else value


def _write(folder: Path, name: str, told: dict[str, Any]) -> None:
    from ganj.faces.cli.files import write_csv

    for table, one in told["tables"].items():
        columns = [column["name"] for column in one["columns"]]
        write_csv(folder / f"{name}-{table}.csv", columns, one["rows"])


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _both(label: Text, help_: Text) -> Text:
    return Text(f"{label.en}. {help_.en}", f"{label.fa}. {help_.fa}")


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


command = Analyses(
    "mine",
    says=Text(
        "Run an analysis.\n\n`ganj mine NAME --help` lists what it can be asked.",
        "اجرای یک تحلیل.\n\n`ganj mine NAME --help` می‌گوید از آن چه می‌توان پرسید.",
    ),
)
