"""Secrets at rest: sealed with AES-GCM under a key that lies outside the workspace's folder.

Whoever copies the folder, or a backup of it, has no password of anything.  The key is made on first use;
``GANJ_SECRET_KEY_FILE`` names another place for it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

import msgspec

from ganj.errors import GanjError
from ganj.text import Text

ENVIRONMENT = "GANJ_SECRET_KEY_FILE"
SIZE = 32  # bytes of the key: AES-256
NONCE = 12
MARK = 8  # bytes that tell which key sealed


class KeyLost(GanjError):
    """Secrets that another key sealed, or that were altered. Facts: ``path``, ``name``."""

    status = 409
    says = Text(
        "The secrets of {name} cannot be opened with the key in {path}.",
        "رازهای {name} با کلید {path} باز نمی‌شود.",
    )
    hint = Text(
        "Bring the key file back from where the workspace was before, or enter the secrets again.",
        "فایل کلید را از جای پیشین فضای کار بیاورید، یا رازها را دوباره وارد کنید.",
    )


class KeyUnreadable(GanjError):
    """A key file that holds no key, or that cannot be read. Facts: ``path``, ``why``."""

    status = 409
    says = Text("The key file {path} cannot be used: {why}.", "فایل کلید {path} به کار نمی‌آید: {why}.")
    hint = Text(
        "It must hold 32 bytes in base64 and be readable by this user.",
        "باید ۳۲ بایت به شکل base64 در آن باشد و این کاربر بتواند آن را بخواند.",
    )


def place() -> Path:
    """Return where the key lies."""
    said = os.environ.get(ENVIRONMENT)
    return Path(said) if said else Path.home() / ".config" / "ganj" / "secret.key"


def seal(value: dict[str, Any], about: str) -> bytes:
    """Return a value that only this key opens, and only as what it is ``about``."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = _key()
    nonce = secrets.token_bytes(NONCE)
    return _mark(key) + nonce + AESGCM(key).encrypt(nonce, msgspec.json.encode(value), about.encode())


def unseal(sealed: bytes, about: str) -> dict[str, Any]:
    """Open what `seal` returned.

    Raises
    ------
    KeyLost
        Another key sealed it, it is about something else, or it was altered.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = _key()
    mark, nonce, rest = sealed[:MARK], sealed[MARK : MARK + NONCE], sealed[MARK + NONCE :]
    if mark != _mark(key):
        raise KeyLost(path=place(), name=about)
    try:
        value: dict[str, Any] = msgspec.json.decode(AESGCM(key).decrypt(nonce, rest, about.encode()))
    except InvalidTag as altered:
        raise KeyLost(path=place(), name=about) from altered
    return value


def _key() -> bytes:
    path = place()
    try:
        if not path.exists():
            _make(path)
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except (OSError, binascii.Error) as wrong:
        raise KeyUnreadable(path=path, why=str(wrong)) from wrong
    if len(key) != SIZE:
        raise KeyUnreadable(path=path, why=f"{len(key)} bytes")
    return key


def _make(path: Path) -> None:
    """Write a new key that only this user reads; the first of two who try wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(base64.b64encode(secrets.token_bytes(SIZE)) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(half, path)
    except FileExistsError:
        pass  # another process made one meanwhile: that one holds
    finally:
        half.unlink()


def _mark(key: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=MARK, person=b"ganj-key").digest()
