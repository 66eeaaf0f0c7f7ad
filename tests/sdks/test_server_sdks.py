"""Seven unmodified server SDKs, each with every fault there is between a client and a collector.

Whatever happens to the first batch — refused, stored and then denied, stored by a collector that is killed before it
can answer — the SDK sends again as it was built to, and every message is there once, with the values it was sent with.
"""

import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

import sdk_packages
from collected import logged, running, shop
from ganj import workspace
from sdks.between import CUT, LIMITED, STORED_503, UNSPOILT, between

HERE = Path(__file__).parent
COUNT = 25
SDKS = {
    "segment-analytics-python": ("py", "segment"),
    "rudder-sdk-python": ("py", "rudder"),
    "posthog-python": ("py", "posthog"),
    "@segment/analytics-node": ("mjs", "segment"),
    "@rudderstack/rudder-sdk-node": ("mjs", "rudder"),
    "posthog-node": ("mjs", "posthog"),
    "@jitsu/js": ("mjs", "jitsu"),
}
GIVES_UP = {(LIMITED, "@jitsu/js")}  # it never sends again


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sdks") / "shop"


@pytest.fixture(scope="module")
def key(folder):
    return shop(folder)


def sender(sdk, url, key, event, gzip):
    """Start an SDK in a process of its own."""
    kind, name = SDKS[sdk]
    words = [name, url, key, event, str(COUNT), gzip]
    if kind == "py":
        return subprocess.Popen([sys.executable, HERE / "send.py", *words], stderr=subprocess.PIPE)
    return subprocess.Popen(
        [*sdk_packages.node(), HERE / "send.mjs", *words],
        cwd=sdk_packages.installed(),
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize(
    ("fault", "gzip"),
    [
        (STORED_503, "1"),
        pytest.param(UNSPOILT, "0", marks=pytest.mark.slow),
        pytest.param(UNSPOILT, "1", marks=pytest.mark.slow),
        pytest.param(LIMITED, "0", marks=pytest.mark.slow),
        pytest.param(CUT, "0", marks=pytest.mark.slow),
    ],
)
def test_every_message_is_stored_once(folder, key, fault, gzip):
    pytest.importorskip("segment.analytics")
    sdks = [sdk for sdk in SDKS if (fault, sdk) not in GIVES_UP]
    events = {sdk: f"{sdk} {fault} {gzip}" for sdk in sdks}
    with ExitStack() as stack:
        first, second = (stack.enter_context(running(folder)) for _ in range(2))
        betweens = [stack.enter_context(between(first.url, fault)) for _ in sdks]
        senders = [
            sender(sdk, one.here, key, events[sdk], gzip) for sdk, one in zip(sdks, betweens, strict=True)
        ]
        if fault == CUT:
            kill(first, second, betweens)
        for process in senders:
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors.decode()
    once(folder, events, resent=fault in {STORED_503, CUT})


def kill(first, second, betweens):
    """Kill the collector that has stored everyone's first batch and has told nobody; another takes its place."""
    for one in betweens:
        assert one.stored.wait(90)
    first.send_signal(signal.SIGKILL)
    for one in betweens:
        one.url = second.url
        one.go.set()


def once(folder, events, *, resent):
    """In the log each message is as it was sent; in the store each is there once, though it came again."""
    lines = [line for line in logged(folder) if line.get("e") in events.values()]
    assert (len(lines) > len({line["m"] for line in lines})) == resent
    for event in events.values():
        sent = {line["m"]: line for line in lines if line["e"] == event}
        assert sorted(line["p"]["n"] for line in sent.values()) == list(range(COUNT))
        for line in sent.values():
            n = line["p"]["n"]
            said = {"n": n, "name": "آرش", "price": 19.99, "products": [{"product_id": "p1", "quantity": n}]}
            assert said.items() <= line["p"].items()
            assert line["u"] == f"u{n}"
    with workspace.open(folder) as held:
        held.store.absorb()
        rows = held.sql("select event, count(*) as n from events group by event").to_pylist()
    stored = {row["event"]: row["n"] for row in rows}
    assert {event: stored.get(event) for event in events.values()} == dict.fromkeys(events.values(), COUNT)
