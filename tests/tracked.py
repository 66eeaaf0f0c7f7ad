"""A site of another origin whose pages send events, and what a server made of them."""

import contextlib
import functools
import json
import threading
import time
import urllib.request
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

from ganj.faces import tracker

TALL = '<body style="margin:0;width:1000px;height:4000px"><header style="height:60px">Our shop</header>'
BUTTON = '<button id="go" style="position:absolute;left:100px;top:200px;width:200px;height:40px">Go</button>'
JOIN = """<form id="join" onsubmit="return false"><input name="id" value="7"><input name="mail" type="email" data-ganj="email" value="sara@example.com">
<input name="tel" data-ganj="phone" value="۰۹۱۲ ۳۴۵ ۶۷۸۹"><input name="pin" type="password" data-ganj="pin" value="hunter2">
<input type="checkbox" name="news" data-ganj="newsletter" value="yes"><input type="radio" name="size" data-ganj="size" value="S" checked>
<input type="radio" name="size" data-ganj="size" value="L"><input name="note" value="please hurry"><input type="hidden" name="csrf" value="t0k3n">
<button id="send">Join</button></form><form data-ganj-ignore onsubmit="return false"><input name="q" data-ganj="name" value="Nobody"><button id="quiet">x</button></form>"""


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


def eventually(site, ready, seconds=60):
    """Wait until what was collected satisfies a condition, and return it."""
    end = time.monotonic() + seconds
    while True:
        events = told(site)
        if ready(events) or time.monotonic() > end:
            return events
        time.sleep(0.2)


class Shop:
    """A shop of one test: its pages in a folder, its write key, and what the server made of its events.

    Parameters
    ----------
    site : the server's address
    folder, address : where pages are written, and where they are served
    name : of the source
    """

    def __init__(self, site, folder, address, name):
        self.site, self.folder, self.address, self.name = site, folder / name, f"{address}/{name}", name
        self.folder.mkdir()
        self.key = ask(site, "POST", "keys", {"name": name, "kind": "write"})["key"]
        self._counts, self._rows = None, []

    def counts(self):
        """How many events of each name are stored: cheap to ask, unlike a query."""
        told = ask(self.site, "GET", f"collection/sources/{quote(self.name)}/events")
        return {one["event"]: one["accepted"] for one in told}

    def put(self, body, file="index.html", head="", **options):
        """Write a page with the snippet people copy and attributes of its script; gives its address."""
        words = "".join(f' data-{name}="{value}"' for name, value in {"bots": "keep", **options}.items())
        snippet = tracker.snippet(self.site, self.key).replace("></script>", f"{words}></script>")
        icon = '<link rel="icon" href="data:,">'
        page = f'<!doctype html><meta charset="utf-8"><title>Shop</title>{icon}{head}{snippet}{body}'
        (self.folder / file).write_text(page, encoding="utf-8")
        return f"{self.address}/{file}"

    def events(self, *names):
        """The events of this shop in order as (name, properties, customer, channel), or those of some names."""
        counts = self.counts()
        if counts != self._counts:
            query = f"""select event, properties, customer, channel from events
                where source = '{self.name}' order by time"""
            self._rows = ask(self.site, "POST", "sql", {"query": query})["rows"]
            self._counts = counts
        rows = self._rows
        told = [(name, json.loads(said or "{}"), customer, channel) for name, said, customer, channel in rows]
        return [one for one in told if not names or one[0] in names]

    def said(self, name, count=1, seconds=12):
        """The properties of the events of a name, as soon as there are that many."""
        end = time.monotonic() + seconds
        while self.counts().get(name, 0) < count and time.monotonic() < end:
            time.sleep(0.1)
        return [said for _, said, _, _ in self.events(name)]


class Watched:
    """A tab that writes down what it asks of whom."""

    def __init__(self, tab, **asked):
        self.tab = tab(**asked)
        self.context, self.page, self.asked = self.tab.context, self.tab.page, []
        self.page.set_default_timeout(15_000)
        self.page.clock.install()
        self.context.on("request", self.heard)

    def heard(self, request):
        self.asked.append(request)

    def wait(self, milliseconds):
        """Let time pass for the page, in a moment."""
        self.page.clock.run_for(milliseconds)

    def visit(self, address, **more):
        self.page.goto(address, **more)
        self.page.wait_for_function("window.ganj && !ganj.q")
        return self.page

    def sent(self):
        """What left the browser for the collector."""
        return [one.post_data or "" for one in self.asked if "/v1/" in one.url]

    def stored(self):
        """Everything a page can keep in a browser."""
        return self.page.evaluate("""async () => ({local: {...localStorage}, session: {...sessionStorage},
            cookies: document.cookie, bases: (await indexedDB.databases()).length})""")
