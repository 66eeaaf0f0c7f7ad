"""The sentences and pictures of two groups compared."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganj.events import value_words, words
from ganj.histories import Array
from ganj.kernels.effects import chance, false_discovery
from ganj.miner import Chart, Finding, Where
from ganj.text import Text
from ganj.views.compare import Apart
from ganj.views.compare_figures import Together, in_words

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
    yield from _adding(view.together)
    if found["leak"].any():
        yield _leaking(view, int(np.flatnonzero(found["leak"])[0]))


def _told(view: Apart, at: int, rank: int) -> Finding:
    (kind, name), hits = view.shares["key"][at], view.shares["hits"][at]
    what = words(name) if kind == "event" else value_words(name)
    share, apart = 100 * hits / view.people, 100 * view.shares["apart"][at]
    return Finding(
        text=Text(
            "{what}: {one:percent} of the group against {other:percent} of the others "
            "(difference {low:percent} to {high:percent}). This goes with the group; it need not cause it.",
            "{what}: {one:percent} از گروه در برابر {other:percent} از بقیه (اختلاف {low:percent} تا {high:percent}). "
            "این با گروه همراه است، نه لزوماً علت آن.",
        ),
        evidence={
            "what": what,
            "one": float(share[0]),
            "other": float(share[1]),
            "low": float(apart[1]),
            "high": float(apart[2]),
        },
        opens=_behind(kind, name, hits),
        weight=1.0 - 0.1 * rank,
    )


def _adding(together: Together) -> Iterator[Finding]:
    """Name the figure that goes most with the group, or the target, when the others stay as they are."""
    fitted = together.fitted
    if fitted is None:
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.abs(fitted.slopes / fitted.errors)
    clear = np.flatnonzero(false_discovery(chance(z)) <= together.rate)
    if not len(clear):
        return
    best = int(clear[z[clear].argmax()])
    effect, low, high = (float(one) for one in together.effects[best])
    yield Finding(
        text=_OF_TARGET if together.target else _OF_ODDS,
        evidence={
            "figure": in_words(fitted.names[best]),
            "effect": effect,
            "low": low,
            "high": high,
            **({"target": in_words(together.target)} if together.target else {}),
        },
        weight=0.65,
    )


_OF_ODDS = Text(
    "With the other figures as they are, one deviation more of {figure} multiplies the odds of being in the group "
    "by {effect:number} ({low:number} to {high:number}).",
    "با ثابت ماندن شاخص‌های دیگر، یک انحراف معیار بیشترِ «{figure}» بخت عضویت در گروه را {effect:number} برابر می‌کند "
    "({low:number} تا {high:number}).",
)
_OF_TARGET = Text(
    "With the other figures as they are, one more of {figure} goes with {effect:number} more of {target} "
    "({low:number} to {high:number}).",
    "با ثابت ماندن شاخص‌های دیگر، هر واحد بیشترِ «{figure}» با {effect:number} واحد بیشترِ «{target}» همراه است "
    "({low:number} تا {high:number}).",
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


def charts(view: Apart) -> tuple[Chart, ...]:
    """Return the pictures of the tables; what a figure does alone only where it is told."""
    alone = Text("The same, all else equal", "همان با ثابت ماندن بقیه")
    if view.together.target:
        alone = Text("The target, all else equal", "شاخص هدف با ثابت ماندن بقیه")
    told = (
        Chart(
            kind="hbar",
            table="differences",
            title=Text("The group's share less the others'", "سهم گروه منهای سهم بقیه"),
            x="name",
            y=("difference",),
            options={"low": "difference_low", "high": "difference_high"},
        ),
        Chart(
            kind="line",
            table="dependence",
            title=Text("Share by figure", "سهم با هر شاخص"),
            x="range",
            y=("share",),
            series="figure",
            options={"low": "low", "high": "high"},
        ),
        Chart(
            kind="line",
            table="dependence",
            title=alone,
            x="range",
            y=("alone",),
            series="figure",
            options={"low": "alone_low", "high": "alone_high"},
        ),
    )
    return told if view.together.fitted else told[:-1]
