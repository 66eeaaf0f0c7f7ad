"""``ganj identity``: by which rules identifiers become people, and which source wins a trait."""

from __future__ import annotations

from typing import Any

import click

from ganj.faces.cli.asking import Group, call, option
from ganj.faces.cli.asking import command as made
from ganj.text import Text

command = Group(
    "identity",
    says=Text(
        "By which rules identifiers become people, and which source wins a trait.",
        "شناسه‌ها با چه قاعده‌ای یک شخص می‌شوند و سخن کدام منبع پذیرفته است.",
    ),
)
_LABELS = {
    "limits": Text("Limits", "سقف‌ها"),
    "others": Text("Limit of others", "سقف دیگر شناسه‌ها"),
    "priority": Text("Trusted, the first most", "مورد اعتماد، نخستین بیش از همه"),
    "weak": Text("Shared by people", "میان افراد مشترک"),
    "blocked": Text("Values that stand for nobody", "مقدارهایی که از آنِ کسی نیست"),
    "country": Text("Country code of phones", "پیش‌شمارهٔ کشور"),
}


@made("Show the rules of identity.", "نمایش قاعده‌های شناسایی.", group=command)
def rules() -> None:
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.identity_rules({})
    _say(told)


@made(
    "Change rules of identity; they hold for what comes from now on, after ganj rebuild for everything.\n\n"
    "ganj identity change --limit email=3 --limit device=5/7 --block 'test@.*'",
    "تغییر قاعده‌های شناسایی؛ برای آنچه از این پس می‌آید، و پس از ganj rebuild برای همه‌چیز.\n\n"
    "ganj identity change --limit email=3 --limit device=5/7 --block 'test@.*'",
    group=command,
)
@option(
    "--limit",
    multiple=True,
    metavar="KIND=COUNT[/DAYS]",
    says=("Identifiers of a kind a person may have.", "شمار شناسه‌های یک نوع برای هر شخص."),
)
@option("--others", type=int, says=("Limit of kinds not named.", "سقف نوع‌های نام‌برده‌نشده."))
@option("--priority", multiple=True, says=("Kinds, the most trusted first.", "نوع‌ها به ترتیب اعتماد."))
@option("--weak", multiple=True, says=("Kinds that people share.", "نوع‌هایی که میان افراد مشترک است."))
@option(
    "--block",
    multiple=True,
    says=("One more value that is nobody's (RE2).", "مقداری دیگر که از آنِ کسی نیست."),
)
@option("--unblock", multiple=True, says=("A value no longer set aside.", "مقداری که دیگر کنار گذاشته نشود."))
@option("--country", default=None, says=("Country code of phones.", "پیش‌شمارهٔ کشور تلفن‌ها."))
@option("--defaults", is_flag=True, says=("Begin from the usual rules.", "از قاعده‌های معمول آغاز شود."))
def change(**asked: Any) -> None:
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.identity_rules(_changes(asked, {} if asked["defaults"] else road.identity_rules({})))
    _say(told)


def _changes(asked: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Return the rules that an order changes, from those of now; all of them where there are none."""
    from ganj.faces.identity import limits
    from ganj.identity.rules import Rules
    from ganj.parameters import dump

    before = now or dump(Rules())
    told: dict[str, Any] = {} if now else dict(before)
    for name in ("priority", "weak"):
        if asked[name]:
            told[name] = list(asked[name])
    if asked["limit"]:
        told["limits"] = before["limits"] | limits(list(asked["limit"]))
    if asked["others"] is not None:
        told["others"] = {"most": asked["others"], "days": 0}
    if asked["block"] or asked["unblock"]:
        kept = [one for one in before["blocked"] if one not in asked["unblock"]]
        told["blocked"] = list(dict.fromkeys([*kept, *asked["block"]]))
    return told | ({"country": asked["country"]} if asked["country"] is not None else {})


def _say(told: dict[str, Any]) -> None:
    from ganj.faces.cli import showing

    if call().json:
        showing.print_json(told)
        return
    heads = [Text(*head).of(call().tongue) for head in (("Rule", "قاعده"), ("Value", "مقدار"))]
    showing.table(heads, [(label.of(call().tongue), _words(told[name])) for name, label in _LABELS.items()])


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "  ".join(str(one) for one in value)
    if isinstance(value, dict) and "most" in value:
        return f"{value['most']}/{value['days']}" if value.get("days") else str(value["most"])
    if isinstance(value, dict):
        return "  ".join(f"{kind}={_words(limit)}" for kind, limit in value.items()) or "—"
    return str(value)


@made(
    "Decide which source wins a trait: last, first, complete (the longest), or sources in order of trust.\n\n"
    "ganj identity prefer city sources --source crm --source shop",
    "تعیین اینکه سخن کدام منبع دربارهٔ یک ویژگی پذیرفته است: last (تازه‌ترین)، first (نخستین)، "
    "complete (کامل‌ترین)، یا sources به ترتیب اعتماد.\n\n"
    "ganj identity prefer city sources --source crm --source shop",
    group=command,
)
@click.argument("trait")
@click.argument("rule")
@option("--source", multiple=True, says=("Sources, the most trusted first.", "منبع‌ها، معتمدترین در آغاز."))
@option("--by", default="", says=("Who says so.", "چه کسی می‌گوید."))
def prefer(trait: str, rule: str, source: tuple[str, ...], by: str) -> None:
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.prefer(trait, {"rule": rule, "sources": list(source), "by": by})
    _list(told)


@made(
    "List the traits of which it was decided.",
    "فهرست ویژگی‌هایی که دربارهٔ منبعشان تصمیم گرفته شده.",
    group=command,
)
def preferences() -> None:
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.preferences()
    _list(told)


def _list(told: dict[str, Any]) -> None:
    from ganj.faces.cli import showing

    if call().json:
        showing.print_json(told)
    elif told["preferences"]:
        heads = [
            Text(*head).of(call().tongue)
            for head in (("Trait", "ویژگی"), ("Rule", "قاعده"), ("Sources", "منبع‌ها"))
        ]
        rows = [(one["trait"], one["rule"], "  ".join(one["sources"])) for one in told["preferences"]]
        showing.table(heads, rows)
    else:
        showing.say(
            "Of every trait, whoever spoke last is believed.", "دربارهٔ همهٔ ویژگی‌ها، تازه‌ترین سخن پذیرفته است."
        )
