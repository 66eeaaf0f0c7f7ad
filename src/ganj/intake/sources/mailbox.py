"""A mailbox over IMAP: a first message opens a ticket, what follows in its thread are replies."""

from __future__ import annotations

import imaplib
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated, Literal

from ganj.intake.sources import SECRET, Feed, Part, Refused, State
from ganj.intake.sources.certificates import AUTHORITY, certified, trusted
from ganj.intake.sources.errors import BadAddress, BadAnswer, NotEncrypted, SignInRefused, Unreachable
from ganj.intake.sources.letters import Letter, now, read
from ganj.intake.sources.reach import Reach
from ganj.log.line import Line
from ganj.log.reasons import REASONS
from ganj.parameters import param
from ganj.text import Text

if TYPE_CHECKING:
    import ssl

OPENED, REPLIED = "Ticket Opened", "Ticket Replied"
MOST = 50  # messages of a part
LARGEST = 1 << 20  # bytes read of a message; what follows are attachments
THREADS = 20_000  # messages whose thread is remembered
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PORTS = {"tls": 993, "starttls": 143, "none": 143}
CLEAR = Text(
    "without encryption the password would travel in clear; only an allowed private address may do without.",
    "بی رمزگذاری گذرواژه آشکار می‌رود؛ تنها نشانی خصوصی مجاز می‌تواند بدون آن باشد.",
)
AUTOMATIC = Text(
    "written by a program (bounce, absence, newsletter)", "نوشتهٔ برنامه است (برگشتی، غیبت، خبرنامه)"
)
NOBODY = "no_sender"


class Mailbox(Feed, frozen=True, kw_only=True):
    """A mailbox to which customers write."""

    label = Text("Mailbox", "صندوق ایمیل")
    says = Text(
        "Messages of customers as tickets and replies, over IMAP; nothing in the mailbox is changed.",
        "نامه‌های مشتریان به شکل تیکت و پاسخ، با IMAP؛ چیزی در صندوق تغییر نمی‌کند.",
    )
    every = "2m"

    host: Annotated[str, param("Server", "سرور", min_length=1)]
    user: Annotated[str, param("User", "کاربر", min_length=1)]
    password: Annotated[str, param("Password", "گذرواژه", of=SECRET)]
    port: Annotated[
        int, param("Port", "درگاه", ge=0, le=65_535, help=Text("0: the usual", "۰: همان معمول"))
    ] = 0
    security: Annotated[
        Literal["tls", "starttls", "none"],
        param(
            "Encryption",
            "رمزگذاری",
            choices={
                "tls": Text("TLS", "TLS"),
                "starttls": Text("STARTTLS", "STARTTLS"),
                "none": Text("None", "بدون رمزگذاری"),
            },
        ),
    ] = "tls"
    folders: Annotated[
        tuple[str, ...],
        param("Folders", "پوشه‌ها", min_length=1, help=Text("INBOX, Sent", "INBOX, Sent")),
    ] = ("INBOX",)
    own: Annotated[
        tuple[str, ...],
        param(
            "Our addresses",
            "نشانی‌های ما",
            help=Text("support@example.com, @example.com", "support@example.com, @example.com"),
        ),
    ] = ()
    since: Annotated[date | None, param("Since", "از تاریخ")] = None
    authority: Annotated[str, AUTHORITY] = ""

    @property
    def address(self) -> str:
        """Who reads where."""
        return f"{self.user} @ {self.host}"

    def pull(self, state: State, reach: Reach) -> Iterator[Part]:
        """Yield the new messages of every folder."""
        if self.security == "none" and not reach.private:
            raise BadAddress(address=self.address, why=CLEAR)
        done = {"folders": dict(state.get("folders", {})), "threads": dict(state.get("threads", {}))}
        box = self._signed_in(reach)
        try:
            for folder in self.folders:
                yield from self._folder(box, folder, done)
        except (imaplib.IMAP4.error, OSError) as broken:
            raise Unreachable(address=self.address, detail=str(broken)[:300]) from broken
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                box.logout()

    def _signed_in(self, reach: Reach) -> imaplib.IMAP4:
        port, context = self.port or PORTS[self.security], trusted(self.authority)
        try:
            with certified(f"{self.host}:{port}"):
                box = _Box(reach, self.host, port, context if self.security == "tls" else None)
                if self.security == "starttls":
                    _encrypted(box, context, f"{self.host}:{port}")
        except (imaplib.IMAP4.error, OSError) as silent:
            raise Unreachable(address=self.address, detail=str(silent)[:300]) from silent
        try:
            _sign_in(box, self.user, self.password)
        except imaplib.IMAP4.error as refused:
            box.shutdown()
            raise SignInRefused(address=self.address, detail=_said(refused)) from refused
        return box

    def _folder(self, box: imaplib.IMAP4, folder: str, done: State) -> Iterator[Part]:
        validity = _selected(box, folder, self.address)
        known = done["folders"].get(folder, {})
        last = known["last"] if known.get("validity") == validity else 0
        numbers = self._numbers(box, last)
        for start in range(0, len(numbers), MOST):
            some = numbers[start : start + MOST]
            told = [self._line(read(raw), done["threads"]) for _, raw in sorted(_fetched(box, some))]
            done["folders"] = done["folders"] | {folder: {"validity": validity, "last": some[-1]}}
            done["threads"] = dict([*done["threads"].items()][-THREADS:])
            yield Part(
                state={name: dict(known) for name, known in done.items()},
                lines=tuple(line for one in told if isinstance(one, Line) for line in _with_name(one)),
                refused=tuple(one for one in told if isinstance(one, Refused)),
            )

    def _numbers(self, box: imaplib.IMAP4, last: int) -> list[int]:
        """Return the messages after the last one; a server answers with that one, too, where there is none."""
        asked = [f"UID {last + 1}:*"] + ([f"SINCE {_day(self.since)}"] if self.since else [])
        _, found = box.uid("SEARCH", *" ".join(asked).split())
        numbers = [int(number) for part in found if part for number in part.split()]
        return sorted(number for number in numbers if number > last)

    def _line(self, letter: Letter, threads: dict[str, list[str]]) -> Line | Refused:
        if letter.automatic or not letter.author:
            text = f"{letter.author}: {letter.subject}"
            return (
                Refused(text, AUTOMATIC) if letter.automatic else Refused(text, REASONS[NOBODY], code=NOBODY)
            )
        ours = self._is_ours(letter.author)
        root, customer = self._thread(letter, threads, ours=ours)
        threads[short(letter.number)] = [root, customer]
        begins = root == letter.number
        told = {
            "ticket": root.strip("<>"),
            "subject": letter.subject,
            "text": letter.text,
            "by": "team" if ours else "customer",
        }
        return Line(
            m=f"mail-{short(letter.number)}",
            r=0,
            t=letter.time if letter.time is not None else now(),
            k="track",
            w="",
            d="ganj",
            e=OPENED if begins and not ours else "Message Sent" if begins else REPLIED,
            i=[("email", customer)],
            p={name: value for name, value in told.items() if value} | {"channel": "email"},
            c={"traits": {"name": letter.name}} if letter.name and not ours else None,
        )

    def _thread(self, letter: Letter, threads: dict[str, list[str]], *, ours: bool) -> tuple[str, str]:
        """Return the first message of a letter's thread, and whose thread it is."""
        known = threads.get(short(letter.answers)) or threads.get(short(letter.root))
        root, customer = known or (letter.root, "")
        other = next((address for address in letter.to if not self._is_ours(address)), "")
        return root, customer or (other or letter.author if ours else letter.author)

    def _is_ours(self, address: str) -> bool:
        return any(
            address == one.lower() or (one.startswith("@") and address.endswith(one.lower()))
            for one in (*self.own, self.user)
        )


