"""The checks of ``ganj doctor``: each looks at one thing and says what it saw."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ganj.errors import GanjError
from ganj.faces.cli.asking import Call
from ganj.text import Text, same

_ROOM = 2 << 30


@dataclass(frozen=True)
class Seen:
    """What a check saw."""

    name: str
    well: bool
    says: Text


def all_(said: Call) -> list[Seen]:
    """Run every check."""
    return [seen for check in CHECKS for seen in check(said)]


def python(said: Call) -> Iterator[Seen]:
    """See whether Python is new enough."""
    del said
    version = platform.python_version()
    yield Seen("python", sys.version_info >= (3, 11), same(f"Python {version}"))


def disk(said: Call) -> Iterator[Seen]:
    """See how much room there is where the workspace is."""
    place = said.workspace.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    gib = f"{free / (1 << 30):.1f} GiB"
    yield Seen(
        "disk", free >= _ROOM, Text(f"{gib} of disk are free at {place}", f"{gib} جای خالی در {place}")
    )


def packages(said: Call) -> Iterator[Seen]:
    """See whether the parts with compiled code load."""
    del said
    for name in ("duckdb", "pyarrow", "numba", "msgspec"):
        try:
            version = getattr(__import__(name), "__version__", "")
        except ImportError as wrong:
            yield Seen(
                name, well=False, says=Text(f"{name} does not load: {wrong}", f"{name} بار نشد: {wrong}")
            )
        else:
            yield Seen(name, well=True, says=same(f"{name} {version}"))


def assets(said: Call) -> Iterator[Seen]:
    """See whether the pages' scripts and fonts are there; the build brings them."""
    del said
    static = Path(__file__).parents[1] / "web" / "static" / "vendor"
    there = static.is_dir() and any(static.iterdir())
    words = Text("scripts and fonts of the pages", "اسکریپت‌ها و قلم‌های صفحه‌ها")
    gone = Text("missing: reinstall ganj", "نیست: گنج را دوباره نصب کنید")
    yield Seen("assets", there, words if there else Text(f"{words.en}: {gone.en}", f"{words.fa} {gone.fa}"))


def folder(said: Call) -> Iterator[Seen]:
    """See whether the workspace opens and answers."""
    from ganj.faces.cli.road import workspace

    try:
        with workspace() as road:
            batches = len(road.imports())
    except GanjError as wrong:
        says = Text(wrong.message("en"), wrong.message("fa"))
        yield Seen("workspace", well=False, says=says)
    else:
        place = said.workspace
        yield Seen(
            "workspace",
            well=True,
            says=Text(f"{place} holds {batches} imports", f"{place}: {batches} ورود داده"),
        )


def log(said: Call) -> Iterator[Seen]:
    """See how much of the log of collected events is not packed yet, and whether some of it was damaged."""
    from ganj.log.reading import damage, segments

    place = said.workspace / "log"
    if not place.is_dir():
        return
    waiting = [one for one in segments(place) if one.state != "archived"]
    size = sum(one.path.stat().st_size for one in waiting) / (1 << 20)
    bad = len(damage(place))
    yield Seen(
        "log",
        not bad,
        Text(
            f"{len(waiting)} files of the log, {size:.1f} MiB, are new; {bad} damaged groups lie in log/bad",
            f"{len(waiting)} پروندهٔ دفتر رویدادها ({size:.1f} MiB) تازه است؛ {bad} گروه آسیب‌دیده در log/bad است",
        ),
    )


def loops(said: Call) -> Iterator[Seen]:
    """See whether the loops of analyses are compiled; if not, the first to ask each of them waits some seconds."""
    from ganj.engines import warming

    del said
    ready = Text(
        "the analyses' loops are compiled, or being compiled",
        "حلقه‌های تحلیل‌ها کامپایل شده‌اند یا در حال کامپایل‌اند",
    )
    later = Text(
        "the analyses' loops will be compiled beside the first server, or by python -m ganj.engines.warming",
        "حلقه‌های تحلیل‌ها کنار نخستین سرور کامپایل می‌شوند، یا با python -m ganj.engines.warming",
    )
    yield Seen("loops", well=True, says=ready if warming.mark().exists() else later)


CHECKS: tuple[Callable[[Call], Iterator[Seen]], ...] = (python, disk, packages, loops, assets, folder, log)
"""In the order they are shown."""
