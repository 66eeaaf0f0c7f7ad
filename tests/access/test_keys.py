"""Keys: made once, kept as a hash, ended at once."""

import io
import json
import sqlite3
import time
from contextlib import closing, redirect_stderr, redirect_stdout

import pytest

from collected import until
from ganj import workspace
from ganj.access.keys import NameTaken
from ganj.access.ring import Ring
from ganj.errors import BadParameter, UnknownName
from ganj.faces.cli import shell
from ganj.faces.cli.failing import explained


@pytest.fixture
def shop(tmp_path):
    with workspace.create(tmp_path / "shop") as made:
        yield made


def test_a_keys_text_is_told_once_and_kept_nowhere(shop):
    key, text = shop.keys.create("web")
    assert text.startswith("gw_")
    assert len(text) > 30
    assert (key.name, key.kind, key.scopes, key.revoked) == ("web", "write", ("collect",), None)
    assert text.startswith(key.prefix)
    for path in shop.folder.rglob("*"):
        assert not path.is_file() or text.encode() not in path.read_bytes()


def test_a_name_is_had_by_one_key_in_force(shop):
    shop.keys.create("web")
    with pytest.raises(NameTaken):
        shop.keys.create("web")
    shop.keys.revoke("web")
    assert shop.keys.create("web")[0].name == "web"
    assert [key.revoked is None for key in shop.keys.all()] == [True, False]


def test_a_key_without_a_name_gets_one(shop):
    assert [shop.keys.create()[0].name for _ in range(2)] == ["source 1", "source 2"]


@pytest.mark.parametrize(
    ("site", "origin"),
    [("https://Shop.example", "https://shop.example"), ("shop.example:8443/x", "https://shop.example:8443")],
)
def test_origins_are_written_as_browsers_name_them(shop, site, origin):
    assert shop.keys.create(origins=[site])[0].origins == (origin,)


@pytest.mark.parametrize("wrong", [{"origins": ["ftp://x"]}, {"origins": [""]}, {"kind": "master"}])
def test_what_no_key_can_be(shop, wrong):
    with pytest.raises(BadParameter):
        shop.keys.create("web", **wrong)


def test_a_key_is_revoked_by_its_name_or_its_text(shop):
    _, text = shop.keys.create("web")
    shop.keys.create("app")
    shop.keys.revoke(text)
    shop.keys.revoke("app")
    assert all(key.revoked for key in shop.keys.all())
    with pytest.raises(UnknownName):
        shop.keys.revoke("web")


def test_a_ring_knows_new_and_revoked_keys_within_seconds(shop):
    ring = Ring(shop.folder / "control.sqlite")
    _, text = shop.keys.create("web")
    assert until(lambda: ring.find(text), 5).name == "web"
    assert ring.find("gw_unknown") is None
    shop.keys.revoke("web")
    begun = time.monotonic()
    assert until(lambda: ring.find(text) is None, 5)
    assert time.monotonic() - begun < 5
    ring.close()


def test_a_key_made_just_after_a_look_is_good_at_once(shop, monkeypatch):
    monkeypatch.setattr(Ring, "AT_ONCE", 60.0)
    monkeypatch.setattr(Ring, "EVERY", 60.0)
    shop.keys.create("app")
    ring = Ring(shop.folder / "control.sqlite")
    try:
        ring.look()
        _, text = shop.keys.create("web")
        assert ring.find(text).name == "web"
        assert ring.find("gw_unknown") is None
    finally:
        ring.close()


def test_a_ring_outlives_a_busy_file(shop):
    ring = Ring(shop.folder / "control.sqlite")
    _, text = shop.keys.create("web")
    assert until(lambda: ring.find(text), 5)
    with closing(sqlite3.connect(shop.folder / "control.sqlite")) as other:
        other.execute("begin exclusive")
        ring.look()
    assert ring.find(text)
    ring.close()


def ganj(*words):
    """Call the shell in this process; returns exit code and output."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = explained(shell, [*map(str, words), "--language", "en"])
    return code, out.getvalue()


def test_the_shell_says_the_key_as_json(tmp_path):
    folder = tmp_path / "shop"
    ganj("init", folder)
    code, out = ganj("-w", folder, "key", "create", "--kind", "write", "--json")
    assert code == 0
    assert json.loads(out)["key"].startswith("gw_")
    assert json.loads(ganj("-w", folder, "key", "list", "--json")[1])[0]["kind"] == "write"
    assert "source 1" in ganj("-w", folder, "key", "list")[1]
    assert ganj("-w", folder, "key", "revoke", "nothing", "--json")[0] == 2
