"""Where this machine's browser is, and how tests start it."""

import shutil

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def place():
    """Return the path of the browser, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
