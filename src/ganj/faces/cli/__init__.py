"""The shell: ``ganj …``.

One file a command, in ``commands/``: the file ``import_.py`` holds the `asking.Command` named
``command``.  A file is imported when its command is called or its help is asked, and brings nothing
heavy until it works, so that ``ganj --help`` is quick.

Exit codes: 0 done; 1 something is wrong that is not the caller's mistake; 2 a mistake, explained;
130 interrupted.
"""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import click

from ganj.faces.cli import commands
from ganj.faces.cli.asking import Group
from ganj.text import Text


class Shell(Group):
    """All commands, found by their files."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands by name."""
        del ctx
        return sorted(module.name.rstrip("_") for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the file of a command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        own = {module.name for module in pkgutil.iter_modules(commands.__path__)}
        file = cmd_name if cmd_name in own else f"{cmd_name}_"
        found: click.Command = import_module(f"{commands.__name__}.{file}").command
        return found


shell = Shell(
    "ganj",
    says=Text(
        "Mine what a company knows of its customers.\n\n"
        "Begin with `ganj demo`, or `ganj init` and `ganj import FILE`.",
        "کاوش در آنچه یک شرکت از مشتریانش می‌داند.\n\n"
        "با `ganj demo` آغاز کنید، یا با `ganj init` و سپس `ganj import FILE`.",
    ),
)
shell.params.append(
    click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=lambda ctx, _, value: _version(ctx) if value else None,
        help="Print the version.",
    )
)


def _version(ctx: click.Context) -> None:
    from ganj import __version__

    click.echo(f"ganj {__version__}")
    ctx.exit()


def main(args: list[str] | None = None) -> None:
    """Run the shell; mistakes are explained, not traced."""
    from ganj.faces.cli.failing import explained

    sys.exit(explained(shell, args))
