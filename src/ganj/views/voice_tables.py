"""Tables of customers' voice: tickets and their waits, urgent complaints, quotations, labels, and how sure all is."""

from __future__ import annotations

import numpy as np

from ganj.calendar import PERIOD_NAMES
from ganj.histories import Array
from ganj.kernels.intervals import wilson
from ganj.miner import Column, Opens, Table, column
from ganj.models.attitude import HIGH, SCALES
from ganj.models.words import urgency as rules
from ganj.models.words.masking import quoted
from ganj.models.words.moods import NEGATIVE
from ganj.text import Text
from ganj.views.voice_found import COMPLAINED, LABELLED, TOPIC, URGENT, WAITED, Found, band, complaints

CSAT = 1
MOODS = (
    ("negative", Text("Complaint", "گلایه")),
    ("neutral", Text("Neutral", "خنثی")),
    ("positive", Text("Praise", "رضایت")),
)
BAND_NAMES = tuple(
    (name, Text(en, fa))
    for name, en, fa in (
        ("1h", "Within an hour", "تا ۱ ساعت"),
        ("4h", "1 to 4 hours", "۱ تا ۴ ساعت"),
        ("12h", "4 to 12 hours", "۴ تا ۱۲ ساعت"),
        ("24h", "12 to 24 hours", "۱۲ تا ۲۴ ساعت"),
        ("72h", "1 to 3 days", "۱ تا ۳ روز"),
        ("later", "More than 3 days", "بیش از ۳ روز"),
        ("open", "Not solved yet", "هنوز حل‌نشده"),
    )
)
COMPLAINT_NAMES = (
    ("waiting", Text("Waiting", "انتظار کشیدن")),
    ("others", Text("Other things", "چیزهای دیگر")),
)
SOURCES = {
    "own": Text("Learned from your customers' marks", "آموخته از امتیازهای مشتریان خودتان"),
    "shipped": Text("Learned from public reviews", "آموخته از نظرهای عمومی"),
    "list": Text("List of words", "فهرست واژه‌ها"),
}


def period_of(found: Found, places: Array) -> tuple[Column, Array]:
    """Return the column of periods with its values."""
    name = PERIOD_NAMES[found.ear.period]
    calendar = found.ear.bucketing[0]
    return column("period", name.en, name.fa, "period", period=found.ear.period, calendar=calendar), places


def span(places: Array) -> Array:
    """Return every period from the first to the last: int64[n]."""
    return np.arange(places.min(), places.max() + 1) if len(places) else np.zeros(0, np.int64)


def waits(found: Found) -> Table:
    """Lay waits beside the marks that followed them."""
    told = found.told
    cases = told.book.cases
    bands = band(cases.solved)
    after = cases.marks(told.book, told.scale, CSAT)
    given = ~np.isnan(after)
    size = len(BAND_NAMES)
    marks = np.bincount(bands[given], minlength=size)
    happy = np.bincount(bands[given], SCALES[CSAT].classes(after[given]) == HIGH, size)
    low, high = wilson(happy, marks)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(bands[given], after[given], size) / marks
        share = 100 * happy / marks
    which = np.arange(size)
    return Table.of(
        Text("Waiting for a solution", "انتظار تا حل تیکت"),
        (column("wait", "Wait", "انتظار", "category", choices=BAND_NAMES), which),
        (column("tickets", "Tickets", "تیکت‌ها", "count"), np.bincount(bands, minlength=size)),
        (column("satisfied", "Satisfied after it", "راضی پس از آن", "percent"), share),
        (column("low", "At least", "دست‌کم", "percent"), 100 * low),
        (column("high", "At most", "دست‌بالا", "percent"), 100 * high),
        (column("mark", "Mean mark after it", "میانگین امتیاز پس از آن", "ratio"), mean),
        (column("marks", "Marks", "امتیازها", "count"), marks),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            found.count(WAITED, which),
            found.opens(WAITED, which),
        ),
    )


