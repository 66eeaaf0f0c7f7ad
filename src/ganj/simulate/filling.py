"""Fills a workspace with the demo's shop, by the same road as every file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ganj.simulate.shop import Shop, shop

if TYPE_CHECKING:
    from ganj.workspace import Workspace

TRUTH = "truth.json"
"""Beside the workspace's own files: what was put in, for those who look whether it is found."""


def fill(
    workspace: Workspace,
    *,
    customers: int = 20_000,
    seed: int = 1404,
    until: date | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Shop:
    """Draw a shop, write its files, and import them one after the other.

    The files are in the schema of `ganj.events.ROWS`, so no question is asked, and like all imports
    they are kept: the workspace can be rebuilt from them.
    """
    drawn = shop(seed=seed, customers=customers, until=until)
    with TemporaryDirectory(prefix="ganj-demo-") as folder:
        files = drawn.write(Path(folder))
        sizes = [file.stat().st_size for file in files]
        done = 0
        for file, size in zip(files, sizes, strict=True):
            workspace.load(workspace.plan(file), _share(progress, done, size, sum(sizes)))
            done += size
    told = json.dumps(drawn.truth, ensure_ascii=False, indent=1)
    (workspace.folder / TRUTH).write_text(told, encoding="utf-8")
    progress(1.0)
    return drawn


def _share(progress: Callable[[float], None], done: int, size: int, total: int) -> Callable[[float], None]:
    """Return the progress of one file as a share of all."""
    return lambda part: progress((done + part * size) / total)
