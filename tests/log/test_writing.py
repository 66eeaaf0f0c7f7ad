"""What the log acknowledges is on disk, whatever the disk does."""

import fcntl
import signal
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

from collected import until
from ganj.log import Line, LogFull, LogUnwritable, Writer, decode, encode
from ganj.log.reading import Following


def lines(*names):
    return encode([Line(str(name), 1, 2, "track", "shop", "segment") for name in names])


def read(folder):
    """The ids of all whole groups, in order, and how many groups there are."""
    pieces = list(Following(folder, {}).pieces())
    found = [line for piece in pieces for line in bytes(piece.data).splitlines() if line.startswith(b'{"m":')]
    return [decode(line).m for line in found], sum(piece.groups for piece in pieces)


def suffixes(folder):
    return sorted(path.name.partition(".")[2] for path in folder.iterdir())


def test_what_is_appended_can_be_read_at_once(tmp_path):
    writer = Writer(tmp_path)
    for name in "abc":
        writer.append(lines(name))
        assert read(tmp_path)[0][-1] == name
    writer.close()
    assert read(tmp_path) == (["a", "b", "c"], 3)
    assert suffixes(tmp_path) == ["ndjson"]


def test_all_that_waits_is_one_group(tmp_path):
    writer, told = Writer(tmp_path), []
    for n in range(5_000):
        writer.offer(lines(n), told.append)
    writer.close()
    assert told == [None] * 5_000
    names, groups = read(tmp_path)
    assert names == [str(n) for n in range(5_000)]
    assert groups < 500


def test_files_are_closed_by_size_by_age_and_when_asked(tmp_path):
    writer = Writer(tmp_path, size=2_000, age=0.05)
    for n in range(60):
        writer.append(lines(n))
    assert suffixes(tmp_path).count("ndjson") >= 1
    assert until(lambda: "ndjson.open" not in suffixes(tmp_path)), "the last one grows old"
    writer.append(lines("last"))
    writer.seal()
    assert until(lambda: "ndjson.open" not in suffixes(tmp_path))
    writer.close()
    assert read(tmp_path)[0] == [*map(str, range(60)), "last"]


def test_a_dead_writers_file_can_be_told_from_a_living_ones(tmp_path):
    writer = Writer(tmp_path)
    writer.append(lines("a"))
    (path,) = tmp_path.iterdir()
    with path.open("rb") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
    writer.close()


def test_too_much_that_waits_is_refused(tmp_path):
    writer = Writer(tmp_path, room=1_000)
    with pytest.raises(LogFull):
        writer.offer(b"x" * 2_000, lambda _: None)
    refused = 0
    for _ in range(200):
        try:
            writer.offer(lines("x") * 10, lambda _: None)
        except LogFull:
            refused += 1
    writer.close()
    assert len(read(tmp_path)[0]) == (200 - refused) * 10
    assert refused


def test_several_writers_share_a_folder(tmp_path):
    writers = [Writer(tmp_path, size=3_000) for _ in range(4)]

    def fill(number):
        for n in range(40):
            writers[number].append(lines(f"{number}-{n}"))

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for writer in writers:
        writer.close()
    assert sorted(read(tmp_path)[0]) == sorted(f"{number}-{n}" for number in range(4) for n in range(40))


FULL = """
import resource, sys, time
from pathlib import Path
from ganj.log import Line, LogUnwritable, Writer, encode
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
writer, kept = Writer(Path(sys.argv[1])), 0
for n in range(600):
    try:
        writer.append(encode([Line(f"{n}", 1, 2, "track", "shop", "segment", p={"v": "x" * (n % 900)})]))
        print("kept", n)
    except LogUnwritable:
        print("lost", n)
        time.sleep(0.11)
    if n == 400:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
writer.close()
"""


def test_a_write_that_fails_or_is_cut_short_costs_only_its_own_group(tmp_path):
    """A file that may not grow takes part of a write, then none: the next file takes on."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path], capture_output=True, text=True, check=True, timeout=60,
        preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
    )  # fmt: skip
    told = [line.split() for line in done.stdout.splitlines()]
    names, _ = read(tmp_path)
    assert names == [name for word, name in told if word == "kept"]
    assert sum(word == "lost" for word, _ in told) > 3
    assert told[-1] == ["kept", "599"]
    assert set(suffixes(tmp_path)) == {"ndjson"}


def test_a_disk_that_fails_is_not_asked_again_at_once(tmp_path):
    writer = Writer(tmp_path)
    writer.append(lines("a"))
    writer.seal()
    until(lambda: suffixes(tmp_path) == ["ndjson"])
    tmp_path.rename(gone := tmp_path.with_name("gone"))
    with pytest.raises(LogUnwritable) as first:
        writer.append(lines("b"))
    assert "directory" in first.value.message("en")
    with pytest.raises(LogUnwritable):
        writer.offer(lines("c"), lambda _: None)  # within its rest, refused without asking the disk
    gone.rename(tmp_path)

    def again():
        with suppress(LogUnwritable):
            writer.append(lines("d"))
            return True

    assert until(again), "it takes events again by itself"
    assert writer.wrong is None
    writer.close()
    assert read(tmp_path)[0] == ["a", "d"]


def test_killed_while_writing_nothing_acknowledged_is_lost(tmp_path):
    """A process is killed at random; what it said it kept is there."""
    script = (
        "import sys; from pathlib import Path; from ganj.log import *\n"
        "w = Writer(Path(sys.argv[1]), size=20_000)\n"
        "for n in range(10**9): w.append(encode([Line(f'{n}', 1, 2, 'track', 's', 'segment')])); print(n, flush=True)"
    )
    process = subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE, text=True)
    for _ in range(1_500):
        last = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    acknowledged = [last, *process.stdout.readlines()]
    process.stdout.close()
    process.wait()
    names, _ = read(tmp_path)
    assert names[: int(acknowledged[-1]) + 1] == [str(n) for n in range(int(acknowledged[-1]) + 1)]
    assert len(list(tmp_path.glob("*.open"))) <= 1  # none, if it was killed between two files
    for left in tmp_path.glob("*.ndjson*"):
        with left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # its lock died with it
