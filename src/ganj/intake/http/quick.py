"""Makes the lines of usual events by one loop over a request's bytes (`ganj.kernels.messages`).

It says the same as `ganj.intake.http.lines`, byte for byte, or leaves a message, or the whole request, to it.  The
loops must be compiled, or read from the disk, first; until then everything takes the other way.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from ganj.intake.http.asked import Reject, Taken
from ganj.intake.http.lines import Terms, line, lines
from ganj.intake.http.messages import UNDECODABLE, Unfit, mended, usual_of

if TYPE_CHECKING:
    from types import ModuleType

    from ganj.histories import Array
    from ganj.log import Line

_END = bytes(128)
"""What the loops need behind the bytes they read."""
_NUMBERS = 48
"""Bytes of the numbers in a line, at most."""
_MOST_WORDS = 1_000
_OUT = 1 << 20
_SAMPLE = b'{"type":"track","messageId":"m","userId":"u","event":"e"}'
_loops: list[ModuleType] = []
_writing: list[Any] = []
_own = threading.local()


class Room:
    """What a request is read into and its lines are written into; each thread has one.

    Attributes
    ----------
    whole, rows, outer : see `ganj.kernels.messages`
    clock, out : see `ganj.kernels.message_lines`
    words : what is the same in each line of a source
    """

    def __init__(self, loops: ModuleType) -> None:
        self.whole: Array = loops.room()
        self.rows, self.outer = loops.rows_in(self.whole), loops.outer_in(self.whole)
        self.clock: Array = np.zeros(4, np.int64)
        self.out: Array = np.empty(_OUT, np.uint8)
        self.words: dict[tuple[str, ...], Array] = {}


def warm() -> None:
    """Make the loops ready, which takes a moment, and seconds in a new installation."""
    from ganj.kernels import message_lines, messages

    _writing[:] = [message_lines.written]
    batch = b'{"batch":[' + _SAMPLE + b"]}"
    for text, single in ((batch, False), (_SAMPLE, True)):
        found = _scanned(messages, text, single=single, kind=None)
        if found is not None:
            found.taken(Terms("w", "segment", 1), len(text) * 9)
    _loops[:] = [messages]


def beside() -> threading.Thread:
    """Make the loops ready in a thread of its own, which is to be waited for before the program ends."""
    thread = threading.Thread(target=warm, name="quick", daemon=True)
    thread.start()
    return thread


def _room(loops: ModuleType) -> Room:
    found: Room | None = getattr(_own, "room", None)
    if found is None:
        found = _own.room = Room(loops)
    return found


def scanned(text: bytes, *, single: bool = False, kind: str | None = None) -> Scan | None:
    """Walk over a body; None where it must be read the other way.

    Parameters
    ----------
    text : a batch, or a single message
    kind : the type the address names, for a message that does not say its own
    """
    return _scanned(_loops[0], text, single=single, kind=kind) if _loops else None


def _scanned(loops: ModuleType, text: bytes, *, single: bool, kind: str | None) -> Scan | None:
    room = _room(loops)
    data: Array = np.frombuffer(text + _END, np.uint8)
    if single:
        count = loops.single(data, room.whole, kind == "track")
        slow = count and int(room.rows[0, 2]) & loops.SLOW
    else:
        count = loops.batch(data, room.whole)
        slow = int((room.rows[: max(count, 0), 2] & loops.SLOW).sum())
    return Scan(loops, room, text, data, count, single) if count > 0 and slow * 2 <= count else None


@dataclass(slots=True)
class Scan:
    """A body that was walked over."""

    loops: ModuleType
    room: Room
    text: bytes
    data: Array
    count: int
    single: bool

    @property
    def key(self) -> str | None:
        """The key that the body carries, around its messages or in the first."""
        outer = self._outer(self.loops.AROUND_KEY)
        if outer is not None:
            return outer
        if self._is_slow(0):
            try:
                return usual_of(self._raw(0)).write_key
            except UNDECODABLE:
                return None
        at = self.loops.SPAN + 2 * self.loops.KEY
        begin, end = self.room.rows[0, at : at + 2].tolist()
        return self.text[begin + 1 : end - 1].decode() if end else None

    @property
    def sent(self) -> str | None:
        """When a batch was sent, by its sender's clock."""
        return self._outer(self.loops.SENT)

    def _outer(self, which: int) -> str | None:
        if self.single:
            return None
        begin, end = self.room.outer[which].tolist()
        return self.text[begin:end].decode() if end else None

    def _is_slow(self, row: int) -> bool:
        return bool(self.room.rows[row, 2] & self.loops.SLOW)

    def _raw(self, row: int) -> msgspec.Raw:
        begin, end = self.room.rows[row, :2].tolist()
        return msgspec.Raw(self.text[begin:end])

    def taken(self, terms: Terms, limit: int) -> Taken | None:
        """Make the lines; None where the body is broken within a message.

        Parameters
        ----------
        limit : bytes of the longest line
        """
        room, count = self.room, self.count
        words = _words(room, terms)
        size = len(self.data) + count * (len(words) + _NUMBERS)
        if size > len(room.out):
            room.out = np.empty(size, np.uint8)
        clock = room.clock
        clock[0], clock[1], clock[2], clock[3] = terms.received, terms.late, limit, count
        block = room.out[: _writing[0](self.data, room.rows, clock, words, room.out)].tobytes()
        if not clock[3]:
            return Taken([], dialect=terms.dialect, block=block, count=count)
        slow = (room.rows[:count, 2] & self.loops.SLOW).nonzero()[0].tolist()
        return None if self.single else self._mixed(block, set(slow), terms)

    def _mixed(self, block: bytes, slow: set[int], terms: Terms) -> Taken | None:
        """Put the lines of all messages in order."""
        found, begin = Taken([], dialect=terms.dialect), 0
        for row, end in enumerate(self.room.rows[: self.count, 3].tolist()):
            if row in slow:
                try:
                    found.lines.append(_one(self._raw(row), terms))
                except Unfit as wrong:
                    if wrong.code in {"not_json", "too_deep"}:
                        return None
                    text = bytes(self._raw(row)).decode("utf-8", "replace")
                    found.rejects.append(Reject(row, wrong.code, text))
            else:
                found.lines.append(msgspec.Raw(block[begin : end - 1]))
            begin = end
        return found


def _one(raw: msgspec.Raw, terms: Terms) -> Line:
    """Make the line of a message that needs thought.

    Raises
    ------
    Unfit
        It is none.
    """
    try:
        return lines([usual_of(raw)], terms)[0]
    except (*UNDECODABLE, Unfit):
        return line(mended(raw), terms)


def _words(room: Room, terms: Terms) -> Array:
    """Return what is the same in each line; see `ganj.kernels.message_lines.written`."""
    around = terms.context or {}
    name = (terms.source, terms.dialect, *map(str, around.values()))
    found = room.words.get(name)
    if found is None:
        told = msgspec.json.encode({"k": "track", "w": terms.source, "d": terms.dialect})
        address, agent = (
            msgspec.json.encode({one: around[one]})[1:-1] + b"," if one in around else b""
            for one in ("ip", "userAgent")
        )
        pieces = (b'{"m":', b',"r":', b',"t":', b"," + told[1:-1], address + agent, agent, address, b"")
        cuts = np.cumsum([0, *map(len, pieces)]).astype(np.int64)
        if len(room.words) >= _MOST_WORDS:
            room.words.clear()
        found = room.words[name] = np.frombuffer(cuts.tobytes() + b"".join(pieces) + _END, np.uint8)
    return found
