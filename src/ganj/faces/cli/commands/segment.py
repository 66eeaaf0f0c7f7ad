"""``ganj segment``: save, list, show, remove and export segments."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click

from ganj.errors import BadParameter, UnknownName
from ganj.faces.cli.asking import Group, call, option
from ganj.faces.cli.asking import command as made
from ganj.text import Text

_CONDITION = re.compile(
    r"(?:(?P<miner>[a-z_]+)\.)?(?P<column>[^=!<>]+?)\s*(?P<op>!=|<=|>=|=|<|>|\s(?:in|has)\s)\s*(?P<value>.+)"
)
_HOW = Text(
    "write NAME = VALUE, or ANALYSIS.SCORE = VALUE; signs are = != < <= > >= in has.",
    "به شکل «نام = مقدار» یا «تحلیل.امتیاز = مقدار» بنویسید؛ نشانه‌ها: = != < <= > >= in has.",
)
_SHOWN = {
    "customer": "",
    "name": "",
    "phone": "",
    "email": "",
    "city": "",
    "orders": "count",
    "revenue": "money",
    "last_order": "date",
}
"""What a person wants to see first of a customer, and its unit."""

command = Group(
    "segment",
    says=Text(
        "Save, list, show, remove and export segments of customers.",
        "ساختن، دیدن، برداشتن و خروجی گرفتن از بخش‌های مشتریان.",
    ),
)


@made("List the saved segments and their sizes.", "فهرست بخش‌ها و اندازهٔ آن‌ها.", name="list", group=command)
def list_() -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        saved = road.segments()
    if call().json:
        showing.print_json(saved)
    elif not saved:
        showing.say("No segment was saved yet.", "هنوز بخشی ساخته نشده است.")
    else:
        heads = [
            Text(*head).of(call().tongue)
            for head in (("Name", "نام"), ("Customers", "مشتری"), ("Who", "چه کسانی"))
        ]
        showing.table(heads, [(s["name"], s["size"], s["sentence"]) for s in saved], numbers=(False, True))


@made("Show one segment.", "نمایش یک بخش.", group=command)
@click.argument("name")
def show(name: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        saved = {segment["name"]: segment for segment in road.segments()}
    if name not in saved:
        raise UnknownName.among(Text("segment", "بخش"), name, saved)
    if call().json:
        showing.print_json(saved[name])
    else:
        showing.say("{name}: {size} customers, {sentence}", "{name}: {size} مشتری، {sentence}", **saved[name])


@made(
    "Save the customers of whom all conditions are true.\n\n"
    "ganj segment save best 'rfm.rfm_segment = champions' 'city in Tehran,Karaj'",
    "ساختن بخشی از مشتریانی که همهٔ شرط‌ها دربارهٔ آنان درست است.\n\n"
    "ganj segment save best 'rfm.rfm_segment = champions' 'city in تهران,کرج'",
    group=command,
)
@click.argument("name")
@click.argument("conditions", nargs=-1)
@option(
    "--from",
    "source",
    type=click.File("r", "utf-8"),
    metavar="FILE",
    says=("JSON instead of conditions.", "JSON به جای شرط‌ها."),
)
def save(name: str, conditions: tuple[str, ...], source: Any) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    if not conditions and source is None:
        raise click.UsageError(
            Text("Give conditions, or --from FILE.", "شرط‌ها یا --from FILE را بدهید.").of(call().tongue)
        )
    told = json.load(source) if source else {"all": [condition(words) for words in conditions]}
    with workspace() as road:
        saved = road.save_segment(name, told)
    if call().json:
        showing.print_json(saved)
    else:
        showing.say("{name}: {size} customers", "{name}: {size} مشتری", **saved)


@made("Remove a saved segment; its customers stay.", "برداشتن یک بخش؛ مشتریانش می‌مانند.", group=command)
@click.argument("name")
def remove(name: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.remove_segment(name)
    if call().json:
        showing.print_json(told)
    else:
        showing.say("{name} was removed.", "«{name}» برداشته شد.", name=name)


@made("List a segment's customers.", "فهرست مشتریان یک بخش.", group=command)
@click.argument("name")
@option("--limit", type=click.IntRange(1, 1_000), default=20, says=("At most so many.", "بیشینهٔ سطرها."))
def customers(name: str, limit: int) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import reader, workspace

    with workspace() as road:
        page = road.customers({"segment": name, "limit": limit})
        display = reader(road)
    if call().json:
        showing.print_json(page)
        return
    heads = [head for head in _SHOWN if any(row.get(head) is not None for row in page["rows"])]
    rows = [[showing.written(display, row.get(head), _SHOWN[head]) for head in heads] for row in page["rows"]]
    showing.table(heads, rows)


@made(
    "Write a segment's customers to a file: .xlsx, else CSV.",
    "نوشتن مشتریان یک بخش در یک فایل: ‎.xlsx‎ یا CSV.",
    group=command,
)
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(name: str, file: Path) -> None:
    from ganj.faces.cli import files, showing
    from ganj.faces.cli.road import workspace

    rows: list[dict[str, Any]] = []
    with workspace() as road:
        while True:
            page = road.customers(
                {
                    "segment": name,
                    "sort": "customer",
                    "descending": False,
                    "offset": len(rows),
                    "limit": 1_000,
                }
            )
            rows += page["rows"]
            if len(rows) >= page["total"] or not page["rows"]:
                break
    heads = list(rows[0]) if rows else ["customer"]
    lines = ([row.get(head) for head in heads] for row in rows)
    files.write(file, heads, lines, rtl=call().tongue == "fa")
    if call().json:
        showing.print_json({"file": str(file), "customers": len(rows)})
    else:
        showing.say("{n} customers are in {file}.", "{n} مشتری در {file} نوشته شد.", n=len(rows), file=file)


def condition(words: str) -> dict[str, Any]:
    """Read one condition: a trait, or a score of an analysis after its name and a point."""
    found = _CONDITION.fullmatch(words.strip())
    if found is None:
        raise BadParameter(parameter="condition", value=words, why=_HOW)
    op, value = found["op"].strip(), found["value"].strip()
    said: dict[str, Any] = {"column": found["column"].strip(), "op": op}
    said["value"] = [_value(part.strip()) for part in value.split(",")] if op == "in" else _value(value)
    return said | ({"miner": found["miner"]} if found["miner"] else {})


def _value(words: str) -> Any:
    """Return a number where the words are one; a quoted number stays text."""
    if re.fullmatch(r"-?\d+", words):
        return int(words)
    if re.fullmatch(r"-?\d+\.\d+", words):
        return float(words)
    return words[1:-1] if re.fullmatch(r'".*"|\'.*\'', words) else words
