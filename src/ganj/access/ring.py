"""The write keys in force, as a collector knows them; brings nothing heavy, for collectors are small.

Of a key only a hash and its first letters are kept, so that neither the file nor a backup of it can be used
to send or read anything.  Keys are long random texts, which is why a plain fast hash is enough.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path

import msgspec

WRITE = "write"
_MOST_REMEMBERED = 4096


class Key(msgspec.Struct, frozen=True):
    """A key, without its text.

    Attributes
    ----------
    id, name : the name is the source its events are shown under
    kind, scopes : what it may do; a write key has the scope ``collect`` only
    prefix : the first letters, by which people tell keys apart
    origins : sites whose pages may use it; none means any
    rate : events a second, 0 without a limit
    created, revoked : µs UTC; ``revoked`` is None while it is in force
    """

    id: int
    name: str
    kind: str
    prefix: str
    scopes: tuple[str, ...]
    origins: tuple[str, ...]
    rate: int
    created: int
    revoked: int | None = None


class Ring:
    """The write keys in force, as a collector knows them; looked up anew every second.

    Parameters
    ----------
    file : the workspace's file that has the keys; only read
    """

    EVERY = 1.0
    AT_ONCE = 0.05
    """Seconds that lie between two looks for a key that is not known: wrong keys must not keep a collector busy."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._keys: dict[str, Key] = {}
        self._known: dict[str, Key] = {}
        self._looked = 0.0
        self._stamp: tuple[int, ...] = ()
        self._over = threading.Event()
        with suppress(sqlite3.Error):  # there is no file as long as nobody has made a key
            self.look()
        self._thread = threading.Thread(target=self._run, name="keys", daemon=True)
        self._thread.start()

    def find(self, text: str) -> Key | None:
        """Return the key in force of a text, or None."""
        found = self._known.get(text)
        if found is None:
            found = self._keys.get(hashed(text))
            if found is None and self._may_be_new():
                with suppress(sqlite3.Error):  # busy or full: the next look will tell
                    self.look()  # a key made a moment ago is good at once
                found = self._keys.get(hashed(text))
            if found is not None and len(self._known) < _MOST_REMEMBERED:
                self._known[text] = found
        return found

    def look(self) -> None:
        """Read the keys; what was remembered of others is forgotten."""
        self._looked, stamp = time.monotonic(), self._changed()
        live = {
            hash_: key for key, hash_ in from_file(self._file) if key.kind == WRITE and key.revoked is None
        }
        self._stamp = stamp
        if live != self._keys:
            self._keys, self._known = live, {}

    def _may_be_new(self) -> bool:
        """Tell whether a key that is not known may have been made since the last look."""
        return time.monotonic() - self._looked > self.AT_ONCE or self._stamp != self._changed()

    def _changed(self) -> tuple[int, ...]:
        """Return what tells that the file, or what waits beside it, was written."""
        found = []
        for path in (self._file, self._file.with_name(self._file.name + "-wal")):
            with suppress(OSError):
                told = path.stat()
                found += [told.st_mtime_ns, told.st_size]
        return tuple(found)

    def close(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self.EVERY):
            try:
                self.look()
            except sqlite3.Error:  # the file is busy or its disk is full: those known stay known
                continue


def hashed(text: str) -> str:
    """Return what is kept of a key's text."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def from_file(path: Path) -> list[tuple[Key, str]]:
    """List the keys of a workspace's file, with their hashes, without opening the workspace."""
    fields = Key.__struct_fields__
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as con:
        rows = con.execute(f"select {', '.join(fields)}, sha256 from keys").fetchall()
    told = [dict(zip((*fields, "sha256"), row, strict=True)) for row in rows]
    for row in told:
        row["scopes"], row["origins"] = json.loads(row["scopes"]), json.loads(row["origins"])
    return [(msgspec.convert({name: row[name] for name in fields}, Key), row["sha256"]) for row in told]
