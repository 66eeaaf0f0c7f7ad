"""Runs sources by the clock while a server serves."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from ganj.errors import GanjError

LOG = logging.getLogger("ganj.sources")
TICK = 1.0  # seconds between two looks at the clock
TOGETHER = 2  # sources read side by side


class Runner:
    """A thread that looks at the clock, and a few that read.

    Parameters
    ----------
    run
        Runs a source by name, once; says itself where it runs already.
    due
        Returns the sources whose time has come, by a moment in µs UTC.
    tick
        Seconds between two looks.
    """

    def __init__(
        self, run: Callable[[str], object], due: Callable[[int], tuple[str, ...]], tick: float = TICK
    ) -> None:
        self._run, self._due, self._tick = run, due, tick
        self._stopped = threading.Event()
        self._handed: set[str] = set()
        self._pool = ThreadPoolExecutor(TOGETHER, thread_name_prefix="source")
        self._thread = threading.Thread(target=self._watch, name="sources", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; what is being read ends first."""
        self._stopped.set()
        self._thread.join()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _watch(self) -> None:
        while not self._stopped.wait(self._tick):
            try:
                due = self._due(time.time_ns() // 1000)
            except GanjError:  # a full disk, say: next time
                LOG.exception("sources are not looked at")
                continue
            for name in due:
                if name not in self._handed:
                    self._handed.add(name)
                    self._pool.submit(self._once, name).add_done_callback(_logged)

    def _once(self, name: str) -> None:
        try:
            self._run(name)
        except GanjError as wrong:
            LOG.warning("source %s: %s", name, wrong)
        finally:
            self._handed.discard(name)


def _logged(done: Future[None]) -> None:
    """Write down a mistake of ours; a pool would keep it to itself."""
    wrong = None if done.cancelled() else done.exception()
    if wrong is not None:
        LOG.error("a source broke off", exc_info=wrong)
