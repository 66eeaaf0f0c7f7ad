"""``ganj key``: make, list and revoke the keys that programs use."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from ganj.faces.cli.asking import Group, call, option
from ganj.faces.cli.asking import command as made
from ganj.text import Text

command = Group(
    "key",
    says=Text(
        "Make, list and revoke the keys that programs use.", "ساختن، دیدن و باطل کردن کلیدهای برنامه‌ها."
    ),
)


@made(
    "Make a key. Its text is shown this once; put it where an SDK asks for its write key.",
    "ساختن کلید. متن آن تنها همین یک بار نشان داده می‌شود؛ آن را به‌جای write key در SDK بگذارید.",
    group=command,
)
@click.argument("name", default="")
@option(
    "--kind",
    type=click.Choice(["write"]),
    default="write",
    show_default=True,
    says=("What it may do: write collects events and nothing else.", "توان کلید: write تنها رویداد می‌فرستد."),
)
@option(
    "--origin",
    "origins",
    multiple=True,
    metavar="SITE",
    says=(
        "A site whose pages may use it; may be given often.",
        "سایتی که صفحه‌هایش می‌توانند از آن استفاده کنند؛ تکرارپذیر.",
    ),
)
@option(
    "--rate",
    type=click.IntRange(0),
    default=0,
    says=("Events a second; 0 sets no limit.", "رویداد در ثانیه؛ ۰ یعنی بی‌محدودیت."),
)
def create(name: str, kind: str, origins: tuple[str, ...], rate: int) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.create_key({"name": name, "kind": kind, "origins": list(origins), "rate": rate})
    if call().json:
        showing.print_json(told)
    else:
        showing.say("{key}  (source {name})", "{key}  (منبع {name})", **told)


@made("List the keys.", "فهرست کلیدها.", name="list", group=command)
def list_() -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import reader, workspace

    with workspace() as road:
        keys, display = road.keys(), reader(road)
    if call().json:
        showing.print_json(keys)
        return
    if not keys:
        showing.say("There is no key yet.", "هنوز کلیدی نیست.")
        return
    heads = (
        ("Source", "منبع"),
        ("Key", "کلید"),
        ("Kind", "نوع"),
        ("Made", "ساخته شده"),
        ("Revoked", "باطل شده"),
    )
    rows = [
        (
            key["name"],
            key["prefix"] + "…",
            key["kind"],
            *(_day(display, key[when]) for when in ("created", "revoked")),
        )
        for key in keys
    ]
    showing.table([Text(*head).of(call().tongue) for head in heads], rows)


@made("Revoke a key, by its name or its text.", "باطل کردن کلید، با نام یا متن آن.", group=command)
@click.argument("name")
def revoke(name: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.revoke_key(name)
    if call().json:
        showing.print_json(told)
    else:
        showing.say("The key of {name} is revoked.", "کلید {name} باطل شد.", **told)


def _day(display: object, when: int | None) -> str:
    from ganj.display import Display

    if when is None or not isinstance(display, Display):
        return ""
    return display.date(datetime.fromtimestamp(when / 1e6, UTC))
