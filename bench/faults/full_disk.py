"""F14: no space left while events are loaded; what was loaded stays, loading goes on once there is space.

``python -m bench.faults.full_disk`` (mounts a tmpfs: needs root)
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.faults.seals import files
from bench.faults.stored import end, told
from bench.faults.stored import messages as messages_in

import ganj
from ganj.display import Display
from ganj.errors import DiskFull
from ganj.log import Line, encode, trailer


def main() -> bool:
    with tempfile.TemporaryDirectory() as scratch:
        disk = Path(scratch) / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], check=True)
        try:
            return filled(disk)
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=False)


def filled(disk: Path) -> bool:
    folder, refused, held = disk / "shop", 0, True
    ganj.create(folder, Display(currency="USD"), buckets=4).close()
    messages = files(folder / "log", 60)
    ganj.open(folder).close()
    ballast = disk / "ballast"
    for turn in range(4):
        messages += more(folder / "log", turn)
        ballast.write_bytes(bytes(max(sum_free(disk) - 300_000 * (turn + 1), 0)))
        with ganj.open(folder) as shop:  # loads what waits, as far as there is room
            try:
                shop.store.absorb()
            except DiskFull:
                refused += 1
            seen = sum(messages_in(shop.store).values())
            ballast.unlink()
            shop.store.absorb()
            print(
                f"round {turn + 1}: {seen} events seen while full, {refused} loads refused so far", flush=True
            )
            held &= told(f"F14 round {turn + 1}", shop.store, messages)
    with ganj.open(folder) as shop:
        problems = shop.verify()
        return told("F14 opened again", shop.store, messages) and held and not problems and refused > 0


def more(log: Path, turn: int) -> list[str]:
    """Write a file of further messages."""
    names = [f"t{turn}-{n}" for n in range(15_000)]
    lines = [
        Line(m=name, r=10**15, t=10**15, k="track", w="web", d="segment", e="X", u="u1", p={"x": name * 9})
        for name in names
    ]
    text = encode(lines)
    (log / f"{9_000 + turn:020d}-1-0.ndjson").write_bytes(text + trailer(text))
    return names


def sum_free(disk: Path) -> int:
    return shutil.disk_usage(disk).free


if __name__ == "__main__":
    end(main())
