"""Ten unmodified SDKs, each with every fault there is between a client and a collector.

``PYTHONPATH=.:tests python -m sdks.matrix [fault…]`` prints the table: what was sent and is stored once with the
values it was sent with, what came again, what is lost and what is there twice.
"""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import sdk_packages
from collected import logged, running, shop, until
from ganj import workspace
from sdks.between import CUT, LIMITED, PACKED, STORED_503, UNSPOILT, between

HERE = Path(__file__).parent
COUNT = 25
FAULTS = (UNSPOILT, STORED_503, LIMITED, CUT, PACKED)
SDKS = {
    "segment-analytics-python": ("py", "segment"),
    "rudder-sdk-python": ("py", "rudder"),
    "posthog (Python)": ("py", "posthog"),
    "@segment/analytics-node": ("mjs", "segment"),
    "@rudderstack/rudder-sdk-node": ("mjs", "rudder"),
    "posthog-node": ("mjs", "posthog"),
    "@jitsu/js": ("mjs", "jitsu"),
    "@segment/analytics-next": ("page", "segment"),
    "@rudderstack/analytics-js": ("page", "rudder"),
    "posthog-js": ("page", "posthog"),
}
SERVERS = tuple(sdk for sdk, (kind, _) in SDKS.items() if kind != "page")
GIVES_UP = {(LIMITED, "@jitsu/js")}
"""It drops what is not taken, whoever answers and whatever."""


class Cell(NamedTuple):
    """What became of what an SDK sent.

    ``resent`` counts messages that came more than once; ``lost`` those that are nowhere; ``changed`` those with other
    values than were sent; ``stored`` and ``doubled`` are rows of the store.
    """

    resent: int
    lost: int
    changed: int
    stored: int
    doubled: int

    def __str__(self):
        return f"{self.stored} stored, {self.resent} again, {self.lost} lost, {self.doubled} doubled, {self.changed} changed"


def said(n):
    """The properties of a message."""
    return {"n": n, "name": "آرش", "price": 19.99, "products": [{"product_id": "p1", "quantity": n}]}


def who(sdk, n):
    """The user of a message: a browser has one."""
    return "u" if SDKS[sdk][0] == "page" else f"u{n}"


def sender(sdk, url, key, event, gzip):
    """Start an SDK in a process of its own."""
    kind, name = SDKS[sdk]
    words = [name, url, key, event, str(COUNT), gzip]
    place = sdk_packages.installed() if kind != "py" else None
    commands = {
        "py": [sys.executable, HERE / "send.py", *words],
        "mjs": [*sdk_packages.node(), HERE / "send.mjs", *words],
        "page": [sys.executable, HERE / "send_page.py", *words, str(place)],
    }
    return subprocess.Popen(
        commands[kind],
        cwd=place,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (HERE.parent, *filter(None, sys.path))))},
    )


def run(folder, key, fault, sdks=SDKS):
    """Let SDKs send side by side, each with the fault; returns what became of it by SDK."""
    events = {sdk: f"{SDKS[sdk][0]} {SDKS[sdk][1]} {fault}" for sdk in sdks}
    with ExitStack() as stack:
        first, second = (stack.enter_context(running(folder)) for _ in range(2))
        ways = {sdk: stack.enter_context(between(first.url, fault)) for sdk in sdks}
        gzip = "1" if fault in {PACKED, STORED_503} else "0"
        senders = {sdk: sender(sdk, ways[sdk].here, key, events[sdk], gzip) for sdk in sdks}
        for process in senders.values():
            stack.callback(_ended, process)
        if fault == CUT:
            kill(first, second, ways.values())
        for sdk, process in senders.items():
            wanted = COUNT - ((fault, sdk) in GIVES_UP)
            if SDKS[sdk][0] == "page":
                _until_sent(folder, events[sdk], wanted, again=fault in {STORED_503, CUT})
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, f"{sdk}: {errors.decode()}"
        assert fault != PACKED or all(way.packed for way in ways.values())
    return {sdk: cell(folder, sdk, event) for sdk, event in events.items()}


def _until_sent(folder, event, wanted, *, again):
    """Wait until a page has sent everything, and sent again what it was denied: a page has no end."""

    def done():
        lines = [line["m"] for line in logged(folder) if line.get("e") == event]
        return len(set(lines)) >= wanted and (not again or len(lines) > len(set(lines)))

    until(done, seconds=60, every=0.5)


def _ended(process):
    """End a sender that a failure left behind."""
    if process.poll() is None:
        process.kill()
        process.communicate()


def kill(first, second, ways):
    """Kill the collector that has stored everyone's first batch and has told nobody; another takes its place."""
    for one in ways:
        assert one.stored.wait(90)
    first.send_signal(signal.SIGKILL)
    for one in ways:
        one.url = second.url
        one.go.set()


def cell(folder, sdk, event):
    """Compare what is in the log, and what is stored, with what was sent."""
    lines = [line for line in logged(folder) if line.get("e") == event]
    once = {line["m"]: line for line in lines}.values()
    same = [
        line
        for line in once
        if said(line["p"]["n"]).items() <= line["p"].items() and line["u"] == who(sdk, line["p"]["n"])
    ]
    numbers = {line["p"]["n"] for line in once}
    with workspace.open(folder) as held:
        held.store.absorb()
        rows = held.sql(f"select count(*) as n from events where event = '{event}'").to_pylist()
    stored = rows[0]["n"]
    return Cell(
        resent=len(lines) - len(once),
        lost=COUNT - len(numbers),
        changed=len(once) - len(same),
        stored=stored,
        doubled=stored - len(numbers),
    )


def main(faults):
    held = True
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "shop"
        key = shop(folder)
        for fault in faults or FAULTS:
            for sdk, found in run(folder, key, fault).items():
                excused = (fault, sdk) in GIVES_UP
                held &= not (found.doubled or found.changed or (found.lost and not excused))
                note = "  (it never sends again)" if excused else ""
                sys.stdout.write(f"{fault:20} {sdk:30} {COUNT} sent, {found}{note}\n")
                sys.stdout.flush()
    return held


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
