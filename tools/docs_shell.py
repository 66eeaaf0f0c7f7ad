"""The shell's reference page, from its commands."""

from __future__ import annotations

from collections.abc import Iterator

import click
from tools.tables import table

from ganj.faces.cli import shell
from ganj.faces.cli.asking import Command, Group, Option, everywhere
from ganj.text import Text

TITLE = Text("# Shell\n", "# پوستهٔ فرمان\n")
INTRO = Text(
    "`ganj COMMAND …`. Every command takes the options of the first table, before its name or after it. When a server holds the "
    "workspace, the shell asks that server.\n\n"
    'Completion of commands and options: `eval "$(_GANJ_COMPLETE=bash_source ganj)"`; also `zsh_source` and `fish_source`.\n',
    "`ganj COMMAND …`. همهٔ فرمان‌ها گزینه‌های جدول نخست را پیش یا پس از نام خود می‌پذیرند. اگر سروری فضای کار را در اختیار داشته "
    "باشد، پوسته از همان سرور می‌پرسد.\n\n"
    'کامل‌کردن خودکار: `eval "$(_GANJ_COMPLETE=bash_source ganj)"`؛ و نیز `zsh_source` و `fish_source`.\n',
)
CODES = Text(
    "## Exit codes\n\n| code | when |\n| --- | --- |\n| 0 | done |\n| 1 | something is wrong that is not a mistake of the caller: "
    "`verify` or `doctor` found a problem, or ganj failed |\n| 2 | a mistake, explained: on standard error, as problem JSON with `--json` |\n"
    "| 130 | interrupted |\n",
    "## کدهای خروج\n\n| کد | کی |\n| --- | --- |\n| 0 | انجام شد |\n| 1 | چیزی نادرست است که خطای کاربر نیست: `verify` یا `doctor` مشکلی "
    "یافت، یا گنج از کار ماند |\n| 2 | خطایی که توضیح داده می‌شود: روی stderr، و با `--json` به شکل problem JSON |\n| 130 | قطع شد |\n",
)
HEADS = (Text("option", "گزینه"), Text("what", "چیست"))


def page(language: str) -> str:
    """Write the page."""
    shared = table([h.of(language) for h in HEADS], _options(everywhere(), language))
    parts = [TITLE.of(language), INTRO.of(language), shared, CODES.of(language)]
    return "\n".join([*parts, *(_section(name, command, language) for name, command in commands())])


def commands() -> Iterator[tuple[str, Command | Group]]:
    """Return every command with its full name; analyses have their own pages."""
    ctx = click.Context(shell, info_name="ganj")
    for name in shell.list_commands(ctx):
        command = shell.get_command(ctx, name)
        if isinstance(command, Command | Group):
            yield f"ganj {name}", command
        if isinstance(command, Group):
            for word, inner in command.commands.items():
                if isinstance(inner, Command) and word != "path":
                    yield f"ganj {name} {word}", inner


def _section(name: str, command: Command | Group, language: str) -> str:
    # `ganj import PATH` is the group and its command in one.
    takes = command.commands.get("path", command) if isinstance(command, Group) else command
    own = [p for p in takes.params if p.name not in {q.name for q in everywhere()}]
    arguments = " ".join(_argument(p) for p in own if isinstance(p, click.Argument))
    text = f"## {name}\n\n`{name}{' ' + arguments if arguments else ''}`\n\n{command.says.of(language)}\n"
    rows = list(_options(own, language))
    return text + ("\n" + table([h.of(language) for h in HEADS], rows) if rows else "")


def _argument(argument: click.Argument) -> str:
    name = (argument.name or "").upper() + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _options(params: list[click.Parameter], language: str) -> Iterator[tuple[str, str]]:
    for option in params:
        if isinstance(option, Option):
            kind = option.metavar or ("" if option.is_flag else _kind(option))
            names = ", ".join(option.opts)
            default = f" [`{option.default}`]" if option.show_default and option.default is not None else ""
            yield f"`{names}{' ' + kind if kind else ''}`", option.says.of(language) + default


def _kind(option: Option) -> str:
    if isinstance(option.type, click.Choice):
        return "|".join(map(str, option.type.choices))
    return "N" if isinstance(option.type, click.types.IntParamType) else "TEXT"
