"""Imports point down, and a new package must say where it stands."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def copy(tmp_path):
    """Copy the package and its contracts, to break them without harm."""
    leave = shutil.ignore_patterns("__pycache__", "static", "templates", "queries", "node_modules")
    shutil.copytree(ROOT / "src/ganj", tmp_path / "ganj", ignore=leave)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def contracts(folder):
    lint = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as c; c()"
    command = [sys.executable, "-c", lint, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_layers_hold():
    said = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout


def test_an_import_that_points_up_is_found(copy):
    words = copy / "ganj/text.py"
    words.write_text(
        words.read_text(encoding="utf-8") + "\nfrom ganj import errors as errors\n", encoding="utf-8"
    )
    said = contracts(copy)
    assert said.returncode != 0
    assert "ganj.text is not allowed to import ganj.errors" in said.stdout


def test_a_package_without_a_layer_is_found(copy):
    (copy / "ganj/somewhere.py").write_text('"""Stands nowhere."""\n', encoding="utf-8")
    said = contracts(copy)
    assert said.returncode != 0
    assert "somewhere" in said.stdout


def test_one_analysis_may_not_import_another(copy):
    (copy / "ganj/miners/one.py").write_text("", encoding="utf-8")
    (copy / "ganj/miners/other.py").write_text("import ganj.miners.one\n", encoding="utf-8")
    said = contracts(copy)
    assert said.returncode != 0
    assert "No analysis imports another BROKEN" in said.stdout
