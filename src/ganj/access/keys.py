"""Makes, lists and revokes the keys of programs. A write key can only collect: it lies open in every page."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa

from ganj.access.ring import WRITE, Key, hashed
from ganj.errors import BadParameter, GanjError, UnknownName
from ganj.text import Text

KINDS = (WRITE,)
_PREFIX = {WRITE: "gw_"}
_SHOWN = 8
_NO_KIND = Text("there is only: write.", "تنها این هست: write.")

KEYS = sa.Table(
    "keys",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("origins", sa.JSON, nullable=False),
    sa.Column("rate", sa.Integer, nullable=False),
    sa.Column("created", sa.BigInteger, nullable=False),
    sa.Column("revoked", sa.BigInteger),
)


class NameTaken(GanjError):
    """A key in force has the name already. Facts: ``name``."""

    status = 409
    says = Text("There is a key named {name!r} already.", "کلیدی با نام «{name}» از پیش هست.")
    hint = Text(
        "Choose another name, or revoke that key first.", "نام دیگری برگزینید یا نخست آن کلید را باطل کنید."
    )


class Keys:
    """The keys of a workspace.

    Parameters
    ----------
    engine : the file that has the table
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def create(
        self, name: str = "", *, kind: str = WRITE, origins: Iterable[str] = (), rate: int = 0, text: str = ""
    ) -> tuple[Key, str]:
        """Make a key; returns it and its text, which is not kept and cannot be had again.

        Raises
        ------
        NameTaken, BadParameter
            A key in force has the name; the kind is not known, an origin is no address of a site.
        """
        if kind not in KINDS:
            raise BadParameter(parameter="kind", value=kind, why=_NO_KIND)
        taken = {key.name for key in self.all() if key.revoked is None}
        name = name.strip() or next(
            n for n in (f"source {i}" for i in range(1, len(taken) + 2)) if n not in taken
        )
        if name in taken:
            raise NameTaken(name=name)
        sites = [origin_of(site) for site in origins]
        text = text or _PREFIX[kind] + secrets.token_urlsafe(24)
        row: dict[str, Any] = {
            "name": name, "kind": kind, "prefix": text[:_SHOWN], "sha256": hashed(text), "scopes": ["collect"],
            "origins": sites, "rate": max(rate, 0), "created": time.time_ns() // 1000,
        }  # fmt: skip
        with self._engine.begin() as con:
            made = con.execute(sa.insert(KEYS).values(**row).returning(KEYS.c.id)).scalar_one()
        return next(key for key in self.all() if key.id == made), text

    def all(self) -> list[Key]:
        """List the keys, the newest first, revoked ones too."""
        return [key for key, _ in self.hashed()]

    def hashed(self) -> list[tuple[Key, str]]:
        """List the keys with their hashes."""
        with self._engine.connect() as con:
            rows = con.execute(sa.select(KEYS).order_by(KEYS.c.id.desc())).mappings().all()
        fields = Key.__struct_fields__
        return [(msgspec.convert({name: row[name] for name in fields}, Key), row["sha256"]) for row in rows]

    def revoke(self, name: str) -> Key:
        """End a key in force, by its name or its first letters; collectors know within seconds.

        Raises
        ------
        UnknownName
            No key in force is called so.
        """
        live = [key for key in self.all() if key.revoked is None]
        found = [key for key in live if key.name == name] or [
            key for key in live if name.startswith(key.prefix)
        ]
        if not found:
            raise UnknownName.among(Text("key", "کلید"), name, [key.name for key in live])
        with self._engine.begin() as con:
            ended = sa.update(KEYS).where(KEYS.c.id == found[0].id).values(revoked=time.time_ns() // 1000)
            con.execute(ended)
        return next(key for key in self.all() if key.id == found[0].id)


def origin_of(site: str) -> str:
    """Return a site as browsers name it: scheme, host and port.

    Raises
    ------
    BadParameter
        It is none.
    """
    parts = urlsplit(site if "://" in site else f"https://{site}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        why = Text(
            "it is no address of a site, like https://shop.example.",
            "نشانی سایت نیست، مانند https://shop.example",
        )
        raise BadParameter(parameter="origins", value=site, why=why)
    return f"{parts.scheme}://{parts.netloc.lower()}"
