"""Serves one workspace: one process, one event loop, threads for the work."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ganj.errors import GanjError
from ganj.text import Text
from ganj.workspace import Workspace

PAGES = 24
"""Requests answered side by side; those that wait for an analysis must not keep others waiting."""


class NotLoopback(GanjError):
    """An address that others can reach, while nobody has to sign in. Facts: ``host``."""

    status = 400
    says = Text(
        "{host} can be reached from other machines.", "نشانی {host} از رایانه‌های دیگر هم در دسترس است."
    )
    hint = Text(
        "There are no users yet: whoever reaches the page sees every customer. Add --insecure to accept that.",
        "هنوز کاربر و گذرواژه‌ای نیست: هر که به صفحه برسد همهٔ مشتریان را می‌بیند. برای پذیرش آن ‎--insecure‎ بیفزایید.",
    )


class PortTaken(GanjError):
    """A port another program listens on. Facts: ``host``, ``port``."""

    status = 409
    says = Text("Port {port} of {host} is taken.", "درگاه {port} در {host} گرفته شده است.")
    hint = Text("Choose another with --port.", "با ‎--port‎ درگاه دیگری برگزینید.")


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
    port = free(host, port)
    asyncio.run(_serve(workspace, host, port, insecure=insecure, ready=ready))


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address."""
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def free(host: str, port: int) -> int:
    """Return the port, or a free one for 0."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as wrong:
            raise PortTaken(host=host, port=port) from wrong
        return int(probe.getsockname()[1])


async def _serve(
    workspace: Workspace, host: str, port: int, *, insecure: bool, ready: Callable[[str], None]
) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    from ganj.faces.http.app import application

    server = Server(
        application(workspace, insecure=insecure),
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        log_level=LogLevels.error,
        websockets=False,
        backpressure=256,
    )
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(PAGES, thread_name_prefix="page"))
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):  # not in the main thread
            loop.add_signal_handler(name, server.stop)
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    asyncio.get_running_loop().create_task(_announce(host, port, url, ready))
    threading.Thread(target=warm, args=(workspace,), name="warm-up", daemon=True).start()
    await server.serve()


async def _announce(host: str, port: int, url: str, ready: Callable[[str], None]) -> None:
    """Call ``ready`` as soon as a connection is taken."""
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()
            ready(url)
            return
        await asyncio.sleep(0.02)


def warm(workspace: Workspace) -> None:
    """Run what the first page asks, so that kernels are compiled and its numbers are there."""
    from ganj.miners.overview import Overview

    with contextlib.suppress(GanjError):
        workspace.answers.scores(Overview())
