"""Webhooks of a workspace: what is posted to them goes into its log."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import msgspec

from ganj.errors import GanjError
from ganj.intake.hooks import Hook, Hooks, Kept, lines
from ganj.intake.http.content import GZIP, gunzip
from ganj.text import Text

if TYPE_CHECKING:
    from ganj.workspace import Workspace

MOST = 1_048_576
"""Bytes of a document, unpacked."""
MOST_SAMPLE = 20_000
"""Bytes of the last document that are kept to be looked at."""


class NoSuchHook(GanjError):
    """An address that belongs to no webhook."""

    status = 404
    says = Text("There is no webhook at this address.", "در این نشانی وب‌هوکی نیست.")
    hint = Text("Copy the address again from the Sources page.", "نشانی را دوباره از صفحهٔ منبع‌ها بردارید.")


class NoDocument(GanjError):
    """A body that is neither JSON nor a form."""

    status = 400
    says = Text("The body is neither JSON nor a form.", "بدنهٔ درخواست نه JSON است و نه فرم.")
    hint = Text("Nothing of it was stored. Send JSON.", "چیزی از آن ذخیره نشد. JSON بفرستید.")


class Hooking:
    """The webhooks of a workspace, as every face sees them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kept = Hooks(workspace.store.control.engine)

    def all(self) -> tuple[Kept, ...]:
        """List the webhooks by name."""
        return self._kept.all()

    def find(self, name: str) -> Kept:
        """Return one; `UnknownName` names the nearest."""
        return self._kept.find(name)

    def save(self, hook: Hook) -> str | None:
        """Keep a webhook; returns the secret of its address when it is new."""
        return self._kept.keep(hook)

    def remove(self, name: str) -> None:
        """Forget a webhook; its events stay."""
        self._kept.remove(name)

    def forget(self, names: Callable[[str], bool]) -> int:
        """Forget the last documents that name somebody, for good; returns how many."""
        return self._kept.forget(names)

    def take(self, secret: str, body: bytes) -> dict[str, int]:
        """Keep what was posted; it is on disk when this returns.

        Raises
        ------
        NoSuchHook
            The secret is none.
        NoDocument
            The body cannot be read.
        """
        kept = self._kept.by_secret(secret)
        if kept is None:
            raise NoSuchHook
        document = read(body)
        if len(body) <= MOST_SAMPLE and _has_fields(document):
            self._kept.came(kept.hook.name, document)
        made = lines(kept.hook, document, time.time_ns() // 1000)
        self._workspace.collect(made)
        rejected = sum(line.k == "rejected" for line in made)
        return {"accepted": len(made) - rejected, "rejected": rejected}

    def again(self, text: str, name: str) -> list[Any]:
        """Read again, under the mapping of now, what could not be an event; returns lines."""
        return lines(self._kept.find(name).hook, msgspec.json.decode(text), time.time_ns() // 1000)


def read(body: bytes) -> Any:
    """Return a posted document: JSON, packed or not, or the fields of a form."""
    if body[:2] == GZIP:
        body = gunzip(body, 31, MOST)
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        pairs = parse_qsl(body.decode(), strict_parsing=True, max_num_fields=500)
    except ValueError as wrong:
        raise NoDocument from wrong
    if not pairs:
        raise NoDocument
    return dict(pairs)


def _has_fields(document: Any) -> bool:
    """Tell whether a message says where things lie."""
    return any(
        isinstance(one, dict) and one for one in (document if isinstance(document, list) else [document])
    )
