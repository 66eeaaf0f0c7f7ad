"""``ganj import PATH``, ``ganj import list``, ``ganj import undo BATCH``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ganj.errors import NeedsAnswer
from ganj.faces.cli import importing
from ganj.faces.cli.asking import Group, call, option
from ganj.faces.cli.asking import command as made
from ganj.text import Text

_WITH_VALUE = {"-w", "--workspace", "--language"}


class Import(Group):
    """Takes a path, or one of its own words."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Send what is not ``list`` or ``undo`` to the command that takes a path."""
        words = iter(args)
        first = next((w for w in words if not _common(w, words)), "")
        if first and first not in self.commands and first != "--help":
            args = ["path", *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how it is called: with a path."""
        formatter.write_usage(ctx.command_path, "PATH [OPTIONS]")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of importing a path, then the other words."""
        click.Command.format_options(self.commands["path"], ctx, formatter)
        with formatter.section(Text("Also", "و نیز").of(call().tongue)):
            formatter.write_dl(
                [
                    (f"ganj import {n}", c.get_short_help_str())
                    for n, c in self.commands.items()
                    if n != "path"
                ]
            )


def _common(word: str, rest: Any) -> bool:
    if word in _WITH_VALUE:
        next(rest, None)
    return word in _WITH_VALUE or word == "--json" or word.startswith(("--workspace=", "--language="))


command = Import(
    "import",
    says=Text(
        "Bring in a file or a folder of files: CSV, Excel, Parquet, JSON lines, XES event logs, access logs of web servers; also zipped.\n\n"
        "Everything is detected: encoding, header, dates, columns. What cannot be known (rial or toman) is asked.",
        "وارد کردن یک فایل یا یک پوشه: CSV، اکسل، Parquet، JSON lines، رویدادنامهٔ XES، لاگ دسترسی وب‌سرور؛ فشرده هم باشد.\n\n"
        "همه چیز خودش شناخته می‌شود: رمزگذاری، سرستون، تاریخ، ستون‌ها. آنچه دانستنی نیست (ریال یا تومان) پرسیده می‌شود.",
    ),
)


@made("Import a file or folder.", "وارد کردن یک فایل یا پوشه.", group=command)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@option(
    "--as",
    "kind",
    metavar="KIND",
    says=("orders, events, customers, deals, tickets or answers.", "نوع داده."),
)
@option(
    "--preset",
    metavar="NAME",
    says=("Known layout: digikala, woocommerce, hubspot …", "قالب شناخته: digikala, woocommerce …"),
)
@option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    says=("Which column is what.", "کدام ستون چیست."),
)
@option(
    "--currency", metavar="CODE", says=("IRR (rial), IRT (toman), USD …", "IRR (ریال)، IRT (تومان)، USD …")
)
@option(
    "--calendar",
    type=click.Choice(["jalali", "gregorian"]),
    says=("Of the dates in the file.", "تقویم تاریخ‌های فایل."),
)
@option(
    "--order",
    type=click.Choice(["dmy", "mdy"]),
    says=(
        "Day or month first, in dates such as 03/04/2026.",
        "روز جلوتر است یا ماه، در تاریخ‌هایی مانند 03/04/2026.",
    ),
)
@option("--zone", metavar="TZ", says=("Time zone of the times in the file.", "منطقهٔ زمانی ساعت‌های فایل."))
@option("--dry-run", is_flag=True, says=("Read everything, write nothing.", "همه را بخوان، چیزی ننویس."))
@option("--yes", "-y", is_flag=True, says=("Do not ask.", "بدون پرسش."))
def path(path: Path, mapping: tuple[str, ...], *, dry_run: bool, yes: bool, **options: Any) -> None:
    given = {name: value for name, value in options.items() if value}
    if mapping:
        given["mapping"] = importing.mapping(mapping)
    ask = sys.stdin.isatty() and sys.stdout.isatty() and not yes and not call().json
    while True:
        try:
            importing.run(path, given, dry_run=dry_run, ask=ask)
        except NeedsAnswer as question:
            if not ask:
                raise
            given.update(importing.answer(question))
        else:
            return


@made(
    "List the imports, newest first.", "فهرست داده‌های واردشده، تازه‌ترین در آغاز.", name="list", group=command
)
def list_() -> None:
    importing.show_all()


@made(
    "Take an import back; every number is then as if it had never been.",
    "واگرد یک ورود داده؛ همهٔ عددها مانند پیش از آن می‌شوند.",
    group=command,
)
@click.argument("batch")
def undo(batch: str) -> None:
    importing.undo(batch)
