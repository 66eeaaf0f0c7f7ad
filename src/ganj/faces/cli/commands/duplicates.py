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
            "{customers} customers compared, {merged} pairs merged, {pairs} to look at.",
            "{customers} مشتری مقایسه شد، {merged} جفت ادغام شد، {pairs} جفت برای بررسی ماند.",
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
