"""Holds a workspace and serves it; the lock says where, so that the shell can ask there."""

from __future__ import annotations

import shutil
from pathlib import Path

from ganj.faces.cli import showing
from ganj.faces.cli.asking import call
from ganj.faces.cli.starting import beginning
from ganj.workspace import Workspace


def allowed(host: str, *, insecure: bool) -> None:
    """Refuse early, before long work, an address that others can reach."""
    from ganj.faces.http.serve import NotLoopback, is_loopback

    if not is_loopback(host) and not insecure:
        raise NotLoopback(host=host)


def serve(workspace: Workspace, host: str, port: int, *, insecure: bool) -> None:
    """Serve until interrupted; print the address once it answers."""
    from ganj.faces.http import serve as server

    def ready(url: str) -> None:
        workspace.store.serving(url)
        if call_json:
            showing.print_json({"url": url, "workspace": str(workspace.folder)})
        else:
            showing.say(
                "ganj is at {url}  (Ctrl+C stops it)",
                "گنج در این نشانی است: {url}  (Ctrl+C آن را می‌بندد)",
                url=url,
            )

    call_json = call().json
    with workspace.sources.running():
        server.serve(workspace, host, port, insecure=insecure, ready=ready)


def shop(folder: Path, customers: int, seed: int) -> Workspace:
    """Open the demo's workspace, making it first; one that was not finished is made anew."""
    from ganj import simulate, workspace

    half = folder.with_name(folder.name + ".making")
    if not folder.exists():
        shutil.rmtree(half, ignore_errors=True)
        bar = showing.bar("Simulating a shop", "شبیه‌سازی یک فروشگاه")
        with workspace.create(half, beginning(call(), None, None)) as made, bar as progress:
            simulate.fill(made, customers=customers, seed=seed, progress=progress)
        half.rename(folder)
    return workspace.open(folder)
