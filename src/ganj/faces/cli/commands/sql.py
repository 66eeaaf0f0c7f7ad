"""``ganj sql QUERY``: ask the views directly."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ganj.faces.cli.asking import call, option
from ganj.faces.cli.asking import command as made


@made(
    "Run a read-only query over events, customers, orders, order_lines, products, deals, tickets.\n\n"
    "QUERY - reads it from standard input.",
    "اجرای یک پرس‌وجوی فقط‌خواندنی روی events، customers، orders، order_lines، products، deals، tickets.\n\n"
    "نشانهٔ - پرس‌وجو را از ورودی استاندارد می‌خواند.",
    name="sql",
)
@click.argument("query")
@option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=10_000,
    says=("At most so many rows.", "بیشینهٔ سطرها."),
)
@option(
    "--csv",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    says=("Write CSV there.", "CSV را آنجا بنویس."),
)
def command(query: str, limit: int, csv: Path | None) -> None:
    from ganj.faces.cli import files, showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.sql(sys.stdin.read() if query == "-" else query, limit)
    if csv is not None:
        files.write_csv(csv, told["columns"], told["rows"])
    elif call().json:
        showing.print_json(told)
    else:
        showing.table(told["columns"], told["rows"])
