"""Tidies what was collected, in a thread beside loads and readers.

Loads leave a file each.  Of many small ones one is made; of all that lies in files one run a bucket, packed; of many runs
of like size one.  So an event is written twice until ten million are stored, by its load and when it is packed, and
readers meet few files.  All of it is made from one state of the store, with nothing held, and exchanged in one short
transaction (`ganj.store.tidied`); a crash leaves files that nothing names.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from ganj.errors import DiskFull
from ganj.store.folder import room, sync
from ganj.store.fresh import FreshFile, alike
from ganj.store.works import Gather, Pack, Work, join

if TYPE_CHECKING:
    from ganj.store.derived import Derived

BEHIND = 2
"""Loads wait when so many times as many events are fresh as should be."""
KIND = 5
"""How much less urgent the work is than a load, as the system counts."""
FAILURES = (DiskFull, OSError, duckdb.Error, pa.ArrowException)


class Tending:
    """Work that waits for nobody, one thing at a time; a thread while there is any.

    Parameters
    ----------
    derived : what is tidied
    runs : folder of its files
    fresh : collected events that may be in no run
    """

    def __init__(self, derived: Derived, runs: Path, fresh: int) -> None:
        self._derived, self._folder, self._most = derived, runs, fresh
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._wrong: BaseException | None = None

    # ---- for those who load; they hold the store's changes

    def look(self) -> None:
        """Begin to work if there is something to do.

        Raises
        ------
        DiskFull
            The last work found no room; nothing was changed by it.
        """
        wrong, self._wrong = self._wrong, None
        if wrong is not None:
            raise wrong
        if self._thread is None and not self._stopped and self._due():
            self._thread = threading.Thread(target=self._run, name="tending", daemon=True)
            self._thread.start()

    def keep_up(self) -> None:
        """Wait while far too much is fresh; the store's changes are let go meanwhile."""
        many = BEHIND * max(self._most, 1)
        self._derived.changes.wait_for(lambda: self._thread is None or _rows(self._files()) <= many)

    def settle(self) -> None:
        """Wait until there is nothing to do."""
        with self._derived.changes:
            self.look()
            self._derived.changes.wait_for(lambda: self._thread is None)
            self.look()

    def stop(self) -> None:
        """End soon, and begin nothing; whoever asks holds nothing."""
        self._stopped = True
        thread = self._thread
        if thread is not None:
            thread.join()

    # ---- what there is to do

    def _files(self) -> Sequence[FreshFile]:
        files = self._derived.collected.files
        return self._derived.snapshot.collected.files if files is None else files

    def _due(self) -> bool:
        loader = self._derived.collected
        return loader.due(self._most) or bool(alike(self._files())) or loader.whole() is not None

    def _work(self) -> Work | None:
        """Return what to do next: small files first, so that what is packed is mostly in order and need not be held."""
        derived = self._derived
        told = derived.snapshot, self._folder, lambda: self._stopped
        near = alike(told[0].collected.files)
        if near:
            return Gather(*told, near)
        if derived.collected.due(self._most):
            return Pack(*told, [name for (name,) in derived.database.rows("seen_files")])
        return join(*told)

    # ---- in the thread

    def _run(self) -> None:
        with suppress(AttributeError, OSError):  # only Linux has threads of their own urgency
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), KIND)
        try:
            while self._one():
                pass
        except CancelledError:
            pass
        except FAILURES as wrong:
            self._wrong = wrong
        finally:
            with self._derived.changes:
                self._thread = None
                self._derived.changes.notify_all()

    def _one(self) -> bool:
        """Do one thing; False if there is nothing to do."""
        with self._derived.changes:
            work = None if self._stopped else self._work()
        if work is None:
            return not self._stopped and self._derived.archived()
        try:
            with room(self._folder):
                work.do()
                sync(self._folder)
            with self._derived.changes:
                if not self._derived.tidied(work.done):
                    work.done.discard()
                self._derived.changes.notify_all()
        except FileNotFoundError:  # what it reads was made something else meanwhile, or is lost
            work.done.discard()
            if work.done.named(self._derived.database):
                raise
        except BaseException:
            work.done.discard()
            raise
        return True


def _rows(files: Sequence[FreshFile]) -> int:
    return sum(file.rows for file in files)
