"""The conversation of an import: what was detected, what is asked, what came of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ganj.errors import NeedsAnswer
from ganj.faces.cli import showing
from ganj.faces.cli.asking import call
from ganj.faces.cli.road import Json, reader, workspace
from ganj.text import Text

_COUNTS: dict[str, tuple[Text, str]] = {
    "read": (Text("lines read", "سطر خوانده شد"), "count"),
    "imported": (Text("imported", "وارد شد"), "count"),
    "duplicates": (Text("already here, left out", "تکراری، کنار گذاشته شد"), "count"),
    "rejected": (Text("rejected, kept with the reason", "پذیرفته نشد، با دلیل نگه داشته شد"), "count"),
    "cancelled": (Text("cancelled or returned", "لغو یا مرجوع"), "count"),
    "without_customer": (Text("without a customer, kept apart", "بدون مشتری، جدا نگه داشته شد"), "count"),
    "customers": (Text("customers", "مشتری"), "count"),
    "orders": (Text("orders", "سفارش"), "count"),
    "events": (Text("events", "رویداد"), "count"),
    "amount": (Text("amount", "مبلغ"), "money"),
    "first": (Text("first", "نخستین"), "date"),
    "last": (Text("last", "آخرین"), "date"),
}
_LIST = ("id", "kind", "files", "when", "status")
_ASK = Text("Import it like this?", "همین‌طور وارد شود؟")
_NOTHING = Text("Nothing was imported.", "چیزی وارد نشد.")


def mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Read ``FIELD=COLUMN`` pairs; a column's name may itself hold the sign."""
    if any("=" not in pair for pair in pairs):
        raise click.UsageError(
            Text("--map takes FIELD=COLUMN.", "--map به شکل FIELD=COLUMN است.").of(call().tongue)
        )
    return dict(pair.split("=", 1) for pair in pairs)


def run(path: Path, given: Json, *, dry_run: bool, ask: bool) -> None:
    """Import a path, or only check it; show the plan first where a person can say no."""
    with workspace() as road:
        if dry_run:
            with showing.bar("Reading", "در حال خواندن") as progress:
                _show_check(road.check(path, given, progress))
            return
        if ask:
            plan = road.plan(path, given)
            if plan is not None:
                _show_plan(plan)
                if not click.confirm(_ASK.of(call().tongue), default=True):
                    showing.say(_NOTHING.en, _NOTHING.fa)
                    return
        with showing.bar("Importing", "در حال وارد کردن") as progress:
            told = road.load(path, given, progress)
        _show_loaded(told, reader(road))


def answer(question: NeedsAnswer) -> Json:
    """Ask what is never guessed and return it as an option."""
    words: Text = question.facts["question"]
    found = re.match(r"--([\w-]+)[ =]+(.*)", str(question.facts["option"]))
    if found is None:
        raise question
    choices = [part for part in re.split(r"\s*\|\s*|\s+or\s+|\s*,\s*", found[2]) if part]
    kind = click.Choice(choices) if len(choices) > 1 else None
    name = {"as": "kind", "map": "mapping"}.get(found[1], found[1].replace("-", "_"))
    return {name: click.prompt(words.of(call().tongue), type=kind)}


def show_all() -> None:
    """Show the imports, newest first."""
    with workspace() as road:
        batches = road.imports()
        display = reader(road)
    if call().json:
        showing.print_json(batches)
        return
    if not batches:
        showing.say("Nothing was imported yet: ganj import FILE", "هنوز چیزی وارد نشده است: ganj import FILE")
        return
    rows = [[_listed(name, batch, display) for name in _LIST] for batch in batches]
    heads = ("#", *(Text(en, fa).of(call().tongue) for en, fa in _HEADS))
    showing.table(heads, rows)


_HEADS = (("Kind", "نوع"), ("Files", "فایل‌ها"), ("When", "زمان"), ("State", "وضعیت"))


def undo(batch: str) -> None:
    """Take an import back."""
    with workspace() as road:
        told = road.undo(batch)
    if call().json:
        showing.print_json(told)
    else:
        showing.say("Import {batch} was taken back.", "ورود دادهٔ {batch} واگرد شد.", batch=batch)


def _listed(name: str, batch: Json, display: Any) -> Any:
    value = batch.get(name)
    if name == "files":
        names = [str(file.get("name", file)) for file in value or ()]
        return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
    if name == "when":
        return showing.written(display, value, "date")
    return value


def _show_loaded(told: Json, display: Any) -> None:
    if call().json:
        showing.print_json(told)
        return
    showing.say("Import {batch}", "ورود دادهٔ {batch}", batch=told["batch"])
    for name, (label, unit) in _COUNTS.items():
        value = told.get(name)
        if value or name in {"read", "imported"}:
            click.echo(f"  {showing.written(display, value, unit):>18}  {label.of(call().tongue)}")
    for finding in told.get("findings") or ():
        click.echo(f"• {finding}")
    showing.say("Undo: ganj import undo {batch}", "واگرد: ganj import undo {batch}", batch=told["batch"])


def _show_check(told: Json) -> None:
    if call().json:
        showing.print_json(told)
        return
    for name, value in told.items():
        if isinstance(value, int | float | str):
            click.echo(f"  {value!s:>18}  {_COUNTS[name][0].of(call().tongue) if name in _COUNTS else name}")
    showing.say("Nothing was written.", "چیزی نوشته نشد.")


def _show_plan(plan: Json) -> None:
    tongue = call().tongue
    for table in plan["tables"]:
        files = ", ".join(dict.fromkeys(source["found"]["name"] for source in table["sources"][:3]))
        more = " …" if len(table["sources"]) > 3 else ""
        title = " · ".join(
            word for word in (files + more, table["kind"], table["preset"], table["currency"]) if word
        )
        rows = [[s["field"], s["column"], s["written"], _read(s)] for s in table["samples"]] or [
            [field, column, "", ""] for field, column in table["mapping"].items()
        ]
        showing.table([head.of(tongue) for head in _PLAN], rows, title=title)
        for note in table["notes"]:
            click.echo("• " + note[tongue])
    for left in plan["left_out"]:
        click.echo(f"– {left['name']}: {left['why'][tongue]}")


def _read(sample: Json) -> str:
    return f"{sample['read']} · {sample['jalali']}" if sample.get("jalali") else str(sample["read"])


_PLAN = (Text("Field", "فیلد"), Text("Column", "ستون"), Text("Written", "نوشته"), Text("Read as", "خوانده"))
