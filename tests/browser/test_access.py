"""No serious barrier, on any page, in both languages and both themes (axe-core); comfortable from 360 px."""

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
RUN = """() => axe.run(document, {resultTypes: ["violations"]}).then((found) => found.violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`))"""


@pytest.fixture(scope="module")
def axe():
    pytest.importorskip("axe_playwright_python")
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("place", PAGES)
def test_a_page_has_no_serious_barrier(site, tab, axe, place):
    found = {}
    for scheme in ("light", "dark"):
        seen = tab(scheme=scheme)
        for language in ("fa", "en"):
            page = seen.open(f"{site}/{language}/{place}")
            page.evaluate(axe)
            found[language, scheme] = page.evaluate(RUN)
    assert {key: said for key, said in found.items() if said} == {}


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_no_page_is_wider_than_a_phone(site, tab, language, width):
    seen = tab(width=width, height=780)
    wide = []
    for place in PAGES:
        page = seen.open(f"{site}/{language}/{place}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(place)
    assert wide == []