def impatience(found: Found) -> Table:
    """Say how many complaints speak of waiting, and how long those tickets took that do and do not."""
    rows, what = complaints(found.told)
    cases, which = found.told.book.cases, np.arange(len(COMPLAINT_NAMES))
    of = np.full(len(found.told.book), -1)
    of[rows] = what
    size = np.bincount(what, minlength=len(which))
    low, high = wilson(size, np.full(len(which), len(rows)))
    hours = [cases.solved[(of[cases.row] == one) & ~np.isnan(cases.solved)] for one in which]
    return Table.of(
        Text("What complaints are about waiting", "گلایه از انتظار"),
        (column("about", "They speak of", "سخن از", "category", choices=COMPLAINT_NAMES), which),
        (column("texts", "Complaints", "گلایه‌ها", "count"), size),
        (column("share", "Of all complaints", "از همهٔ گلایه‌ها", "percent"), 100 * size / max(len(rows), 1)),
        (column("low", "At least", "دست‌کم", "percent"), 100 * low),
        (column("high", "At most", "دست‌بالا", "percent"), 100 * high),
        (
            column("hours", "Median hours until their ticket was solved", "میانهٔ ساعت تا حل تیکت"),
            np.array([np.median(one) if len(one) else np.nan for one in hours]),
        ),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            found.count(COMPLAINED, which),
            found.opens(COMPLAINED, which),
        ),
    )


def waits_trend(found: Found) -> Table:
    """Say how long tickets waited, period by period."""
    cases = found.told.book.cases
    period = found.told.period[cases.row]
    places = span(period)
    inside = [period == place for place in places]

    def median(hours: Array, which: Array) -> float:
        known = hours[which & ~np.isnan(hours)]
        return float(np.median(known)) if len(known) else float("nan")

    done = [int((~np.isnan(cases.solved[which])).sum()) for which in inside]
    replied = (cases.answered < cases.solved).any() or (
        np.isnan(cases.solved) & ~np.isnan(cases.answered)
    ).any()
    first = column("answer", "Median hours to the first answer", "میانهٔ ساعت تا نخستین پاسخ")
    answers = [(first, np.array([median(cases.answered, which) for which in inside]))] if replied else []
    return Table.of(
        Text("Tickets by period", "تیکت‌ها در هر دوره"),
        period_of(found, places),
        (column("tickets", "Tickets", "تیکت‌ها", "count"), np.array([int(which.sum()) for which in inside])),
        (column("solved", "Solved", "حل‌شده", "count"), np.array(done)),
        *answers,
        (
            column("end", "Median hours to the solution", "میانهٔ ساعت تا حل"),
            np.array([median(cases.solved, which) for which in inside]),
        ),
    )


def urgent(found: Found) -> Table:
    """List the complaints that should be answered first."""
    told = found.told
    book = told.book
    rows = {
        (int(book.customer[row]), int(book.time[row])): row for row in np.flatnonzero(told.pressing)[::-1]
    }
    at = np.array([rows[key] for key in found.listed], np.int64)
    text = book.text[at]
    places = np.arange(len(at))
    why = told.fits[text].argmax(axis=1)
    return Table.of(
        Text("Complaints to answer first", "شکایت‌هایی که اول باید پاسخ بگیرند"),
        (column("words", "Words", "متن", "text"), [quoted(book.texts[one]) for one in text]),
        (column("why", "Why", "چرا", "category", choices=rules.NAMES), why),
        (column("urgency", "Urgency (0 to 100)", "فوریت (۰ تا ۱۰۰)"), told.urgent[text]),
        (column("time", "Written", "زمان", "moment"), book.time[at]),
        (
            column("customers", "Customer", "مشتری", "customers"),
            found.count(URGENT, places),
            found.opens(URGENT, places),
        ),
    )


