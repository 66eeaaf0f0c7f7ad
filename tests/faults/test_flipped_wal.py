"""F13: the database's own log, left by a server that was killed, is deleted, flipped or cut: nothing is lost."""

import os
import subprocess
import sys

import pytest
from bench.faults.stored import told

import ganj
from collecting import UTC, event, segment

COUNT = 60
WORK = """
import os, signal, sys
from pathlib import Path
import ganj
shop = ganj.open(Path(sys.argv[1]))
shop.store.absorb()
os.kill(os.getpid(), signal.SIGKILL)
"""


def flip(wal):
    data = bytearray(wal.read_bytes())
    data[len(data) // 2] ^= 0x10
    wal.write_bytes(data)


def cut(wal):
    os.truncate(wal, wal.stat().st_size // 2)


@pytest.mark.slow
@pytest.mark.parametrize("damage", [flip, cut, os.unlink])
def test_a_damaged_log_of_the_database(tmp_path, damage):
    folder = tmp_path / "shop"
    ganj.create(folder, UTC, buckets=4).close()
    for number in range(COUNT):
        segment(folder / "log", [event(user=f"u{number % 7}", at=number, m=f"m{number}")], number=number + 1)
    subprocess.run([sys.executable, "-c", WORK, str(folder)], check=False)
    wal = folder / "ganj.duckdb.wal"
    assert wal.stat().st_size > 0
    damage(wal)
    with ganj.open(folder) as shop:
        shop.store.absorb()
        assert shop.sql("select count(*) as n from events").to_pylist() == [{"n": COUNT}]
        assert told("F13 damaged log of the database", shop.store, [f"m{n}" for n in range(COUNT)])
        assert not shop.verify()
