"""A collector beside a server: takes events into the same workspace and does nothing else.

It needs neither the workspace's lock nor its database: it reads the keys and appends to the log, in files of its
own.  So any number may run, and events are taken while the server is away.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganj.access.ring import Ring
from ganj.errors import NotAWorkspace
from ganj.faces.http import listening
from ganj.faces.http.gate import Gate
from ganj.faces.http.sparing import sparing
from ganj.intake.http import quick
from ganj.intake.http.collector import Collector
from ganj.log import Writer


def collect(folder: Path, host: str, port: int, *, ready: Callable[[str], None]) -> None:
    """Collect until interrupted; ``ready`` is called with the address once requests are answered.

    Raises
    ------
    NotAWorkspace, PortTaken
        The folder holds none; another program listens there.
    """
    if not (folder / "workspace.json").exists():
        raise NotAWorkspace(path=folder)
    socket = listening.bound(host, port, shared=True)
    ring, writer = Ring(folder / "control.sqlite"), Writer(folder / "log")
    gate = Gate(Collector(ring), writer)
    quick.beside()
    try:
        with sparing():
            listening.listen(Beside(gate), gate, socket, lambda: ready(listening.address(host, socket)))
    finally:
        ring.close()
        writer.close()


class Beside:
    """Answers what is asked of a collector besides events: how it does."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer ``/healthz``, and 404 to anything else."""
        if scope["type"] == "lifespan":
            for said in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{said}.complete"})
            return
        found = scope["path"] in {"/healthz", "/readyz"}
        told = {"status": "ok", "collection": self._gate.state()} if found else {"status": "no such address"}
        headers = [(b"content-type", b"application/json"), (b"x-content-type-options", b"nosniff")]
        start = {"type": "http.response.start", "status": 200 if found else 404, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": json.dumps(told, ensure_ascii=False).encode()})
