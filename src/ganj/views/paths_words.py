"""What a manager takes away from paths, in sentences."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import numpy as np

from ganj.miner import Finding, Where
from ganj.sequences import NOTHING
from ganj.text import Text
from ganj.views.paths import Flow


def findings(flow: Flow) -> Iterator[Finding]:
    """Say what a manager takes away."""
    if not flow.sessions:
        yield _nothing(flow)
        return
    yield from _first_move(flow)
    yield from _drop(flow)
    yield from _loop(flow)
    if flow.sums.short:
        yield Finding(
            text=Text(
                "There are too many different steps to keep each apart; rare ones are counted as others. Group them.",
                "گام‌های گوناگون بیش از آن‌اند که جدا نگه داشته شوند؛ کمیاب‌ها «گام‌های دیگر» شمرده شده‌اند. گروهشان کنید.",
            ),
            tone="warn",
            weight=0.5,
        )


def _nothing(flow: Flow) -> Finding:
    missing = [step for step in flow.asked if step not in flow.sums.labels]
    if not missing or not flow.events:
        none = Text("There are no steps in this period.", "در این بازه هیچ گامی نیست.")
        return Finding(text=none, tone="warn", weight=1.5)
    near = difflib.get_close_matches(missing[0], flow.sums.labels, n=3, cutoff=0.3) or list(
        flow.sums.labels[:3]
    )
    return Finding(
        text=Text(
            "No path has the step {step}. Closest: {near}.",
            "هیچ مسیری گام «{step}» را ندارد. نزدیک‌ترین‌ها: {near}.",
        ),
        evidence={"step": missing[0], "near": ", ".join(near)},
        tone="warn",
        weight=1.5,
    )


def _first_move(flow: Flow) -> Iterator[Finding]:
    moves = [n for n, row in enumerate(flow.edges.rows) if row[1] >= 0 and row[2] >= 0]
    if not moves:
        return
    at = max(moves, key=lambda n: (flow.edges.sums[n, 0], -n))
    row = flow.edges.rows[at]
    from_here = flow.sums.tallies["nodes"].rows().get(row[:2], np.ones(1))[0]
    yield Finding(
        text=Text(
            "The strongest move is from {source} to {target}: {share:percent} of the {all:count} paths that are there.",
            "پررفت‌وآمدترین گذر از «{source}» به «{target}» است: {share:percent} از {all:count} مسیری که به آنجا می‌رسند.",
        ),
        evidence={
            "source": flow.label(row[1]),
            "target": flow.label(row[2]),
            "share": 100 * flow.edges.sums[at, 0] / from_here,
            "all": int(from_here),
        },
        opens=(Where("edges_taken", "has", flow.edge_name(row)),),
        weight=1.0,
    )


def _drop(flow: Flow) -> Iterator[Finding]:
    tally, drops = flow.sums.tallies["nodes"], flow.sums.tallies["drops"].rows()
    lost = [
        (drops[k][0], k, name) for key, name, _ in flow.nodes if (k := tuple(int(x) for x in key)) in drops
    ]
    if not lost or not len(tally):
        return
    count, key, name = max(lost, key=lambda one: (one[0], one[2]))
    yield Finding(
        text=Text(
            "Most paths stop at {step} (place {place:count}): {lost:count}, {share:percent} of all.",
            "بیشترین توقف در «{step}» (جایگاه {place:count}) است: {lost:count} مسیر، {share:percent} از همه.",
        ),
        evidence={
            "step": flow.label(key[1]),
            "place": key[0],
            "lost": int(count),
            "share": 100 * count / flow.sessions,
        },
        opens=(Where("dropped_at", "has", name),),
        tone="bad",
        weight=0.9,
    )


def _loop(flow: Flow) -> Iterator[Finding]:
    for key, name, sums in flow.loops:
        if key[1] == NOTHING:
            continue
        yield Finding(
            text=Text(
                "Customers go back most often from {by} to {step}: {times:count} times, {customers:count} customers.",
                "بیشترین بازگشت از «{by}» به «{step}» است: {times:count} بار، {customers:count} مشتری.",
            ),
            evidence={
                "by": flow.label(int(key[1])),
                "step": flow.label(int(key[0])),
                "times": int(sums[0]),
                "customers": int(sums[1]),
            },
            opens=(Where("loops_made", "has", name),),
            weight=0.7,
        )
        return
