"""Segment: the tracking API, the short forms of its browser client, its settings, its pixel.

Source: Segment, HTTP Tracking API Source; Spec; Pixel Tracking API (segment.com/docs); recorded requests of
analytics-next, analytics-node and analytics-python.
"""

from __future__ import annotations

import msgspec

from ganj.intake.http.asked import GIF, Answer, Asked, Taken
from ganj.intake.http.content import base64_of
from ganj.intake.http.routes import KB, Desk, Route, batch, message, single

LIMIT = 512 * KB
TYPES = ("identify", "track", "page", "screen", "group", "alias")
_ON = {"__default": {"enabled": True, "integrations": {}}}


def settings(asked: Asked, desk: Desk) -> Answer:
    """Tell the browser's client to send everything here."""
    text = asked.path.split("/")[3]
    desk.key(asked, text)
    host = asked.header(b"host")
    ours = {
        "apiKey": text,
        "apiHost": f"{host}/v1",
        "protocol": asked.header(b"x-forwarded-proto") or "http",
        "unbundledIntegrations": [],
        "addBundledMetadata": True,
        "maybeBundledConfigIds": {},
        "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
    }
    said = {
        "integrations": {"Segment.io": ours},
        "plan": {"track": _ON, "identify": _ON, "group": _ON},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }
    return Answer(body=msgspec.json.encode(said))


def pixel(asked: Asked, desk: Desk) -> Taken:
    """Take a message that a picture's address carries in base64."""
    text = base64_of(asked.words().get("data", "").encode("latin-1", "replace"))
    found = message(asked, desk, text, "segment", asked.path.rsplit("/", 1)[1])
    found.answer = GIF
    return found


def metrics(asked: Asked, desk: Desk) -> Answer:
    """Thank for the figures that the browser's client sends about itself, and keep none."""
    del asked, desk
    return Answer()


ROUTES = {
    "/v1/batch": Route(batch("segment", LIMIT), limit=LIMIT),
    "/v1/b": Route(batch("segment", LIMIT), limit=LIMIT),
    "/v1/m": Route(metrics),
    "/v1/projects/*/settings": Route(settings, ("GET", "HEAD")),
    **{f"/v1/{kind}": Route(single("segment", kind, LIMIT)) for kind in TYPES},
    **{f"/v1/{kind[0]}": Route(single("segment", kind, LIMIT)) for kind in TYPES},
    **{f"/v1/pixel/{kind}": Route(pixel, ("GET",)) for kind in TYPES},
}
