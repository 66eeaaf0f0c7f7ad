"""One line of a web server's access log: who asked for what, when, and whether it was a page and a person."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import blake2b
from importlib import resources
from urllib.parse import unquote

import msgspec

from ganj.text import Text

LINE = re.compile(
    r"^(?:(?P<vhost>[\w.\-]+:\d+) )?(?P<ip>[0-9a-fA-F.:]+)(?: \((?P<chain>[^)]*)\))? (?P<ident>\S+) (?P<user>.+?) "
    r"\[(?P<time>[^\]]{20,30})\] "
    r'"(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?P<bytes>\d+|-)'
    r'(?: "(?P<referrer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?'
)
"""Common, combined, and combined with the virtual host before it; what follows is somebody's own."""
BEGIN = re.compile(
    rb"^(?:[\w.\-]+:\d+ )?[0-9a-fA-F.:]+(?: \([^)\n]*\))? \S+ [^\n]+? "
    rb"\[\d\d/\w{3}/\d{4}(?::\d\d){3} [+-]\d{4}\] \"",
    re.MULTILINE,
)
"""How a log begins: as far as the request."""
REQUEST = re.compile(r"^(?P<method>[A-Z]+) (?P<path>\S+)(?: HTTP/[\d.]+)?$")
MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
ASSET = re.compile(
    r"\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|eot|otf|mp[34]|webm|ogg|wav|avi|mov|json|xml|txt|rss|atom|"
    r"webmanifest|wasm|zip|gz|tar|tgz|bz2|rar|7z|exe|dmg|deb|rpm|jar|iso|swf)$",
    re.IGNORECASE,
)
"""What a page loads, or what is downloaded: no page."""
LEFT = {
    "program": Text("requests of programs, left out", "درخواست برنامه‌ها و خزنده‌ها، کنار گذاشته"),
    "asset": Text("requests that are no pages, left out", "درخواست‌هایی که صفحه نیستند، کنار گذاشته"),
    "error": Text("redirects and errors, left out", "هدایت و خطا، کنار گذاشته"),
}
"""Why a request is no page view."""
ESCAPED = re.compile(r'\\(x[0-9a-fA-F]{2}|["\\nrt])')


class Asked(msgspec.Struct, frozen=True):
    """A request: ``time`` in µs UTC, ``agent`` and ``referrer`` empty where not told, ``host`` of a virtual host."""

    ip: str
    user: str
    time: int
    method: str
    path: str
    query: str
    status: int
    size: int
    referrer: str
    agent: str
    host: str

    @property
    def page(self) -> bool:
        """Whether it asks for a page and not for what a page loads."""
        return self.method == "GET" and ASSET.search(self.path) is None

    @property
    def shown(self) -> bool:
        """Whether a page came of it: not an error, not a redirect."""
        return 200 <= self.status < 300 or self.status == 304


def read(line: str) -> Asked | None:
    """Read a line; None where it is none."""
    found = LINE.match(line.replace("\0", ""))
    if found is None:
        return None
    request = REQUEST.match(_plain(found["request"]))
    moment = instant(found["time"])
    if request is None or moment is None:
        return None
    path, _, query = request["path"].partition("?")
    size = found["bytes"]
    return Asked(
        ip=found["ip"],
        user=_told(found["user"]),
        time=moment,
        method=request["method"],
        path=unquote(path, errors="replace").replace("\0", ""),
        query=query,
        status=int(found["status"]),
        size=0 if size == "-" else int(size),
        referrer=_told(found["referrer"]),
        agent=_told(found["agent"]),
        host=(found["vhost"] or "").rpartition(":")[0],
    )


def left_out(asked: Asked, *, bots: bool = False, errors: bool = False) -> str:
    """Say why a request is no page view, a word of `LEFT`; empty where it is one.

    Parameters
    ----------
    bots, errors : whether programs' requests, and redirects and errors, count as page views
    """
    if not bots and is_bot(asked.agent):
        return "program"
    if not asked.page:
        return "asset"
    return "" if asked.shown or errors else "error"


def visitor(asked: Asked, key: str, *, daily: bool) -> str:
    """Return the number of who asked: of address and agent under a key, and of the day (UTC) where it is daily."""
    day = datetime.fromtimestamp(asked.time / 1e6, UTC).date().isoformat() if daily else ""
    told = f"{day}|{asked.ip}|{asked.agent}".encode()
    return "w-" + blake2b(told, digest_size=12, key=key.encode()[:64]).hexdigest()


@lru_cache(maxsize=4096)
def instant(text: str) -> int | None:
    """Read ``17/May/2015:10:05:03 +0000``; µs UTC."""
    found = re.fullmatch(r"(\d\d)/(\w{3})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)", text)
    if found is None or found[2] not in MONTHS:
        return None
    day, _, year, hour, minute, second, sign, hours, minutes = found.groups()
    try:
        at = datetime(
            int(year), MONTHS[found[2]], int(day), int(hour), int(minute), min(int(second), 59), tzinfo=UTC
        )
    except ValueError:
        return None
    offset = (int(hours) * 60 + int(minutes)) * (60_000_000 if sign == "+" else -60_000_000)
    return int(at.timestamp()) * 1_000_000 - offset


@cache
def bots() -> re.Pattern[str]:
    """Return what the agents of programs have in them."""
    told = (resources.files("ganj.intake") / "bots.txt").read_text(encoding="utf-8")
    words = [line.strip() for line in told.splitlines() if line.strip() and not line.startswith("#")]
    return re.compile("|".join(map(re.escape, words)))


@lru_cache(maxsize=8192)
def is_bot(agent: str) -> bool:
    """Tell whether an agent is a program: it says so, or says nothing."""
    return not agent or bots().search(agent.lower()) is not None


def _told(text: str | None) -> str:
    return "" if text in (None, "-", "") else _plain(text or "")


def _plain(text: str) -> str:
    """Undo how servers write what is not printable."""
    if "\\" not in text:
        return text
    raw = ESCAPED.sub(_letter, text)
    try:
        return raw.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return raw


def _letter(found: re.Match[str]) -> str:
    mark = found[1]
    if mark == "x00":
        return ""
    return chr(int(mark[1:], 16)) if mark[0] == "x" else {"n": "\n", "r": "\r", "t": "\t"}.get(mark, mark)
