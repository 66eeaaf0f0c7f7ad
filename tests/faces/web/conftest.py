"""A small shop in a real store, its pages asked as a browser asks them."""

import re

import pytest
from litestar.testing import TestClient

from ganj.display import Display
from ganj.faces.http.app import application
from stored import workspace

EVIL = "<script>alert(1)</script>"
NAMES = ["سارا محمدی", "علی رضایی", EVIL, "=HYPERLINK(1)", "مریم کریمی", "رضا احمدی"]


def rows():
    """Sixty customers, four months of orders: customer k orders in months 1 … 1 + k % 4, one order a month."""
    for k in range(60):
        traits = {
            "name": f"{NAMES[k % 6]} {k}" if k >= 6 else NAMES[k],
            "city": ["تهران", "Rey", EVIL][k % 3],
        }
        who = {"customer": f"C{k:03}", "phone": f"+9891210000{k:02}", "national_code": f"00123456{k:02}"}
        yield {**who, "traits": traits}
        for month in range(1, 2 + k % 4):
            when = f"2024-{month:02}-{1 + k % 27:02}T10:00:00"
            yield {**who, "event": "Product Viewed", "time": when.replace("T10", "T09"), "product": EVIL}
            yield {**who, "event": "Product Added", "time": when.replace("T10", "T09"), "product": EVIL}
            order = {"order": f"{k}-{month}", "amount": 100_000.0 * (k + 1), "quantity": 1.0, "product": EVIL}
            yield {**who, "event": "Order Completed", "time": when, **order, "properties": {"note": EVIL}}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The shop of `rows`, read in Persian."""
    made = workspace(tmp_path_factory.mktemp("web"), list(rows()), Display())
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(shop):
    """A browser's place in front of the whole application."""
    with TestClient(application(shop), base_url="http://127.0.0.1:8765", timeout=60) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path):
    """A workspace without anything in it, and its pages."""
    import ganj

    with (
        ganj.create(tmp_path / "empty", Display()) as made,
        TestClient(application(made), base_url="http://127.0.0.1:8765") as opened,
    ):
        yield opened


@pytest.fixture
def words():
    """Return the text of a page without its tags."""

    def read(body):
        plain = re.sub(r"<(script|style|template)\b.*?</\1>", " ", body, flags=re.DOTALL)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", plain))

    return read
