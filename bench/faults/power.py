"""F12: power is cut; everything not synced is gone. Every acknowledged message must be in what is left.

``python -m bench.faults.power [groups]``: a writer is traced with strace, the order of its writes, syncs, renames and
acknowledgements is read from the trace, and for every acknowledgement the folder is built as a disk may hold it that
keeps only what was synced: unsynced bytes dropped or torn, new names lost unless their folder was synced.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.faults.stored import end

from ganj.log import decode
from ganj.log.groups import proved

WORK = """
import os, sys
from pathlib import Path
from ganj.log import Line, Writer, encode
writer = Writer(Path(sys.argv[1]), size=6_000)
for n in range(int(sys.argv[2])):
    writer.append(encode([Line(m=f"m{n}-{k}", r=1, t=1, k="track", w="web", d="segment", e="X") for k in range(n % 5 + 1)]))
    os.write(1, b"ACK %d\\n" % n)
writer.close()
"""
CALLS = "openat,pwrite64,fdatasync,fsync,rename,renameat,renameat2,write,ftruncate"


def trace(folder: Path, groups: int) -> list[str]:
    """Run the writer; return its calls in the order in which they ended."""
    out = folder.parent / "trace"
    command = ["strace", "-f", "-y", "-s", "200000", "-xx", "-e", f"trace={CALLS}", "-o", str(out)]
    work = [sys.executable, "-c", WORK, str(folder), str(groups)]
    subprocess.run([*command, *work], check=True, stdout=subprocess.DEVNULL)
    return whole_calls(out.read_text().splitlines())


def whole_calls(lines: list[str]) -> list[str]:
    """Join calls that another thread interrupted; each stands where it returned."""
    begun: dict[str, str] = {}
    found = []
    for line in lines:
        thread, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>").rstrip()
        elif call.startswith("<..."):
            found.append(begun.pop(thread, "") + call.partition("resumed>")[2])
        else:
            found.append(call)
    return found


class Disk:
    """What a disk holds for certain: bytes of files by number of the file, and names in the folder."""

    def __init__(self) -> None:
        self.bytes: dict[str, bytearray] = {}
        self.synced: dict[str, bytes] = {}
        self.names: dict[str, str] = {}
        self.lasting: dict[str, str] = {}

    def call(self, call: str) -> int | None:
        """Follow a call; return the group that it acknowledges."""
        if found := re.match(r'openat\(.*?, "(.*?)", .*O_CREAT.*\) = \d+<(.*?)>', call):
            name = plain(found[1])
            if name.endswith(".new"):
                self.names[name] = name
                self.bytes[name] = bytearray()
        elif found := re.match(r'pwrite64\(\d+<(.*?)>, "(.*?)", \d+, (\d+)\) = (\d+)', call):
            self._write(self._file(plain(found[1])), raw(found[2])[: int(found[4])], int(found[3]))
        elif found := re.match(r"(fdatasync|fsync)\(\d+<(.*?)>\) = 0", call):
            self._sync(plain(found[2]))
        elif found := re.match(r'rename\("(.*?)", "(.*?)"\) = 0', call):
            self.names[plain(found[2])] = self.names.pop(plain(found[1]))
        elif found := re.match(r'write\(1<.*?>, "(.*?)", \d+\)', call):
            said = re.match(rb"ACK (\d+)", raw(found[1]))
            return int(said[1]) if said else None
        return None

    def _file(self, path: str) -> str:
        return self.names.get(path, path)

    def _write(self, file: str, data: bytes, at: int) -> None:
        content = self.bytes.setdefault(file, bytearray())
        content[at : at + len(data)] = data

    def _sync(self, path: str) -> None:
        file = self._file(path)
        if file in self.bytes:
            self.synced[file] = bytes(self.bytes[file])
        else:
            self.lasting = dict(self.names)

    def left(self, dice: random.Random) -> list[bytes]:
        """Return files as a disk may hold them after the cut: what was synced, and a torn part of what was not."""
        found = []
        for file in set(self.lasting.values()):
            kept, written = self.synced.get(file, b""), bytes(self.bytes[file])
            rest = written[len(kept) :]
            torn = bytearray(rest[: dice.randint(0, len(rest))])
            if torn and dice.random() < 0.5:
                torn[dice.randrange(len(torn))] ^= 0xFF
            found.append(kept + bytes(torn))
        return found


def plain(text: str) -> str:
    return raw(text).decode()


def raw(text: str) -> bytes:
    if "\\x" not in text:
        return text.encode()
    return bytes.fromhex(text.replace("\\x", ""))


def messages(files: list[bytes]) -> set[str]:
    good = [data[s.begin : s.end] for data in files for s in proved(data, closed=True) if s.good]
    return {decode(line).m for text in good for line in text.splitlines() if line.startswith(b'{"m"')}


def main(groups: int) -> bool:
    dice, disk, acknowledged, lost, cuts = random.Random(6), Disk(), set(), 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "log"
        for call in trace(folder, groups):
            said = disk.call(call)
            if said is not None:
                acknowledged |= {f"m{said}-{k}" for k in range(said % 5 + 1)}
            if acknowledged:
                cuts += 1
                lost += len(acknowledged - messages(disk.left(dice)))
    print(f"F12: {cuts} cuts of power, {len(acknowledged)} messages acknowledged, LOST {lost}")
    return lost == 0 and len(acknowledged) == sum(n % 5 + 1 for n in range(groups))


if __name__ == "__main__":
    end(main(int(sys.argv[1]) if len(sys.argv) > 1 else 120))
