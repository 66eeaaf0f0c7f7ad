"""``ganj settings``: show and change language, calendar, digits, money and zone."""

from __future__ import annotations

import click

from ganj.errors import UnknownName
from ganj.faces.cli.asking import Group, call
from ganj.faces.cli.asking import command as made
from ganj.text import Text

command = Group(
    "settings",
    says=Text(
        "Show and change the settings.\n\n`ganj settings set language=en calendar=gregorian`",
        "دیدن و تغییر تنظیمات.\n\n`ganj settings set language=fa calendar=jalali`",
    ),
    invoke_without_command=True,
    callback=lambda: _get(()) if click.get_current_context().invoked_subcommand is None else None,
)


@made("Show the settings, or those named.", "نمایش تنظیمات.", group=command)
@click.argument("names", nargs=-1)
def get(names: tuple[str, ...]) -> None:
    _get(names)


@made("Change settings: NAME=VALUE …", "تغییر تنظیمات: NAME=VALUE …", name="set", group=command)
@click.argument("changes", nargs=-1, required=True)
def set_(changes: tuple[str, ...]) -> None:
    from ganj.faces.cli.road import workspace

    if any("=" not in change for change in changes):
        raise click.UsageError(Text("Write NAME=VALUE.", "به شکل NAME=VALUE بنویسید.").of(call().tongue))
    words = dict(change.split("=", 1) for change in changes)
    with workspace() as road:
        _show(road.save_settings(words))


def _get(names: tuple[str, ...]) -> None:
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        known = road.settings()
    for name in names:
        if name not in known:
            raise UnknownName.among(Text("setting", "تنظیم"), name, known)
    _show({name: known[name] for name in names or known})


def _show(settings: dict[str, object]) -> None:
    from ganj.faces.cli import showing

    if call().json:
        showing.print_json(settings)
        return
    for name, value in settings.items():
        click.echo(f"{name} = {value}")
