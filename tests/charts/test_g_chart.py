"""The page's element, in a real browser under a policy that allows nothing inline."""

import pytest

from chart_pages import page, served
from chart_tables import KINDS, chart, table
from ganj import charts
from ganj.display import Display

FA = Display()
EN = Display(language="en", calendar="gregorian", digits="latin")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not charts.ASSETS.joinpath("echarts.min.js").is_file(), reason="built without assets"),
]
PIXELS = """() => { const canvas = document.querySelector("canvas");
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = {}; for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) {
    const key = [data[at], data[at + 1], data[at + 2]].join(); seen[key] = (seen[key] || 0) + 1; }
  return seen; }"""


def picture(kind, rows=20, display=FA):
    source = table(rows)
    opens = {
        name: [[[where.column, where.op, where.value] for where in one] for one in cells]
        for name, cells in source.opens.items()
    }
    return charts.option(chart(kind), source, display), opens


@pytest.fixture
def shown(chromium):
    """Open a page of pictures; afterwards nothing may have been refused, failed or fetched from elsewhere."""
    opened, complaints = [], []

    def show(*pictures, **said):
        server = served(page(*pictures, **said))
        address = server.__enter__()
        tab = chromium.new_page(viewport={"width": 900, "height": 700})
        tab.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((address, "data:", "blob:"))
                else complaints.append(request.url)
            ),
        )
        tab.goto(address)
        tab.wait_for_function(
            "[...document.querySelectorAll('g-chart')].every((one) => one.querySelector('canvas'))"
        )
        tab.wait_for_timeout(250)
        opened.append((server, tab))
        return tab

    yield show
    for server, tab in opened:
        tab.close()
        server.__exit__(None, None, None)
    assert complaints == []


def test_every_kind_draws_under_a_strict_policy(shown):
    tab = shown(*(picture(kind) for kind in KINDS))
    assert tab.locator("g-chart:has(canvas)").count() == len(KINDS)
    assert tab.locator("g-chart").first.get_attribute("aria-label").startswith("درآمد ماهانه.")


def test_the_theme_is_changed_without_the_server(shown):
    tab = shown(picture("bar"))
    assert tab.evaluate(PIXELS).get("10,114,124", 0) > 1000  # turquoise of light
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    tab.wait_for_timeout(400)
    seen = tab.evaluate(PIXELS)
    assert seen.get("10,114,124", 0) == 0
    assert seen.get("69,173,181", 0) > 1000


def test_a_click_opens_the_customers_behind_a_bar(shown):
    tab = shown(picture("hbar", 5))
    box = tab.locator("g-chart").bounding_box()
    with tab.expect_navigation():
        tab.mouse.click(box["x"] + box["width"] - 240, box["y"] + 40)
    assert "/customers?of=rfm&opens=" in tab.url


def test_a_page_may_take_a_click_itself(shown):
    tab = shown(picture("hbar", 5))
    tab.evaluate("document.addEventListener('g-open', (e) => { window.got = e.detail; e.preventDefault(); })")
    box = tab.locator("g-chart").bounding_box()
    tab.mouse.click(box["x"] + box["width"] - 240, box["y"] + 40)
    assert tab.evaluate("window.got.column") == "revenue"


def test_marks_are_walked_heard_and_opened_by_keys(shown):
    tab = shown(picture("hbar", 5))
    tab.locator("g-chart").focus()
    tab.keyboard.press("ArrowDown")
    first = tab.locator("g-chart .said").text_content()
    tab.keyboard.press("ArrowDown")
    assert first
    assert tab.locator("g-chart .said").text_content() != first
    with tab.expect_navigation():
        tab.keyboard.press("Enter")


def test_a_tip_shows_a_hostile_name_as_text(shown):
    tab = shown(picture("treemap", 3))
    tab.locator("g-chart").focus()
    for _ in range(3):
        tab.keyboard.press("ArrowDown")
        if "<img" in (tab.locator("g-chart .tip").first.text_content() or ""):
            break
    else:
        pytest.fail("the hostile name is not shown")
    assert tab.evaluate("window.hurt") is None
    assert tab.locator("g-chart .tip img, g-chart .tip b").count() == 0


def test_a_picture_follows_its_width(shown):
    tab = shown(picture("line"))
    tab.set_viewport_size({"width": 390, "height": 700})
    tab.wait_for_timeout(300)
    assert tab.locator("canvas").bounding_box()["width"] <= 360


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_picture_is_saved(shown, kind):
    tab = shown(picture("line"))
    with tab.expect_download() as saved:
        tab.evaluate(f"document.querySelector('g-chart').download('{kind}', 'sales')")
    assert saved.value.suggested_filename == f"sales.{kind}"


def test_the_table_takes_the_pictures_place(shown):
    tab = shown(picture("line"))
    tab.evaluate("document.querySelector('g-chart').table = true")
    assert not tab.locator("canvas").is_visible()
    tab.evaluate("document.querySelector('g-chart').table = false")
    assert tab.locator("canvas").is_visible()
