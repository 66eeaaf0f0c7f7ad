"""A package that is not installed is named, with the extra that brings it."""

import pytest

from ganj.models.needing import MissingExtra, needing


def test_what_is_installed_is_imported():
    with needing("predict"):
        from sklearn.linear_model import LogisticRegression
    assert LogisticRegression().C == 1


def test_what_is_missing_is_named_with_its_extra():
    with pytest.raises(MissingExtra) as missing, needing("predict"):
        import no_such_package.inside  # noqa: F401 - it is not there
    assert missing.value.message("en") == "This needs the package no_such_package."
    assert "no_such_package" in missing.value.message("fa")
    for language in ("en", "fa"):
        assert "pip install 'ganj[predict]'" in missing.value.advice(language)


def test_our_own_mistake_is_not_blamed_on_an_extra():
    with pytest.raises(ModuleNotFoundError), needing("predict"):
        import ganj.no_such_module  # noqa: F401 - it is not there
