"""``ganj init``: begin a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from ganj.faces.cli.asking import call, option
from ganj.faces.cli.asking import command as made


@made("Begin a workspace in a folder.", "ساختن یک فضای کار در یک پوشه.", name="init")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@option(
    "--currency", metavar="CODE", says=("Money that is stored: IRR, USD …", "پولی که ذخیره می‌شود: IRR، USD …")
)
@option("--zone", metavar="TZ", says=("Time zone of the company.", "منطقهٔ زمانی شرکت."))
def command(folder: Path | None, currency: str | None, zone: str | None) -> None:
    from ganj import workspace
    from ganj.engines import warming
    from ganj.faces.cli import showing
    from ganj.faces.cli.starting import beginning

    place = folder or call().workspace
    with workspace.create(place, beginning(call(), currency, zone)) as made_:
        settings = made_.settings
    warming.started()
    call().language = call().language or settings.language
    if call().json:
        showing.print_json({"workspace": str(place.resolve())})
        return
    showing.say("A workspace is in {place}.", "فضای کار در {place} ساخته شد.", place=place)
    showing.say("Next: ganj -w {place} import FILE", "گام بعد: ganj -w {place} import FILE", place=place)
