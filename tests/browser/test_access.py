"""No serious barrier, on any page, in both languages and both themes, also on a phone of 360 px (axe-core)."""

from importlib.resources import files

import pytest

PAGES = [
    "",
    "customers",
    "customers/3",
    "analyses",
    "analyses/overview",
    "analyses/rfm",
    "analyses/retention",
    "analyses/funnel",
    "imports",
    "settings",
    "elements",
]
NEWER = [
    ("en", "analyses/lifecycle"),
    ("fa", "analyses/paths"),
    ("en", "analyses/attribution"),
    ("fa", "heatmap"),
    ("en", "duplicates"),
    ("fa", "surveys"),
    ("fa", "sources"),
    ("en", "sources/plan"),
    ("fa", "settings/identity"),
]
"""Made of the same parts: tried in one language each."""
# Rows of a table are alike: the first three stand for the others.
RUN = """() => axe.run({include: [["html"]], exclude: [["tbody tr:nth-child(n+4)"]]}, {resultTypes: ["violations"]}).then((found) => found.violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`))"""


@pytest.fixture(scope="module")
def axe():
    pytest.importorskip("axe_playwright_python")
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "place"), [*((language, place) for place in PAGES for language in ("fa", "en")), *NEWER]
)
def test_a_page_has_no_serious_barrier_and_fits_a_phone(site, tab, axe, place, language):
    page = tab().open(f"{site}/{language}/{place}")
    page.evaluate(axe)
    assert page.evaluate(RUN) == []
    page.evaluate("Object.assign(document.documentElement.dataset, {theme: 'dark', scheme: 'dark'})")
    assert page.evaluate(RUN) == []
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate(RUN) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
