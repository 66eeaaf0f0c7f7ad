"""Jitsu: Segment's messages at addresses of its own, the key in ``X-Write-Key``.

Source: Jitsu, HTTP API (docs.jitsu.com); recorded requests of @jitsu/js.
"""

from __future__ import annotations

from ganj.intake.http.routes import Route, batch, single
from ganj.intake.http.segment import LIMIT, TYPES

ROUTES = {
    f"/api/s/{way}{kind}": Route(single("jitsu", kind, LIMIT)) for kind in TYPES for way in ("", "s2s/")
} | {f"/api/s/{way}batch": Route(batch("jitsu", LIMIT), limit=LIMIT) for way in ("", "s2s/")}
