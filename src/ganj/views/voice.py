"""How customers' voice is told: tables and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from ganj.histories import Array
from ganj.kernels.intervals import wilson
from ganj.miner import Chart, Report, Table, Where, column
from ganj.models.attitude import HIGH, LOW, MIDDLE, NPS, SCALES, index
from ganj.models.words.moods import NEGATIVE, POSITIVE
from ganj.text import Text
from ganj.views.voice_found import (
    ALL_MARKED,
    KINDS,
    MARKED,
    SOUNDED,
    TOPIC,
    Found,
    complaints,
)
from ganj.views.voice_learn import key_of_topics, moods_of_topics
from ganj.views.voice_tables import (
    MOODS,
    impatience,
    labels,
    period_of,
    quality,
    quotes,
    span,
    urgent,
    waits,
    waits_trend,
)
from ganj.views.voice_words import findings

PROMOTERS = (
    ("detractor", Text("Detractors", "منتقدان")),
    ("passive", Text("Passives", "بی‌تفاوت‌ها")),
    ("promoter", Text("Promoters", "ترویج‌کنندگان")),
)
CONTENT = (
    ("unhappy", Text("Unhappy", "ناراضی")),
    ("neutral", Text("Neither", "میانه")),
    ("happy", Text("Happy", "راضی")),
)
MARKS = (PROMOTERS, CONTENT, CONTENT, CONTENT)
"""What low, middle and high marks are called, by scale."""
HEARD = (
    ("marked", Text("Gave a mark", "امتیاز داده‌اند")),
    ("written", Text("Wrote something", "چیزی نوشته‌اند")),
    ("tickets", Text("Opened a ticket", "تیکت زده‌اند")),
    ("silent", Text("Never heard", "هرگز شنیده نشده‌اند")),
)


Part = tuple[str, Callable[[Found], Table], bool]
"""A table's name, what makes it, and whether there is anything to tell."""


def report(found: Found) -> Report:
    """Tell what customers say."""
    used, written = bool(_used(found)), bool(found.told.written.any())
    tickets = bool(len(found.told.book.cases.row))
    trends: list[Part] = [
        (f"{SCALES[scale].name}_trend", partial(_trend, scale=scale), True) for scale in _used(found)
    ]
    parts: tuple[Part, ...] = (
        ("urgent", urgent, bool(found.listed)),
        ("topics", _topics, bool(found.ear.topics.terms)),
        ("quotes", quotes, bool(found.quotes)),
        ("moods", _moods, written),
        ("surveys", _surveys, used),
        *trends,
        ("waits", waits, tickets),
        ("waits_trend", waits_trend, tickets),
        ("impatience", impatience, tickets and bool(len(complaints(found.told)[0]))),
        ("labels", labels, bool(found.ear.labels)),
        ("quality", quality, written),
        ("heard", _heard, True),
    )
    tables = {name: told(found) for name, told, there in parts if there}
    return Report(tables, tuple(_charts(tables)), tuple(findings(found)))


def _used(found: Found) -> list[int]:
    return [int(one) for one in np.unique(found.told.scale[found.told.mark >= 0])]


def by_period(found: Found, scale: int) -> tuple[Array, Array]:
    """Return the periods of a scale's answers, int64[n], and how many were low, middle and high: int64[n, 3]."""
    at = np.flatnonzero((found.told.scale == scale) & (found.told.mark >= 0))
    places = span(found.told.period[at])
    row = (found.told.period[at] - places[0]) * 3 + found.told.mark[at]
    return places, np.bincount(row, minlength=3 * len(places)).reshape(-1, 3)


def _trend(found: Found, scale: int) -> Table:
    places, counts = by_period(found, scale)
    figure, low, high = index(scale, counts)
    code = places % 20_000 + 20_000 * scale
    names = MARKS[scale]
    share = Text("NPS", "NPS") if scale == NPS else Text("Happy", "راضی")
    unit = "number" if scale == NPS else "percent"
    return Table.of(
        Text(f"{SCALES[scale].label.en} by period", f"{SCALES[scale].label.fa} در هر دوره"),
        period_of(found, places),
        (column("figure", share.en, share.fa, unit), figure),
        (column("low", "At least", "دست‌کم", unit), low),
        (column("high", "At most", "دست‌بالا", unit), high),
        (column("answers", "Answers", "پاسخ‌ها", "count"), counts.sum(axis=1)),
        *(
            (
                column(f"{names[mark][0]}s", names[mark][1].en, names[mark][1].fa, "customers"),
                found.count(MARKED, code, mark),
                found.opens(MARKED, code, mark),
            )
            for mark in (HIGH, MIDDLE, LOW)
        ),
    )


