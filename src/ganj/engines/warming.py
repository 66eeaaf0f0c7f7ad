"""Makes every analysis ready before someone asks it: its loops are compiled once, and kept beside them on the disk.

The first call of a loop in a new installation compiles it, which takes seconds; each later process only loads
what is there.  It is done in a process of its own, of low priority, so that nobody waits for it.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ganj import kernels, miners
from ganj.engines.local import Between
from ganj.engines.local import Run as Engine
from ganj.errors import GanjError
from ganj.histories import DAY, Array, Histories, Lines
from ganj.miner import Miner, Reads
from ganj.parameters import build, dump, parameters

BEGUN = 1_700_000_000_000_000
PEOPLE, EACH = 60, 12
LONGEST = 1800
"""Seconds of work after which it ends."""
_working: list[subprocess.Popen[bytes]] = []
"""Held until this process ends: they go on after it."""
KINDS = {"time": np.int64, "amount": np.float64, "session": np.int64}


class Made:
    """Two parts of made-up customers, who do what an analysis reads, in turn."""

    buckets = 2

    def bucket(
        self, number: int, reads: Reads, between: Between, customers: Array | None
    ) -> Histories | None:
        """Make one part."""
        del between, customers
        if number == self.buckets:
            return None
        names = reads.events or ("Order Completed", "Product Viewed")
        rows = PEOPLE * EACH
        place = np.arange(rows)
        columns: dict[str, Array] = {
            name: (place % 3).astype(KINDS.get(name, np.int32)) for name in reads.columns
        }
        columns |= {f"property:{name}": (place % 2).astype(np.int32) for name in reads.properties}
        columns |= {f"number:{name}": (place % 5).astype(np.float64) for name in reads.numbers}
        columns["time"] = BEGUN + place % EACH * 3 * DAY + place // EACH * DAY // 7
        columns["event"] = (place % len(names)).astype(np.int32)
        labels = {f"property:{name}": ("a", "b") for name in reads.properties}
        return Histories(
            customer=np.arange(number, 2 * PEOPLE, 2, dtype=np.int32),
            offsets=np.arange(PEOPLE + 1, dtype=np.int64) * EACH,
            columns=columns,
            lines=_lines(rows) if reads.lines else None,
            traits={name: np.arange(PEOPLE, dtype=np.float64) for name in reads.traits},
            names={
                "event": names,
                "product": ("a", "b", "c"),
                "channel": ("a", "b", "c"),
                "source": ("a", "b", "c"),
                **labels,
            },
        )


def _lines(rows: int) -> Lines:
    ones = np.ones(rows)
    return Lines(np.arange(rows + 1, dtype=np.int64), (np.arange(rows) % 3).astype(np.int32), ones, ones)


def example(name: str) -> Miner[object, object] | None:
    """Return an analysis as its page first asks it; None where it cannot be asked without a workspace."""
    found = miners.find(name)
    missing = {p.name for p in parameters(found) if p.required} - set(found.example)
    return None if missing else build(found, {"zone": "UTC", **found.example})


def choices(name: str) -> Iterator[Miner[object, object]]:
    """Yield a descriptive analysis with each of its choices in turn: an order or a definition may have loops of its own."""
    plain = example(name)
    if plain is None or plain.family != "descriptive":
        return
    for parameter in parameters(type(plain)):
        for choice in (choice for choice, _ in parameter.choices if parameter.kind == "choice" and choice):
            if choice != parameter.default:
                with contextlib.suppress(GanjError):  # a choice that needs another beside it
                    yield build(type(plain), {**dump(plain), parameter.name: choice})


def warm() -> None:
    """Run every analysis once on made-up customers, then each choice, so that what is asked first is ready first."""
    asked = [miner for name in miners.names() if (miner := example(name)) is not None]
    for miner in (*asked, *(one for name in miners.names() for one in choices(name))):
        with contextlib.suppress(GanjError):  # some refuse so short a history; their loops ran by then
            run = Engine(miner, Made(), threads=1)
            model = run.model()
            run.report(model)
            run.scores(model)


def mark() -> Path:
    """Return the file that says that the loops of this version are, or are being, compiled."""
    release = f"{version('ganj')}-{version('numba')}-{sys.hexversion:x}"
    return Path(kernels.__path__[0]) / "__pycache__" / f"warm-{release}"


def started() -> subprocess.Popen[bytes] | None:
    """Begin to compile, in another process that outlives this one; None where it is done, or nothing can be kept.

    The first workspace that is made and the first server that starts call this, so that whoever asks an analysis
    later finds it ready, in the shell and in Python too.
    """
    try:
        mark().open("x").close()  # the first that comes does it, and no other
    except OSError:
        return None
    quiet = subprocess.DEVNULL
    work = subprocess.Popen(
        [sys.executable, "-m", "ganj.engines.warming"],
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    )
    _working.append(work)
    return work


def beside() -> None:
    """Compile what was never compiled here, in another process; return when it is done."""
    work = started()
    if work is not None:
        work.wait()


def _modest() -> None:
    """Step back for all other work, and end some day whatever happens: nobody watches this process."""
    if not hasattr(os, "nice"):
        return
    import resource

    os.nice(19)
    with contextlib.suppress(OSError):  # Linux weighs sessions against each other, not their processes
        Path("/proc/self/autogroup").write_text("19", encoding="ascii")
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))


if __name__ == "__main__":
    _modest()
    warm()