def _with_name(line: Line) -> Iterator[Line]:
    """Yield a letter's event, and what its author is called, if it says so."""
    yield line
    if line.c:
        name = dict(line.c["traits"])
        yield Line(m=f"{line.m}-name", r=0, t=line.t, k="identify", w="", d="ganj", i=line.i, x=name)


class _Box(imaplib.IMAP4):
    """A connection that goes where `Reach` looked; the certificate is that of the name."""

    def __init__(self, reach: Reach, host: str, port: int, context: ssl.SSLContext | None) -> None:
        self.reach, self.context = reach, context
        super().__init__(host, port, timeout=30)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        del timeout
        plain = self.reach.connect(self.host, self.port)
        if self.context is None:
            return plain
        return self.context.wrap_socket(plain, server_hostname=self.host)


def _encrypted(box: imaplib.IMAP4, context: ssl.SSLContext, address: str) -> None:
    """Go on encrypted; what was said before counts for nothing."""
    try:
        box.starttls(context)
    except (imaplib.IMAP4.error, OSError) as unable:
        with suppress(OSError):  # a refused certificate has closed the connection already
            box.shutdown()
        if isinstance(unable, OSError):
            raise
        raise NotEncrypted(address=address, detail=_said(unable)) from unable


def _sign_in(box: imaplib.IMAP4, user: str, password: str) -> None:
    """Sign in; PLAIN carries any letters, LOGIN only the oldest."""
    if "AUTH=PLAIN" in box.capabilities or not (user + password).isascii():
        box.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
        return
    quoted = '"' + user.replace("\\", "\\\\").replace('"', '\\"') + '"'
    box.login(quoted, password)


def _selected(box: imaplib.IMAP4, folder: str, address: str) -> int:
    """Open a folder for reading and return what its numbers are valid under."""
    quoted = '"' + encoded(folder).replace("\\", "\\\\").replace('"', '\\"') + '"'
    status, told = box.select(quoted, readonly=True)
    if status != "OK":
        raise BadAnswer(address=address, detail=f"{folder}: {told[0]!r}"[:300])
    _, validity = box.response("UIDVALIDITY")
    return int(validity[0] or 0)


def _fetched(box: imaplib.IMAP4, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Yield messages, unread ones staying unread."""
    asked = ",".join(map(str, numbers))
    _, told = box.uid("FETCH", asked, f"(UID BODY.PEEK[]<0.{LARGEST}>)")
    for part in told:
        if isinstance(part, tuple):
            found = re.search(rb"UID (\d+)", part[0])
            if found:
                yield int(found[1]), part[1]


def _day(day: date) -> str:
    """Write a day as IMAP does, in no language but its own."""
    return f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year}"


def _said(error: Exception) -> str:
    words = error.args[0] if error.args else ""
    return (words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words))[:300]


def short(number: str) -> str:
    """Return a short name for a Message-ID."""
    return blake2b(number.encode("utf-8", "replace"), digest_size=10).hexdigest() if number else ""


def encoded(folder: str) -> str:
    """Write a folder's name as IMAP does: UTF-7 of its own kind (RFC 3501, 5.1.3)."""
    out, other = [], ""
    for letter in [*folder, ""]:
        if letter and not " " <= letter <= "~":
            other += letter
            continue
        if other:
            code = other.encode("utf-16-be")
            out.append("&" + _base64(code) + "-")
            other = ""
        out.append("&-" if letter == "&" else letter)
    return "".join(out)


def _base64(code: bytes) -> str:
    from base64 import b64encode

    return b64encode(code).decode().rstrip("=").replace("/", ",")


FEED = Mailbox
