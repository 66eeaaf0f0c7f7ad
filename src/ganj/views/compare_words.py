"""The sentences and pictures of two groups compared."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganj.events import words
from ganj.histories import Array
from ganj.miner import Chart, Finding, Where
from ganj.text import Text
from ganj.views.compare import Apart

NAMED = 3
"""So many behaviours are told in sentences."""


def findings(view: Apart) -> Iterator[Finding]:
    """Say what a manager takes away; or why nothing can be said."""
    if not view.enough:
        yield Finding(
            text=Text(
                "Too few to compare: {one:count} in the group and {other:count} others; {needs:count} of each are needed.",
                "برای مقایسه کم است: {one:count} مشتری در گروه و {other:count} در بقیه؛ از هر کدام {needs:count} لازم است.",
            ),
            evidence={"one": int(view.people[0]), "other": int(view.people[1]), "needs": view.fewest},
            tone="warn",
            weight=2.0,
        )
        return
    found = view.shares
    clear = np.flatnonzero((found["q"] <= view.rate) & ~found["leak"])
    if not len(clear):
        yield Finding(
            text=Text(
                "Nothing that was looked at ({tested:count} things) tells the groups apart beyond chance.",
                "از {tested:count} چیز بررسی‌شده هیچ‌کدام دو گروه را فراتر از تصادف از هم جدا نمی‌کند.",
            ),
            evidence={"tested": len(found["q"])},
            weight=1.0,
        )
    for rank, at in enumerate(clear[np.argsort(-np.abs(found["apart"][clear, 0]), kind="stable")][:NAMED]):
        yield _told(view, int(at), rank)
    if found["leak"].any():
        yield _leaking(view, int(np.flatnonzero(found["leak"])[0]))


def _told(view: Apart, at: int, rank: int) -> Finding:
    (kind, name), hits = view.shares["key"][at], view.shares["hits"][at]
    share, apart = 100 * hits / view.people, 100 * view.shares["apart"][at]
    return Finding(
        text=Text(
            "{what}: {one:percent} of the group against {other:percent} of the others "
            "(difference {low:percent} to {high:percent}). This goes with the group; it need not cause it.",
            "{what}: {one:percent} از گروه در برابر {other:percent} از بقیه (اختلاف {low:percent} تا {high:percent}). "
            "این با گروه همراه است، نه لزوماً علت آن.",
        ),
        evidence={
            "what": words(name),
            "one": float(share[0]),
            "other": float(share[1]),
            "low": float(apart[1]),
            "high": float(apart[2]),
        },
        opens=_behind(kind, name, hits),
        weight=1.0 - 0.1 * rank,
    )


def _leaking(view: Apart, at: int) -> Finding:
    (kind, name), hits = view.shares["key"][at], view.shares["hits"][at]
    return Finding(
        text=Text(
            "{what} all but defines the group: it explains nothing and is left out of the findings.",
            "«{what}» تقریباً خود تعریف گروه است؛ چیزی را توضیح نمی‌دهد و در یافته‌ها نیامده است.",
        ),
        evidence={"what": words(name)},
        opens=_behind(kind, name, hits),
        tone="warn",
        weight=0.6,
    )


def _behind(kind: str, name: str, hits: Array) -> tuple[Where, ...]:
    """Open those who had it in the group where it is more frequent there, else the others."""
    side = "one" if hits[0] else "other"
    return Where("compare_group", "=", side), Where("compare_had", "has", f"{kind}:{name}")


def charts() -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    return (
        Chart(
            kind="hbar",
            table="differences",
            title=Text("Difference of the shares", "اختلاف سهم‌ها"),
            x="name",
            y=("difference",),
            options={"low": "difference_low", "high": "difference_high"},
        ),
        Chart(
            kind="line",
            table="dependence",
            title=Text("The group's share, by figure", "سهم گروه به تفکیک شاخص"),
            x="range",
            y=("share",),
            series="figure",
            options={"low": "low", "high": "high"},
        ),
    )
