"""Time for each event and size of what is found, as customers grow fourfold: both should stay as they are.

Each analysis reads stores of one, two and four times as many customers, each with as many events.  The ratio is the
worst of time for an event at four times over time for an event at once, and of the bytes of what parts hand each
other (the state) at four times over those at once.  The peak of the whole process is printed beside it: it
holds a few parts of the customers as they are read, whatever the number of parts.
"""

from __future__ import annotations

import argparse
import atexit
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import behaviour, side_by_side

BAR = 1.5
TIMES = (1, 2, 4)
EACH = 50
"""Events of a customer."""
ANALYSES = ("funnel", "retention", "lifecycle", "sessions", "paths")


def main() -> float:
    words = argparse.ArgumentParser(prog="python -m bench linear", description=__doc__)
    words.add_argument("--events", type=int, default=2_000_000, help="of the smallest store")
    words.add_argument("--repeats", type=int, default=5)
    told = words.parse_args()
    folders = [_written(told.events * times) for times in TIMES]
    ratios = [_measured(name, folders, told) for name in ANALYSES]
    print(f"linear ratio {max(ratios):.2f} (bar {BAR})")
    if max(ratios) > BAR:
        sys.exit(1)
    return max(ratios)


def _written(events: int) -> Path:
    folder = Path(__file__).parent / ".data" / f"linear-{events}"
    shutil.rmtree(folder, ignore_errors=True)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sizes = [str(events), str(events // EACH)]
    subprocess.run([sys.executable, "-m", "bench.behaviour", str(folder), *sizes], check=True)
    return folder


def _measured(name: str, folders: list[Path], told: argparse.Namespace) -> float:
    """Return the worse of the two ratios of an analysis."""
    each, states = [], []
    for times, folder in zip(TIMES, folders, strict=True):
        given = {"analysis": name, "folder": str(folder)}
        found = side_by_side.run(
            f"{name}, {times}x the customers", "bench.linear:ganj", told.repeats, **given
        )
        each.append(found.best / (told.events * times))
        states.append(found.answer)
    print(
        f"  ns an event: {', '.join(f'{1e9 * one:.1f}' for one in each)}; "
        f"state: {', '.join(f'{one:,}' for one in states)} bytes",
        flush=True,
    )
    return float(max(each[-1] / each[0], states[-1] / states[0]))


def ganj(analysis: str, folder: str) -> int:
    """Mine through the engine, and return the bytes of what was found."""
    return len(pickle.dumps(behaviour.mined(_miner(analysis), folder)))


def _miner(analysis: str) -> Any:
    from ganj import miners
    from ganj.parameters import build

    weekly: dict[str, Any] = {**behaviour.CALENDAR}
    asked: dict[str, dict[str, Any]] = {
        "funnel": {"steps": ["event 0", "event 3", "event 6"], "within": "7d"},
        "retention": {**weekly, "start": "event 0", "returns": ["any"]},
        "lifecycle": {**weekly, "activity": ["event 0"], "responses": ["event 1"], "purchases": ["event 3"]},
        "sessions": {
            **weekly,
            "events": ["any"],
            "views": ["event 0"],
            "purchases": ["event 6"],
            "gap": "6h",
        },
        "paths": {"gap": "6h"},
    }
    return build(miners.find(analysis), asked[analysis])
