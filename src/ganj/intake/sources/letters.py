"""A message of a mailbox: who wrote, about what, its words without quotation, and the thread it belongs to."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import blake2b
from html.parser import HTMLParser

import msgspec

WORDS = 20_000  # characters kept of a message
NUMBER = re.compile(r"<[^<>\s]{1,250}>")
REPLY = re.compile(r"^\s*(?:(?:re|fwd?|aw|sv|پاسخ|بازارسال)\s*:\s*)+", re.IGNORECASE)
QUOTED = re.compile(
    r"^(?:>|-{2,}\s*(?:original|forwarded) message|_{10,}|On .{5,200} wrote:\s*$|.{3,200} نوشت(?:ه است)?:\s*$)",
    re.IGNORECASE,
)
HIDDEN = {"script", "style", "head", "title"}
BREAKS = {"p", "br", "div", "tr", "li", "h1", "h2", "h3", "blockquote"}


class Letter(msgspec.Struct, frozen=True):
    """A message.

    Attributes
    ----------
    number
        Its Message-ID; made of its bytes where it has none.
    root
        The first message of its thread, as far as it says; its own number where it begins one.
    author, name
        Address in lower case, and the name before it.
    to
        Addresses it went to.
    time
        µs UTC; None where it says none.
    automatic
        Written by a program: a bounce, an absence notice, a newsletter.
    """

    number: str
    root: str
    answers: str
    author: str
    name: str
    to: tuple[str, ...]
    time: int | None
    subject: str
    text: str
    automatic: bool


def read(raw: bytes) -> Letter:
    """Read a message; what is not as the standards say becomes empty, never an error."""
    message = message_from_bytes(raw, policy=policy.default)
    number = _first(_header(message, "Message-ID")) or f"<{blake2b(raw, digest_size=16).hexdigest()}@none>"
    answers = _first(_header(message, "In-Reply-To"))
    chain = NUMBER.findall(_header(message, "References"))
    name, author = next(iter(getaddresses([_header(message, "From")])), ("", ""))
    received = getaddresses([_header(message, "To"), _header(message, "Cc")])
    return Letter(
        number=number,
        root=chain[0] if chain else answers or number,
        answers=answers,
        author=author.strip().lower(),
        name=_clean(name),
        to=tuple(address.lower() for _, address in received if "@" in address),
        time=_time(_header(message, "Date")),
        subject=_clean(REPLY.sub("", _header(message, "Subject")))[:500],
        text=words(message),
        automatic=_automatic(message),
    )


def words(message: EmailMessage) -> str:
    """Return what was written, without what it quotes."""
    try:
        part = message.get_body(preferencelist=("plain", "html"))
        if part is None or part.get_content_maintype() != "text":
            return ""
        content = part.get_content()
    except (LookupError, UnicodeError, ValueError, KeyError, AttributeError):
        return _undecoded(message)
    text = content if part.get_content_subtype() != "html" else plain(content)
    return unquoted(sound(str(text)))[:WORDS]


def _undecoded(message: EmailMessage) -> str:
    """Return the bytes of a text whose charset nobody knows, as far as they are readable."""
    payload = message.get_payload(decode=True)
    return unquoted(payload.decode("utf-8", "replace"))[:WORDS] if isinstance(payload, bytes) else ""


def unquoted(text: str) -> str:
    """Cut a reply where it begins to repeat what it answers."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if QUOTED.match(line) and any(one.strip() for one in kept):
            break
        kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


class _Plain(HTMLParser):
    """Collects the text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.hidden += tag in HIDDEN
        self.parts += ["\n"] if tag in BREAKS else []

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in HIDDEN))

    def handle_data(self, data: str) -> None:
        self.parts += [] if self.hidden else [re.sub(r"\s+", " ", data)]


def plain(page: str) -> str:
    """Return the text of an HTML message."""
    reader = _Plain()
    reader.feed(page)
    return "".join(reader.parts)


def _automatic(message: EmailMessage) -> bool:
    said = _header(message, "Auto-Submitted").lower()
    bulk = _header(message, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}
    listed = bool(_header(message, "List-Id") or _header(message, "List-Unsubscribe"))
    return (
        (said not in ("", "no"))
        or bulk
        or listed
        or message.get_content_type() == "multipart/report"
        or _header(message, "Return-Path").strip() == "<>"
    )


def _header(message: EmailMessage, name: str) -> str:
    """Return a header as text; one that cannot be read is as good as none."""
    try:
        return sound(str(message.get(name, "") or ""))
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return ""


def sound(text: str) -> str:
    """Return a text that can be written: without NUL, and without halves of letters."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _first(text: str) -> str:
    return next(iter(NUMBER.findall(text)), "")


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _time(text: str) -> int | None:
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return round(aware.timestamp() * 1_000_000)
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


def now() -> int:
    """Return the time; µs UTC."""
    return round(datetime.now(UTC).timestamp() * 1_000_000)
