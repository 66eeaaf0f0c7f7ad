"""The tracker that web sites load: one script, served to any site, and the words to copy for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from litestar import Response, get
from markupsafe import escape

HOUR = 3_600  # s; a browser asks again after it, so a newer tracker reaches every site the same day


@cache
def source() -> bytes:
    """Return the script."""
    return Path(__file__).with_name("ganj.js").read_bytes()


@get("/ganj.js", sync_to_thread=False, include_in_schema=False)
def script() -> Response[bytes]:
    """Give the tracker to any site."""
    headers = {
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "cache-control": f"public, max-age={HOUR}",
    }
    return Response(source(), media_type="text/javascript", headers=headers)


def snippet(address: str, key: str) -> str:
    """Return what a site's owner copies into its pages; calls made before the script is there are kept.

    Parameters
    ----------
    address : where this server is reached by visitors, such as ``https://ganj.example.com``
    key : a write key
    """
    calls = '["identify","track","page","group","alias","consent","reset"]'
    keep = f"window.ganj={{q:[]}};{calls}.forEach(n=>ganj[n]=(...v)=>ganj.q.push([n,v]))"
    src = escape(address.rstrip("/") + "/ganj.js")
    return f'<script>{keep}</script>\n<script async src="{src}" data-key="{escape(key)}"></script>'
