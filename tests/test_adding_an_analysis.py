"""Follows docs/how-to/add-an-analysis.md: what a newcomer types from the page works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/how-to/add-an-analysis.md"
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
ANALYSIS, ITS_TEST = (text for kind, text in BLOCKS if kind == "python")
ENTRY_POINT = next(text for kind, text in BLOCKS if kind == "toml")
NEEDED = ("words.py", "folding.py", "test_miners.py", "miners/__init__.py")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "faces", "intake", "static", "node_modules")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what an analysis needs, with the files of the page written into it."""
    here = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "src/ganj", here / "src/ganj", ignore=LEFT_OUT)
    shutil.copytree(ROOT / "docs/analyses", here / "docs/analyses")
    shutil.copytree(ROOT / "docs/fa/analyses", here / "docs/fa/analyses")
    shutil.copy(ROOT / "pyproject.toml", here)
    (here / "tests/miners").mkdir(parents=True)
    for name in NEEDED:
        shutil.copy(ROOT / "tests" / name, here / "tests" / name)
    (here / "src/ganj/miners/gaps.py").write_text(ANALYSIS, encoding="utf-8")
    (here / "tests/miners/test_gaps.py").write_text(ITS_TEST, encoding="utf-8")
    for folder in ("docs/analyses", "docs/fa/analyses"):
        (here / folder / "gaps.md").write_text("<!-- parameters -->\n<!-- end -->\n", encoding="utf-8")
    return here


def run(folder, *words):
    """Run Python in a folder whose src comes first."""
    path = os.pathsep.join((str(folder / "src"), str(folder)))
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def found(checkout):
    """What the contract and the analysis' own test say, asked at once: Python starts slowly."""
    files = ("tests/test_miners.py", "tests/miners/test_gaps.py")
    return run(checkout, "-m", "pytest", "-p", "no:cacheprovider", "-rA", *files, "-k", "gaps")


def passed(found, file):
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout.count(f"\nPASSED {file}::")


def test_the_new_analysis_keeps_the_contract(found):
    assert passed(found, "tests/test_miners.py") > 10


def test_its_own_test_passes(found):
    assert passed(found, "tests/miners/test_gaps.py") >= ITS_TEST.count("\ndef test_") > 0


def test_it_is_also_found_in_another_package(tmp_path):
    (tmp_path / "your_package").mkdir()
    (tmp_path / "your_package/gaps.py").write_text(ANALYSIS, encoding="utf-8")
    about = tmp_path / "your_package-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: your-package\nVersion: 1.0\n")
    declared = ENTRY_POINT.replace('[project.entry-points."ganj.miners"]', "[ganj.miners]").replace('"', "")
    (about / "entry_points.txt").write_text(declared)
    asks = "from ganj import miners; cls = miners.find('gaps'); print(cls.__name__, miners.name_of(cls), cls().weeks)"
    found = run(tmp_path, "-c", asks)
    assert found.stdout == "Gaps gaps 26\n", found.stderr


def test_the_persian_page_has_the_same_code():
    persian = (ROOT / "docs/fa/how-to/add-an-analysis.md").read_text(encoding="utf-8")
    assert re.findall(r"```(\w*)\n(.*?)```", persian, re.DOTALL) == BLOCKS
