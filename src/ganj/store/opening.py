"""Opens what is derived, and says whether it is all that the truth asks for."""

from __future__ import annotations

import hashlib

import duckdb
import msgspec
import pyarrow as pa

from ganj.store.derived import Derived, Limits
from ganj.store.folder import FORMAT, Folder
from ganj.store.fresh import FreshFile
from ganj.store.remaking import unlink
from ganj.store.truth import Loaded, Truth


def opened(folder: Folder, truth: Truth, buckets: int, limits: Limits) -> tuple[Derived, bool]:
    """Open what is derived, or an empty place for it; and say whether it must be made anew."""
    unlink(folder.database.with_name("ganj.new.duckdb"))
    FreshFile.forget(folder.runs)
    if not folder.database.exists():
        unlink(folder.database)
    derived = _readable(folder, buckets, limits)
    if derived is None:
        unlink(folder.database)
        derived = Derived(folder, folder.database, buckets, limits)
    _sweep(folder, derived)
    return derived, not _is_whole(folder, truth, derived)


def _readable(folder: Folder, buckets: int, limits: Limits) -> Derived | None:
    """Open the database; None where it is damaged."""
    try:
        derived = Derived(folder, folder.database, buckets, limits)
    except (duckdb.Error, OSError, pa.ArrowInvalid):
        return None
    try:
        derived.counts()
    except duckdb.Error:
        derived.close()
        return None
    return derived


def _is_whole(folder: Folder, truth: Truth, derived: Derived) -> bool:
    """Tell whether the database holds what the truth says it must; what it committed is so."""
    stored = derived.counts()
    for batch in truth:
        if batch.info.status == "begun" and batch.id in stored:
            batch.info.status = "loaded"
            batch.info.counts = Loaded(rejected=stored[batch.id].rejected)
            batch.save()
    return (
        derived.database.rows("format") == [(str(FORMAT),)]
        and list(stored) == [batch.id for batch in truth.active()]
        and all(run.path.exists() for run in derived.snapshot.runs)
        and all((folder.runs / name).exists() for name in _beside(derived))
    )


def _sweep(folder: Folder, derived: Derived) -> None:
    """Remove runs that the manifest does not name: work that a crash cut short."""
    named = {run.path.name for run in derived.snapshot.runs}
    named |= _beside(derived)
    for path in folder.runs.iterdir():
        if path.name not in named:
            path.unlink()


def _beside(derived: Derived) -> set[str]:
    """Name the files of identities and of fresh events."""
    return {row[0] for name in ("seen_files", "fresh_files") for row in derived.database.rows(name)}


def version(truth: Truth, positions: dict[str, int]) -> str:
    """Name the data by what came in: the same imports and the same log are the same data."""
    told = hashlib.blake2b(str(FORMAT).encode(), digest_size=6)
    for batch in truth.active():
        told.update(msgspec.json.encode((batch.id, batch.info.when, batch.info.files)))
    told.update(msgspec.json.encode(sorted(positions.items())))
    return told.hexdigest()
