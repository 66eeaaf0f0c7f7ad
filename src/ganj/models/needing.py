"""Packages that only some analyses need come as extras, and are imported where they are used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ganj.errors import GanjError
from ganj.text import Text


class MissingExtra(GanjError):
    """An analysis that needs a package which is not installed. Facts: ``package``, ``extra``."""

    status = 422
    says = Text("This needs the package {package}.", "برای این کار بستهٔ {package} لازم است.")
    hint = Text("Install it with: pip install 'ganj[{extra}]'", "نصب: pip install 'ganj[{extra}]'")


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Import packages of an extra inside, or say how to install it.

    ::

        with needing("predict"):
            from sklearn.linear_model import LogisticRegression

    Raises
    ------
    MissingExtra
        The package that was to be imported is not there.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package == "ganj":
            raise
        raise MissingExtra(package=package, extra=extra) from missing
