"""``ganj source``: what ganj pulls by itself; each kind of source is a command made from its class."""

from __future__ import annotations

from typing import Any

import click

from ganj.faces.cli import importing
from ganj.faces.cli.asking import Command, Group, Option, call, option
from ganj.faces.cli.asking import command as made
from ganj.faces.cli.commands.mine import parameter_option
from ganj.text import Text

command = Group(
    "source",
    says=Text(
        "Databases, folders, mailboxes, shops and access logs that ganj reads by itself.",
        "پایگاه داده، پوشه، صندوق ایمیل، فروشگاه و access log که گنج خودش می‌خواند.",
    ),
)


@made(
    "List the sources and what their last run brought.",
    "فهرست منبع‌ها و آنچه آخرین بار آورده‌اند.",
    name="list",
    group=command,
)
def list_() -> None:
    from ganj.faces.cli import showing, sourcing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        found = road.sources()
    if call().json:
        showing.print_json(found)
    else:
        sourcing.show_all(found)


class Kinds(Group):
    """The kinds of sources, each a command made from its class."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the kinds."""
        from ganj.intake.sources import feeds

        del ctx
        return list(feeds())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the command of a kind; a wrong name is told with the nearest ones."""
        from ganj.intake.sources import feed_named, feeds
        from ganj.parameters import parameters

        if ctx.resilient_parsing and cmd_name not in feeds():
            return None
        kind = feed_named(cmd_name)
        own: list[click.Parameter] = [parameter_option(one) for one in parameters(kind)]
        name = click.Argument(["source_name"], metavar="NAME")
        return Command(
            cmd_name,
            says=kind.says,
            params=[name, *own, *_common()],
            callback=lambda **words: _add(cmd_name, words),
        )


def _common() -> list[click.Parameter]:
    return [
        Option(
            ["--every"],
            metavar="WHEN",
            default="",
            says=Text(
                "15m, 1h, daily 03:00, weekly sat 03:00, monthly 1 03:00, or as in cron.",
                "15m، 1h، daily 03:00، weekly sat 03:00، monthly 1 03:00 یا مانند cron.",
            ),
        ),
        Option(
            ["--allow-private"],
            is_flag=True,
            says=Text(
                "It may reach this machine and private networks.", "به همین دستگاه و شبکه‌های خصوصی هم برسد."
            ),
        ),
        Option(
            ["--as", "rows_kind"],
            metavar="KIND",
            says=Text("What its rows are: orders, events …", "سطرهایش چیست: orders، events …"),
        ),
        Option(
            ["--map", "mapping"],
            multiple=True,
            metavar="FIELD=COLUMN",
            says=Text("Which column is what.", "کدام ستون چیست."),
        ),
        Option(
            ["--currency"],
            metavar="CODE",
            says=Text("IRR (rial), IRT (toman), USD …", "IRR (ریال)، IRT (تومان)، USD …"),
        ),
        Option(
            ["--check", "only_check"],
            is_flag=True,
            says=Text("Only try it: keep nothing.", "تنها بیازما؛ چیزی نگه ندار."),
        ),
    ]


def _add(kind: str, words: dict[str, Any]) -> None:
    from ganj.faces.cli import showing, sourcing
    from ganj.faces.cli.road import workspace
    from ganj.intake.sources import feed_named
    from ganj.parameters import parameters

    answers = {
        "kind": words["rows_kind"],
        "currency": words["currency"],
        "mapping": importing.mapping(words["mapping"]),
    }
    told = {
        "name": words["source_name"],
        "type": kind,
        "parameters": sourcing.given(parameters(feed_named(kind)), words),
        "answers": {word: value for word, value in answers.items() if value},
        "every": words["every"],
        "private": words["allow_private"],
    }
    with workspace() as road:
        found = road.look_at_source(told) if words["only_check"] else road.add_source(told)
    if call().json:
        showing.print_json(found)
    elif words["only_check"]:
        sourcing.show_look(found)
    else:
        showing.say(
            "{name} is set up; it is read {every} while ganj serves. Now: ganj source run {name}",
            "«{name}» آماده است؛ تا گنج روشن است {every} خوانده می‌شود. هم‌اکنون: ganj source run {name}",
            name=found["name"],
            every=found["every"],
        )


command.add_command(
    Kinds(
        "add",
        says=Text(
            "Set up a source; it is tried first. Secrets: env:NAME or file:PATH.",
            "ساختن منبع؛ نخست آزموده می‌شود. رازها: env:NAME یا file:PATH.",
        ),
    )
)


@made(
    "Try a source: what its first part would bring; nothing is kept.",
    "آزمودن یک منبع: بخش نخست آن چه می‌آورد؛ چیزی نگه داشته نمی‌شود.",
    group=command,
)
@click.argument("name")
def check(name: str) -> None:
    from ganj.faces.cli import showing, sourcing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        found = road.look_at_source(name)
    if call().json:
        showing.print_json(found)
    else:
        sourcing.show_look(found)


@made("Fetch what is new, now.", "خواندن تازه‌ها، هم‌اکنون.", group=command)
@click.argument("name")
@option(
    "--again",
    is_flag=True,
    says=("From the beginning; nothing is stored twice.", "از آغاز؛ چیزی دوبار ذخیره نمی‌شود."),
)
def run(name: str, *, again: bool) -> int:
    from ganj.faces.cli import showing, sourcing
    from ganj.faces.cli.failing import DONE, WRONG
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.run_source(name, again=again)
    if call().json:
        showing.print_json(told)
    else:
        sourcing.show_report(name, told)
    return WRONG if told["error"] else DONE


def _changed(name: str, **changes: Any) -> None:
    from ganj.faces.cli import showing, sourcing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        found = road.change_source(name, changes)
    if call().json:
        showing.print_json(found)
    else:
        sourcing.show_all([found])


@made("Let a source wait.", "نگه داشتن یک منبع.", group=command)
@click.argument("name")
def pause(name: str) -> None:
    _changed(name, paused=True)


@made("Let a source go on.", "از سر گرفتن یک منبع.", group=command)
@click.argument("name")
def resume(name: str) -> None:
    _changed(name, paused=False)


@made("Forget a source; what it brought stays.", "برداشتن یک منبع؛ آنچه آورده می‌ماند.", group=command)
@click.argument("name")
def remove(name: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.remove_source(name)
    if call().json:
        showing.print_json(told)
    else:
        showing.say(
            "{name} is gone; what it brought stays.", "«{name}» برداشته شد؛ آنچه آورده می‌ماند.", name=name
        )
