"""Features of all customers at a cut-off, and chances of every one of them by every way of learning, from the sealed files.

Seconds, not a comparison: a million customers with fifty million events are measured in 10 s and scored by all three
learners, reasons included, in 60 s; the ratio is to these, in proportion to the events asked for.  Features are
those of churn; what is scored is a response that is asked of everybody.  Learning itself takes a bounded sample, whatever the
number of customers, and is told outside the ratio, as is the most memory that the process ever held.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from bench import behaviour
from bench.fold import opened

from ganj.engines.local import Run
from ganj.miner import Reads

MEASURED, SCORED = 10.0, 60.0
"""Seconds for fifty million events."""
LEARNERS = ("logistic", "forest", "boosting")


def main() -> float:
    told = behaviour.asked("churn", __doc__ or "")
    size = told.events / 50_000_000
    print(f"{told.events:,} events; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    store = opened(str(told.store)).snapshot
    runs = {name: Run(asked(store, name), store, threads=2) for name in LEARNERS}
    run = Run(leaving(store), store, threads=2)
    reads = run.miner.reads()
    measure(run, reads)  # compiles, and brings the files into memory
    spent = min(seconds(lambda: measure(run, reads)) for _ in range(told.repeats))
    print(
        f"features of all customers at a cut-off   {spent:7.2f} s   (bar {MEASURED * size:.1f})", flush=True
    )
    print(
        f"at four moments, sampled                 {seconds(lambda: scanned(run, reads)):7.2f} s", flush=True
    )
    scoring = 0.0
    for name, one in runs.items():
        state = one.miner.scan(store.bucket(0, one.miner.reads()))
        model: list[Any] = []
        learning = seconds(lambda one=one, state=state, model=model: model.append(one.miner.learn(state)))
        rows: list[Any] = []
        took = seconds(lambda one=one, model=model, rows=rows: rows.append(one.scores(model[0])))
        people = len(rows[0]) - rows[0]["response_chance"].null_count
        print(
            f"{name:10} learned in {learning:6.2f} s; {people:,} scored and explained in {took:7.2f} s",
            flush=True,
        )
        scoring += took
    print(f"scores by all three                      {scoring:7.2f} s   (bar {SCORED * size:.1f})")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory                              {most:7.0f} MB")
    ratio = min(MEASURED * size / spent, SCORED * size / scoring)
    print(f"churn ratio {ratio:.1f} (bar 1)")
    if ratio < 1:
        sys.exit(1)
    return ratio


def asked(store: Any, learner: str) -> Any:
    """Ask of everybody whether they buy in the next week."""
    from ganj.miners.response import Response

    return Response(**until(store), outcome="event 0", learner=learner)


def leaving(store: Any) -> Any:
    """Ask who leaves in the next week."""
    from ganj.miners.churn import Churn

    return Churn(**until(store), longest=timedelta(days=20))


def until(store: Any) -> dict[str, Any]:
    """Return what both ask as of: thirty days before the last."""
    last = store.bucket(0, Reads(columns=("time",))).span[1]
    day = datetime.fromtimestamp(last / 1e6, UTC).date() - timedelta(days=30)
    return {
        "until": day,
        "zone": "UTC",
        "activity": "event 0",
        "horizon": timedelta(days=7),
        "properties": (),
    }


def seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def measure(run: Run, reads: Any) -> float:
    """Measure everyone as of now."""
    last = run.miner.moments()[:1]
    return sum(run.each(lambda part: float(np.nansum(run.miner.measured(part, last)[1][:, 0, 0])), reads))


def scanned(run: Run, reads: Any) -> int:
    """Fold everyone into the state that is learned from."""
    return sum(len(part) for part in run.each(run.miner.scan, reads))


if __name__ == "__main__":
    main()
