"""F7 no more files, F8 little memory, F9 a clock that jumps, F19 clients that dawdle, P8 clients that rest: others do not feel it.

``python -m bench.faults.pressure [files|memory|clock|dawdle|idle]``
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from bench.collect import load
from bench.faults.clients import Crowd, begun, collector, counted
from bench.faults.stored import end

FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
MEGABYTES = 150
"""What a collector may have in a group of its own (cgroup v1)."""
GROUP = Path("/sys/fs/cgroup/memory/ganj-fault")
RESTING = 0.9
"""The share of events a second that must be left beside connections that rest."""


def line(stack: ExitStack, url: str) -> socket.socket:
    place = urlsplit(url)
    made = stack.enter_context(socket.create_connection((place.hostname, place.port), timeout=5))
    made.setblocking(False)
    return made


def memory(pid: int) -> int:
    """Return the most memory a process has had, MB."""
    words = dict(row.split(":", 1) for row in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(words["VmHWM"].split()[0]) // 1024


def files(folder: Path) -> bool:
    """Hold more connections than the collector may have files; once they go it serves at once."""
    key = begun(folder)
    with collector(folder, ["prlimit", "--nofile=64"]) as (url, _):
        with ExitStack() as stack:
            for _ in range(200):
                line(stack, url)
            time.sleep(1)
        freed = time.monotonic()
        with Crowd(url, key) as crowd:
            while not crowd.acknowledged and time.monotonic() - freed < 10:
                time.sleep(0.01)
            took = time.monotonic() - freed
            time.sleep(1)
    print(f"F7 out of files: serves {took:.2f} s after they are free")
    return counted("F7 out of files", folder, crowd) and took < 2


@contextmanager
def little_memory() -> Iterator[list[str]]:
    """Make a group of processes that has little memory; yields the words that put a command into it."""
    GROUP.mkdir()
    try:
        (GROUP / "memory.limit_in_bytes").write_text(str(MEGABYTES << 20))
        yield ["sh", "-c", f'echo $$ > {GROUP}/cgroup.procs; exec "$@"', "sh"]
    finally:
        GROUP.rmdir()


def stalled(folder: Path, uploads: int = 400) -> bool:
    """Let many large uploads stop half way in little memory: nothing is killed for it, and small ones pass."""
    if not GROUP.parent.is_dir() or not os.access(GROUP.parent, os.W_OK):
        print("F8 needs cgroup v1 that can be written: skipped")
        return True
    key = begun(folder)
    head = b"POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n"
    with little_memory() as before, collector(folder, before) as (url, pid), ExitStack() as stack:
        idle = used()
        for _ in range(uploads):
            with suppress(OSError):
                line(stack, url).send(head + b"x" * 250_000)
        with Crowd(url, key) as crowd:
            time.sleep(3)
        most, lives = (
            int((GROUP / "memory.max_usage_in_bytes").read_text()) >> 20,
            Path(f"/proc/{pid}").exists(),
        )
        killed = dict(row.split() for row in (GROUP / "memory.oom_control").read_text().splitlines())
        resident = memory(pid)
    print(
        f"F8 {uploads} stalled uploads in {MEGABYTES} MB: {idle} MB before, {most} MB at most of its group, {resident} MB"
        f" resident, killed {killed.get('oom_kill', '?')}"
    )
    return counted("F8 stalled uploads", folder, crowd) and lives and bool(crowd.acknowledged)


def used() -> int:
    """Return what the group has, without what is only read ahead, MB."""
    told = dict(row.split() for row in (GROUP / "memory.stat").read_text().splitlines())
    return int(told["rss"]) >> 20


def idle(folder: Path, connections: int = 1_000) -> bool:
    """Let many connections rest: as many events come in beside them."""
    key = begun(folder)
    ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    found: dict[bool, list[float]] = {False: [], True: []}
    with collector(folder) as (url, _):
        load(url, key, 50, 64, seconds=2)
        for resting in (False, True, True, False, False, True):
            with ExitStack() as stack:
                for one in [line(stack, url) for _ in range(connections * resting)]:
                    one.send(ask)
                told = load(url, key, 50, 64, seconds=3)
                found[resting].append(told["events"] / told["seconds"])
    without, beside = (sorted(found[one])[1] for one in (False, True))
    print(
        f"P8 {without:.0f} events/s without, {beside:.0f} beside {connections} that rest: {beside / without:.0%}"
        f" (bar {RESTING:.0%})"
    )
    return beside >= RESTING * without


def clock(folder: Path) -> bool:
    """Let the clock jump to and fro by years."""
    if not Path(FAKETIME).exists():
        print("F9 needs libfaketime: skipped")
        return True
    key = begun(folder)
    told = folder / "faked"
    told.write_text("+0")
    environment = {
        **os.environ, "LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(told), "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }  # fmt: skip
    with collector(folder, environment=environment) as (url, _), Crowd(url, key) as crowd:
        time.sleep(8)  # its loops are made ready beside what comes
        for jump in ("+0", "-20y", "-10d", "+3y", "+0"):
            told.write_text(jump)
            before = len(crowd.acknowledged)
            time.sleep(1.5)
            print(f"F9 clock at {jump}: {len(crowd.acknowledged) - before} events", flush=True)
    return counted("F9 jumping clock", folder, crowd) and crowd.only_503


def dawdle(folder: Path, connections: int = 150) -> bool:
    """Send headers and bodies a byte a second: such connections are ended, others do not feel them."""
    key = begun(folder)
    starts = (
        b"POST /v1/track HTTP/1.1\r\nHost: x\r\n",
        b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n",
    )
    with collector(folder) as (url, _), Crowd(url, key) as crowd, ExitStack() as stack:
        slow = [line(stack, url) for _ in range(connections * len(starts))]
        for number, one in enumerate(slow):
            one.send(starts[number % len(starts)])
        begun_at, left = time.monotonic(), list(slow)
        while left and time.monotonic() - begun_at < 25:
            time.sleep(1)
            left = [one for one in left if alive(one)]
        took = time.monotonic() - begun_at
    print(f"F19 dawdling clients: {len(slow) - len(left)} of {len(slow)} ended within {took:.0f} s")
    return counted("F19 dawdling clients", folder, crowd) and not left and took < 16


def alive(one: socket.socket) -> bool:
    """Send one more byte; tell whether the other side still listens."""
    try:
        one.send(b"a")
        return one.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


FAULTS = {"files": files, "memory": stalled, "clock": clock, "dawdle": dawdle, "idle": idle}


def main(names: list[str]) -> None:
    held = True
    for name in names or FAULTS:
        with tempfile.TemporaryDirectory() as scratch:
            held &= FAULTS[name](Path(scratch) / "shop")
    end(held)


if __name__ == "__main__":
    main(sys.argv[1:])
