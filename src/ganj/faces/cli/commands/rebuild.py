"""``ganj rebuild``: make everything derived anew."""

from __future__ import annotations

from ganj.faces.cli.asking import call
from ganj.faces.cli.asking import command as made


@made(
    "Make everything derived anew from what came in.",
    "بازسازی همهٔ داده‌های مشتق‌شده از آنچه وارد شده است.",
    name="rebuild",
)
def command() -> None:
    from ganj.faces.cli import showing
    from ganj.faces.cli.road import workspace

    with workspace() as road, showing.bar("Rebuilding", "بازسازی") as progress:
        told = road.rebuild(progress)
    if call().json:
        showing.print_json(told)
    else:
        showing.say("Rebuilt.", "بازسازی شد.")
