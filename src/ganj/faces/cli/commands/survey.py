"""``ganj survey``: save, list and remove surveys, and make a link for each customer."""

from __future__ import annotations

from pathlib import Path

import click

from ganj.faces.cli.asking import Group, call, option
from ganj.faces.cli.asking import command as made
from ganj.text import Text

HEADS = ("customer", "name", "phone", "email", "link")

command = Group(
    "survey",
    says=Text("Ask customers: surveys and their links.", "پرسش از مشتریان: نظرسنجی‌ها و پیوندهای آن‌ها."),
)


@made("List the surveys.", "فهرست نظرسنجی‌ها.", name="list", group=command)
def list_() -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        kept = road.surveys()
    if call().json:
        showing.print_json(kept)
    elif not kept:
        showing.say("There is no survey yet.", "هنوز نظرسنجی‌ای نیست.")
    else:
        heads = [
            Text(*head).of(call().tongue)
            for head in (("Name", "نام"), ("Kind", "گونه"), ("Language", "زبان"))
        ]
        showing.table(heads, [(one["name"], one["kind"], one["language"]) for one in kept])


@made(
    "Save a survey.\n\nganj survey save autumn --kind nps --in fa",
    "ساختن یک نظرسنجی.\n\nganj survey save autumn --kind nps --in fa",
    group=command,
)
@click.argument("name")
@option("--kind", default="nps", says=("nps, csat, ces or words.", "‏nps، csat، ces یا words."))
@option("--in", "spoken", default="fa", says=("fa or en.", "‏fa یا en."))
@option("--question", default="", says=("Instead of the usual question.", "به جای پرسش همیشگی."))
@option("--days", type=int, default=60, says=("How long a link holds.", "پیوند تا چند روز باز است."))
def save(name: str, kind: str, spoken: str, question: str, days: int) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    told = {"kind": kind, "language": spoken, "question": question, "days": days}
    with workspace() as road:
        kept = road.save_survey(name, told)
    if call().json:
        showing.print_json(kept)
    else:
        showing.say("{name} is saved.", "«{name}» ذخیره شد.", name=name)


@made("Remove a survey; its answers stay.", "برداشتن یک نظرسنجی؛ پاسخ‌هایش می‌مانند.", group=command)
@click.argument("name")
def remove(name: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.remove_survey(name)
    if call().json:
        showing.print_json(told)
    else:
        showing.say("{name} was removed.", "«{name}» برداشته شد.", name=name)


@made(
    "Write a link for each customer to a file: .xlsx, else CSV.",
    "نوشتن پیوند هر مشتری در یک فایل: ‎.xlsx‎ یا CSV.",
    group=command,
)
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@option(
    "--address",
    required=True,
    metavar="URL",
    says=("Where customers reach this server.", "نشانی این سرور برای مشتریان."),
)
@option("--segment", default="", says=("Only its customers.", "تنها مشتریان این بخش."))
def links(name: str, file: Path, address: str, segment: str) -> None:
    from ganj.faces.cli import files, showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        rows = road.survey_links(name, segment, address)
    files.write(file, list(HEADS), ([row[head] for head in HEADS] for row in rows), rtl=call().tongue == "fa")
    if call().json:
        showing.print_json({"file": str(file), "links": len(rows)})
    else:
        showing.say("{n} links are in {file}.", "{n} پیوند در {file} نوشته شد.", n=len(rows), file=file)
