"""The options of commands that listen on an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ganj.faces.cli.asking import option


def listens(port: int) -> Callable[[Any], Any]:
    """Take ``--host`` and ``--port``."""
    host = option(
        "--host", default="127.0.0.1", show_default=True, says=("Address to listen on.", "نشانی شنود.")
    )
    number = option(
        "--port",
        type=click.IntRange(0, 65_535),
        default=port,
        show_default=True,
        says=("Port; 0 picks a free one.", "درگاه؛ ۰ یعنی هر درگاه آزاد."),
    )
    return lambda function: host(number(function))


def exposes(function: Any) -> Any:
    """Take ``--insecure``."""
    says = ("Allow addresses that others can reach.", "نشانی‌هایی که دیگران می‌بینند مجاز باشد.")
    return option("--insecure", is_flag=True, says=says)(function)
