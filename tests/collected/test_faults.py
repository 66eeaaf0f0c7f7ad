"""The faults that need processes, a disk of their own or long; each prints what was lost and doubled."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def runs(name, *given):
    done = subprocess.run(
        [sys.executable, "-m", f"bench.faults.{name}", *map(str, given)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout)  # noqa: T201 - what was lost and doubled
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_power_is_cut_at_every_call():
    """F12."""
    runs("power", 40)


@pytest.mark.slow
def test_killed_again_and_again():
    """F1 and F2."""
    runs("kill9", 50)


@pytest.mark.slow
def test_killed_while_sealing_and_packing():
    """F15."""
    runs("seals", 25)


@pytest.mark.slow
def test_storms_of_bad_and_of_known_messages_and_of_files():
    """F21, F22, F23."""
    runs("storms", 100_000)


@pytest.mark.slow
def test_a_flood_of_bad_messages_beside_a_good_source():
    """F21."""
    runs("flood", 4)


@pytest.mark.slow
def test_a_full_disk():
    """F14."""
    runs("full_disk")
