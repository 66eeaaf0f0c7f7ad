"""The lines of a load as arrays of spans, and those that cannot be loaded set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import numpy as np

from ganj.histories import Array
from ganj.kernels import json_lines as jl
from ganj.kernels import utf8
from ganj.kernels.hashing import hashes
from ganj.kernels.json_values import gathered
from ganj.log import Line
from ganj.log import decode as decoded
from ganj.log import encode as encoded
from ganj.store.collected.codes import KEY

KINDS = ("track", "page", "screen", "identify", "group", "alias", "decision", "rejected")
"""What a line may be; its number is its place here."""
UNREADABLE = "not_json"
"""Why a line is bad that is no JSON at all."""
MOST_TORN = 100
"""Lines of a load that were never ended and are kept to be looked at; all are counted."""
_WORDS = np.array([int.from_bytes(word.encode(), "little") for word in KINDS], np.uint64)
"""The kinds in the bytes of a number: none has more than eight letters."""


class Bad(msgspec.Struct, frozen=True, gc=False):
    """A line that cannot be loaded: its bytes and why, a code of `ganj.log.reasons`; or some that are only counted."""

    line: bytes | None
    code: str
    count: int = 1


@dataclass(frozen=True)
class Lines:
    """Lines of the log, by spans into their bytes.

    Attributes
    ----------
    data : uint8[bytes]
    line : int64[n, 2]
    span, kind : int32[n, 15, 2], uint8[n, 15], each field's value and what it is
    what : int8[n], place in `KINDS`
    received, time : int64[n] µs UTC
    identity : uint8[n, 16], MD5 of the message's id
    members : those of ``p``, as `ganj.kernels.json_lines.members` returns them; None where they are not listed
    hashed : hashes of fields that were asked for, by letter
    """

    data: Array
    line: Array
    span: Array
    kind: Array
    what: Array
    received: Array
    time: Array
    identity: Array
    members: tuple[Array, ...] | None = None
    hashed: dict[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self.line)

    def at(self, rows: Array) -> Lines:
        """Return some of the lines, in order; all of them are these."""
        if len(rows) == len(self.line):
            return self
        whole = {"data", "members", "hashed"}
        mine = {name: value[rows] for name, value in vars(self).items() if name not in whole}
        return replace(self, members=self._members_of(rows), hashed={}, **mine)

    def _members_of(self, rows: Array) -> tuple[Array, ...] | None:
        """Return the members of most lines, in order; None where listing them anew is quicker."""
        if self.members is None or 2 * len(rows) < len(self.line) or (np.diff(rows) <= 0).any():
            return None
        place = np.full(len(self.line), -1, np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        owner, *told = self.members
        kept = np.flatnonzero(place[owner] >= 0)
        return place[owner[kept]], *(one[kept] for one in told)

    def field(self, letter: str) -> tuple[Array, Array]:
        """Return where a field lies and what it is: int32[n, 2], uint8[n]."""
        place = jl.FIELDS.index(letter)
        return self.span[:, place], self.kind[:, place]

    def hash(self, letter: str) -> Array:
        """Return the hash of a text field, uint64[n]; of nothing where it is not told."""
        if letter not in self.hashed:
            self.hashed[letter] = hash_of(self.data, *self.field(letter))
        return self.hashed[letter]

    def texts(self, letter: str, rows: Array) -> list[str | None]:
        """Return a text field of some lines."""
        span, kind = self.field(letter)
        return texts(self.data, span[rows], kind[rows])

    def struct(self, row: int) -> Line:
        """Return one line decoded."""
        return decoded(self.bytes(row))

    def bytes(self, row: int) -> bytes:
        """Return one line as it is."""
        begin, end = self.line[row].tolist()
        return self.data[begin:end].tobytes()


def hash_of(data: Array, span: Array, kind: Array) -> Array:
    """Return the hash of each value, a text without its quotes; uint64[n]."""
    quote = np.where((kind == jl.STRING) | (kind == jl.ESCAPED), 1, 0)
    return hashes(data, span[:, 0] + quote, span[:, 1] - quote, KEY)


def texts(data: Array, span: Array, kind: Array) -> list[str | None]:
    """Return values as texts: those of strings, the words of numbers; None for nothing, lists and objects."""
    found: list[str | None] = []
    for (begin, end), what in zip(span.tolist(), kind.tolist(), strict=True):
        if what == jl.STRING:
            found.append(str(data[begin + 1 : end - 1].data, "utf-8"))
        elif what == jl.ESCAPED:
            found.append(msgspec.json.decode(data[begin:end].tobytes(), type=str))
        else:
            found.append(str(data[begin:end].data, "utf-8") if jl.NULL > what > jl.ESCAPED else None)
    return found


def strings(data: Array, span: Array, kind: Array) -> Any:
    """Return values as an Arrow array of strings, null where there is no text."""
    import pyarrow as pa

    plain = kind == jl.STRING
    if (kind == jl.ESCAPED).any() or (~plain & (kind != jl.NONE)).any():
        return pa.array(texts(data, span, kind), pa.string())
    text, offsets = gathered(data, np.where(plain, span[:, 0] + 1, 0), np.where(plain, span[:, 1] - 1, 0))
    mask = None if plain.all() else pa.array(plain)
    whole = pa.StringArray.from_buffers(len(span), pa.py_buffer(offsets), pa.py_buffer(text))
    return whole if mask is None else pa.compute.if_else(mask, whole, pa.scalar(None, pa.string()))


def read(raw: bytes | Sequence[bytes | memoryview]) -> tuple[Lines, list[Bad]]:
    """Read the lines of some groups.

    What is not as it should be is set aside alone; its neighbours are read.
    """
    data = jl.padded([raw] if isinstance(raw, bytes) else raw)
    if not utf8.is_text(data):
        good, bad = _as_text(data.tobytes())
        lines, more = read(good)
        return lines, bad + more
    line, state, *told = jl.lines(data, _WORDS, KEY)
    wrong = np.flatnonzero(state != jl.GOOD)
    if not len(wrong):
        return _kept(data, line, told, None), []
    mended, worse = _mended(data, line, wrong)
    if mended is None:
        return _kept(data, line, told, np.delete(np.arange(len(line)), wrong)), worse
    lines, more = read(mended)
    return lines, worse + more


def _kept(data: Array, line: Array, told: list[Array], rows: Array | None) -> Lines:
    """Put together the lines that are good; all where no rows are told."""
    from ganj.kernels.md5 import identities

    span, kind, what, received, time, *members = told
    ids = identities(data, span[:, 0, 0] + 1, span[:, 0, 1] - 1)
    whole = Lines(data, line, span, kind, what, received, time, ids, tuple(members))
    lines = whole if rows is None else whole.at(rows)
    for row in np.flatnonzero(lines.kind[:, 0] == jl.ESCAPED):
        words = texts(data, lines.span[row : row + 1, 0], lines.kind[row : row + 1, 0])
        lines.identity[row] = np.frombuffer(identity(words[0] or ""), np.uint8)
    return lines


def identity(message: str) -> bytes:
    """Return the 128-bit identity of a message's id."""
    from hashlib import md5

    return md5(message.encode(), usedforsecurity=False).digest()


