"""``ganj picture``: pictures of pages, over which heat-maps are laid."""

from __future__ import annotations

from pathlib import Path

import click

from ganj.faces.cli.asking import Group, call, option
from ganj.faces.cli.asking import command as made
from ganj.text import Text

_WINDOW = option(
    "--window",
    default="wide",
    show_default=True,
    says=("As it looks on computers (wide) or on phones (narrow).", "‏wide برای رایانه یا narrow برای گوشی."),
)

command = Group(
    "picture",
    says=Text(
        "Pictures of pages, over which heat-maps are laid.", "تصویر صفحه‌ها؛ نقشهٔ حرارتی روی آن‌ها می‌افتد."
    ),
)


@made("List the pictures of pages.", "فهرست تصویرهای صفحه‌ها.", name="list", group=command)
def list_() -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        kept = road.pictures()
    if call().json:
        showing.print_json(kept)
    elif not kept:
        showing.say("There is no picture of a page yet.", "هنوز تصویری از صفحه‌ای نیست.")
    else:
        heads = [
            Text(*head).of(call().tongue)
            for head in (("Page", "صفحه"), ("Window", "پنجره"), ("Size", "اندازه"))
        ]
        rows = [(one["page"], one["window"], f"{one['width']} × {one['height']}") for one in kept]
        showing.table(heads, rows)


@made(
    "Keep a picture of a page: PNG, JPEG or WebP, at most 8 MB.\n\nganj picture save /shop shop.png",
    "نگه‌داشتن تصویر یک صفحه: PNG، JPEG یا WebP، حداکثر ۸ مگابایت.\n\nganj picture save /shop shop.png",
    group=command,
)
@click.argument("page")
@click.argument("file", type=click.Path(path_type=Path))
@_WINDOW
def save(page: str, file: Path, window: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        kept = road.save_picture(page, window, file)
    if call().json:
        showing.print_json(kept)
    else:
        showing.say("The picture of {page} is kept.", "تصویر {page} نگه داشته شد.", page=kept["page"])


@made("Remove the picture of a page.", "برداشتن تصویر یک صفحه.", group=command)
@click.argument("page")
@_WINDOW
def remove(page: str, window: str) -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.remove_picture(page, window)
    if call().json:
        showing.print_json(told)
    else:
        showing.say("The picture of {page} was removed.", "تصویر {page} برداشته شد.", page=page)
