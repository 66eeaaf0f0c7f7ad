"""A site of another origin whose pages send events, and what a server made of them."""

import contextlib
import functools
import json
import threading
import time
import urllib.request
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def pages(folder):
    """Serve a folder of pages from an origin of its own; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(site, method, path, body=None):
    """Ask a server's API."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{site}/api/v1/{path}", data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def write_key(site):
    """Make a write key."""
    return ask(site, "POST", "keys", {"name": "site", "kind": "write"})["key"]


def told(site):
    """Every event as (name, properties, customer)."""
    found = ask(
        site, "POST", "sql", {"query": "select event, properties, customer from events order by time"}
    )
    return [(name, json.loads(said or "{}"), customer) for name, said, customer in found["rows"]]


def eventually(site, ready, seconds=15):
    """Wait until what was collected satisfies a condition, and return it."""
    end = time.monotonic() + seconds
    while True:
        events = told(site)
        if ready(events) or time.monotonic() > end:
            return events
        time.sleep(0.2)
