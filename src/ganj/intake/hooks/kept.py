"""Where webhooks are kept: their mapping, the hash of the secret in their address, the last thing they sent."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa

from ganj.intake.hooks.hook import Hook
from ganj.kept import Shelf, now, put, table
from ganj.text import Text


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook with the last document it sent and when, µs UTC."""

    hook: Hook
    sample: Any = None
    last: int | None = None


class Hooks(Shelf[Kept]):
    """The webhooks of a workspace."""

    table = table(
        "hooks",
        "name",
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("sample", sa.JSON),
        sa.Column("last", sa.BigInteger),
    )
    kind = Kept
    called = Text("webhook", "وب‌هوک")

    def by_secret(self, secret: str) -> Kept | None:
        """Return the webhook of an address, or None."""
        with self._engine.connect() as con:
            row = con.execute(sa.select(self.table).where(self.table.c.secret == _hash(secret))).first()
        return None if row is None else self._read(row)

    def keep(self, hook: Hook) -> str | None:
        """Keep a webhook; returns the secret of its address when it is new, and never again."""
        secret = secrets.token_urlsafe(24)
        new = hook.name not in {kept.hook.name for kept in self.all()}
        row = {"name": hook.name, "told": msgspec.to_builtins(hook), "secret": _hash(secret), "saved": now()}
        put(self._engine, self.table, row, unchanged=("secret", "saved"))
        return secret if new else None

    def came(self, name: str, sample: Any) -> None:
        """Remember the last document of a webhook."""
        change = sa.update(self.table).where(self.table.c.name == name)
        with self._engine.begin() as con:
            con.execute(change.values(sample=sample, last=now()))

    def forget(self, names: Callable[[str], bool]) -> int:
        """Forget the last documents that name somebody, for good: their bytes are overwritten; returns how many."""
        gone = [kept.hook.name for kept in self.all() if kept.sample is not None and names(str(kept.sample))]
        with self._engine.begin() as con:
            con.execute(sa.text("pragma secure_delete = on"))
            con.execute(sa.update(self.table).where(self.table.c.name.in_(gone)).values(sample=sa.null()))
        return len(gone)

    def _read(self, row: sa.Row[Any]) -> Kept:
        return Kept(hook=msgspec.convert(row.told, Hook), sample=row.sample, last=row.last)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
