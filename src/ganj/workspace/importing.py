"""Files in: joins the sources, which know nothing of storage, and the store, which knows nothing of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ganj import intake
from ganj.errors import DiskFull
from ganj.intake import Check, Plan, Rejects
from ganj.store import Batch, BatchInfo, Loaded, Store

if TYPE_CHECKING:
    from ganj.workspace import Workspace

Progress = Callable[[float], None]
ROWS_KIND = "canonical"
"""In a plan: the files hold canonical rows, so there is nothing to detect."""


def plan(workspace: Workspace, path: Path, answers: dict[str, Any]) -> Plan:
    """Detect how a file is to be read, with what was decided for such headers before."""
    settings = workspace.settings
    given = {"zone": settings.zone, "base": settings.currency, **{k: v for k, v in answers.items() if v}}
    return intake.detect(path, recall=workspace.store.control.recall, **given)


def check(workspace: Workspace, told: Plan) -> Check:
    """Dry run."""
    del workspace
    return intake.check(told)


def load(workspace: Workspace, told: Plan, progress: Progress) -> Loaded:
    """Keep the files, stage their rows, commit once; on any failure the workspace is as before."""
    store = workspace.store
    batch = store.begin(told.kind, plain(told), [Path(file) for file in told.files])
    try:
        rejects = Rejects(batch.folder / "rejected.csv")
        for rows in intake.rows(told, batch.files, progress=progress, rejects=rejects):
            store.stage(batch, rows)
        loaded = store.commit(batch, rejects.count)
    except BaseException:
        store.abandon(batch)
        raise
    store.control.remember(told.fingerprint, plain(told))
    return loaded


def load_rows(workspace: Workspace, file: Path, progress: Progress) -> Loaded:
    """Import a Parquet file that already holds `ganj.events.ROWS`: nothing is detected or converted."""
    store = workspace.store
    batch = store.begin("rows", {ROWS_KIND: True}, [file])
    try:
        for number, rows in enumerate(_rows(batch), 1):
            store.stage(batch, rows)
            progress(number / (number + 1))
        return store.commit(batch, 0)
    except BaseException:
        store.abandon(batch)
        raise


def undo(workspace: Workspace, batch: int) -> BatchInfo:
    """Take an import back."""
    return workspace.store.undo(batch, replay)


def rebuild(workspace: Workspace, progress: Progress) -> None:
    """Replay every import that was not taken back."""
    workspace.store.rebuild(replay, progress)


def replay(batch: Batch) -> Iterator[pa.RecordBatch]:
    """Read a kept import again, under the plan it was imported with."""
    if ROWS_KIND in batch.plan:
        yield from _rows(batch)
        return
    told = msgspec.convert(batch.plan, Plan)
    yield from intake.rows(told, batch.files, progress=lambda _: None, rejects=Rejects(None))


def _rows(batch: Batch) -> Iterator[pa.RecordBatch]:
    for file in batch.files:
        yield from pq.ParquetFile(file).iter_batches(batch_size=131_072)


def opened(folder: Path, make: Callable[[Store], Workspace], wait: float | None) -> Workspace:
    """Open a folder and load what waits in the log; if what is derived is gone or damaged, make it anew."""
    store = Store.open(folder)
    workspace = make(store)
    if store.needs_rebuild:
        rebuild(workspace, lambda _: None)
    with suppress(DiskFull):  # what is there can be read; the rest is loaded when there is room
        store.absorb(wait)
    return workspace


def plain(value: Any) -> Any:
    """Return a value as plain JSON."""
    return msgspec.to_builtins(value)
