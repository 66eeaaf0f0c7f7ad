"""Clusters' names, pictures and sentences: words come only from what is measured."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganj.miner import Chart, Finding
from ganj.models.clustering.telling import SEEN
from ganj.text import Text
from ganj.views.clusters import CLUSTERS, Grouped, Trait, opens
from ganj.views.sampled import refusal

WORDS = 3
"""Traits in a name, at most."""
AVERAGE = Text("close to the average", "نزدیک به میانگین")
EVERYONE = Text("everyone", "همهٔ مشتریان")


def named(view: Grouped) -> tuple[Text, ...]:
    """Name each cluster by what tells it from the others, each name once."""
    if view.groups == 1:
        return (EVERYONE,)
    marks = [marked(of) for of in view.traits]
    return tuple(_name(g, marks) for g in range(view.groups))


def marked(traits: tuple[Trait, ...]) -> list[Trait]:
    """Return what is to be seen with the naked eye, strongest first; a value of a category only where there is more of it."""
    seen = [one for one in traits if abs(one.effect) >= SEEN and (one.effect > 0 or not one.kind)]
    return sorted(seen, key=lambda one: -abs(one.effect))


def _name(group: int, marks: list[list[Trait]]) -> Text:
    """Join as few traits as tell the cluster from all others, two at least."""
    if not marks[group]:
        return AVERAGE
    for words in range(2, WORDS + 1):
        mine = _words(marks[group][:words])
        others = [_words(one[:words]) for at, one in enumerate(marks) if at != group]
        if all(frozenset(mine) != frozenset(other) for other in others):
            break
    return Text(", ".join(one.en for one in mine), "، ".join(one.fa for one in mine))


def _words(traits: list[Trait]) -> list[Text]:
    return [one.figure.high if one.effect > 0 else one.figure.low for one in traits]


def charts(view: Grouped) -> tuple[Chart, ...]:
    """Return the pictures of what there is."""
    if not view.groups:
        return ()
    found = [
        Chart(
            kind="hbar",
            table="clusters",
            title=Text("How many customers, how much revenue", "سهم هر خوشه از مشتریان و درآمد"),
            x="cluster",
            y=("share", "revenue_share") if view.sums[:, 0].sum() > 0 else ("share",),
            options={"sorted": False},
        )
    ]
    if view.groups > 1:
        found += _apart()
    if view.choice is not None and len(view.choice.many):
        found.append(_why())
    if view.before.max(initial=-1) >= 0:
        title = Text("From then to now", "از آن روز تا امروز")
        found.append(
            Chart(
                kind="sankey", table="transitions", title=title, x="was", series="cluster", y=("customers",)
            )
        )
    return tuple(found)


def _apart() -> list[Chart]:
    return [
        Chart(
            kind="matrix",
            table="profile",
            title=Text("What tells each from the others", "وجه تمایز هر خوشه"),
            x="cluster",
            series="figure",
            y=("effect",),
            options={"reach": 2.0},
        ),
        Chart(
            kind="dendrogram",
            table="tree",
            title=Text("Which are near each other", "درخت خوشه‌ها"),
            x="left",
            y=("height",),
            color="cluster",
            options={"to": "right", "low": ("left_height", "right_height"), "members": "members"},
        ),
    ]


def _why() -> Chart:
    return Chart(
        kind="line",
        table="choice",
        title=Text("Why so many", "چرا این شمار"),
        x="many",
        y=("gap", "silhouette"),
    )


def findings(view: Grouped, names: tuple[Text, ...]) -> Iterator[Finding]:
    """Say what a manager takes away, or why nothing can be said."""
    if view.refused is not None:
        yield refusal(view.refused)
        return
    if view.groups == 1:
        yield _none()
        return
    yield _number(view)
    for group in range(view.groups):
        yield _told(view, group, names[group])
    yield from _moved(view)


def _none() -> Finding:
    return Finding(
        text=Text(
            "There are no clusters here: by these figures customers are one cloud without groups that would come again. "
            "Ask for a number of clusters to divide them all the same, or choose other figures.",
            "اینجا خوشه‌ای نیست: با این سنجه‌ها مشتریان توده‌ای یکدست‌اند و گروهی که بار دیگر هم پیدا شود ندارند. اگر باز هم "
            "می‌خواهید تقسیمشان کنید شمار خوشه‌ها را بدهید، یا سنجه‌های دیگری برگزینید.",
        ),
        tone="warn",
        weight=1.0,
    )


def _number(view: Grouped) -> Finding:
    told = view.choice
    at = [] if told is None else np.flatnonzero(told.many == view.groups).tolist()
    if told is None or not at:
        return Finding(text=Text("Divided as asked.", "به شمار خواسته‌شده تقسیم شد."), weight=1.0)
    evidence = {
        "groups": view.groups,
        "stability": 100 * float(told.stability[at[0]]),
        "silhouette": float(told.silhouette[at[0]]),
    }
    if not bool(told.there[at[0]]):
        return Finding(text=FORCED, evidence=evidence, tone="warn", weight=1.0)
    return Finding(text=ASKED if told.asked else FOUND, evidence=evidence, weight=1.0)


FOUND = Text(
    "Customers fall into {groups:count} clusters, set off from each other and from an even cloud; on resamples "
    "{stability:percent} of a cluster comes again, mean silhouette {silhouette:ratio}.",
    "مشتریان {groups:count} خوشه دارند که از هم و از ابری یکنواخت جدایند؛ در بازنمونه‌گیری {stability:percent} هر خوشه دوباره پیدا "
    "می‌شود و میانگین سیلوئت {silhouette:ratio} است.",
)
ASKED = Text(
    "Divided into {groups:count} clusters as asked; they are there: on resamples {stability:percent} of a cluster comes "
    "again, mean silhouette {silhouette:ratio}.",
    "همان‌گونه که خواسته شد به {groups:count} خوشه تقسیم شدند و خوشه‌ها واقعی‌اند: در بازنمونه‌گیری {stability:percent} هر خوشه "
    "دوباره پیدا می‌شود و میانگین سیلوئت {silhouette:ratio} است.",
)
FORCED = Text(
    "Divided into {groups:count} parts as asked, but these are no natural groups: on resamples {stability:percent} of a "
    "part comes again, mean silhouette {silhouette:ratio}.",
    "همان‌گونه که خواسته شد به {groups:count} بخش تقسیم شدند، ولی گروه‌هایی طبیعی نیستند: در بازنمونه‌گیری "
    "{stability:percent} هر بخش دوباره پیدا می‌شود و میانگین سیلوئت {silhouette:ratio} است.",
)


def _told(view: Grouped, group: int, name: Text) -> Finding:
    """Say of a cluster how large it is, what it brings, and its figures against the others'."""
    share = 100 * view.size[group] / max(view.size.sum(), 1)
    money = view.sums[:, 0]
    evidence = {
        "number": CLUSTERS[group][1],
        "name": name,
        "customers": int(view.size[group]),
        "share": float(share),
        "revenue": 100 * float(money[group] / money.sum()) if money.sum() > 0 else None,
    }
    text = WORTH if money.sum() > 0 else SIZE
    for at, one in enumerate(marked(view.traits[group])[:WORDS]):
        unit = one.figure.unit
        evidence |= {f"what{at}": one.figure.label, f"in{at}": one.inside, f"out{at}": one.outside}
        text = text.map(
            f"{'; ' if at else ' '}{{what{at}}}: {{in{at}:{unit}}} (others {{out{at}:{unit}}})",
            f"{'؛ ' if at else ' '}{{what{at}}}: {{in{at}:{unit}}} (دیگران {{out{at}:{unit}}})",
        )
    return Finding(text=text, evidence=evidence, opens=opens(view.groups)[group], weight=0.9 - group / 100)


WORTH = Text(
    "{number} ({name}): {customers:count} customers, {share:percent}, with {revenue:percent} of revenue.",
    "{number} ({name}): {customers:count} مشتری، {share:percent}، با {revenue:percent} درآمد.",
)
SIZE = Text(
    "{number} ({name}): {customers:count} customers, {share:percent}.",
    "{number} ({name}): {customers:count} مشتری، {share:percent}.",
)


def _moved(view: Grouped) -> Iterator[Finding]:
    """Say how many are elsewhere than on the earlier day."""
    had = (view.before >= 0) & (view.before < len(CLUSTERS))
    moved = had & (view.before != view.label)
    if not had.any():
        return
    yield Finding(
        text=Text(
            "Of {had:count} customers who had bought by the earlier day, {moved:count} ({share:percent}) are in another cluster now.",
            "از {had:count} مشتری که تا آن روز خرید کرده بودند، {moved:count} نفر ({share:percent}) اکنون در خوشهٔ دیگری‌اند.",
        ),
        evidence={
            "had": int(view.count[had].sum()),
            "moved": int(view.count[moved].sum()),
            "share": 100 * float(view.count[moved].sum() / view.count[had].sum()),
        },
        weight=0.6,
    )
