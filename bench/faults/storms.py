"""F21 a storm of bad lines, F22 a whole history sent again, F23 a thousand files waiting at the start.

``python -m bench.faults.storms [events]``
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from bench.faults.stored import end, told

import ganj
from ganj.display import Display
from ganj.log import Line, encode, trailer

NOW = 1_763_800_000_000_000


def lines(count: int, prefix: str) -> list[bytes]:
    dice = random.Random(4)
    made = [
        Line(m=f"{prefix}{n}", r=NOW, t=NOW - dice.randrange(10**12), k="track", w="web", d="segment", e="Product Viewed",
             u=f"u{dice.randrange(5_000)}", p={"product_id": f"p{dice.randrange(300)}", "price": 9, "title": "کفش ورزشی"})
        for n in range(count)
    ]  # fmt: skip
    return encode(made).splitlines(keepends=True)


def write(log: Path, number: int, some: list[bytes], group: int = 500) -> None:
    parts = [b"".join(some[at : at + group]) for at in range(0, len(some), group)]
    (log / f"{number:020d}-1-0.ndjson").write_bytes(b"".join(part + trailer(part) for part in parts))


def absorbed(shop: ganj.Workspace, lines_: int) -> float:
    """Load what waits; µs of CPU an event."""
    begin = time.process_time()
    shop.store.absorb()
    return (time.process_time() - begin) / lines_ * 1e6


def torn(count: int) -> list[bytes]:
    """Lines that are no JSON."""
    return [b'{"m":"bad%d","r":1,"k":\n' % n for n in range(count)]


def refused(count: int) -> list[bytes]:
    """Messages that the collection API has set aside."""
    text = '{"type":"track","userId":"u","properties":{"n":%d}}'
    made = [
        Line(m=f"rejected:{n}", r=NOW, t=NOW, k="rejected", w="bad", d="segment",
             p={"code": "no_event", "text": text % n, "path": "/v1/batch"})
        for n in range(count)
    ]  # fmt: skip
    return encode(made).splitlines(keepends=True)


STORMS = {"torn lines": ("s", torn), "refused messages": ("r", refused)}


def shop_files(log: Path) -> int:
    return max(int(path.name[:20]) for path in log.glob("*.ndjson*"))


def storms(shop: ganj.Workspace, count: int) -> tuple[bool, list[str]]:
    """F22 and F21; says whether they held, and the messages that are stored now."""
    log = shop.folder / "log"
    write(log, 1, lines(2_000, "w"))
    absorbed(shop, 2_000)
    good = lines(count, "g")
    write(log, 2, good)
    alone = absorbed(shop, count)
    write(log, 3, good)
    again = absorbed(shop, count)
    twice = shop.store.collection.state(100_000).sources[0].duplicates
    messages = [f"w{n}" for n in range(2_000)] + [f"g{n}" for n in range(count)]
    held = told("F22 sent again", shop.store, messages) and twice == count
    print(
        f"F22: {alone:.1f} µs an event at first, {again:.1f} again ({again / alone:.2f} times); {twice} counted"
    )
    for kind, (prefix, made) in STORMS.items():
        bad = made(count // 2)
        pairs = zip(lines(count // 2, prefix), bad, strict=True)
        write(log, shop_files(log) + 1, [line for pair in pairs for line in pair])
        storm = absorbed(shop, count // 2)
        messages += [f"{prefix}{n}" for n in range(count // 2)]
        kept = len(shop.rejected(limit=10**6))
        held &= told(f"F21 storm of {kind}", shop.store, messages) and kept <= 10_000
        print(
            f"F21: {storm:.1f} µs a good event among as many {kind}, {storm / alone:.2f} times; {kept} kept"
        )
    return held, messages


def main(count: int) -> bool:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "shop"
        with ganj.create(folder, Display(currency="USD"), buckets=8) as shop:
            held, messages = storms(shop, count)
        pending = lines(20_000, "p")
        for number in range(1_000):
            write(folder / "log", 10 + number, pending[number * 20 : number * 20 + 20])
        begin = time.monotonic()
        with ganj.open(folder, wait=0.5) as shop:
            ready = time.monotonic() - begin
            held &= ready < 2
            rest = absorbed(shop, 20_000)
            held &= told("F23 a thousand files", shop.store, messages + [f"p{n}" for n in range(20_000)])
            print(f"F23: open after {ready:.2f} s, the rest at {rest:.1f} µs an event")
        return held


if __name__ == "__main__":
    end(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
