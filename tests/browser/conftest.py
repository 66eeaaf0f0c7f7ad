"""The demo's shop behind a real server, in a real Chromium."""

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

CUSTOMERS = 1_200


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The folder of a small simulated shop."""
    import ganj
    from ganj import simulate

    place = tmp_path_factory.mktemp("demo")
    with ganj.create(place / "shop", buckets=4) as shop:
        for file in simulate.shop(seed=11, customers=CUSTOMERS).write(tmp_path_factory.mktemp("rows")):
            shop.load_rows(file)
    return place / "shop"


def serving(folder):
    """Start a server on a free port; return the process and its address."""
    words = [sys.executable, "-m", "ganj", "--json", "-w", str(folder), "serve", "--port", "0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    told = process.stdout.readline()
    while told and not told.rstrip().endswith("}"):
        told += process.stdout.readline()
    return process, json.loads(told)["url"].rstrip("/")


@pytest.fixture(scope="session")
def site(demo):
    """The address of the demo's pages."""
    process, url = serving(demo)
    yield url
    process.terminate()
    process.wait(30)
    process.stdout.close()


@contextlib.contextmanager
def empty(folder):
    """Serve an empty workspace; gives its address."""
    import ganj

    ganj.create(folder).close()
    process, url = serving(folder)
    yield url
    process.terminate()
    process.wait(30)
    process.stdout.close()


@pytest.fixture
def new_site(tmp_path):
    """The address of an empty workspace's pages."""
    with empty(tmp_path / "new") as url:
        yield url


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory):
    """The address of one empty workspace for tests that tell their own events apart."""
    with empty(tmp_path_factory.mktemp("shared") / "new") as url:
        yield url


class Tab:
    """One tab; what the page complains of is kept."""

    def __init__(self, chromium, scheme="light", width=1440, height=900, **more):
        self.context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale="fa-IR",
            timezone_id="Asia/Tehran",
            reduced_motion="reduce",
            **more,
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )

    def open(self, address):
        """Open an address and wait until everything on it is there."""
        self.page.goto(address, wait_until="load")
        self.settle()
        return self.page

    def settle(self):
        """Wait for fonts, for what comes later, and for charts."""
        self.page.wait_for_function(
            """() => document.fonts.status === "loaded" && !document.querySelector("[aria-busy]")
               && [...document.querySelectorAll("g-chart")].every((one) => one.querySelector("canvas"))"""
        )
        self.page.wait_for_timeout(120)

    def close(self):
        """Close the tab with its cookies."""
        self.context.close()


@pytest.fixture
def tab(chromium):
    """Open tabs; afterwards no page may have complained."""
    opened = []

    def make(**asked):
        opened.append(Tab(chromium, **asked))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
        assert one.complaints == []


@pytest.fixture(scope="session")
def origin(tmp_path_factory):
    """A folder of pages served from an origin of its own; returns the folder and the address."""
    from tracked import pages

    folder = tmp_path_factory.mktemp("pages")
    with pages(folder) as address:
        yield folder, address


@pytest.fixture
def shop(shared_site, origin, request):
    """A shop of the test's own, on the origin."""
    from tracked import Shop

    return Shop(shared_site, *origin, re.sub(r"\W+", "_", request.node.name))


@pytest.fixture
def watch(tab):
    """Open tabs that write down what they ask of whom."""
    from tracked import Watched

    return lambda **asked: Watched(tab, **asked)
