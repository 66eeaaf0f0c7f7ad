"""Messages that could not be loaded, tried again: after a mapping, a source, a plan or the message itself was mended."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from ganj.access.ring import Key
from ganj.errors import GanjError, UnknownName
from ganj.intake.http.asked import Asked, Taken
from ganj.intake.http.collector import addresses, proved
from ganj.intake.http.routes import Route
from ganj.log import OWN, REASONS, REJECTED, Line, decode
from ganj.store.collected.rejects import MENDED
from ganj.store.collected.state import Rejected
from ganj.text import Text

if TYPE_CHECKING:
    from ganj.workspace import Workspace

MOST = 100_000
KNOWN = frozenset({"track", "page", "screen", "identify", "group", "alias"})
NAMELESS = re.compile("[0-9a-f]{32}")
"""What a message is called that was sent without a name."""
UNREADABLE, UNFIT, UNWRITTEN = "not_json", "bad_field", "not_text"
ANY = "/v1/batch"
"""Where what came by no address of the collection API is read: any message of Segment's."""
IN_BATCHES = ("batch", "/b", "/import")


class Replayed(msgspec.Struct, frozen=True):
    """What came of trying again: messages that are stored now, and those that are refused still."""

    taken: int
    refused: int


class StillRefused(GanjError):
    """A message that is still not taken. Facts: ``why`` (`Text`)."""

    status = 422
    says = Text("The message is still not taken: {why.en}", "پیام همچنان پذیرفته نمی‌شود: {why.fa}")
    hint = Text(
        "Nothing has changed: it is kept as it was. Mend the text and try again.",
        "چیزی دگرگون نشد و پیام همان‌گونه که بود می‌ماند. متن را درست کنید و دوباره بیازمایید.",
    )


Read = Callable[[dict[str, Any], Line], list[Line]]
"""Reads anew what a line of the kind ``rejected`` keeps: its ``p``, and the line; raises `StillRefused`."""


def replay(workspace: Workspace, ids: Iterable[str] | None, source: str | None, read: Read) -> Replayed:
    """Try rejected messages again: some, those of a source, or all."""
    wanted = None if ids is None else set(ids)
    told = workspace.store.collection.rejected(source, MOST)
    chosen = [one for one in told if wanted is None or one.id in wanted]
    good: list[Line] = []
    taken: list[str] = []
    for one in chosen:
        try:
            good += again(one, read)
        except StillRefused:
            continue
        taken.append(one.id)
    still = _stored(workspace, good, taken)
    return Replayed(len(taken) - len(still), len(chosen) - len(taken) + len(still))


def amend(workspace: Workspace, rejected: str, text: str, read: Read) -> Replayed:
    """Try a rejected message with another text; where it is not taken it stays as it was.

    Raises
    ------
    StillRefused
        With the reason, as the text is now.
    """
    told = {one.id: one for one in workspace.store.collection.rejected(None, MOST)}
    if rejected not in told:
        raise UnknownName.among(Text("rejected message", "پیام پذیرفته‌نشده"), rejected, ())
    lines = again(told[rejected], read, text)
    still = _stored(workspace, lines, [rejected])
    return Replayed(1 - len(still), len(still))


def _stored(workspace: Workspace, lines: list[Line], taken: list[str]) -> set[str]:
    """Collect what was refused before; return the names of what is refused by the loader again."""
    if not taken:
        return set()
    workspace.collect(lines)
    workspace.store.forget_rejected(taken)  # they are in the log anew; what is refused again is found again
    workspace.store.absorb()
    still = {one.id for one in workspace.store.collection.rejected(None, MOST)}.intersection(taken)
    workspace.collect([_noted(some) for some in _batched(one for one in taken if one not in still)])
    workspace.store.absorb()
    return still


def _batched(names: Iterable[str], most: int = 500) -> Iterator[list[str]]:
    """Yield names by the hundreds."""
    rest = iter(names)
    while some := list(islice(rest, most)):
        yield some


def _noted(taken: list[str]) -> Line:
    """Return the line of the log by which what was taken is not found again when all is made anew."""
    now = time.time_ns() // 1000
    return Line(f"mended:{taken[0]}:{now}", now, now, "decision", OWN, OWN, p={"verb": MENDED, "ids": taken})


def again(rejected: Rejected, read: Read, text: str | None = None) -> list[Line]:
    """Return the events of a rejected message, as it is understood now; raise `StillRefused`.

    Parameters
    ----------
    text : what stands for what was sent; as it was sent where it is not told
    """
    line = _line(rejected.line)
    if text is None and rejected.code == UNWRITTEN:  # what is kept of it is not what was sent
        raise _still(rejected.code)
    if line is None or line.k != REJECTED:
        found = _line(rejected.line if text is None else text)
        if found is not None and found.k in KNOWN:
            return [found]
        if text is None:
            raise _still(rejected.code)
    if line is None:
        now = time.time_ns() // 1000
        line = Line(rejected.id, now, now, REJECTED, rejected.source, "segment")
    told = line.p if line.k == REJECTED and isinstance(line.p, dict) else {}
    return _named(read(told if text is None else {**told, "text": text}, line), rejected.id)


def _line(text: str) -> Line | None:
    """Return a line of the log; None where the text is none."""
    try:
        return decode(text.encode())
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _named(lines: list[Line], rejected: str) -> list[Line]:
    """Give messages that were sent without a name one that is the same at every try."""
    for number, line in enumerate(lines):
        if NAMELESS.fullmatch(line.m):
            line.m = f"again:{rejected}-{number}"
    return lines


def _still(code: str) -> StillRefused:
    return StillRefused(why=REASONS.get(code, Text(code, code)))


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
        try:
            made = _read(workspace, exact, told, line)
        except msgspec.DecodeError as wrong:
            raise _still(UNREADABLE) from wrong
        except StillRefused:
            raise
        except GanjError as wrong:
            raise StillRefused(why=Text(wrong.message("en"), wrong.message("fa"))) from wrong
        for one in made:
            if one.k == REJECTED:
                raise _still(str(one.p.get("reason") or one.p.get("code")))
        return made

    return read


def _read(workspace: Workspace, exact: dict[str, Route], told: dict[str, Any], line: Line) -> list[Line]:
    """Read a message by its way in: a webhook, an address of the collection API, or a source that is pulled."""
    text = str(told.get("text", ""))
    if "hook" in told:
        return workspace.hooks.again(text, str(told["hook"]))
    found = [] if "path" in told else workspace.sources.reread(line.w, text)
    return found or _collected(exact, str(told.get("path", ANY)), text, line)


def _collected(exact: dict[str, Route], path: str, text: str, line: Line) -> list[Line]:
    route = exact.get(path.rstrip("/")) or exact.get(path)
    if route is None:
        route = exact[ANY]
    body = f'{{"batch":[{text}]}}' if path.rstrip("/").endswith(IN_BATCHES) else text
    taken = route.take(Asked("POST", path, b"", {}, body.encode(), "", line.r), _Desk(line.w))
    if not isinstance(taken, Taken):
        raise _still(UNFIT)
    block = proved(taken, route.event)
    if taken.rejects:
        raise _still(taken.rejects[0].code)
    return [decode(one) for one in block.split(b"\n") if one]
