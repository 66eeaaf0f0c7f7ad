"""``ganj customer``: one customer, whole; notes, consent, a link to the card; merges and taking them back."""

from __future__ import annotations

from typing import Any

import click

from ganj.faces.cli.asking import Group, call, option
from ganj.faces.cli.asking import command as made
from ganj.text import Text

_FIGURES = {
    "orders": (Text("Orders", "سفارش‌ها"), "count"),
    "revenue": (Text("Revenue", "درآمد"), "money"),
    "average_basket": (Text("Average order", "میانگین سفارش"), "money"),
    "rhythm": (Text("Days between orders", "روز میان سفارش‌ها"), "number"),
    "events": (Text("Events", "رویدادها"), "count"),
}

command = Group(
    "customer",
    says=Text(
        "One customer: everything known, notes, consent, a link to the card; merges and taking them back.",
        "یک مشتری: همهٔ دانسته‌ها، یادداشت، رضایت، پیوند کارت؛ ادغام و پس گرفتن آن.",
    ),
)


@made(
    "Say that two customers are one person. A side is a number or kind:value.\n\n"
    "ganj customer merge 12 email:sara@example.com --why 'same phone'",
    "یک نفر دانستن دو مشتری. هر طرف شمارهٔ مشتری یا نوع:مقدار است.\n\n"
    "ganj customer merge 12 email:sara@example.com --why 'same phone'",
    group=command,
)
@click.argument("one")
@click.argument("other")
@option("--why", default="", says=("What speaks for it.", "دلیل ادغام."))
@option("--by", default="", says=("Who says so.", "چه کسی می‌گوید."))
def merge(one: str, other: str, why: str, by: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.merge({"one": one, "other": other, "by": by, "evidence": {"why": why} if why else {}})
    if call().json:
        showing.print_json(told)
    else:
        showing.say(
            "They are customer {customer} now. To take it back: ganj customer unmerge {id}",
            "اکنون مشتری شمارهٔ {customer} هستند. برای پس گرفتن: ganj customer unmerge {id}",
            **told,
        )


@made(
    "Take a merge back, an automatic one too; the two are not brought together again by the rules.",
    "پس گرفتن ادغام، خودکار هم باشد؛ قواعد دوباره این دو را یکی نمی‌کنند.",
    group=command,
)
@click.argument("merge")
@option("--by", default="", says=("Who says so.", "چه کسی می‌گوید."))
def unmerge(merge: str, by: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.unmerge(merge, by)
    if call().json:
        showing.print_json(told)
    else:
        showing.say("They are two customers again.", "دوباره دو مشتری جدا هستند.")


@made("List merges and why, newest first.", "فهرست ادغام‌ها و دلیلشان، تازه‌ترین در آغاز.", group=command)
@click.argument("customer", type=click.IntRange(0), required=False)
@option("--limit", type=click.IntRange(1, 1000), default=50, says=("Merges at most.", "حداکثر شمار ادغام‌ها."))
def merges(customer: int | None, limit: int) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.merges(customer, limit)
    if call().json:
        showing.print_json(told)
        return
    if not told["merges"]:
        showing.say("Nobody was merged.", "کسی ادغام نشده است.")
        return
    heads = (("Merge", "ادغام"), ("One", "یکی"), ("Other", "دیگری"), ("When", "زمان"), ("State", "وضعیت"))
    rows = [
        (one["id"], _side(one["one"]), _side(one["other"]), one["time"][:16], _state(one))
        for one in told["merges"]
    ]
    showing.table([Text(*head).of(call().tongue) for head in heads], rows)


def _side(side: dict[str, Any]) -> str:
    return f"#{side['number']} {side['kind']}:{side['value']}"


def _state(merge: dict[str, Any]) -> str:
    if merge["undone"]:
        return Text("undone", "پس گرفته‌شده").of(call().tongue)
    by_rule = Text("by rule", "خودکار") if merge["automatic"] else Text("decided", "به تصمیم کاربر")
    return by_rule.of(call().tongue)


@made(
    "Show everything known of a customer, by number or identifier.",
    "نمایش همهٔ دانسته‌ها دربارهٔ یک مشتری، با شماره یا شناسه.",
    group=command,
)
@click.argument("who")
@option(
    "--lane",
    multiple=True,
    says=("Only such events: order, visit, note …", "تنها این رویدادها: order، visit، note …"),
)
@option("--since", default="", says=("First day of the timeline.", "نخستین روز خط زمان."))
@option("--until", default="", says=("Day after the last of the timeline.", "روز پس از پایان خط زمان."))
@option("--before", default="", says=("Where the last page ended.", "جایی که صفحهٔ پیش پایان یافت."))
@option("--limit", default=20, says=("Events of the page.", "شمار رویدادهای صفحه."))
def show(who: str, **asked: Any) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import reader, workspace

    asked["lane"] = list(asked["lane"])
    with workspace() as road:
        told = road.customer(road.find(who), asked)
        display = reader(road)
    if call().json:
        showing.print_json(told)
        return
    _show(told, display)


@made("Write a note of a customer.", "نوشتن یادداشت دربارهٔ یک مشتری.", group=command)
@click.argument("who")
@click.argument("text")
@option("--author", default="", says=("Who writes it.", "نویسنده."))
def note(who: str, text: str, author: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.write_note(road.find(who), {"text": text, "author": author})
    if call().json:
        showing.print_json(told)
    else:
        showing.say("The note is kept.", "یادداشت نگه داشته شد.")


@made(
    "Keep that a customer allowed a channel or forbade it.",
    "نگه داشتن رضایت مشتری به یک کانال یا پس گرفتن آن.",
    group=command,
)
@click.argument("who")
@click.argument("channel")
@click.argument("word", type=click.Choice(["given", "withdrawn"]))
@option("--how", default="", says=("How it was heard.", "چگونه شنیده شد."))
def consent(who: str, channel: str, word: str, how: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.consent(road.find(who), channel, {"given": word == "given", "how": how})
    if call().json:
        showing.print_json(told)
    else:
        showing.say("What the customer said is kept.", "گفتهٔ مشتری نگه داشته شد.")


@made("Sign a short-lived link to a customer's card.", "ساختن پیوند کوتاه‌عمر کارت مشتری.", group=command)
@click.argument("who")
@option("--minutes", default=None, type=int, says=("How long it holds.", "چند دقیقه برقرار باشد."))
def card(who: str, minutes: int | None) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        order: dict[str, Any] = {"customer": road.find(who)}
        told = road.card(order | ({"minutes": minutes} if minutes is not None else {}))
    if call().json:
        showing.print_json(told)
    else:
        click.echo(told["url"])


def _show(told: dict[str, Any], display: Any) -> None:
    from ganj.faces.cli import showing

    language = display.language
    rows = [(Text("Customer", "مشتری").of(language), f"{told['name']} #{told['customer']}")]
    rows += [(one["kind"], one["value"]) for one in told["identifiers"]]
    rows += [
        (label.of(language), display.value(told["figures"][name], unit))
        for name, (label, unit) in _FIGURES.items()
    ]
    rows += [(Text("Stage", "مرحله").of(language), told["stage"]["name"])]
    rows += [(name, "✓" if one["given"] else "✗") for name, one in told["consents"].items()]
    rows += [(str(name), str(value)) for name, value in told["traits"].items()]
    showing.table([Text("What", "چه").of(language), Text("Value", "مقدار").of(language)], rows)
    heads = [Text(*one).of(language) for one in (("When", "کی"), ("Event", "رویداد"), ("Amount", "مبلغ"))]
    events = [(one["time"][:16], one["event"], display.money(one.get("amount"))) for one in told["timeline"]]
    showing.table(heads, events, numbers=(False, False, True))
