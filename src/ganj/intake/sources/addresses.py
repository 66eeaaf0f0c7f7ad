"""The address of a database: which are read, and how a connection is made that cannot write or wander."""

from __future__ import annotations

import sqlite3
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from ganj.intake.sources.errors import BadAddress, DriverMissing, filled
from ganj.intake.sources.reach import Reach, is_public
from ganj.text import Text

DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "sqlite": "sqlite",
}
"""The driver of each database; others are not read."""
EXTRAS = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql"}
PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306}
WORDS = {"sslmode", "sslrootcert", "application_name", "charset", "ssl_ca"}
"""What may follow the question mark; other words lead to other hosts, files and commands."""
TIMEOUT = 15  # seconds for a connection

SYNTAX = Text(
    "write it like postgresql://user:password@host:5432/database.",
    "به شکل postgresql://user:password@host:5432/database بنویسید.",
)
UNKNOWN = Text(
    "only PostgreSQL, MySQL, MariaDB and SQLite are read.",
    "تنها PostgreSQL و MySQL و MariaDB و SQLite خوانده می‌شود.",
)
WORD = Text(
    "«{word}» may not stand after the question mark; these may: {words}.",
    "«{word}» پس از علامت پرسش پذیرفته نیست؛ این‌ها پذیرفته است: {words}.",
)
NO_FILE = Text("there is no such file.", "چنین فایلی نیست.")
OWN = Text("it is a file of the workspace itself.", "فایل خود فضای کار است.")


def read(address: str) -> sa.URL:
    """Return the parts of an address.

    Raises
    ------
    BadAddress
        It is none, or one that is not read.
    """
    try:
        url = sa.make_url(address.strip())
    except (sa.exc.ArgumentError, ValueError) as wrong:
        raise BadAddress(address="", why=SYNTAX) from wrong  # what was typed may hold a password
    name = url.get_backend_name()
    if name not in DRIVERS:
        raise BadAddress(address=name, why=UNKNOWN)
    for word in url.query:
        if word not in WORDS:
            raise BadAddress(address=shown(url), why=filled(WORD, word=word, words=", ".join(sorted(WORDS))))
    return url.set(drivername=DRIVERS[name])


def shown(url: sa.URL) -> str:
    """Return an address for people: without the password."""
    return url.render_as_string(hide_password=True)


def engine(url: sa.URL, reach: Reach) -> sa.Engine:
    """Return the way to a database: read only, to the very address that was looked at.

    Raises
    ------
    DriverMissing, BadAddress, PrivateAddress, Unreachable
    """
    name = url.get_backend_name()
    if name == "sqlite":
        return sa.create_engine("sqlite://", creator=_file(url, reach), poolclass=NullPool)
    host = url.host or "localhost"
    address = reach.resolve(host, url.port or PORTS[name])
    options = OPTIONS[name](address, url)
    if name != "postgresql":
        host = address
    try:
        return sa.create_engine(url.set(host=host), connect_args=options, poolclass=NullPool)
    except ImportError as missing:
        raise DriverMissing(database=name, extra=EXTRAS[name]) from missing


def _of_postgresql(address: str, url: sa.URL) -> dict[str, Any]:
    encrypted = {"sslmode": "require"} if is_public(address) and "sslmode" not in url.query else {}
    return {
        "hostaddr": address,
        "connect_timeout": TIMEOUT,
        "options": "-c default_transaction_read_only=on",
        "application_name": "ganj",
        **encrypted,
    }


def _of_mysql(address: str, url: sa.URL) -> dict[str, Any]:
    options = {"connect_timeout": TIMEOUT, "init_command": "set session transaction read only"}
    return options | ({"ssl": _encrypted()} if is_public(address) and "ssl_ca" not in url.query else {})


def _encrypted() -> ssl.SSLContext:
    """Return what encrypts without asking who is there, as databases usually do; with ``ssl_ca`` it is asked."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


OPTIONS = {"postgresql": _of_postgresql, "mysql": _of_mysql, "mariadb": _of_mysql}
"""How a session is opened: it can only read, and out in the world it is encrypted."""


def _file(url: sa.URL, reach: Reach) -> Callable[[], sqlite3.Connection]:
    path = Path(url.database or "")
    if not path.is_file():
        raise BadAddress(address=str(path), why=NO_FILE)
    if not reach.outside(path):
        raise BadAddress(address=str(path), why=OWN)
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    return lambda: sqlite3.connect(address, uri=True, timeout=TIMEOUT, check_same_thread=False)
