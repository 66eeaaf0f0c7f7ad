"""Runs the web server: one process, one event loop, one port for events and for everything else."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import ipaddress
import signal
import socket
import sys
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import uvicorn

from ganj.errors import GanjError
from ganj.faces.http.front import Front
from ganj.faces.http.gate import Gate
from ganj.text import Text

PAGES = 24
"""Requests answered side by side; those that wait for an analysis must not keep others waiting."""
IDLE = 75
"""Seconds a connection may rest between requests: a little longer than the proxies' minute."""
LEAVE = 5
"""Seconds that requests in work may still take when the server ends."""
TURN = 0.0002
"""Seconds one thread keeps the interpreter; with the usual 5 ms the log's thread would starve beside the loop."""


class NotLoopback(GanjError):
    """An address that others can reach, while nobody has to sign in. Facts: ``host``."""

    status = 400
    says = Text(
        "{host} can be reached from other machines.", "نشانی {host} از رایانه‌های دیگر هم در دسترس است."
    )
    hint = Text(
        "There are no users yet: whoever reaches the page sees every customer. Add --insecure to accept that. "
        "To collect events from elsewhere use: ganj collect",
        "هنوز کاربر و گذرواژه‌ای نیست: هر که به صفحه برسد همهٔ مشتریان را می‌بیند. برای پذیرش آن ‎--insecure‎ بیفزایید. "
        "برای گردآوری رویداد از بیرون: ganj collect",
    )


class PortTaken(GanjError):
    """A port another program listens on. Facts: ``host``, ``port``."""

    status = 409
    says = Text("Port {port} of {host} is taken.", "درگاه {port} در {host} گرفته شده است.")
    hint = Text("Choose another with --port.", "با ‎--port‎ درگاه دیگری برگزینید.")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address."""
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def bound(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Return a socket that listens; with ``shared`` others may listen beside it on the same port.

    Raises
    ------
    PortTaken
        Another program listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        made.bind((host, port))
        made.listen(2048)
    except OSError as wrong:
        made.close()
        raise PortTaken(host=host, port=port) from wrong
    return made


def address(host: str, listening: socket.socket) -> str:
    """Return the address in words that a browser understands."""
    return f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"


class Server(uvicorn.Server):
    """The web server; it ends quietly and closes what lasts too long.

    Parameters
    ----------
    started : called once requests are answered
    """

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        self._begun()

    async def on_tick(self, counter: int) -> bool:
        """Look after the connections every second."""
        if counter % 10 == 0:
            now = time.monotonic()
            for connection in list(self.server_state.connections):
                if isinstance(connection, Front) and connection.is_late(now):
                    connection.transport.abort()
        return await super().on_tick(counter)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """End on SIGINT and SIGTERM, as something that was asked for and not a failure."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):  # not in the main thread
                loop.add_signal_handler(name, self.handle_exit, name, None)
        yield


def listen(app: Any, gate: Gate, listening: socket.socket, started: Callable[[], None]) -> None:
    """Answer until interrupted: events at the gate, everything else by the application."""
    config = uvicorn.Config(
        app,
        http=partial(Front, gate),  # type: ignore[arg-type] # a connection is made by calling it
        ws="none",
        lifespan="auto",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=LEAVE,
    )
    sys.setswitchinterval(TURN)
    with seldom_swept(), asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        loop = runner.get_loop()
        loop.set_default_executor(ThreadPoolExecutor(PAGES, thread_name_prefix="page"))
        runner.run(Server(config, started).serve([listening]))


@contextlib.contextmanager
def seldom_swept() -> Generator[None]:
    """Let the collector of garbage rest: requests leave none in circles, and looking for it took a quarter of the time."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()  # what the process began with stays
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
