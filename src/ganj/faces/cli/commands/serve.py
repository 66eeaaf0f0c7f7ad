"""``ganj serve``: the pages and the API of a workspace."""

from __future__ import annotations

from ganj.faces.cli.asking import call
from ganj.faces.cli.asking import command as made
from ganj.faces.cli.listening import exposes, listens


@made("Serve the pages and the API.", "راه‌اندازی صفحه‌ها و API.", name="serve")
@listens(8765)
@exposes
def command(host: str, port: int, *, insecure: bool) -> None:
    from ganj.faces.http.sparing import looked_for_pandas, with_one_heap

    looked_for_pandas()  # before anything is loaded that makes Arrow's arrays
    with_one_heap()
    from ganj import workspace
    from ganj.faces.cli import serving

    serving.allowed(host, insecure=insecure)
    with workspace.open(call().workspace, wait=1.0) as held:
        serving.serve(held, host, port, insecure=insecure)
