"""What all tests share: one browser, and no hurry on a busy machine."""

import shutil

import pytest
from hypothesis import settings

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

settings.register_profile("ganj", deadline=None)
settings.load_profile("ganj")


@pytest.fixture(scope="session")
def chromium():
    """A browser, shared; skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium here")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()
