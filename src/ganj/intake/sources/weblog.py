"""The access log of a web server: page views of visitors, programs left out, followed as it grows and is rotated.

A file is known by its first line, so a rotated or packed copy is not read again; how far it was read is kept
as a position in the unpacked text.  Whoever asks is a number made of address and agent under a secret of this
source: with a daily salt nobody is followed from one day to the next, and the address itself is not kept.
"""

from __future__ import annotations

import gzip
import secrets
import zlib
from collections import Counter
from collections.abc import Iterator
from glob import glob
from hashlib import blake2b
from pathlib import Path
from typing import IO, Annotated, Any, Literal

import msgspec

from ganj.errors import GanjError
from ganj.intake.requests import LEFT, Asked, left_out, read, visitor
from ganj.intake.sources import SECRET, Feed, Part, Refused, State
from ganj.intake.sources.errors import BadAddress
from ganj.intake.sources.reach import Reach
from ganj.log.line import Line
from ganj.log.reasons import REASONS
from ganj.parameters import param
from ganj.text import Text

MOST = 5_000  # lines of a part
LONGEST = 64 * 1024  # bytes of a line
HOPELESS = 64 * 1024 * 1024  # bytes without an end of a line: none will come
FILES = 2_000
NO_FILE = Text("there is no such file.", "چنین فایلی نیست.")
OWN = Text("it is a file of the workspace itself.", "فایل خود فضای کار است.")
UNREAD = "not_an_access_log"


class UnreadableLog(GanjError):
    """A log that is there and cannot be read. Facts: ``path``, ``why``."""

    status = 422
    says = Text("The log {path} cannot be read: {why}", "فایل ثبت {path} خوانده نمی‌شود: {why}")
    hint = Text(
        "Everything before it is in. See who may read it and whether it is whole; it is tried again at the next turn.",
        "هرچه پیش از آن بود وارد شده است. اجازهٔ خواندن و سالم‌بودن فایل را ببینید؛ نوبت بعد دوباره خوانده می‌شود.",
    )