def quotes(found: Found) -> Table:
    """Quote customers."""
    shown = (*found.ear.topics.shown, "—")
    topic = np.array([quote.topic for quote in found.quotes], np.int64)
    mood = np.array([quote.mood for quote in found.quotes], np.int64)
    of_topic = topic >= 0
    opens: list[Opens | None] = [
        found.opens(TOPIC, place, kind)[0] if place >= 0 else None
        for place, kind in zip(topic.tolist(), mood.tolist(), strict=True)
    ]
    count = np.where(of_topic, found.count(TOPIC, np.maximum(topic, 0), mood), 0)
    return Table.of(
        Text("In their own words", "به زبان خودشان"),
        (column("words", "Words", "متن", "text"), [quote.words for quote in found.quotes]),
        (column("mood", "Mood", "احساس", "category", choices=MOODS), mood),
        (column("topic", "Topic", "موضوع", "text"), [shown[one] for one in topic]),
        (
            column(
                "customers",
                "Customers who say so of the topic",
                "مشتریانی که دربارهٔ موضوع چنین می‌گویند",
                "customers",
            ),
            np.where(of_topic, count, np.nan),
            opens,
        ),
    )


def labels(found: Found) -> Table:
    """Count texts and customers by the company's own labels."""
    told, size = found.told, len(found.ear.labels)
    at = np.flatnonzero(told.label >= 0)
    own = told.book.label[at] >= 0
    total = np.bincount(told.label[at], minlength=size)
    order = np.argsort(-total, kind="stable")
    return Table.of(
        Text("By your own labels", "به تفکیک برچسب‌های خودتان"),
        (column("label", "Label", "برچسب", "text"), [found.ear.labels[one] for one in order]),
        (column("texts", "Texts", "نوشته‌ها", "count"), total[order]),
        (
            column("given", "Labelled by ganj", "برچسب‌خورده با گنج", "count"),
            np.bincount(told.label[at[~own]], minlength=size)[order],
        ),
        (
            column("complaining", "Customers complaining", "مشتریان گله‌مند", "customers"),
            found.count(LABELLED, order, NEGATIVE),
            found.opens(LABELLED, order, NEGATIVE),
        ),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            found.count(LABELLED, order),
            found.opens(LABELLED, order),
        ),
    )


def quality(found: Found) -> Table:
    """Say how far moods and labels can be trusted: on texts held out, beside simpler ways."""
    rows = [(Text("Mood", "احساس"), SOURCES[found.ear.judge.source], found.ear.judge.tried)]
    if found.ear.labels:
        used = SOURCES["own"] if found.ear.labeller is not None else Text("Not given", "داده نمی‌شود")
        rows.append((Text("Your labels", "برچسب‌های شما"), used, found.tried))
    tried = [one for _, _, one in rows]
    size = np.array([one.size if one else 0 for one in tried])
    right = np.array([one.right if one else 0 for one in tried])
    low, high = wilson(right, size)
    nan = float("nan")
    what = tuple((str(place), words) for place, (words, _, _) in enumerate(rows))
    how = tuple((str(place), words) for place, (_, words, _) in enumerate(rows))
    which = np.arange(len(rows))
    return Table.of(
        Text("How sure is this?", "چقدر می‌توان مطمئن بود؟"),
        (column("what", "What", "چه چیزی", "category", choices=what), which),
        (column("how", "How", "چگونه", "category", choices=how), which),
        (column("texts", "Texts held out", "نوشته‌های کنارگذاشته", "count"), size),
        (
            column("right", "Right", "درست", "percent"),
            np.array([100 * one.right / one.size if one else nan for one in tried]),
        ),
        (column("low", "At least", "دست‌کم", "percent"), 100 * low),
        (column("high", "At most", "دست‌بالا", "percent"), 100 * high),
        (
            column("naive", "Always the most frequent", "همیشه پرتکرارترین", "percent"),
            np.array([100 * one.naive / one.size if one else nan for one in tried]),
        ),
        (
            column("listed", "List of words", "فهرست واژه‌ها", "percent"),
            np.array([100 * one.listed / one.size if one and one.listed >= 0 else nan for one in tried]),
        ),
        (column("f1", "Mean F1", "میانگین F1", "ratio"), np.array([one.f1 if one else nan for one in tried])),
    )
