"""``ganj doctor``: what this machine and this workspace need."""

from __future__ import annotations

from ganj.faces.cli.asking import call
from ganj.faces.cli.asking import command as made
from ganj.text import Text


@made("Check this machine and this workspace.", "بررسی این دستگاه و این فضای کار.", name="doctor")
def command() -> int:
    from ganj.faces.cli import checkup, showing
    from ganj.faces.cli.failing import DONE, WRONG

    found = checkup.all_(call())
    well = all(one.well for one in found)
    if call().json:
        told = [{"check": one.name, "well": one.well, "says": one.says.of(call().tongue)} for one in found]
        showing.print_json({"well": well, "checks": told})
    else:
        for one in found:
            mark = Text("ok  ", "خوب ") if one.well else Text("FAIL", "بد  ")
            showing.say(
                "{mark} {says}", "{mark} {says}", mark=mark.of(call().tongue), says=one.says.of(call().tongue)
            )
    return DONE if well else WRONG
