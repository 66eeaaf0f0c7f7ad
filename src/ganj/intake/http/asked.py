"""A request to the collection API and the answer to it, without the web server they came through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import msgspec

NO_HEADERS: Mapping[bytes, bytes] = {}


class Asked(msgspec.Struct, gc=False):
    """What was asked.

    Parameters
    ----------
    method, path, query : as in the first line; the path decoded
    headers : by lower-case name
    body : as received
    ip : who sent it
    received : when it was complete, µs UTC
    """

    method: str
    path: str
    query: bytes
    headers: Mapping[bytes, bytes]
    body: bytes
    ip: str
    received: int

    def header(self, name: bytes) -> str:
        """Return a header's text, empty where there is none."""
        return self.headers.get(name, b"").decode("latin-1")

    def words(self) -> dict[str, str]:
        """Return the query's names and values, the last of each."""
        if not self.query:
            return {}
        return dict(parse_qsl(self.query.decode("latin-1"), keep_blank_values=True, max_num_fields=200))

    @property
    def is_from_browser(self) -> bool:
        """Tell whether a browser sent it: programs send neither of these headers."""
        return b"origin" in self.headers or b"sec-fetch-site" in self.headers


class Reject(msgspec.Struct, gc=False):
    """A message that could not be taken: why (a code of `ganj.log.REASONS`), and as it was sent."""

    index: int
    code: str
    text: str


@dataclass(slots=True)
class Taken:
    """What a request brought.

    Attributes
    ----------
    lines : the events, `Line`; `msgspec.Raw` those that are encoded and proved already
    block, count : all events of the request, encoded and proved, and how many they are; ``lines`` is then empty
    rejects : what could not be taken as one
    dialect : of what could not be taken
    answer : what to say once all of it is on disk
    """

    lines: list[Any]
    rejects: list[Reject] = field(default_factory=list)
    dialect: str = "segment"
    answer: Answer | None = None
    block: bytes = b""
    count: int = 0

    @property
    def accepted(self) -> int:
        """How many events it brought."""
        return len(self.lines) + self.count


@dataclass(slots=True)
class Answer:
    """What is said back."""

    status: int = 200
    body: bytes = b'{"success":true}'
    kind: bytes = b"application/json"
    headers: tuple[tuple[bytes, bytes], ...] = ()


GIF = Answer(
    body=b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
    kind=b"image/gif",
    headers=((b"cache-control", b"no-store"),),
)
"""A transparent picture of one point, for pages and mails that count by a picture."""
