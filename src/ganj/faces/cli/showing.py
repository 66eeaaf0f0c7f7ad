"""What the shell prints: tables and sentences for people, JSON for programs, bars on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from ganj.faces.cli.asking import call
from ganj.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from ganj.display import Display

MOST_ROWS = 40
_WIDE = 6
_MORE = Text(
    "… and {more} more rows (--json and --csv have all).", "… و {more} سطر دیگر (همه در --json و --csv)."
)
_NUMBERS = {"count", "customers", "orders", "money", "percent", "ratio", "days", "duration", "number"}


def say(en: str, fa: str, **facts: Any) -> None:
    """Print a sentence in the caller's language."""
    click.echo(Text(en, fa).of(call().tongue).format(**facts))


def note(en: str, fa: str, **facts: Any) -> None:
    """Print a sentence that is not the result: to standard error."""
    click.echo(Text(en, fa).of(call().tongue).format(**facts), err=True)


def print_json(value: Any) -> None:
    """Print JSON for programs; what JSON has no word for (a date) becomes text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=None if _piped() else 2, default=str))


def table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str = "", numbers: Sequence[bool] = ()
) -> None:
    """Print a table; what a customer or a file wrote is shown as it is, never as markup."""
    from rich import box
    from rich.table import Table
    from rich.text import Text as Plain

    drawn = Table(
        title=Plain(title) if title else None, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold"
    )
    for index, name in enumerate(columns):
        right = index < len(numbers) and numbers[index]
        drawn.add_column(Plain(name), justify="right" if right else "left", overflow="fold")
    for row in rows[:MOST_ROWS]:
        drawn.add_row(*(Plain(_cell(value)) for value in row))
    _console().print(drawn)
    if len(rows) > MOST_ROWS:
        say(_MORE.en, _MORE.fa, more=len(rows) - MOST_ROWS)


def report(told: dict[str, Any]) -> None:
    """Print what an analysis found: sentences first, then its tables."""
    for finding in told["findings"]:
        click.echo("• " + finding["text"])
    for name, one in told["tables"].items():
        columns = [column["label"] for column in one["columns"]]
        numbers = [column["unit"] in _NUMBERS for column in one["columns"]]
        rows = one.get("words") or one["rows"]
        if len(rows) == 1 and len(columns) > _WIDE:
            # One row of many figures reads better downwards.
            table(("", ""), list(zip(columns, rows[0], strict=True)), title=name, numbers=(False, True))
        else:
            table(columns, rows, title=name, numbers=numbers)


def written(display: Display, value: Any, unit: str) -> str:
    """Write a value of JSON for a person; a time, which JSON has in words, as a date."""
    if unit == "date" and isinstance(value, str):
        return display.date(datetime.fromisoformat(value))
    return display.value(value, unit) if unit else _cell(value)


@contextmanager
def bar(en: str, fa: str) -> Iterator[Callable[[float], None]]:
    """Show a bar on standard error while long work goes on; give it the share done, 0 to 1."""
    if call().json or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    words = Text(en, fa).of(call().tongue)
    parts = (TextColumn(words), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*parts, console=_console(stderr=True), transient=True) as shown:
        task = shown.add_task(words, total=1.0)
        yield lambda share: shown.update(task, completed=share)


def _cell(value: Any) -> str:
    return "—" if value is None else str(value)


def _piped() -> bool:
    return not sys.stdout.isatty()


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    # A pipe has no width; wide enough that no table is cut for a program that reads it.
    width = None if (sys.stderr if stderr else sys.stdout).isatty() else 200
    return Console(stderr=stderr, width=width, highlight=False)
