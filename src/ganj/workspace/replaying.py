"""Messages that could not be loaded, tried again: after a mapping was mended or ganj has learnt to read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from ganj.access.ring import Key
from ganj.errors import GanjError
from ganj.intake.http.asked import Asked, Taken
from ganj.intake.http.collector import addresses
from ganj.intake.http.routes import Route
from ganj.log import REJECTED, Line, decode, encode
from ganj.store.collected.state import Rejected

if TYPE_CHECKING:
    from ganj.workspace import Workspace

MOST = 100_000


class Replayed(msgspec.Struct, frozen=True):
    """What came of trying again: messages that are stored now, and those that are refused still."""

    taken: int
    refused: int


Read = Callable[[dict[str, Any], Line], list[Line]]
"""Reads anew what a line of the kind ``rejected`` keeps: its ``p``, and the line; none where it still cannot."""


def replay(workspace: Workspace, ids: Iterable[str] | None, source: str | None, read: Read) -> Replayed:
    """Try rejected messages again: some, those of a source, or all."""
    wanted = None if ids is None else set(ids)
    told = workspace.store.collection.rejected(source, MOST)
    chosen = [one for one in told if wanted is None or one.id in wanted]
    good: list[Line] = []
    taken: list[str] = []
    for one in chosen:
        lines = again(one, read)
        if lines:
            good += lines
            taken.append(one.id)
    workspace.collect(good)
    workspace.store.forget_rejected(taken)  # they are in the log anew; what is refused again is found again
    workspace.store.absorb()
    still = {one.id for one in workspace.store.collection.rejected(source, MOST)}.intersection(taken)
    return Replayed(len(taken) - len(still), len(chosen) - len(taken) + len(still))


def again(rejected: Rejected, read: Read) -> list[Line]:
    """Return the events of a rejected message, as it is understood now; none where it is not."""
    try:
        line = decode(rejected.line.encode())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    if line.k == REJECTED:
        return read(line.p, line) if isinstance(line.p, dict) else []
    known = {"track", "page", "screen", "identify", "group", "alias"}
    return [line] if line.k in known else []


class _Desk:
    """Stands for the key a message came by: it was known then."""

    def __init__(self, name: str) -> None:
        self._name = name

    def key(self, asked: Asked, *in_body: str | None) -> Key:
        """Return a key of the source's name."""
        del asked, in_body
        return Key(0, self._name, "write", "", (), (), 0, 0)


def reader(workspace: Workspace) -> Read:
    """Return what reads refused messages as their way in would read them today."""
    exact, _ = addresses()

    def read(told: dict[str, Any], line: Line) -> list[Line]:
        text = str(told.get("text", ""))
        try:
            if "hook" in told:
                made = workspace.hooks.again(text, str(told["hook"]))
            else:
                made = _collected(exact, str(told.get("path", "")), text, line)
        except (GanjError, msgspec.DecodeError):
            return []
        good = [one for one in made if one.k != REJECTED]
        return good if len(good) == len(made) else []

    return read


def _collected(exact: dict[str, Route], path: str, text: str, line: Line) -> list[Line]:
    route = exact.get(path.rstrip("/")) or exact.get(path)
    if route is None:
        return []
    body = f'{{"batch":[{text}]}}' if path.rstrip("/").endswith(("batch", "/b")) else text
    asked = Asked("POST", path, b"", {}, body.encode(), "", line.r)
    taken = route.take(asked, _Desk(line.w))
    if not isinstance(taken, Taken) or taken.rejects:
        return []
    block = taken.block or encode(taken.lines)  # some are encoded already
    return [decode(one) for one in block.split(b"\n") if one]
