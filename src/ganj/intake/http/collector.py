"""Answers the collection API: finds who takes a request, its key, and what is said back.

It knows neither the web server before it nor what becomes of the log after it.
"""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from pkgutil import iter_modules

import msgspec

from ganj.access.ring import Key, Ring
from ganj.errors import GanjError
from ganj.intake import http
from ganj.intake.http import guards
from ganj.intake.http.answers import outcome, preflight, refusal, to_site
from ganj.intake.http.asked import Answer, Asked, Reject, Taken
from ganj.intake.http.credentials import offered
from ganj.intake.http.refusals import NoSuchAddress, OriginRefused, TooFast, UnknownKey, WrongMethod
from ganj.intake.http.routes import Route
from ganj.log import MANY, REJECTED, Line, encode

_BURST = 5.0
"""Seconds of a key's rate that may come at once."""
_TEXTS, _TEXTS_A_SECOND = 3_000, 50
"""Messages of a source that are kept as they were sent when they are not taken: at once, and as time goes by.

Of a flood of them only the number is kept beyond that: they fill no disk and take no time from the good ones.
"""
_KEPT_TEXT = 32 * 1024
"""Characters kept of a message that was not taken."""


@dataclass(slots=True)
class Kept:
    """What a request brought, encoded, and what to say once it is on disk."""

    lines: bytes
    answer: Answer


@dataclass(slots=True)
class Tally:
    """What came from one source since the process began; ``last`` in µs UTC."""

    accepted: int = 0
    rejected: int = 0
    last: int = 0


@dataclass(slots=True)
class _Bucket:
    """Events a key may still send; refilled as time goes by, by a clock that never jumps."""

    left: float
    at: float = field(default_factory=time.monotonic)

    def refill(self, rate: float, most: float) -> None:
        """Add what a time gives."""
        now = time.monotonic()
        self.left = min(self.left + (now - self.at) * rate, most)
        self.at = now


class Collector:
    """Takes requests of every dialect.

    Parameters
    ----------
    ring : the write keys in force
    """

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._exact, self._patterns = addresses()
        self._buckets: dict[int, _Bucket] = {}
        self._texts: dict[str, _Bucket] = {}
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)

    def route(self, path: str) -> Route | None:
        """Return the address of a path, or None where nothing is collected."""
        found = self._exact.get(path)
        if found is not None or path == "/":
            return found
        if path[-1:] == "/":
            return self.route(path.rstrip("/") or "/")
        parts = path.split("/")
        for pattern, route in self._patterns:
            if len(pattern) == len(parts) and all(a in ("*", b) for a, b in zip(pattern, parts, strict=True)):
                return route
        return None

    def answer(self, asked: Asked) -> Answer | Kept:
        """Answer a request, or say what to keep first. Nothing that a client sends makes it fail."""
        try:
            said = self._answer(asked)
        except GanjError as refused:
            said = refusal(refused)
        if b"origin" not in asked.headers:
            return said
        if isinstance(said, Kept):
            return Kept(said.lines, to_site(said.answer, asked))
        return to_site(said, asked)

    def _answer(self, asked: Asked) -> Answer | Kept:
        route = self.route(asked.path)
        if route is None:
            raise NoSuchAddress
        if asked.method == "OPTIONS":
            return preflight(asked, route)
        if asked.method not in route.methods:
            raise WrongMethod(allowed=", ".join(route.methods))
        desk = _Desk(self, asked)
        taken = route.take(asked, desk)
        if isinstance(taken, Answer) or desk.found is None:
            return taken if isinstance(taken, Answer) else Answer()
        return self._kept(taken, desk.found, asked, route)

    def _kept(self, taken: Taken, key: Key, asked: Asked, route: Route) -> Kept | Answer:
        """Encode what came; what a reader further on might not bear is set aside."""
        block = proved(taken, route.event)
        if taken.rejects:
            block += encode(self._aside(taken, key, asked))
        self._count(key, taken.accepted, len(taken.rejects), asked.received)
        answer = outcome(taken)
        return Kept(block, answer) if block else answer

    def _aside(self, taken: Taken, key: Key, asked: Asked) -> list[Line]:
        """Return what is kept of messages that were not taken: each as it was sent, or how many they are."""
        bucket = self._texts.setdefault(key.name, _Bucket(_TEXTS))
        bucket.refill(_TEXTS_A_SECOND, _TEXTS)
        kept = taken.rejects[: int(bucket.left)]
        bucket.left -= len(kept)
        lines = [rejected(reject, taken, key, asked) for reject in kept]
        more = len(taken.rejects) - len(kept)
        return [*lines, counted(more, taken, key, asked)] if more else lines

    def _count(self, key: Key, accepted: int, rejects: int, received: int) -> None:
        tally = self.tallies[key.name]
        tally.accepted += accepted
        tally.rejected += rejects
        tally.last = received
        if key.rate:
            self._buckets[key.id].left -= accepted + rejects

    def find(self, text: str) -> Key | None:
        """Return the key in force of a text, or None."""
        return self._ring.find(text)

    def admit(self, key: Key) -> None:
        """Let a key in that has not sent more than it may.

        Raises
        ------
        TooFast
            It has.
        """
        bucket = self._buckets.setdefault(key.id, _Bucket(key.rate * _BURST))
        bucket.refill(key.rate, key.rate * _BURST)
        if bucket.left < 1:
            raise TooFast(rate=key.rate, wait=int((1 - bucket.left) / key.rate) + 1)


