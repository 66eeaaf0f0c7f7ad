"""Other programs that look for patterns, each run by the Python that has it: ``peers.py NAME FOLDER LEAST REPEATS [JAR]``.

Nothing of ganj is needed here.  The folder holds ``offsets.npy`` and ``items.npy``.  Printed as JSON are the shortest
time of the repeats, how many patterns there are, and a mark that only equal patterns with equal counts share.
What a program must be given anyhow (lists, a one-hot table, a file) is made before the clock starts, except what it can
only read itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

Found = Iterable[tuple[Iterable[int], int]]
Peer = tuple[Callable[[], Any], Callable[[Any], Found]]
"""What is timed, and how its answer is read afterwards."""


def digest(found: Found, *, ordered: bool) -> tuple[int, str]:
    """Return how many patterns there are, and their mark."""
    told = [(tuple(map(int, pattern)), int(count)) for pattern, count in found]
    told = sorted(told if ordered else [(tuple(sorted(pattern)), count) for pattern, count in told])
    return len(told), hashlib.sha256(repr(told).encode()).hexdigest()


def mlxtend(lists: list[list[int]], least: int, _: str) -> Peer:
    """FP-growth, the faster of mlxtend's on these data; it takes a table of True and False."""
    import pandas as pd
    from mlxtend.frequent_patterns import fpgrowth

    table = np.zeros((len(lists), max(map(max, lists)) + 1), bool)
    for row, basket in enumerate(lists):
        table[row, basket] = True
    frame = pd.DataFrame(table)

    def read(found: Any) -> Found:
        counts = np.rint(found.support.to_numpy() * len(lists)).astype(int)
        return zip(found.itemsets, counts.tolist(), strict=True)

    return lambda: fpgrowth(frame, min_support=(least - 0.5) / len(lists)), read


def borgelt(name: str) -> Callable[[list[list[int]], int, str], Peer]:
    """PyFIM: C. Borgelt's programs in C, called with Python lists."""

    def peer(lists: list[list[int]], least: int, _: str) -> Peer:
        import fim

        mine = getattr(fim, name)
        everywhere = set.intersection(*map(set, lists))

        def read(found: Any) -> Found:
            told = [(set(items), count) for items, count in found]
            told = [one for one in told if not one[0] <= everywhere]
            # what all baskets hold is left out by some of the programs; it is put back for all
            return told + [([item], len(lists)) for item in everywhere]

        return lambda: mine(lists, target="s", supp=-least, zmin=1, report="a"), read

    return peer


def rusket(lists: list[list[int]], least: int, _: str) -> Peer:
    """PrefixSpan in Rust."""
    import rusket as program

    return lambda: program.prefixspan(lists, least), lambda found: zip(
        found.sequence, found.support, strict=True
    )


def prefixspan(lists: list[list[int]], least: int, _: str) -> Peer:
    """PrefixSpan in Python."""
    from prefixspan import PrefixSpan

    return (lambda: list(PrefixSpan(lists).frequent(least))), lambda found: [
        (pattern, count) for count, pattern in found
    ]


def spmf(name: str) -> Callable[[list[list[int]], int, str], Peer]:
    """SPMF in Java; the time it tells of itself, so without the start of the machine."""

    def peer(lists: list[list[int]], least: int, folder: str) -> Peer:
        where = find_spec("spmf")
        jar = Path(where.origin or "" if where else "").parent / "binaries/spmf.jar"
        given, out = Path(folder) / "sequences.txt", Path(folder) / "found.txt"
        some = [one for one in lists if one]
        given.write_text("".join("".join(f"{item} -1 " for item in one) + "-2\n" for one in some))
        share = f"{100 * (least - 0.5) / len(some):.9f}%"
        command = ["java", "-Xmx4g", "-jar", str(jar), "run", name, str(given), str(out), share]

        def ask() -> float:
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            return int(re.findall(r"Total time ~ (\d+) ms", done.stdout)[0]) / 1000

        def read(_: Any) -> Found:
            for line in out.read_text().splitlines():
                steps, count = line.split("#SUP:")
                yield [int(word) for word in steps.split() if word != "-1"], int(count)

        return ask, read

    return peer


PEERS: dict[str, Callable[[list[list[int]], int, str], Peer]] = {
    "mlxtend": mlxtend,
    "pyfim fpgrowth": borgelt("fpgrowth"),
    "pyfim eclat": borgelt("eclat"),
    "rusket": rusket,
    "prefixspan": prefixspan,
    "SPMF PrefixSpan": spmf("PrefixSpan"),
    "SPMF CM-SPADE": spmf("CM-SPADE"),
    "SPMF CM-SPAM": spmf("CM-SPAM"),
}
SETS = {"mlxtend", "pyfim fpgrowth", "pyfim eclat"}


def main() -> None:
    name, folder, least, repeats = sys.argv[1:5]
    offsets, items = (np.load(Path(folder) / f"{part}.npy") for part in ("offsets", "items"))
    lists = [items[a:b].tolist() for a, b in pairwise(offsets)]
    warnings.simplefilter("ignore")
    ask, read = PEERS[name](lists, int(least), folder)
    best, found = float("inf"), None
    for _ in range(int(repeats)):
        start = time.perf_counter()
        found = ask()
        took = time.perf_counter() - start
        best = min(best, found if isinstance(found, float) else took)
    print(json.dumps([best, *digest(read(found), ordered=name not in SETS)]))


if __name__ == "__main__":
    main()
