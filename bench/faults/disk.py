"""F3 full disk, F4 failing sync, F5 failing, interrupted and short writes, F6 and P4 slow disk: nothing acknowledged is lost.

``python -m bench.faults.disk [full|sync|space|interrupted|none|slow|throughput]`` needs strace, and root for the full disk.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.collect import load
from bench.faults.clients import Crowd, begun, collector, counted, health
from bench.faults.stored import end

LEFT = 0.6
"""The share of events a second that must be left when each sync takes 50 ms more."""
PROMPT = 0.1
"""Seconds in which health must answer whatever the disk does."""
TRACED = ("strace", "-f", "-qq", "-o", "/dev/null")


def injected(call: str, what: str) -> list[str]:
    return [*TRACED, "-e", f"trace={call}", "-e", f"inject={call}:{what}"]


def full(folder: Path, seconds: float = 4.0) -> bool:
    """Fill the disk, flood, make room, flood: refusals while it is full, and it goes on by itself."""
    key = begun(folder)
    log = folder / "log"
    log.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", log], check=True)
    try:
        (log / "filler").write_bytes(b"x" * (4 << 20))
        with collector(folder) as (url, _), Crowd(url, key) as crowd:
            time.sleep(seconds)
            told, _ = health(url)
            refused = crowd.statuses[503]
            print(f"F3 while full: {dict(crowd.statuses)}, it says {told['why']}", flush=True)
            (log / "filler").unlink()
            before = len(crowd.acknowledged)
            time.sleep(1)
            after = len(crowd.acknowledged)
        print(f"F3 with room again: {after - before} more events without a restart", flush=True)
        said = not told["collecting"] and "space" in str(told["why"])
        return (
            counted("F3 full disk", folder, crowd)
            and refused > 0
            and after > before
            and said
            and crowd.only_503
        )
    finally:
        subprocess.run(["umount", log], check=True)


def traced(name: str, folder: Path, call: str, what: str, seconds: float = 4.0) -> bool:
    """Let a call of the system fail now and then."""
    key = begun(folder)
    with collector(folder, injected(call, what)) as (url, _), Crowd(url, key) as crowd:
        time.sleep(seconds)
    return counted(name, folder, crowd) and crowd.only_503 and bool(crowd.acknowledged)


def healths(url: str, seconds: float) -> list[float]:
    """Ask again and again how a collector does; returns how long each answer took, s."""
    end_at, waits = time.monotonic() + seconds, []
    while time.monotonic() < end_at:
        waits.append(health(url)[1])
        time.sleep(0.05)
    return waits


def slow(folder: Path, seconds: float = 4.0) -> bool:
    """Let every sync take 50 ms more: the answers wait, the server does not."""
    key = begun(folder)
    with (
        collector(folder, injected("fdatasync", "delay_enter=50000")) as (url, _),
        ProcessPoolExecutor(
            1
        ) as other,  # one that does nothing else: it measures the server, not the clients here
        Crowd(url, key, 32) as crowd,
    ):
        waits = other.submit(healths, url, seconds).result()
    waits.sort()
    print(
        f"F6 slow disk: health answers in {waits[len(waits) // 2] * 1000:.0f} ms, at most {waits[-1] * 1000:.0f} ms"
    )
    return counted("F6 slow disk", folder, crowd) and waits[-1] <= PROMPT


def throughput(folder: Path) -> bool:
    """P4: let every sync take 50 ms more and count what 256 clients get in, beside what they do without."""
    key, found = begun(folder), []
    for number, what in enumerate(
        ("delay_enter=1", "delay_enter=50000", "delay_enter=1", "delay_enter=50000")
    ):
        with collector(folder, injected("fdatasync", what)) as (url, _):
            load(url, key, 50, 256, seconds=2 - number // 2)
            told = load(url, key, 50, 256, seconds=4)
        found.append(told["events"] / told["seconds"])
    quick, slow_ = max(found[::2]), max(found[1::2])
    print(
        f"P4 256 clients: {quick:.0f} events/s, {slow_:.0f} with 50 ms a sync: {slow_ / quick:.0%} (bar {LEFT:.0%})"
    )
    return slow_ >= LEFT * quick


FAULTS = {
    "full": full,
    "sync": lambda folder: traced("F4 sync fails (EIO)", folder, "fdatasync", "error=EIO:when=20+20"),
    "space": lambda folder: traced("F5 write fails (ENOSPC)", folder, "pwrite64", "error=ENOSPC:when=10+10"),
    "interrupted": lambda folder: traced(
        "F5 write interrupted (EINTR)", folder, "pwrite64", "error=EINTR:when=7+7"
    ),
    "none": lambda folder: traced("F5 write takes nothing", folder, "pwrite64", "retval=0:when=9+9"),
    "slow": slow,
    "throughput": throughput,
}


def main(names: list[str]) -> None:
    held = True
    for name in names or FAULTS:
        with tempfile.TemporaryDirectory() as scratch:
            held &= FAULTS[name](Path(scratch) / "shop")
    end(held)


if __name__ == "__main__":
    main(sys.argv[1:])