class Weblog(Feed, frozen=True, kw_only=True):
    """Access logs of nginx, Apache and their kin."""

    label = Text("Web-server log", "فایل ثبت وب‌سرور")
    says = Text(
        "Page views out of access logs: common, combined, with virtual hosts; rotated and packed ones too.",
        "بازدید صفحه‌ها از access log: قالب common و combined، با نام میزبان؛ چرخیده و فشرده هم باشد.",
    )
    every = "1m"

    path: Annotated[
        str,
        param(
            "File",
            "فایل",
            min_length=1,
            help=Text("/var/log/nginx/access.log*", "/var/log/nginx/access.log*"),
        ),
    ]
    visitor: Annotated[
        Literal["daily", "lasting"],
        param(
            "A visitor is the same",
            "بازدیدکننده یکی است",
            choices={
                "daily": Text("within a day", "در یک روز"),
                "lasting": Text("for ever", "همیشه"),
            },
        ),
    ] = "daily"
    site: Annotated[
        str, param("Site", "نشانی وب‌گاه", help=Text("https://example.com", "https://example.com"))
    ] = ""
    bots: Annotated[bool, param("Programs too", "برنامه‌ها و خزنده‌ها هم")] = False
    errors: Annotated[bool, param("Redirects and errors too", "هدایت‌ها و خطاها هم")] = False
    salt: Annotated[str, param("Salt", "نمک", of=SECRET, advanced=True)] = msgspec.field(
        default_factory=lambda: secrets.token_hex(16)
    )

    @property
    def address(self) -> str:
        """The files."""
        return self.path

    def pull(self, state: State, reach: Reach) -> Iterator[Part]:
        """Yield the new lines as page views."""
        found = map(Path, glob(self.path))  # noqa: PTH207 - Path.glob refuses `a**b` and lists hidden files, as no shell does
        files = sorted((file for file in found if file.is_file()), key=_age)[-FILES:]
        if not files:
            raise BadAddress(address=self.path, why=NO_FILE)
        offsets, wrong = dict(state.get("offsets", {})), None
        for file in files:
            if not reach.outside(file):
                raise BadAddress(address=str(file), why=OWN)
            try:
                yield from self._file(file, offsets)
            except (OSError, EOFError, zlib.error) as mistake:  # the others are read all the same
                wrong = UnreadableLog(path=str(file), why=str(mistake))
        if wrong is not None:
            raise wrong

    def _file(self, file: Path, offsets: dict[str, int]) -> Iterator[Part]:
        with _opened(file) as stream:
            first, end = next(_lines(stream), (b"", 0))
            if not end:
                return
            mark = blake2b(first, digest_size=12).hexdigest()
            at = offsets.get(mark, 0)
            _past(stream, at - end)
            waiting: list[tuple[int, bytes]] = [(0, first)] if at == 0 else []
            at = max(at, end)
            for line, size in _lines(stream):
                waiting.append((at, line))
                at += size
                if len(waiting) >= MOST:
                    yield self._part(mark, waiting, offsets, at)
                    waiting = []
            if waiting:
                yield self._part(mark, waiting, offsets, at)

    def _part(self, mark: str, waiting: list[tuple[int, bytes]], offsets: dict[str, int], at: int) -> Part:
        lines, refused, left = [], [], Counter[str]()
        for offset, raw in waiting:
            text = raw.decode("utf-8", "replace").rstrip("\r\n")
            asked = read(text)
            if asked is None:
                refused += [Refused(text[:2_000], REASONS[UNREAD], code=UNREAD)] if text.strip() else []
                continue
            why = left_out(asked, bots=self.bots, errors=self.errors)
            left[why] += 1
            if not why:
                lines.append(self._line(asked, f"{mark}-{offset}"))
        refused += [Refused("", LEFT[why], count) for why, count in left.items() if why]
        offsets[mark] = at
        return Part(
            state={"offsets": dict([*offsets.items()][-FILES:])}, lines=tuple(lines), refused=tuple(refused)
        )

    def reread(self, text: str) -> tuple[Line, ...]:
        """Return the page view of a line that could not be read before."""
        asked = read(text)
        if asked is None:
            return ()
        return (self._line(asked, f"again-{blake2b(text.encode(), digest_size=12).hexdigest()}"),)

    def _line(self, asked: Asked, message: str) -> Line:
        site = self.site.rstrip("/") or (f"https://{asked.host}" if asked.host else "")
        search = f"?{asked.query}" if asked.query else ""
        page = {
            "path": asked.path,
            "url": f"{site}{asked.path}{search}" if site else None,
            "search": search or None,
            "referrer": asked.referrer or None,
        }
        told: dict[str, Any] = {name: value for name, value in page.items() if value}
        return Line(
            m=f"weblog-{message}",
            r=0,
            t=asked.time,
            k="page",
            w="",
            d="ganj",
            e=asked.path,
            u=asked.user or None,
            a=visitor(asked, self.salt, daily=self.visitor == "daily"),
            p={**told, "status": asked.status, "bytes": asked.size},
            c={"userAgent": asked.agent, "page": told},
        )


def _opened(file: Path) -> IO[bytes]:
    stream = file.open("rb")
    packed = stream.read(2) == b"\x1f\x8b"
    if packed:
        stream.close()
        return gzip.open(file, "rb")  # type: ignore[return-value]  # both read bytes
    stream.seek(0)
    return stream


def _age(file: Path) -> int:
    return file.stat().st_mtime_ns


def _lines(stream: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield each line and its bytes; of one that is too long the beginning; not one that is still being written."""
    while line := stream.readline(LONGEST):
        size, last = len(line), line
        while not last.endswith(b"\n") and size < HOPELESS and (last := stream.readline(LONGEST)):
            size += len(last)
        if not last.endswith(b"\n") and size < HOPELESS:
            return
        yield line, size


def _past(stream: IO[bytes], count: int) -> None:
    """Go on by a number of bytes."""
    if count > 0:
        stream.seek(count, 1)


FEED = Weblog
