"""What is stored, message by message: counted from the files, not from what the store says of itself."""

from __future__ import annotations

import hashlib
import sys
import uuid
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

import ganj
from ganj.store import Store


def messages(store: Store) -> Counter[uuid.UUID]:
    """Count how often each message is stored: fresh and in runs."""
    found: Counter[uuid.UUID] = Counter()
    snapshot = store.snapshot
    columns = [table["message_id"] for table in snapshot.fresh.values()]
    columns += [pq.read_table(run.path, columns=["message_id"])["message_id"] for run in snapshot.runs]
    for column in columns:
        found.update(uuid_of(value) for value in column.to_pylist())
    return found


def uuid_of(value: uuid.UUID | bytes) -> uuid.UUID:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(bytes=value)


def identity(message: str) -> uuid.UUID:
    return uuid.UUID(bytes=hashlib.md5(message.encode()).digest())


def told(name: str, store: Store, acknowledged: Iterable[str], offered: Iterable[str] = ()) -> bool:
    """Print what was lost, doubled and made up; True where nothing was."""
    found = messages(store)
    wanted = {identity(message) for message in acknowledged}
    allowed = wanted | {identity(message) for message in offered}
    lost = len(wanted - set(found))
    doubled = sum(count - 1 for count in found.values() if count > 1)
    unknown = len(set(found) - allowed)
    print(
        f"{name}: acknowledged {len(wanted)}  stored {len(found)}  LOST {lost}  DOUBLED {doubled}  UNKNOWN {unknown}",
        flush=True,
    )
    return not (lost or doubled or unknown)


def opened(folder: Path) -> ganj.Workspace:
    return ganj.open(folder)


def end(held: bool) -> None:
    sys.exit(0 if held else 1)
