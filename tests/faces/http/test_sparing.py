"""Memory that nobody uses is given back, and what is used goes on."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from ganj.faces.http.sparing import give_back, sparing


def of_files() -> int:
    """Return the kilobytes of files that this process has in memory."""
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("RssFile"))


def doubled() -> tuple[object, object]:
    return duckdb.sql("select sum(2 * range) from range(1000)").fetchall(), pa.array([1, 2]).to_pylist()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much of files is in memory")
def test_code_is_let_go_and_runs_on():
    said, before = doubled(), of_files()
    give_back()
    assert of_files() < before - 10_000
    assert doubled() == said


def test_code_runs_on_while_it_is_let_go():
    said, found, over = doubled(), [], threading.Event()

    def go_on() -> None:
        while not over.is_set():
            found.append(doubled() == said)

    thread = threading.Thread(target=go_on)
    thread.start()
    for _ in range(20):
        give_back()
    over.set()
    thread.join()
    assert found
    assert all(found)


def test_it_ends_with_the_server():
    with sparing():
        assert "sparing" in {thread.name for thread in threading.enumerate()}
    assert "sparing" not in {thread.name for thread in threading.enumerate()}
