"""Voice: what do customers say, and how do they feel about us?"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ganj.calendar import PERIOD_NAMES
from ganj.errors import BadParameter
from ganj.filters import reading
from ganj.histories import DAY, Histories
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.models.words import urgency
from ganj.parameters import Duration, in_words, param
from ganj.text import Text
from ganj.views.voice import MARKS, report
from ganj.views.voice_book import Book
from ganj.views.voice_fold import Heard, Names, heard
from ganj.views.voice_found import PRESSING, Ear, Found, cells, reach, traits, understood
from ganj.views.voice_learn import (
    judged,
    key_of_topics,
    labelled,
    moods_of_topics,
    most_pressing,
    quotes_of,
    scales_of,
    topics_of,
)
from ganj.views.voice_tables import MOODS


class Voice(Miner[Heard, Found], frozen=True, kw_only=True):
    """Hear what customers say in surveys, reviews and tickets: figures of attitude, moods, topics, urgency, waiting.

    Marks become the figures of the field (NPS, shares of the satisfied) with their intervals, period by period.  How a
    text sounds is learned from the marks beside texts, tried on the latest fifth of them and used only if it beats a
    list of words and the most frequent answer; else the list judges.  Nothing is sent anywhere, and what
    customers wrote stays text.

    Notes
    -----
    State: marks, tickets and texts of at most 2,000 letters, up to 2,097,152 rows and 64 MB of text: exact up to
    as many; of more, every second, fourth … customer is heard, drawn by lot, as the report then says.  One pass.
    Source: Reichheld, HBR 2003; Rocks, The American Statistician 70, 2016; Wang & Manning, ACL 2012; Monroe, Colaresi &
    Quinn, Political Analysis 16, 2008.
    """

    title = Text("Voice of customers", "صدای مشتری")
    question = Text("What do customers say, and how do they feel?", "مشتریان چه می‌گویند و چه احساسی دارند؟")
    scored = (
        column("heard", "Times heard", "دفعات شنیده‌شدن", "count"),
        column("nps_class", "NPS group", "گروه NPS", "category", choices=MARKS[0]),
        column("sentiment", "Mood of the latest words", "احساس آخرین گفته", "category", choices=MOODS),
        column("sentiment_score", "Mood (-100 to 100)", "نمرهٔ احساس (۱۰۰- تا ۱۰۰)"),
        column("urgency", "Urgency of the complaint (0 to 100)", "فوریت شکایت (۰ تا ۱۰۰)"),
        column("urgent_why", "Why it is urgent", "دلیل فوریت", "category", choices=urgency.NAMES),
        column("longest_wait", "Longest wait for a solution (hours)", "بلندترین انتظار تا حل تیکت (ساعت)"),
        column("said", "What was said", "گفته‌ها", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"label": "topic"}

    period: Annotated[
        Literal["week", "month", "quarter", "year"], param("Period", "دوره", choices=PERIOD_NAMES)
    ] = "quarter"
    recent: Annotated[
        Duration,
        param(
            "Complaints are urgent for",
            "شکایت تا چه مدت فوری است",
            help=Text(
                "Older complaints, and tickets that are solved, are not urgent any more.",
                "شکایت قدیمی‌تر، و تیکتی که حل شده، دیگر فوری به شمار نمی‌آید.",
            ),
        ),
    ] = Duration(days=14)
    label: Annotated[
        str,
        param(
            "Own labels",
            "برچسب‌های خودتان",
            of="item",
            help=Text(
                "A property such as the topic of tickets; texts without it are labelled by what is learned.",
                "ویژگی‌ای مانند موضوع تیکت؛ متن‌های بی‌برچسب با آنچه آموخته می‌شود برچسب می‌گیرند.",
            ),
        ),
    ] = ""
    mood: Annotated[
        str,
        param(
            "Moods set by hand",
            "احساسِ تعیین‌شدهٔ دستی",
            of="item",
            help=Text(
                "A property with positive, neutral or negative; else the marks beside texts are learned from.",
                "ویژگی‌ای با مقدار مثبت، خنثی یا منفی؛ وگرنه از امتیازهای کنار متن‌ها آموخته می‌شود.",
            ),
        ),
    ] = ""
    scale: Annotated[
        Literal["auto", "nps", "csat", "ces"],
        param(
            "Scale of unnamed surveys",
            "مقیاس نظرسنجی‌های بی‌نام",
            choices={
                "auto": Text("By the largest mark", "از روی بزرگ‌ترین امتیاز"),
                "nps": Text("NPS, 0 to 10", "NPS، از ۰ تا ۱۰"),
                "csat": Text("CSAT, 1 to 5", "CSAT، از ۱ تا ۵"),
                "ces": Text("CES, 1 to 7", "CES، از ۱ تا ۷"),
            },
            advanced=True,
        ),
    ] = "auto"
    texts: Annotated[
        tuple[str, ...],
        param("Properties with texts", "ویژگی‌های متنی", of="item", min_length=1, max_length=8, advanced=True),
    ] = ("words", "text", "subject")
    mark: Annotated[str, param("Property with marks", "ویژگی امتیاز", of="item", advanced=True)] = "score"
    ticket: Annotated[
        tuple[str, ...],
        param(
            "Properties with a ticket's number", "ویژگی شمارهٔ تیکت", of="item", max_length=4, advanced=True
        ),
    ] = ("record", "ticket")
    answers: Annotated[
        tuple[str, ...], param("Answers to surveys", "پاسخ نظرسنجی", of="event", max_length=8, advanced=True)
    ] = ("Survey Answered",)
    reviews: Annotated[
        tuple[str, ...], param("Reviews", "نظرها", of="event", max_length=8, advanced=True)
    ] = ("Product Reviewed",)
    opened: Annotated[
        tuple[str, ...], param("Tickets opened", "بازشدن تیکت", of="event", max_length=8, advanced=True)
    ] = ("Ticket Opened",)
    replied: Annotated[
        tuple[str, ...], param("Replies to tickets", "پاسخ تیکت", of="event", max_length=8, advanced=True)
    ] = ("Ticket Replied",)
    solved: Annotated[
        tuple[str, ...], param("Tickets solved", "حل‌شدن تیکت", of="event", max_length=8, advanced=True)
    ] = ("Ticket Solved",)

    def __post_init__(self) -> None:
        """Refuse a time of no length."""
        if self.recent < Duration(hours=1):
            why = Text("it is too short.", "بیش از اندازه کوتاه است.")
            raise BadParameter(parameter="recent", value=in_words(self.recent), why=why)

    def reads(self) -> Reads:
        names = self._names
        wanted = Reads(properties=names.properties, numbers=(self.mark,) if self.mark else (), lots=True)
        return reading(wanted, names.selectors)

    def scan(self, histories: Histories) -> Heard:
        known = int((histories.customer >= 0).sum())
        return Heard((heard(histories, self._names),), known).fitted()

    def learn(self, state: Heard) -> Found:
        book = Book.of(state.whole())
        scales = scales_of(book, self.scale)
        labels, kinds, labeller, tried = labelled(book)
        ear = Ear(
            period=self.period,
            bucketing=self.bucketing,
            as_of=self._as_of(book),
            recent=self.recent // Duration(microseconds=1),
            scales=scales,
            judge=judged(book, scales),
            topics=topics_of(book),
            labels=labels,
            labelled=kinds,
            labeller=labeller,
        )
        told = understood(book, ear)
        listed = most_pressing(told, PRESSING)
        numbers, customers = np.unique(cells(told, listed)[1], return_counts=True)
        pressed = told.pressing.copy()
        pressed[pressed] = told.urgent[book.text[pressed]] >= PRESSING
        found = Found(
            ear=ear,
            told=told,
            people=state.customers,
            level=state.level,
            listed=listed,
            customers=dict(zip(numbers.tolist(), customers.tolist(), strict=True)),
            tried=tried,
            heard=reach(told),
            pressing=len(np.unique(book.customer[pressed])),
        )
        key = key_of_topics(moods_of_topics(told, len(ear.topics.terms)))
        return replace(found, quotes=quotes_of(told, np.nan_to_num(key)))

    def report(self, model: Found) -> Report:
        return report(model)

    def score(self, histories: Histories, model: Found) -> Scores:
        people = histories.customer[histories.customer >= 0].astype(np.int64)
        told = understood(Book.of(heard(histories, self._names)), model.ear)
        return Scores(people.astype(np.int32), traits(told, people, model.listed))

    @property
    def _names(self) -> Names:
        events = (self.answers, self.reviews, self.opened, self.replied, self.solved)
        return Names(events, self.texts, self.mark, self.ticket, self.label, self.mood)

    def _as_of(self, book: Book) -> int:
        """Return the end of what is heard: µs UTC."""
        end = self.instant(self.until)
        return int(book.time.max(initial=0)) + DAY if end is None else end
