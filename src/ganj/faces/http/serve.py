"""Serves one workspace: one process, one event loop, threads for the work."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from ganj.access.ring import Ring
from ganj.errors import GanjError
from ganj.faces.http.gate import Gate
from ganj.faces.http.listening import NotLoopback, PortTaken, address, bound, is_loopback, listen
from ganj.faces.http.loading import LoaderThread
from ganj.faces.http.sparing import sparing
from ganj.intake.http import quick
from ganj.intake.http.collector import Collector
from ganj.log import Writer
from ganj.workspace import Workspace

__all__ = ["NotLoopback", "PortTaken", "is_loopback", "serve"]


def serve(
    workspace: Workspace,
    host: str = "127.0.0.1",
    port: int = 8765,
    *,
    insecure: bool = False,
    ready: Callable[[str], None] = print,
) -> None:
    """Serve until interrupted; ``ready`` is called with the address once requests are answered.

    Raises
    ------
    NotLoopback
        The address can be reached from elsewhere and ``insecure`` was not given.
    PortTaken
        Another program listens there.
    """
    if not is_loopback(host) and not insecure:
        raise NotLoopback(host=host)
    from ganj.faces.http.app import application

    socket = bound(host, port)
    workspace.store.control.settings()  # its file is there and up to date before keys are read from it
    ring, writer = Ring(workspace.folder / "control.sqlite"), Writer(workspace.folder / "log")
    gate = Gate(Collector(ring), writer)
    ending = threading.Event()
    beside = [
        quick.beside(),
        threading.Thread(target=warm, args=(workspace, ending), name="warm-up", daemon=True),
    ]
    beside[1].start()
    loader = LoaderThread(workspace)
    loader.start()
    try:
        app = application(workspace, insecure=insecure, gate=gate)
        with sparing():
            listen(app, gate, socket, lambda: ready(address(host, socket)))
    finally:
        ending.set()
        ring.close()
        writer.close()
        loader.stop()
        for thread in beside:  # they read from the store, which is closed next
            thread.join()


def warm(workspace: Workspace, ending: threading.Event) -> None:
    """Run what the first pages ask, so that their numbers are there, and see that all analyses are compiled."""
    from ganj.engines import warming
    from ganj.faces.web.visit import analyses, prepare
    from ganj.miners.overview import Overview

    def first() -> None:
        with contextlib.suppress(GanjError):
            workspace.answers.scores(Overview())

    def customer() -> None:
        with contextlib.suppress(GanjError):
            workspace.customer(0)

    for step in (first, analyses, lambda: prepare("customer.html"), customer, warming.beside):
        if not ending.is_set():
            step()
