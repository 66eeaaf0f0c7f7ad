"""Every picture and every table of behaviour opens customers, and those can be kept as a segment, in both languages."""

import re

import pytest
from playwright.sync_api import TimeoutError as TooLate

PLACES = (
    "funnel?steps=Product+Viewed&steps=Product+Added&steps=Order+Completed",
    "retention?by=channel",
    "lifecycle?by=channel",
    "stickiness?by=channel",
    "sessions?by=product.category",
    "paths?by=channel",
    "journey",
    "timing?by=channel",
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
        page.locator("figure g-chart").nth(number).focus()
        page.keyboard.press("ArrowRight")
        try:
            with page.expect_request(re.compile(rf"/{language}/customers\?of={name}"), timeout=2000):
                page.keyboard.press("Enter")
        except TooLate:  # a picture of figures that are of nobody in particular
            continue
        page.wait_for_url(f"**/{language}/customers?of={name}**")
        opened += 1
        page = seen.open(address)
    assert opened, f"none of {charts} pictures opens"
    link = page.locator(f"main a[href*='of={name}'][href*='opens=']").locator("visible=true").last
    said = re.sub(r"[^\d۰-۹]", "", link.inner_text())
    link.click()
    page.wait_for_url(f"**/{language}/customers?of={name}**")
    assert re.search(r"[\d۰-۹]", page.inner_text("#people"))
    assert said
    assert page.locator("form[action*=segments], [hx-post*=segments], a[href*=segments]").count()
