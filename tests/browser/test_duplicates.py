"""The queue of pairs with the keyboard alone, and without barriers (axe-core)."""

from importlib.resources import files

import pytest

pytest.importorskip("splink")

from browser.conftest import serving
from browser.test_access import RUN
from ganj.display import Display
from stored import workspace

PEOPLE = [
    ("A", {"name": "مریم یوسفی", "birthday": "1370/01/05", "mobile": "09123456789"}),
    ("B", {"name": "Maryam Yousefi", "birthday": "1991-03-25", "mobile": "9123456789"}),
    ("C", {"name": "رضا کریمی با نامی بسیار بسیار بلند که در هیچ ستونی جا نمی‌شود", "birthday": "1365/05/05"}),
    ("D", {"name": "رضا كريمي با نامی بسیار بسیار بلند که در هیچ ستونی جا نمی‌شود", "birthday": "۱۳۶۵/۵/۵"}),
]


@pytest.fixture
def twins(tmp_path):
    """The address of a shop with two pairs."""
    shop = workspace(tmp_path, [{"customer": who, "traits": traits} for who, traits in PEOPLE], Display())
    shop.duplicates.find(automatic=False)
    shop.close()
    process, url = serving(tmp_path / "shop")
    yield url
    process.terminate()
    process.wait(30)
    process.stdout.close()


def test_pairs_are_decided_with_the_keyboard_and_nothing_stands_in_the_way(twins, tab):
    pytest.importorskip("axe_playwright_python")
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page = tab().open(f"{twins}/fa/duplicates")
    page.evaluate(axe)
    assert page.evaluate(RUN) == []
    page.evaluate("Object.assign(document.documentElement.dataset, {theme: 'dark', scheme: 'dark'})")
    assert page.evaluate(RUN) == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for key, words in (("n", "ثبت شد"), ("u", "انجام شد"), ("m", "یکی شدند")):
        page.keyboard.press(key)
        page.wait_for_selector(f"#toasts :text('{words}')")
