"""RudderStack: what its clients send beside Segment's addresses.

Source: RudderStack, HTTP API (rudderstack.com/docs); rudder-server, ``gateway``; recorded requests of
rudder-sdk-python, rudder-sdk-node and the JavaScript client.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ganj.intake.http.asked import GIF, Answer, Asked, Taken
from ganj.intake.http.routes import KB, Desk, Route, batch, message, single

LIMIT = 4000 * KB
_MOST_LEVELS = 4


def source_config(asked: Asked, desk: Desk) -> Answer:
    """Tell the browser's client that its source is there and has no destination but this one."""
    key = desk.key(asked)
    off = {"enabled": False}
    source = {
        "id": key.name,
        "name": key.name,
        "writeKey": asked.words().get("writeKey", ""),
        "enabled": True,
        "workspaceId": "ganj",
        "config": {"statsCollection": {"errors": off, "metrics": off}},
        "dataplanes": {},
        "destinations": [],
        "connections": [],
    }
    return Answer(body=msgspec.json.encode({"source": source, "isHosted": True}))


def pixel(asked: Asked, desk: Desk) -> Taken:
    """Take a message that a picture's address carries, a name for each of its fields: ``properties.title``."""
    said: dict[str, Any] = {"channel": "web"}
    for name, value in asked.words().items():
        if name != "writeKey":
            _put(said, name.split("."), value)
    found = message(asked, desk, msgspec.json.encode(said), "rudder", asked.path.rsplit("/", 1)[1])
    found.answer = GIF
    return found


def _put(into: dict[str, Any], path: list[str], value: str) -> None:
    """Put a value under names within names; deeper ones stay one name with dots."""
    *outer, last = [*path[:_MOST_LEVELS], ".".join(path[_MOST_LEVELS:])] if len(path) > _MOST_LEVELS else path
    for name in outer:
        inner = into.setdefault(name, {})
        into = inner if isinstance(inner, dict) else into
    into[last] = value


ROUTES = {
    "/v1/import": Route(batch("rudder", LIMIT, kept_times=True), limit=LIMIT),
    "/v1/merge": Route(single("rudder", "merge", LIMIT)),
    "/beacon/v1/batch": Route(batch("rudder", LIMIT), limit=LIMIT),
    "/sourceConfig": Route(source_config, ("GET", "HEAD")),
    "/pixel/v1/track": Route(pixel, ("GET",)),
    "/pixel/v1/page": Route(pixel, ("GET",)),
}