@dataclass(slots=True)
class _Desk:
    """Looks for the key of one request."""

    collector: Collector
    asked: Asked
    found: Key | None = None

    def key(self, asked: Asked, *in_body: str | None) -> Key:
        """Return the key a request came with.

        Raises
        ------
        UnknownKey, OriginRefused, TooFast
            There is none in force, it is not meant for the page that asks, or has sent too much.
        """
        for text in offered(asked, *in_body):
            found = self.collector.find(text)
            if found is not None:
                break
        else:
            raise UnknownKey
        if found.origins and asked.header(b"origin") not in ("", *found.origins):
            raise OriginRefused(origin=asked.header(b"origin"))
        if found.rate:
            self.collector.admit(found)
        self.found = found
        return found


def proved(taken: Taken, limit: int) -> bytes:
    """Return the events of a request, encoded; those that a reader might not bear become rejects."""
    block = taken.block or encode(taken.lines)
    doubtful = guards.suspects(block, limit) if taken.lines else []
    return sifted(taken, block, doubtful, limit) if doubtful else block


def sifted(taken: Taken, block: bytes, doubtful: list[int], limit: int) -> bytes:
    """Look at doubtful lines; those that are bad become rejects, NUL becomes U+FFFD. Returns the block anew."""
    encoded = block.splitlines(keepends=True)
    bad = set()
    for index in doubtful:
        line = taken.lines[index]
        if isinstance(line, msgspec.Raw):
            continue
        code = "too_large" if len(encoded[index]) > limit else guards.verdict([line.p, line.c, line.x])
        if code:
            bad.add(index)
            taken.rejects.append(Reject(index, code, encoded[index].decode()))
        else:
            fields = {name: guards.without_nul(getattr(line, name)) for name in Line.__struct_fields__}
            encoded[index] = encode([Line(**fields)])
    taken.lines = [line for index, line in enumerate(taken.lines) if index not in bad]
    return b"".join(line for index, line in enumerate(encoded) if index not in bad)


def rejected(reject: Reject, taken: Taken, key: Key, asked: Asked) -> Line:
    """Make the line that keeps a message which was not taken; sent again it is the same line."""
    text = reject.text[:_KEPT_TEXT].replace("\0", "\ufffd")
    name = sha256(f"{key.name}\n{reject.code}\n{text}".encode("utf-8", "replace")).hexdigest()[:40]
    told = {"code": reject.code, "text": text, "path": asked.path}
    return Line(f"rejected:{name}", asked.received, asked.received, REJECTED, key.name, taken.dialect, p=told)


def counted(count: int, taken: Taken, key: Key, asked: Asked) -> Line:
    """Make the line that says how many messages were not taken."""
    told = {"code": taken.rejects[-1].code, "count": count, "path": asked.path}
    name, when = f"{MANY}{uuid.uuid4().hex}", asked.received
    return Line(name, when, when, REJECTED, key.name, taken.dialect, p=told)


def addresses() -> tuple[dict[str, Route], list[tuple[list[str], Route]]]:
    """Return the addresses of all dialects: those without and those with a ``*``."""
    exact: dict[str, Route] = {}
    patterns: list[tuple[list[str], Route]] = []
    for found in iter_modules(http.__path__):
        routes: dict[str, Route] = getattr(import_module(f"{http.__name__}.{found.name}"), "ROUTES", {})
        for path, route in routes.items():
            if "*" in path:
                patterns.append((path.split("/"), route))
            else:
                exact[path] = route
    return exact, patterns
