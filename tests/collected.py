"""Requests to the collection API in few words, and what became of them."""

import base64
import json
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from types import SimpleNamespace

import msgspec

from ganj import workspace
from ganj.access.ring import Key
from ganj.intake.http.asked import Asked
from ganj.intake.http.collector import Collector, Kept

NOW = 1_767_225_600_000_000  # 2026-01-01T00:00:00Z
KEY = Key(1, "shop", "write", "WK", ("collect",), (), 0, 0)


def key(**changed):
    return msgspec.structs.replace(KEY, **changed)


def collector(**keys):
    """A collector that knows the key WK of the source "shop", or those given."""
    return Collector(SimpleNamespace(find=(keys or {"WK": KEY}).get))


def basic(text):
    return b"Basic " + base64.b64encode(text.encode())


def asked(body=b"", path="/v1/track", method="POST", query="", ip="203.0.113.9", **headers):
    """A request; a body that is no bytes is sent as JSON; the key WK is in the header unless another is given."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-").encode(): value for name, value in headers.items()}
    named.setdefault(b"authorization", basic("WK:"))
    named = {
        name: value if isinstance(value, bytes) else value.encode() for name, value in named.items() if value
    }
    return Asked(method, path, query.encode(), named, data, ip, NOW)


def said(request, by=None):
    """The answer to a request."""
    found = (by or collector()).answer(request)
    return found.answer if isinstance(found, Kept) else found


def kept(request, by=None):
    """The lines that a request brought, as objects."""
    found = (by or collector()).answer(request)
    lines = found.lines.splitlines() if isinstance(found, Kept) else []
    return [json.loads(line) for line in lines]


def taken(request, by=None):
    """The only line that a request brought."""
    (line,) = kept(request, by)
    return line


# ---- a real collector


def shop(folder):
    """A workspace with a write key; returns the key's text."""
    with workspace.create(folder) as made:
        return made.keys.create("shop")[1]


@contextmanager
def running(folder, *words, command="collect", environment=None):
    """A collector or server in a process of its own; yields it with its ``url``."""
    words = [sys.executable, "-m", "ganj", "-w", str(folder), command, "--port", "0", "--json", *words]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        process.url = json.loads(process.stdout.readline())["url"]
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.stdout.close()


def logged(folder):
    """All events of all whole groups in a log, in order."""
    from ganj.log.reading import Following

    pieces = Following(folder / "log", {}).pieces()
    lines = [line for piece in pieces for line in bytes(piece.data).splitlines() if line.startswith(b'{"m":')]
    return [json.loads(line) for line in lines]


def until(true, seconds=10.0, every=0.02):
    """Wait until something is true; its last value is returned."""
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(every)
    return found


def strace():
    return shutil.which("strace")
