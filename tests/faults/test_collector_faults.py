"""Faults of the collector's machine, one after the other: nothing acknowledged is lost, nothing is stored twice."""

import os
import shutil
from pathlib import Path

import pytest
from bench.faults import disk, pressure

pytestmark = pytest.mark.slow
TRACED = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
CLOCK = pytest.mark.skipif(not Path(pressure.FAKETIME).exists(), reason="needs libfaketime")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=ROOT if name == "full" else TRACED) for name in disk.FAULTS]
)
def test_a_disk_that_fails(tmp_path, name):
    assert disk.FAULTS[name](tmp_path / "shop")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[CLOCK] if name == "clock" else []) for name in pressure.FAULTS]
)
def test_a_machine_under_pressure(tmp_path, name):
    assert pressure.FAULTS[name](tmp_path / "shop")
