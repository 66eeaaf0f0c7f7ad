"""Proves that a workspace's folder is whole: what came in, what follows from it, and that they agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import NOBODY
from ganj.log.reading import Following
from ganj.store.derived import Derived
from ganj.store.folder import proves
from ganj.store.runs import Run, halves, numbers
from ganj.store.truth import Truth
from ganj.text import Text


class Problem(msgspec.Struct, frozen=True):
    """Something that is not as it must be, and where."""

    path: str
    what: Text


MISSING = Text("The file is missing.", "پرونده نیست.")
CHANGED = Text(
    "The file is not as it was written: its bytes have changed.",
    "پرونده همان نیست که نوشته شده بود: بایت‌هایش تغییر کرده‌اند.",
)
MIXED = Text(
    "Events of another part of the customers lie in this file.",
    "رویدادهای بخش دیگری از مشتریان در این پرونده است.",
)
UNORDERED = Text("The events are not in order.", "رویدادها به ترتیب نیستند.")
MISCOUNTED = Text(
    "The stored rows are not as many as the imports say.", "شمار ردیف‌های ذخیره‌شده با ورود داده‌ها برابر نیست."
)
UNKNOWN_CUSTOMER = Text(
    "Events belong to customers that are not there.", "رویدادهایی از مشتریان ناموجود هست."
)
DAMAGED = Text(
    "A group of collected events in this file was damaged; it is kept in log/bad.",
    "یک گروه از رویدادهای گردآوری‌شده در این پرونده آسیب دیده و در log/bad نگه داشته شده است.",
)
UNREADABLE = Text(
    "The database cannot be read; make it anew with: ganj rebuild",
    "پایگاه داده خوانده نمی‌شود؛ با این فرمان از نو بسازید: ganj rebuild",
)


def problems(truth: Truth, derived: Derived) -> Iterator[Problem]:
    """Look at everything and tell what is wrong with it."""
    yield from _truth(truth)
    yield from _log(derived.collected.log)
    for run in derived.snapshot.runs:
        yield from _run(run, derived.snapshot.buckets, derived.snapshot.customers)
    yield from _counts(truth, derived)


def _truth(truth: Truth) -> Iterator[Problem]:
    for batch in truth:
        for path, kept in zip(batch.files, batch.info.files, strict=True):
            yield from _bytes(path, kept.size, kept.checksum)
        try:
            batch.plan  # noqa: B018 - reading it is the proof
        except (OSError, msgspec.DecodeError):
            yield Problem(str(batch.folder / "plan.json"), CHANGED)


def _log(folder: Path) -> Iterator[Problem]:
    """Prove every group of every file of the log by its checksum."""
    for piece in Following(folder, {}).pieces():
        if piece.damaged:
            yield Problem(str(folder / piece.stem), DAMAGED)


def _bytes(path: Path, size: int, said: str) -> Iterator[Problem]:
    if not path.exists():
        yield Problem(str(path), MISSING)
    elif path.stat().st_size != size or not proves(said, path):
        yield Problem(str(path), CHANGED)


def _run(run: Run, buckets: int, customers: int) -> Iterator[Problem]:
    sealed, path = run.sealed, str(run.path)
    wrong = list(_bytes(run.path, sealed.bytes, sealed.checksum))
    if wrong:
        yield from wrong
        return
    events = run.read(["customer", "time", "message_id"])
    customer = numbers(events["customer"])
    if len(events) != sealed.rows:
        yield Problem(path, MISCOUNTED)
    if not np.all(np.where(customer == NOBODY, buckets, customer % buckets) == sealed.bucket):
        yield Problem(path, MIXED)
    if len(customer) and customer.max() >= customers:
        yield Problem(path, UNKNOWN_CUSTOMER)
    if not _ordered(events):
        yield Problem(path, UNORDERED)


def _ordered(events: pa.Table) -> bool:
    """Tell whether events lie in order of (customer, time, message_id)."""
    keys = [numbers(events["customer"]), numbers(events["time"]), *halves(events["message_id"])]
    undecided = np.ones(max(len(events) - 1, 0), bool)
    for key in keys:
        if np.any(undecided & (key[1:] < key[:-1])):
            return False
        undecided &= key[1:] == key[:-1]
    return True


def _counts(truth: Truth, derived: Derived) -> Iterator[Problem]:
    path = str(derived.database.path)
    try:
        stored = dict(derived.database.rows("ledger_rows"))
        counts = derived.counts()
        derived.database.rows("readable")
    except duckdb.Error:
        yield Problem(path, UNREADABLE)
        return
    for batch in truth.active():
        if batch.id not in counts or stored.get(batch.id, 0) != counts[batch.id].imported:
            yield Problem(path, MISCOUNTED)
    snapshot = derived.snapshot
    events = sum(run.sealed.rows for run in snapshot.runs) - snapshot.replaced
    events += sum(len(rows) for rows in snapshot.fresh.values())
    if events != derived.database.rows("stored_events")[0][0]:
        yield Problem(path, MISCOUNTED)
