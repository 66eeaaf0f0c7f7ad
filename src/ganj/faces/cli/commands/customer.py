"""``ganj customer``: merge customers who are one person, take it back, see who was merged and why."""

from __future__ import annotations

from typing import Any

import click

from ganj.faces.cli.asking import Group, call, option
from ganj.faces.cli.asking import command as made
from ganj.text import Text

command = Group(
    "customer",
    says=Text(
        "Customers who are one person: merge, take back, list.",
        "مشتریانی که یک نفرند: ادغام، پس گرفتن، فهرست.",
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
