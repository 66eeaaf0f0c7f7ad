"""Every picture and every table of behaviour opens customers, and those can be kept as a segment, in both languages."""

import contextlib
import re

import pytest
from playwright.sync_api import TimeoutError as TooLate

PLACES = (
    "funnel?steps=Product+Viewed&steps=Product+Added&steps=Order+Completed",
    "retention?by=channel",
    "lifecycle",
    "stickiness",
    "sessions?by=product.category",
    "paths",
    "journey",
    "timing",
    "attribution",
    "compare",
)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES, ids=[place.partition("?")[0] for place in PLACES])
@pytest.mark.parametrize("language", ["fa", "en"])
def test_pictures_and_tables_open_their_customers(site, tab, place, language):
    name, seen = place.partition("?")[0], tab()
    address = f"{site}/{language}/analyses/{place}"
    page = seen.open(address)
    charts = page.locator("figure g-chart").count()
    opened = 0
    for number in range(charts):
        page = seen.open(address)
        page.locator("figure g-chart").nth(number).focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        with contextlib.suppress(TooLate):
            page.wait_for_url(f"**/{language}/customers?of={name}**", timeout=3000)
        opened += f"/{language}/customers?of={name}" in page.url
    assert opened, f"none of {charts} pictures opens"
    page = seen.open(address)
    link = page.locator(f"main a[href*='of={name}'][href*='opens=']").locator("visible=true").last
    said = re.sub(r"[^\d۰-۹]", "", link.inner_text())
    link.click()
    page.wait_for_url(f"**/{language}/customers?of={name}**")
    assert re.search(r"[\d۰-۹]", page.inner_text("#people"))
    assert said
    assert page.locator("form[action*=segments], [hx-post*=segments], a[href*=segments]").count()
