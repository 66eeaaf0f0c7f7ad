"""Where webhooks are kept: their mapping, the hash of the secret in their address, the last thing they sent."""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from ganj.errors import UnknownName
from ganj.intake.hooks.hook import Hook
from ganj.text import Text

TABLE = sa.Table(
    "hooks",
    sa.MetaData(),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("told", sa.JSON, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("sample", sa.JSON),
    sa.Column("last", sa.BigInteger),
    sa.Column("saved", sa.BigInteger, nullable=False),
)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook with the last document it sent and when, µs UTC."""

    hook: Hook
    sample: Any = None
    last: int | None = None


class Hooks:
    """The webhooks of a workspace.

    Parameters
    ----------
    engine : of the control file
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Kept, ...]:
        """List the webhooks by name."""
        with self._engine.connect() as con:
            rows = con.execute(sa.select(TABLE).order_by(TABLE.c.name)).all()
        return tuple(_kept(row) for row in rows)

    def find(self, name: str) -> Kept:
        """Return one.

        Raises
        ------
        UnknownName
            With the nearest names.
        """
        known = {kept.hook.name: kept for kept in self.all()}
        if name not in known:
            raise UnknownName.among(Text("webhook", "وب‌هوک"), name, known)
        return known[name]

    def by_secret(self, secret: str) -> Kept | None:
        """Return the webhook of an address, or None."""
        with self._engine.connect() as con:
            row = con.execute(sa.select(TABLE).where(TABLE.c.secret == _hash(secret))).first()
        return None if row is None else _kept(row)

    def save(self, hook: Hook) -> str | None:
        """Keep a webhook; returns the secret of its address when it is new, and never again."""
        told, now, secret = msgspec.to_builtins(hook), time.time_ns() // 1000, secrets.token_urlsafe(24)
        new = hook.name not in {kept.hook.name for kept in self.all()}
        said = insert(TABLE).values(name=hook.name, told=told, secret=_hash(secret), saved=now)
        with self._engine.begin() as con:
            con.execute(said.on_conflict_do_update(index_elements=["name"], set_={"told": told}))
        return secret if new else None

    def came(self, name: str, sample: Any) -> None:
        """Remember the last document of a webhook."""
        change = sa.update(TABLE).where(TABLE.c.name == name)
        with self._engine.begin() as con:
            con.execute(change.values(sample=sample, last=time.time_ns() // 1000))

    def remove(self, name: str) -> None:
        """Forget a webhook; its address is dead, its events stay."""
        self.find(name)
        with self._engine.begin() as con:
            con.execute(sa.delete(TABLE).where(TABLE.c.name == name))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _kept(row: sa.Row[Any]) -> Kept:
    return Kept(hook=msgspec.convert(row.told, Hook), sample=row.sample, last=row.last)
