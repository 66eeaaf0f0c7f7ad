"""``ganj verify``: prove that the folder is whole."""

from __future__ import annotations

from ganj.faces.cli.asking import call
from ganj.faces.cli.asking import command as made


@made("Prove that the workspace is whole.", "بررسی سالم بودن فضای کار.", name="verify")
def command() -> int:
    from ganj.faces.cli import showing
    from ganj.faces.cli.failing import DONE, WRONG
    from ganj.faces.cli.road import workspace

    with workspace() as road:
        told = road.verify()
    if call().json:
        showing.print_json(told)
    elif told["whole"]:
        showing.say("Everything is whole.", "همه چیز سالم است.")
    else:
        for problem in told["problems"]:
            showing.say("{path}: {what}", "{path}: {what}", **problem)
        showing.say(
            "`ganj rebuild` makes what is derived anew.", "`ganj rebuild` هر چه مشتق شده را از نو می‌سازد."
        )
    return DONE if told["whole"] else WRONG
