"""Loads what has come into the log while a server runs."""

from __future__ import annotations

import logging
import threading
import time

from ganj.store.collected.warming import warm
from ganj.workspace import Workspace

EVERY = 0.5
"""Seconds from one look at the log to the next: each load costs some milliseconds however little is in it."""
WITHIN = 0.5
"""Seconds after which a load that has much to catch up with says how far it is, so that readers see it."""
BEHIND = 0.01
"""Seconds between two loads at least: others may write between them."""
REST = 5.0
"""Seconds of rest after a load that failed, so that a full disk is not hammered."""
_LOG = logging.getLogger("ganj.loader")


class LoaderThread:
    """Loads what is new in the log, again and again, until it is stopped.

    Attributes
    ----------
    wrong : why the last load failed; None if it did not
    """

    def __init__(self, workspace: Workspace, every: float = EVERY) -> None:
        self._workspace, self._every = workspace, every
        self.wrong: Exception | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="loader", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the load that is under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        warm()
        while not self._stop.is_set():
            self._stop.wait(self._loaded())

    def _loaded(self) -> float:
        """Load once; whatever goes wrong, the next time may go well: nothing in the log is lost.

        Returns
        -------
        Seconds until the next time.
        """
        begun = time.monotonic()
        try:
            self._workspace.store.absorb(WITHIN)
            self._workspace.store.tend()
        except Exception as wrong:  # noqa: BLE001 - the thread must outlive everything; it says what happened
            if str(wrong) != str(self.wrong):
                _LOG.error("the log could not be loaded: %s", wrong)
            self.wrong = wrong
            return REST
        self.wrong = None
        return pause(begun, self._every)


def pause(begun: float, every: float = EVERY) -> float:
    """Return the seconds until the next load, after one that began then: what took long is followed by one at once."""
    return max(begun + every - time.monotonic(), BEHIND)
