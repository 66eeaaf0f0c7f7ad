"""How the shell says that something went wrong, and with which exit code."""

from __future__ import annotations

import json
import os
import sys

import click

from ganj.errors import GanjError
from ganj.faces.cli.asking import Call
from ganj.faces.problem import problem
from ganj.text import Text

DONE, WRONG, MISTAKE, INTERRUPTED = 0, 1, 2, 130

_ERROR = Text("error", "خطا")
_HINT = Text(" hint", "راهنما")
_SEE = Text("See {path} --help.", "راهنما: {path} --help")


def explained(shell: click.Command, args: list[str] | None) -> int:
    """Run the shell and return its exit code; a mistake is told in the caller's language."""
    said = Call()
    try:
        left = shell.main(args, prog_name="ganj", standalone_mode=False, obj=said)
    except GanjError as mistake:
        return _mistake(said, mistake)
    except click.ClickException as mistake:
        return _usage(said, mistake)
    except (click.Abort, KeyboardInterrupt):
        click.echo(err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has seen enough; keep Python from complaining when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return left if isinstance(left, int) else DONE


def _mistake(said: Call, mistake: GanjError) -> int:
    if said.json:
        click.echo(json.dumps(problem(mistake, said.tongue), ensure_ascii=False), err=True)
    else:
        _tell(said, mistake.message(said.tongue), mistake.advice(said.tongue))
    return MISTAKE


def _usage(said: Call, mistake: click.ClickException) -> int:
    # A broken command line stops click before it has seen a --json that follows.
    if said.json or "--json" in sys.argv:
        body = {"type": "errors#Usage", "title": mistake.format_message(), "status": 400, "detail": ""}
        click.echo(json.dumps(body, ensure_ascii=False), err=True)
        return MISTAKE
    ctx = getattr(mistake, "ctx", None)
    see = _SEE.of(said.tongue).format(path=ctx.command_path) if ctx else ""
    _tell(said, mistake.format_message(), see)
    return MISTAKE


def _tell(said: Call, wrong: str, hint: str) -> None:
    click.echo(click.style(_ERROR.of(said.tongue), fg="red", bold=True) + f": {wrong}", err=True)
    if hint:
        click.echo(click.style(_HINT.of(said.tongue), fg="cyan") + f": {hint}", err=True)
