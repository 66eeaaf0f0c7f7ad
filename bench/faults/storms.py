"""F21 a storm of bad lines, F22 a whole history sent again, F23 a thousand files waiting at the start.

Events and messages that are refused are those of `bench.collecting.events`, about 940 bytes each, as a collector writes them.

``python -m bench.faults.storms [events]``
"""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.collecting.events import ORDER, VISITOR, messages
from bench.faults.stored import end, told

import ganj
from ganj.access.ring import Ring
from ganj.display import Display
from ganj.intake.http.asked import Asked
from ganj.intake.http.collector import Collector, Kept
from ganj.log import trailer
from ganj.store.collected.rejects import MOST, SLACK

NOW = time.time_ns() // 1000
NUMBERS = itertools.count(10)
"""Of files of the log; one that was packed may have another name already."""
BARS = {"torn lines": 2.0, "refused messages": 1.2}
"""How much longer a good event may take beside as many bad ones.  No collector writes torn lines: each may cost as much
as a good one."""


class Door(NamedTuple):
    """How a source's messages come in: a collector, and the source's key."""

    collector: Collector
    key: bytes


DOORS: dict[bool, Door] = {}
"""Where good messages come in, and where those come in that are refused; see `opened`."""


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    """Let a good and a bad source send to a workspace."""
    with ganj.open(folder) as shop:
        keys = {good: shop.keys.create(name)[1] for good, name in ((True, "web"), (False, "bad"))}
    ring = Ring(folder / "control.sqlite")
    DOORS.update({good: Door(Collector(ring), key.encode()) for good, key in keys.items()})
    try:
        yield
    finally:
        ring.close()


def lines(count: int, prefix: str, *, good: bool = True) -> list[bytes]:
    """Return what a collector writes of messages; of those that say no event's name, what it keeps of them."""
    dice, sent, door = random.Random(prefix), messages(500), DOORS[good]
    found: list[bytes] = []
    for begin in range(0, count, 50):
        some = [
            one(sent[number % 500], f"{prefix}{number}", dice)
            for number in range(begin, min(begin + 50, count))
        ]
        if not good:
            some = [text.replace(b'"event"', b'"evert"') for text in some]
        body = b'{"writeKey":"' + door.key + b'","batch":[' + b",".join(some) + b"]}"
        kept = door.collector.answer(Asked("POST", "/v1/batch", b"", {}, body, "", NOW))
        assert isinstance(kept, Kept)
        found += kept.lines.splitlines(keepends=True)
    return found


def one(halves: tuple[bytes, bytes], name: str, dice: random.Random) -> bytes:
    visitor, order = b"%08x" % dice.randrange(5_000), b"%011x" % dice.getrandbits(44)
    return name.encode().join(halves).replace(VISITOR.encode(), visitor).replace(ORDER.encode(), order)


def write(log: Path, number: int, some: list[bytes], group: int = 500) -> None:
    parts = [b"".join(some[at : at + group]) for at in range(0, len(some), group)]
    (log / f"{number:020d}-1-0.ndjson").write_bytes(b"".join(part + trailer(part) for part in parts))


def absorbed(shop: ganj.Workspace, lines_: int) -> float:
    """Load what waits; µs of CPU an event."""
    begin = time.process_time()
    shop.store.absorb()
    return (time.process_time() - begin) / lines_ * 1e6


def torn(count: int, prefix: str) -> list[bytes]:
    """Lines that are no JSON: half of each is there."""
    return [
        line[: len(line.decode()) // 2].decode("utf-8", "ignore").encode() + b"\n"
        for line in lines(count, prefix)
    ]


def refused(count: int, prefix: str) -> list[bytes]:
    """Messages that the collection API has set aside."""
    return lines(count, prefix, good=False)


STORMS = {"torn lines": torn, "refused messages": refused}


def storms(shop: ganj.Workspace, count: int) -> tuple[bool, list[str]]:
    """F22 and F21; says whether they held, and the messages that are stored now."""
    log = shop.folder / "log"
    write(log, 1, lines(2_000, "w"))
    absorbed(shop, 2_000)
    good = lines(count, "g")
    write(log, 2, good)
    first = absorbed(shop, count)
    write(log, 3, good)
    again = absorbed(shop, count)
    twice = shop.store.collection.state(100_000).sources[0].duplicates
    stored = [f"w{n}" for n in range(2_000)] + [f"g{n}" for n in range(count)]
    held = told("F22 sent again", shop.store, stored) and twice == count and again < 2 * first
    print(
        f"F22: {first:.1f} µs an event at first, {again:.1f} again ({again / first:.2f} times); {twice} counted"
    )
    for kind, made in STORMS.items():
        held &= storm(shop, count // 2, kind, made, stored)
    return held, stored


def storm(
    shop: ganj.Workspace, count: int, kind: str, made: Callable[[int, str], list[bytes]], stored: list[str]
) -> bool:
    """F21 in the log: load good events alone and beside as many bad lines, three times each in turn."""
    took: dict[bool, list[float]] = {False: [], True: []}
    log, before = shop.folder / "log", rejects(shop)
    for turn in range(6):
        beside, prefix = bool(turn % 2), f"{kind[0]}{turn}-"
        good = lines(count, prefix)
        bad = made(count, f"bad{prefix}") if beside else []
        write(log, next(NUMBERS), among(good, bad))
        took[beside].append(absorbed(shop, count))
        stored += [f"{prefix}{n}" for n in range(count)]
    alone, crowded = min(took[False]), min(took[True])
    kept, counted = len(shop.rejected(limit=10**6)), rejects(shop) - before
    print(
        f"F21: {alone:.1f} µs a good event alone, {crowded:.1f} beside as many {kind}, {crowded / alone:.2f} times (bar {BARS[kind]});"
        f" {counted} counted, {kept} kept"
    )
    whole = told(f"F21 storm of {kind}", shop.store, stored) and counted == 3 * count
    return whole and kept <= 2 * (MOST + SLACK) and crowded <= BARS[kind] * alone


def among(good: list[bytes], bad: list[bytes], some: int = 50) -> list[bytes]:
    """Put bad lines among good ones, as evenly as requests come."""
    share = some * len(bad) / len(good)
    mixed = []
    for number, begin in enumerate(range(0, len(good), some)):
        mixed += good[begin : begin + some]
        mixed += bad[round(number * share) : round((number + 1) * share)]
    return mixed + bad[round((number + 1) * share) :]


def rejects(shop: ganj.Workspace) -> int:
    """Return how many messages were counted as not taken."""
    return sum(one.rejected for one in shop.store.collection.state(100_000).sources)


def main(count: int) -> bool:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "shop"
        ganj.create(folder, Display(currency="USD"), buckets=8).close()
        with opened(folder):
            with ganj.open(folder) as shop:
                held, stored = storms(shop, count)
            pending = lines(20_000, "p")
        for number in range(1_000):
            write(folder / "log", 1_000 + number, pending[number * 20 : number * 20 + 20])
        begin = time.monotonic()
        with ganj.open(folder, wait=0.5) as shop:
            ready = time.monotonic() - begin
            held &= ready < 2
            rest = absorbed(shop, 20_000)
            held &= told("F23 a thousand files", shop.store, stored + [f"p{n}" for n in range(20_000)])
            print(f"F23: open after {ready:.2f} s, the rest at {rest:.1f} µs an event")
        return held


if __name__ == "__main__":
    end(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