def _surveys(found: Found) -> Table:
    told, used = found.told, np.array(_used(found))
    inside = told.mark >= 0
    counts = np.array(
        [np.bincount(told.mark[inside & (told.scale == one)], minlength=3) for one in used], np.int64
    )
    limits = [index(int(one), counts[[row]]) for row, one in enumerate(used)]
    figure, low, high = np.array(limits)[:, :, 0].T
    mean = [float(told.book.score[inside & (told.scale == one)].mean()) for one in used]
    choices = tuple((one.name, one.label) for one in SCALES)
    return Table.of(
        Text("All answers", "همهٔ پاسخ‌ها"),
        (column("scale", "Scale", "مقیاس", "category", choices=choices), used),
        (
            column(
                "figure",
                "Figure",
                "شاخص",
                help=Text(
                    "NPS; of other scales the percent of the happy.", "NPS، و در مقیاس‌های دیگر درصد راضیان."
                ),
            ),
            figure,
        ),
        (column("low", "At least", "دست‌کم"), low),
        (column("high", "At most", "دست‌بالا"), high),
        (column("mean", "Mean mark", "میانگین امتیاز", "ratio"), np.array(mean)),
        (column("answers", "Answers", "پاسخ‌ها", "count"), counts.sum(axis=1)),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            found.count(ALL_MARKED, used),
            found.opens(ALL_MARKED, used),
        ),
        (
            column("unhappy", "Gave low marks", "امتیاز پایین داده‌اند", "customers"),
            found.count(ALL_MARKED, used, LOW),
            found.opens(ALL_MARKED, used, LOW),
        ),
    )


def _moods(found: Found) -> Table:
    told = found.told
    at = np.flatnonzero(told.written)
    places = span(told.period[at])
    row = (told.period[at] - places[0]) * 3 + told.mood[told.book.text[at]]
    counts = np.bincount(row, minlength=3 * len(places)).reshape(-1, 3)
    low, high = wilson(counts[:, NEGATIVE], counts.sum(axis=1))
    with np.errstate(invalid="ignore"):
        share = 100 * counts[:, NEGATIVE] / counts.sum(axis=1)
    return Table.of(
        Text("How texts sound", "لحن نوشته‌ها"),
        period_of(found, places),
        *(
            (column(name, words.en, words.fa, "count"), counts[:, mood])
            for mood, (name, words) in enumerate(MOODS)
        ),
        (column("share", "Of them complaints", "سهم گلایه", "percent"), share),
        (column("low", "At least", "دست‌کم", "percent"), 100 * low),
        (column("high", "At most", "دست‌بالا", "percent"), 100 * high),
        (
            column("complaining", "Customers complaining", "مشتریان گله‌مند", "customers"),
            found.count(SOUNDED, places, NEGATIVE),
            found.opens(SOUNDED, places, NEGATIVE),
        ),
        (
            column("customers", "Customers who wrote", "مشتریانی که نوشته‌اند", "customers"),
            found.count(SOUNDED, places),
            found.opens(SOUNDED, places),
        ),
    )


