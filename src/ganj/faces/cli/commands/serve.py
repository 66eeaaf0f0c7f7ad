"""``ganj serve``: the pages and the API of a workspace."""

from __future__ import annotations

import click

from ganj.faces.cli.asking import call, option
from ganj.faces.cli.asking import command as made


@made("Serve the pages and the API.", "راه‌اندازی صفحه‌ها و API.", name="serve")
@option("--host", default="127.0.0.1", show_default=True, says=("Address to listen on.", "نشانی شنود."))
@option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8765,
    show_default=True,
    says=("Port; 0 picks a free one.", "درگاه؛ ۰ یعنی هر درگاه آزاد."),
)
@option(
    "--insecure",
    is_flag=True,
    says=("Allow addresses that others can reach.", "نشانی‌هایی که دیگران می‌بینند مجاز باشد."),
)
def command(host: str, port: int, *, insecure: bool) -> None:
    from ganj.faces.http.sparing import with_one_heap, without_pandas

    without_pandas()  # before anything is loaded that makes Arrow's arrays
    with_one_heap()
    from ganj import workspace
    from ganj.faces.cli import serving

    serving.allowed(host, insecure=insecure)
    with workspace.open(call().workspace, wait=1.0) as held:
        serving.serve(held, host, port, insecure=insecure)
