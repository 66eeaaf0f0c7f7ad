"""F15: kill -9 while events are loaded, sealed, merged and their files packed; every analysis is as without a kill.

``python -m bench.faults.seals [kills]``
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.faults.stored import end, told

import ganj
from ganj.display import Display
from ganj.log import Line, encode, trailer
from ganj.miners.overview import Overview
from ganj.miners.rfm import Rfm

WORK = """
import sys
from pathlib import Path
from ganj.store import Limits, Store
with Store.open(Path(sys.argv[1]), Limits(fresh=300)) as store:
    print("open", flush=True)
    while store.absorb(0).lines:
        store.tend()
    store.seal()
    store.settle()
    print("done", flush=True)
"""
NOW = 1_763_800_000_000_000


def files(log: Path, count: int) -> list[str]:
    """Write files of the log; return the messages in them."""
    dice, messages = random.Random(3), []
    for number in range(count):
        groups = []
        for _ in range(4):
            lines = []
            for _ in range(25):
                messages.append(f"m{len(messages)}")
                user = f"u{dice.randrange(300)}"
                order = {
                    "order_id": messages[-1],
                    "total": dice.randrange(1, 99),
                    "products": [{"product_id": "p", "price": 3}],
                }
                name = dice.choice(("Order Completed", "Product Viewed"))
                at = NOW - dice.randrange(10**13)
                lines.append(
                    Line(
                        m=messages[-1], r=NOW, t=at, k="track", w="web", d="segment", e=name, u=user, p=order
                    )
                )
            text = encode(lines)
            groups.append(text + trailer(text))
        (log / f"{number + 1:020d}-1-0.ndjson").write_bytes(b"".join(groups))
    return messages


def report(shop: ganj.Workspace) -> list[object]:
    return [
        shop.mine(Rfm()).to_json(),
        shop.mine(Overview()).to_json(),
        shop.sql("select count(*), sum(amount) from events").to_pylist(),
    ]


def made(folder: Path, count: int) -> list[str]:
    ganj.create(folder, Display(currency="USD"), buckets=4).close()
    return files(folder / "log", count)


def main(kills: int) -> bool:
    dice, count = random.Random(2), 200
    with tempfile.TemporaryDirectory() as scratch:
        plain, killed = Path(scratch) / "plain", Path(scratch) / "killed"
        made(plain, count)
        messages = made(killed, count)
        with ganj.open(plain) as shop:
            wanted = report(shop)
        finished = 0
        for number in range(kills):
            with subprocess.Popen(
                [sys.executable, "-c", WORK, str(killed)], stdout=subprocess.PIPE, text=True
            ) as worker:
                worker.stdout.readline()
                time.sleep(dice.uniform(0.0, 1.2))
                worker.send_signal(signal.SIGKILL)
                finished += "done" in worker.stdout.read()
            print(f"kill {number + 1}{' (all was loaded)' if finished else ''}", flush=True)
        with ganj.open(killed) as shop:
            held = told(f"F15 {kills} kills", shop.store, messages)
            same = report(shop) == wanted
            problems = shop.verify()
            packed = sum(path.suffix == ".zst" for path in (killed / "log").iterdir())
        print(
            f"analyses {'the same' if same else 'DIFFERENT'}; {packed} of {count} files packed; verify: {len(problems)} problems"
        )
        return held and same and not problems


if __name__ == "__main__":
    end(main(int(sys.argv[1]) if len(sys.argv) > 1 else 25))
