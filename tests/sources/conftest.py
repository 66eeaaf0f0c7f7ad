"""What tests of sources share: a key of their own for secrets, and a workspace a file of tests."""

import pytest

import ganj
from stored import UTC_SETTINGS


@pytest.fixture(autouse=True, scope="module")
def key(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path_factory.mktemp("keys") / "key"))
        yield


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with ganj.create(tmp_path_factory.mktemp("sources") / "shop", UTC_SETTINGS, buckets=2) as made:
        yield made