def _as_text(raw: bytes) -> tuple[bytes, list[Bad]]:
    """Set lines aside that are not UTF-8."""
    good, bad = [], []
    for line in raw.splitlines(keepends=True):
        if is_text(line):
            good.append(line)
        else:
            bad.append(Bad(line.rstrip(b"\n"), "not_text"))
    return b"".join(good), bad


def is_text(raw: bytes | Array) -> bool:
    """Tell whether bytes are UTF-8, without making a text of them."""
    import pyarrow as pa

    ends = np.array([0, len(raw)], np.int64)
    whole = pa.LargeStringArray.from_buffers(1, pa.py_buffer(ends), pa.py_buffer(raw))
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _mended(raw: Array, line: Array, wrong: Array) -> tuple[bytes | None, list[Bad]]:
    """Encode anew what can be understood in another way; return the whole again, or None where nothing could."""
    torn = (raw[line[wrong, 0]] == ord("{")) & _open(raw, line[wrong, 1])
    bad, new = _torn(raw, line[wrong[torn]]), {}
    for row in wrong[~torn].tolist():
        text = raw[slice(*line[row])].tobytes()
        try:
            anew = encoded([decoded(text)])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
            bad.append(Bad(text, "bad_field" if isinstance(why, msgspec.ValidationError) else UNREADABLE))
            continue
        if anew == text + b"\n" or not _sound(anew):
            bad.append(Bad(text, "unknown_type" if _of_no_kind(anew) else "bad_field"))
        else:
            new[row] = anew
    if not new:
        return None, bad
    gone, whole = set(wrong.tolist()), raw.tobytes()
    parts = [
        new.get(row, b"") if row in gone else whole[a : b + 1] for row, (a, b) in enumerate(line.tolist())
    ]
    return b"".join(parts), bad


def _open(raw: Array, end: Array) -> Array:
    """Tell of lines whether they surely do not end as an object does: bool[n]."""
    return ~np.isin(raw[end - 1], np.frombuffer(b"} \t\r\n", np.uint8))


def _torn(raw: Array, line: Array) -> list[Bad]:
    """Return lines that were never ended: the last of them as they are, those before as a number."""
    kept = [Bad(raw[begin:end].tobytes(), UNREADABLE) for begin, end in line[-MOST_TORN:].tolist()]
    rest = len(line) - len(kept)
    return [Bad(None, UNREADABLE, rest), *kept] if rest else kept


def _sound(line: bytes) -> bool:
    """Tell whether a line reads well now."""
    _, state, *_ = jl.lines(jl.padded([line]), _WORDS, KEY)
    return len(state) == 1 and bool(state[0] == jl.GOOD)


def _of_no_kind(line: bytes) -> bool:
    """Tell whether a line would read well if it were of a kind that is known."""
    anew = msgspec.json.encode(msgspec.structs.replace(decoded(line), k=KINDS[0]))
    return _sound(anew + b"\n")
