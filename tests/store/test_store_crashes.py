"""kill -9 at any moment: an import is there whole or not at all, and what was there stays."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ganj.miner import Reads
from ganj.store import Limits, Store
from store_words import load, replay, told

WORK = """
import sys, random
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from store_words import load, replay
from ganj.store import Limits, Store

store = Store.open(sys.argv[1], Limits(fresh=int(sys.argv[3])))
print("open", flush=True)
for n in range(100):
    number = len(store.batches())
    load(store, [f"c{k % 40} order@{k} N{number}-{k} p{k % 9}*1@5 city=Rey" for k in range(60)])
    print("loaded", flush=True)
    if n % 3 == 0:
        store.seal()
    if n % 5 == 4:
        store.undo(number + 1, replay)
        print("undone", flush=True)
"""


ORDERS = Reads(events=("Order Completed",), columns=("time", "event"))


def crash(folder, fresh, after):
    """Let a process import, seal, compact and undo; kill it after a while; return what it said it had done."""
    tests = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", WORK, str(folder), tests, str(fresh)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        worker.stdout.readline()
        time.sleep(after)
        worker.send_signal(signal.SIGKILL)
        return worker.stdout.read().split()


def survives(folder, times, fresh, seed):
    dice = random.Random(seed)
    with Store.create(folder, buckets=2) as store:
        load(store, ["ali order@1 O1 apple*1@5", "sara visit@2"])
    acknowledged = 1
    for _ in range(times):
        said = crash(folder, fresh, dice.uniform(0.02, 1.5))
        acknowledged += said.count("loaded") - said.count("undone")
        with Store.open(folder) as store:
            if store.needs_rebuild:  # it died between the decision to undo and the exchange
                store.rebuild(replay)
            active = [batch for batch in store.batches() if batch.active]
            # One import may be stored, or one undo decided, that it had no time to say.
            assert abs(len(active) - acknowledged) <= 1
            acknowledged = len(active)
            assert store.verify() == []
            orders = sum(len(part.time) for part in store.histories(ORDERS))
            assert orders == 1 + 60 * (len(active) - 1)
            assert [path for path in (folder / "imports").iterdir() if path.name.startswith(".")] == []
    with Store.open(folder, Limits(fresh=0)) as store:
        before = told(store)
        store.rebuild(replay)
        assert told(store) == before


@pytest.mark.parametrize("fresh", [0, 150])
def test_killed_a_few_times(tmp_path, fresh):
    survives(tmp_path / "shop", 2, fresh, seed=fresh)


@pytest.mark.slow
@pytest.mark.parametrize("fresh", [0, 150])
def test_killed_often(tmp_path, fresh):
    survives(tmp_path / "shop", 30, fresh, seed=fresh + 1)