def _topics(found: Found) -> Table:
    counts = moods_of_topics(found.told, len(found.ear.topics.terms))
    key, total = key_of_topics(counts), counts.sum(axis=1)
    order = np.argsort(-np.nan_to_num(key), kind="stable")
    low, high = wilson(counts[:, NEGATIVE], total)
    with np.errstate(invalid="ignore"):
        share = 100 * counts[:, NEGATIVE] / total
    return Table.of(
        Text("What they speak of", "از چه می‌گویند"),
        (column("topic", "Topic", "موضوع", "text"), [found.ear.topics.shown[one] for one in order]),
        (column("complaints", "Complaints", "گلایه‌ها", "count"), counts[order, NEGATIVE]),
        (column("praise", "Praise", "ابراز رضایت", "count"), counts[order, POSITIVE]),
        (column("texts", "Texts", "نوشته‌ها", "count"), total[order]),
        (column("share", "Of them complaints", "سهم گلایه", "percent"), share[order]),
        (column("low", "At least", "دست‌کم", "percent"), 100 * low[order]),
        (column("high", "At most", "دست‌بالا", "percent"), 100 * high[order]),
        (
            column(
                "z",
                "Weight in complaints",
                "وزن در گلایه‌ها",
                "ratio",
                help=Text(
                    "z of the log-odds: above 2 it belongs to complaints, below -2 to praise.",
                    "نمرهٔ z: بیش از ۲ یعنی از آنِ گلایه‌هاست و کمتر از ۲- یعنی از آنِ رضایت.",
                ),
            ),
            key[order],
        ),
        (
            column("complaining", "Customers complaining of it", "مشتریان گله‌مند از آن", "customers"),
            found.count(TOPIC, order, NEGATIVE),
            found.opens(TOPIC, order, NEGATIVE),
        ),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            found.count(TOPIC, order),
            found.opens(TOPIC, order),
        ),
    )


def _heard(found: Found) -> Table:
    """Say of whom anything is known."""
    count = np.append(found.count(KINDS, np.arange(3)), found.people - found.heard)
    opens = [*found.opens(KINDS, np.arange(3)), *found.opening(Where("heard", "=", 0))]
    share = 100 * count / max(found.people, 1)
    return Table.of(
        Text("Who is heard", "صدای چه کسانی شنیده شده"),
        (column("how", "How", "چگونه", "category", choices=HEARD), np.arange(len(HEARD))),
        (column("customers", "Customers", "مشتریان", "customers"), count, opens),
        (column("share", "Of customers", "سهم از مشتریان", "percent"), share),
    )


def _charts(tables: Mapping[str, Table]) -> Iterator[Chart]:
    if "nps_trend" in tables:
        title = Text("Would they recommend us? (NPS)", "ما را به دیگران پیشنهاد می‌کنند؟ (NPS)")
        yield _line("nps_trend", title)
    if "moods" in tables:
        title = Text("How do texts sound?", "نوشته‌ها چه لحنی دارند؟")
        moods = ("positive", "neutral", "negative")
        yield Chart(kind="stacked", table="moods", title=title, x="period", y=moods, options={"share": True})
    if "topics" in tables:
        title = Text("What are complaints and praise about?", "گلایه‌ها و رضایت‌ها دربارهٔ چیست؟")
        both = ("complaints", "praise")
        yield Chart(kind="hbar", table="topics", title=title, x="topic", y=both, options={"top": 12})
    if "waits" in tables and len(tables["waits"]) and np.sum(tables["waits"].values["marks"]):
        title = Text("Are they satisfied, by how long they waited?", "با انتظار بیشتر، چقدر راضی‌اند؟")
        options = {"sorted": False, "low": "low", "high": "high"}
        yield Chart(kind="hbar", table="waits", title=title, x="wait", y=("satisfied",), options=options)
    for name, title in (
        ("csat_trend", Text("Are they satisfied? (CSAT)", "راضی‌اند؟ (CSAT)")),
        ("ces_trend", Text("Is it easy to deal with us? (CES)", "کارشان با ما آسان پیش می‌رود؟ (CES)")),
        ("stars_trend", Text("Are reviews good?", "نظرها خوب است؟")),
    ):
        if name in tables:
            yield _line(name, title)
    if "waits_trend" in tables:
        title = Text("How many hours do tickets wait? (median)", "تیکت‌ها چند ساعت منتظر می‌مانند؟ (میانه)")
        apart = "answer" in {one.name for one in tables["waits_trend"].columns}
        y = ("end", "answer") if apart else ("end",)
        yield Chart(kind="line", table="waits_trend", title=title, x="period", y=y)


def _line(table: str, title: Text) -> Chart:
    options = {"low": "low", "high": "high"}
    return Chart(kind="line", table=table, title=title, x="period", y=("figure",), options=options)
