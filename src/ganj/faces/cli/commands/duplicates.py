"""``ganj duplicates``: find customers who may be one person, merge them or tell them apart."""

from __future__ import annotations

from typing import Any

import click

from ganj.errors import BadParameter
from ganj.faces.cli.asking import Group, call, option
from ganj.faces.cli.asking import command as made
from ganj.text import Text

command = Group(
    "duplicates",
    says=Text(
        "Customers who may be one person: find, list, merge, tell apart.",
        "مشتریان تکراری: یافتن، فهرست، ادغام، جدا دانستن.",
    ),
)

_SIGNS = {"True": "✓", "False": "✗"}


@made(
    "Look for pairs; those that are sure are merged at once.",
    "جست‌وجوی جفت‌ها؛ جفت‌های مطمئن همان دم ادغام می‌شوند.",
    group=command,
)
@option(
    "--merge/--no-merge",
    "automatic",
    default=None,
    says=("Merge sure pairs, or none; else as the rules say.", "ادغام جفت‌های مطمئن یا هیچ؛ وگرنه طبق قاعده."),
)
def find(automatic: bool | None) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        found = road.find_duplicates(automatic)
    if call().json:
        showing.print_json(found)
    else:
        showing.say(
            "{customers} customers compared, {merged} pairs merged, {pairs} to look at, {households} households.",
            "{customers} مشتری مقایسه شد، {merged} جفت ادغام شد، {pairs} جفت برای بررسی ماند، {households} خانوار.",
            **found,
        )


@made("List pairs, the most probable first.", "فهرست جفت‌ها، محتمل‌ترین در آغاز.", name="list", group=command)
@option(
    "--status",
    default="open",
    says=("open, later, merged or different.", "‏open، later، merged یا different."),
)
@option("--limit", type=click.IntRange(1, 1000), default=50, says=("Pairs at most.", "حداکثر شمار جفت‌ها."))
def list_(status: str, limit: int) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.duplicates(status, limit)
    if call().json:
        showing.print_json(told)
        return
    if not told["pairs"]:
        showing.say("There is no such pair.", "چنین جفتی نیست.")
        return
    heads = [
        Text(*head).of(call().tongue)
        for head in (("Pair", "جفت"), ("Probability", "احتمال"), ("One", "یکی"), ("Other", "دیگری"))
    ]
    rows = [
        (pair["id"], f"{pair['probability']:.3f}", _side(pair["left"]), _side(pair["right"]))
        for pair in told["pairs"]
    ]
    showing.table(heads, rows, numbers=(True, True))


def _side(side: dict[str, Any]) -> str:
    return f"{side['kind']}:{side['value']}"


@made(
    "Say that a pair is one person.\n\nganj duplicates merge 12 --keep name=left",
    "یک نفر دانستن یک جفت.\n\nganj duplicates merge 12 --keep name=left",
    group=command,
)
@click.argument("pair", type=int)
@option("--keep", multiple=True, metavar="FIELD=SIDE", says=("Whose value stays.", "مقدار کدام بماند."))
def merge(pair: int, keep: tuple[str, ...]) -> None:
    fields = {}
    for words in keep:
        name, sign, side = words.rpartition("=")
        if not sign:
            from ganj.faces.duplicates import SIDES

            raise BadParameter(parameter="--keep", value=words, why=SIDES)
        fields[name] = side
    _say(pair, "merge", {"fields": fields})


@made(
    "Say that a pair is two people; they are never offered again.",
    "دو نفر دانستن یک جفت؛ دیگر پیشنهاد نمی‌شوند.",
    group=command,
)
@click.argument("pair", type=int)
def different(pair: int) -> None:
    _say(pair, "different", {})


@made(
    "Put a pair off: it comes after the others.", "گذاشتن یک جفت برای بعد؛ پس از بقیه می‌آید.", group=command
)
@click.argument("pair", type=int)
def later(pair: int) -> None:
    _say(pair, "later", {})


@made(
    "Show how sure is sure enough, or change it.",
    "نمایش یا تغییر اینکه چه اندازه اطمینان بس است.",
    group=command,
)
@option(
    "--automatic/--no-automatic",
    default=None,
    says=("Merge sure pairs at once.", "ادغام خودکار جفت‌های مطمئن."),
)
@option("--precision", type=float, says=("Sure from this probability.", "مطمئن از این احتمال."))
@option("--least", type=float, says=("Offer from this probability.", "پیشنهاد از این احتمال."))
@option("--households/--no-households", default=None, says=("Note who lives together.", "یافتن خانوارها."))
@option("--together", type=float, says=("One household from this probability.", "هم‌خانه از این احتمال."))
def rules(**asked: Any) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace
    from ganj.parameters import parameters
    from ganj.workspace.duplicates.rules import DuplicateRules

    with workspace() as road:
        told = road.duplicate_rules({name: value for name, value in asked.items() if value is not None})
    if call().json:
        showing.print_json(told)
        return
    heads = [Text(*head).of(call().tongue) for head in (("Rule", "قاعده"), ("Value", "مقدار"))]
    labels = {one.name: one.label.of(call().tongue) for one in parameters(DuplicateRules)}
    showing.table(heads, [(labels[name], _SIGNS.get(str(value), str(value))) for name, value in told.items()])


@made(
    "List customers who live together, as the last search found them.",
    "فهرست مشتریان هم‌خانه، چنان‌که آخرین جست‌وجو یافته است.",
    group=command,
)
@option(
    "--limit", type=click.IntRange(1, 1000), default=50, says=("Households at most.", "حداکثر شمار خانوارها.")
)
def households(limit: int) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.households(limit)
    if call().json:
        showing.print_json(told)
    elif told["households"]:
        heads = [
            Text(*head).of(call().tongue) for head in (("Household", "خانوار"), ("Customers", "مشتریان"))
        ]
        rows = [(number, _members(one)) for number, one in enumerate(told["households"], 1)]
        showing.table(heads, rows, numbers=(True, False))
    else:
        showing.say(
            "No household is known; look for duplicates first.",
            "خانواری شناخته نیست؛ نخست تکراری‌ها را بجویید.",
        )


def _members(household: list[dict[str, Any]]) -> str:
    return "، ".join(f"{one['name']} #{one['customer']}".strip() for one in household)


@made("Take back what was said of a pair.", "برگرداندن آنچه دربارهٔ یک جفت گفته شد.", group=command)
@click.argument("pair", type=int)
def undo(pair: int) -> None:
    _say(pair, "undo", {})


def _say(pair: int, verb: str, told: dict[str, Any]) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        said = road.decide_duplicate(pair, verb, told)
    if call().json:
        showing.print_json(said)
    else:
        showing.say("Pair {id}: {status}", "جفت {id}: {status}", **said)
