"""An ordered funnel of three steps within 7 days, end to end from the sealed files, beside chDB's windowFunnel.

Ganj runs its own analysis on its customer-ordered runs; chDB reads the same Parquet files and asks
``windowFunnel``, once for each customer.  The two need not agree on events of one microsecond, so answers
are compared to a tenth of a percent; both are printed.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

from bench import behaviour, side_by_side

BAR = 5.0
WEEK = timedelta(days=7)
STEPS = ("event 0", "event 3", "event 6")


def main() -> float:
    told = behaviour.asked("funnel", __doc__ or "")
    folder = str(told.store)
    print(f"{told.events:,} events; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    ours = side_by_side.run("ganj", "bench.funnel:ganj", told.repeats, folder=folder)
    peer = side_by_side.run("chDB windowFunnel", "bench.funnel:chdb_funnel", told.repeats, folder=folder)
    print(f"customers by step: ganj {ours.answer}, chDB {peer.answer}")
    if any(abs(a - b) > 0.001 * a for a, b in zip(ours.answer, peer.answer, strict=True)):
        message = "the answers differ by more than a tenth of a percent"
        raise SystemExit(message)
    print(
        f"first call of a fresh process: {peer.first / ours.first:.1f} times faster; load {os.getloadavg()[0]:.1f}"
    )
    print(f"funnel ratio {peer.best / ours.best:.1f} (bar {BAR:.0f})")
    ratio = peer.best / ours.best
    if ratio < BAR:
        sys.exit(1)
    return ratio


def ganj(folder: str) -> list[int]:
    """Mine through the engine, as a workspace does: read every bucket, walk, merge, lay out."""
    from bench.fold import opened

    from ganj.engines.local import Run
    from ganj.miners.funnel import Funnel

    run = Run(Funnel(steps=STEPS, within=WEEK), opened(folder).snapshot, threads=2)
    report = run.report(run.model())
    return [int(count) for count in report.tables["steps"].values["customers"]]


def chdb_funnel(folder: str) -> list[int]:
    import chdb

    codes = [int(step.split()[-1]) for step in STEPS]
    told = ", ".join(f"event = {code}" for code in codes)
    inner = (
        f"select windowFunnel({WEEK // timedelta(microseconds=1)})(toUInt64(time), {told}) as level "
        f"from file('{folder}/runs/*.parquet', Parquet, 'customer Int32, time Int64, event Int32') "
        f"where event in ({', '.join(map(str, codes))}) group by customer"
    )
    counts = ", ".join(f"countIf(level >= {k})" for k in (1, 2, 3))
    found = chdb.query(f"select {counts} from ({inner}) settings max_threads = 2", "TSV")
    return [int(figure) for figure in str(found).split()]
