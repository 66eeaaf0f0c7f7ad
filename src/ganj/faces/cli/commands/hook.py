"""``ganj hook``: webhooks and what their fields mean."""

from __future__ import annotations

import click

from ganj.errors import BadParameter
from ganj.faces.cli.asking import Group, call, option
from ganj.faces.cli.asking import command as made
from ganj.text import Text

_HOW = Text(
    "write MEANING=PLACE, such as phone=data.customer.mobile.",
    "به شکل «معنی=جا» بنویسید، مانند phone=data.customer.mobile.",
)

command = Group(
    "hook",
    says=Text("Take what other programs post.", "گرفتن آنچه برنامه‌های دیگر می‌فرستند."),
)


@made("List the webhooks.", "فهرست وب‌هوک‌ها.", name="list", group=command)
def list_() -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        kept = road.hooks()
    if call().json:
        showing.print_json(kept)
    elif not kept:
        showing.say("There is no webhook yet.", "هنوز وب‌هوکی نیست.")
    else:
        heads = [
            Text(*head).of(call().tongue)
            for head in (("Name", "نام"), ("Event", "رویداد"), ("Fields", "فیلدها"))
        ]
        rows = [
            (
                one["hook"]["name"],
                one["hook"].get("event", ""),
                _said(one["guessed"] | one["hook"].get("fields", {})),
            )
            for one in kept
        ]
        showing.table(heads, rows)


@made(
    "Make a webhook, or change what its fields mean; a new one's address is told once.\n\n"
    "ganj hook save payments --event 'Order Completed' --field phone=data.customer.mobile",
    "ساختن وب‌هوک یا تغییر معنی فیلدهایش؛ نشانی وب‌هوک تازه یک بار گفته می‌شود.\n\n"
    "ganj hook save payments --event 'Order Completed' --field phone=data.customer.mobile",
    group=command,
)
@click.argument("name")
@option(
    "--event", default="", says=("What happened, whatever the fields say.", "رویداد، هرچه فیلدها بگویند.")
)
@option("--currency", default="", says=("Of amounts, if no field says it.", "ارز مبلغ‌ها، اگر فیلدی نگوید."))
@option(
    "--field", "fields", multiple=True, metavar="MEANING=PLACE", says=("What a field means.", "معنی یک فیلد.")
)
def save(name: str, event: str, currency: str, fields: tuple[str, ...]) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    told = {"event": event, "currency": currency, "fields": dict(_pair(words) for words in fields)}
    with workspace() as road:
        kept = road.save_hook(name, told)
    if call().json:
        showing.print_json(kept)
    elif kept.get("address"):
        showing.say(
            "Post JSON to {address}", "JSON را به این نشانی بفرستید: {address}", address=kept["address"]
        )
    else:
        showing.say("{name} is saved.", "«{name}» ذخیره شد.", name=name)


@made("Remove a webhook; its events stay.", "برداشتن یک وب‌هوک؛ رویدادهایش می‌مانند.", group=command)
@click.argument("name")
def remove(name: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.remove_hook(name)
    if call().json:
        showing.print_json(told)
    else:
        showing.say("{name} was removed.", "«{name}» برداشته شد.", name=name)


def _pair(words: str) -> tuple[str, str]:
    meaning, sign, place = words.partition("=")
    if not sign or not place:
        raise BadParameter(parameter="field", value=words, why=_HOW)
    return meaning.strip(), place.strip()


def _said(fields: dict[str, str]) -> str:
    return ", ".join(f"{meaning}={place}" for meaning, place in fields.items())
