"""What all tests share: one browser, and no hurry on a busy machine."""

import pytest
from hypothesis import settings

import browsing

settings.register_profile("ganj", deadline=None)
settings.load_profile("ganj")


@pytest.fixture(scope="session")
def browser_place():
    """Where the browser is; the README's test command brings one."""
    path = browsing.place()
    if path is None:
        pytest.fail("no Chromium here: sh tools/browser.sh")
    return path


@pytest.fixture(scope="session")
def chromium(browser_place):
    """A browser, shared."""
    from playwright import sync_api as playwright

    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=browser_place, args=browsing.QUIET)
        yield opened
        opened.close()
