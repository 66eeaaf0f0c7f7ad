"""What was learned of customers' voice, and which customers are behind each figure.

Every figure counts customers of a *cell*: a number for a part of the report, a place in it (a period, a topic, a
band of waiting) and a class (complaint, neutral, praise).  The same rule gives a customer's cells when figures are
made and when customers are scored, so a figure opens exactly those it counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from ganj.calendar import Calendar, Period, buckets
from ganj.histories import Array
from ganj.miner import Opens, Where
from ganj.models.attitude import NPS
from ganj.models.words import urgency
from ganj.models.words.grams import counted
from ganj.models.words.linear import Linear
from ganj.models.words.moods import NEGATIVE, Judge, Tried
from ganj.models.words.terms import Topics
from ganj.views.voice_book import Book

ALL = 9
"""The class of a cell that holds every class."""
WIDE = 1_000_000
"""Cells of a part of the report."""
MARKED, ALL_MARKED, SOUNDED, TOPIC, WAITED, URGENT, LABELLED, KINDS, COMPLAINED = range(9)
EVERY_MARK, WRITTEN, TICKETS = range(3)
"""Places of the part `KINDS`."""
OF_WAITING, OF_OTHERS = range(2)
"""Places of the part `COMPLAINED`."""
BANDS = (1.0, 4.0, 12.0, 24.0, 72.0)
"""Hours that part the bands of waiting; after the last come those not yet solved."""
OPEN = len(BANDS) + 1
PRESSING = 40.0
"""Urgency from which a complaint cannot wait."""


def cell(part: int, place: Any, kind: Any = ALL) -> Any:
    """Return the number of a cell: at most 100,000 places of ten classes in a part."""
    return part * WIDE + np.asarray(place, np.int64) % 100_000 * 10 + kind


@dataclass(frozen=True, eq=False)
class Ear:
    """How customers are heard: everything that reading one customer needs, the same for all.

    Attributes
    ----------
    period, bucketing : of trends
    as_of, recent : µs; a complaint is pressing that was written within ``recent`` before ``as_of``
    scales : the scale of each survey
    judge, topics : of texts
    labels, labelled, labeller : own labels, the kinds of rows that have them, and what gives them to other texts
    """

    period: Period
    bucketing: tuple[Calendar, str, int]
    as_of: int
    recent: int
    scales: dict[tuple[str, str, bool], int]
    judge: Judge
    topics: Topics
    labels: tuple[str, ...] = ()
    labelled: tuple[int, ...] = ()
    labeller: Linear | None = None


@dataclass(frozen=True, eq=False)
class Told:
    """What is understood of a book's rows.

    Attributes
    ----------
    period : int64[n]
    scale, mark : int64[n], see `Book.scale` and `Book.classes`
    value : float64[texts], -1 complaint … 1 praise
    mood : int64[texts]
    fits : bool[texts, rules], see `ganj.models.words.urgency`
    urgent : float64[texts], 0 … 100
    spoken : texts and topics of each pair
    label : int64[n], own or given; -1 none
    pressing : bool[n], rows that may still wait for an answer
    """

    book: Book
    period: Array
    scale: Array
    mark: Array
    value: Array
    mood: Array
    fits: Array
    urgent: Array
    spoken: tuple[Array, Array]
    label: Array
    pressing: Array

    @property
    def written(self) -> Array:
        """bool[n], rows with a text."""
        return self.book.text >= 0


def understood(book: Book, ear: Ear) -> Told:
    """Understand every row of a book."""
    scale = book.scale(ear.scales)
    value, mood = ear.judge.moods(book.texts)
    fits = urgency.seen(book.texts)
    solved = np.zeros(len(book), bool)
    done = book.cases.row_solved >= 0
    solved[book.cases.row[done]] = True
    recent = book.time >= ear.as_of - ear.recent
    return Told(
        book=book,
        period=buckets(book.time, ear.period, *ear.bucketing),
        scale=scale,
        mark=book.classes(scale),
        value=value,
        mood=mood,
        fits=fits,
        urgent=urgency.urgency(fits, value),
        spoken=ear.topics.spoken(book.texts),
        label=_labels(book, ear),
        pressing=recent & ~solved & (book.text >= 0),
    )


def _labels(book: Book, ear: Ear) -> Array:
    """Return each row's own label, or the one its text is given; -1 where there is none."""
    code = {label: number for number, label in enumerate(ear.labels)}
    own = np.array([code.get(label, -1) for label in book.labels] + [-1], np.int64)[book.label]
    if ear.labeller is None or not book.texts:
        return own
    given = ear.labeller.chances(counted(book.texts)).argmax(axis=1)
    return np.where(
        (book.label < 0) & (book.text >= 0) & np.isin(book.kind, ear.labelled), given[book.text], own
    )


def cells(told: Told, listed: dict[tuple[int, int], int]) -> tuple[Array, Array]:
    """Return the cells of each customer, each pair once: customers int64[n] and numbers int64[n].

    Parameters
    ----------
    listed : the place of each pressing text in the report, by customer and time
    """
    book = told.book
    pairs = [
        _marks(told),
        _sounds(told),
        _topics(told),
        _waits(told),
        _labelled(told),
        _kinds(told),
        _listed(told, listed),
        _complaints(told),
    ]
    customer = np.concatenate([book.customer[row] for row, _ in pairs])
    number = np.concatenate([number for _, number in pairs]).astype(np.int64)
    both = np.unique(np.stack((customer, number)), axis=1)
    return both[0], both[1]


Pairs = tuple[Array, Array]
"""Rows int64[n] and the cells they belong to."""


def _with_all(row: Array, part: int, place: Array, kind: Array) -> Pairs:
    return np.tile(row, 2), np.concatenate((cell(part, place, kind), cell(part, place)))


def _marks(told: Told) -> Pairs:
    at = np.flatnonzero(told.mark >= 0)
    scale, mark = told.scale[at], told.mark[at]
    row, one = _with_all(at, MARKED, told.period[at] % 20_000 + 20_000 * scale, mark)
    same, every = _with_all(at, ALL_MARKED, scale, mark)
    return np.concatenate((row, same)), np.concatenate((one, every))


def _sounds(told: Told) -> Pairs:
    at = np.flatnonzero(told.written)
    return _with_all(at, SOUNDED, told.period[at], told.mood[told.book.text[at]])


def complaints(told: Told) -> tuple[Array, Array]:
    """Return the rows that complain in words, int64[n], and whether each is `OF_WAITING` or `OF_OTHERS`."""
    at = np.flatnonzero(told.written)
    at = at[told.mood[told.book.text[at]] == NEGATIVE]
    waiting = told.fits[told.book.text[at], urgency.WAITING]
    return at, np.where(waiting, OF_WAITING, OF_OTHERS)


def _complaints(told: Told) -> Pairs:
    at, what = complaints(told)
    return at, cell(COMPLAINED, what)


def _topics(told: Told) -> Pairs:
    """Return each row that speaks of a topic with the topic and the mood of its text."""
    row, topic = speaking(told)
    return _with_all(row, TOPIC, topic, told.mood[told.book.text[row]])


def speaking(told: Told) -> Pairs:
    """Return the rows that speak of a topic and the topic, one pair a row and topic."""
    text, topic = told.spoken
    rows = np.flatnonzero(told.written)
    order = rows[np.argsort(told.book.text[rows], kind="stable")]
    of = told.book.text[order]
    first, last = np.searchsorted(of, text), np.searchsorted(of, text, side="right")
    sizes = last - first
    place = np.repeat(first - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes) if len(sizes) else first
    return order[place + np.arange(len(place))], np.repeat(topic, sizes)


def band(hours: Array) -> Array:
    """Return the band of each wait, int64[n]; `OPEN` for those without an end."""
    return np.where(np.isnan(hours), OPEN, np.digitize(hours, BANDS))


def _waits(told: Told) -> Pairs:
    cases = told.book.cases
    return cases.row, cell(WAITED, band(cases.solved))


def _labelled(told: Told) -> Pairs:
    at = np.flatnonzero(told.label >= 0)
    text = told.book.text[at]
    mood = np.where(text >= 0, np.append(told.mood, ALL)[text], ALL)
    return _with_all(at, LABELLED, told.label[at], mood)


def _kinds(told: Told) -> Pairs:
    """Return who marked, who wrote and who opened a ticket."""
    rows = [np.flatnonzero(told.mark >= 0), np.flatnonzero(told.written), told.book.cases.row]
    places = np.repeat(np.arange(3), [len(row) for row in rows])
    return np.concatenate(rows), cell(KINDS, places)


def _listed(told: Told, listed: dict[tuple[int, int], int]) -> Pairs:
    book = told.book
    at = np.flatnonzero(told.pressing) if listed else np.zeros(0, np.int64)
    places = [listed.get((int(book.customer[row]), int(book.time[row])), -1) for row in at]
    place = np.array(places, np.int64)
    return at[place >= 0], cell(URGENT, place[place >= 0])


@dataclass(frozen=True, eq=False)
class Quote:
    """A text that stands for many: the topic (-1 none), its mood, the words as shown, and how many customers it speaks for."""

    topic: int
    mood: int
    words: str


@dataclass(frozen=True, eq=False)
class Found:
    """Everything the report says.

    Attributes
    ----------
    ear : how customers were heard
    told : what was understood of all rows (of a sample of the customers where ``level`` is above 0)
    listed : see `cells`
    customers : customers of each cell
    quotes : chosen texts
    tried : how well own labels are given
    people : all customers, heard or not
    """

    ear: Ear
    told: Told
    people: int
    level: int
    listed: dict[tuple[int, int], int] = field(default_factory=dict)
    customers: dict[int, int] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()
    tried: Tried | None = None
    heard: int = 0
    pressing: int = 0

    def count(self, part: int, places: Any, kind: Any = ALL) -> Array:
        """Return the customers of cells: int64[n]."""
        numbers = np.atleast_1d(cell(part, places, kind))
        return np.array([self.customers.get(int(one), 0) for one in numbers], np.int64)

    def opens(self, part: int, places: Any, kind: Any = ALL) -> list[Opens | None]:
        """Open cells; of a sample nothing is opened, since the number is not that of all customers."""
        numbers = np.atleast_1d(cell(part, places, kind)).tolist()
        return [None if self.level else (Where("said", "has", int(one)),) for one in numbers]

    def opening(self, *where: Where) -> list[Opens | None]:
        """Open one condition, where all customers are known."""
        return [None if self.level else where]


def traits(told: Told, people: Array, listed: dict[tuple[int, int], int]) -> dict[str, Any]:
    """Say of each customer, int64[n] ascending, how they sound; see `ganj.miners.voice.Voice.scored`."""
    book = told.book
    owner = np.searchsorted(people, book.customer)
    size = len(people)
    known, number = cells(told, listed)
    ends = np.cumsum(np.bincount(np.searchsorted(people, known), minlength=size))
    said = pa.ListArray.from_arrays(pa.array(np.append(0, ends), pa.int32()), pa.array(number, pa.int64()))
    written = np.flatnonzero(told.written)
    texts = np.bincount(owner[written], minlength=size)
    sums = np.bincount(owner[written], told.value[book.text[written]], size)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums / texts
    latest = _latest(owner[written], told.mood[book.text[written]], size)
    pressed = np.flatnonzero(told.pressing)
    urgent = np.zeros(size)
    np.maximum.at(urgent, owner[pressed], told.urgent[book.text[pressed]])
    cases = book.cases
    longest = np.full(size, np.nan)
    np.fmax.at(longest, owner[cases.row], cases.solved)
    heard = np.bincount(owner[_heard(told)], minlength=size)
    promoting = np.flatnonzero((told.scale == NPS) & (told.mark >= 0))
    return {
        "heard": heard,
        "nps_class": _latest(owner[promoting], told.mark[promoting], size),
        "sentiment": latest,
        "sentiment_score": 100 * mean,
        "urgency": urgent,
        "urgent_why": _why(told, owner, pressed, size),
        "longest_wait": longest,
        "said": said,
    }


def _heard(told: Told) -> Array:
    """Return the rows by which customers were heard: marks, texts and tickets."""
    opened = np.zeros(len(told.book), bool)
    opened[told.book.cases.row] = True
    return np.flatnonzero((told.mark >= 0) | told.written | opened)


def _latest(owner: Array, code: Array, size: int) -> Array:
    """Return each customer's last code, int32[size]; -1 for none.  Rows are in order of time."""
    out = np.full(size, -1, np.int32)
    out[owner] = code
    return out


def _why(told: Told, owner: Array, pressed: Array, size: int) -> Array:
    """Return the weightiest reason why a customer's complaint is urgent, int32[size]; -1 for none."""
    text = told.book.text[pressed]
    urgent = told.urgent[text] > 0
    pressed, text = pressed[urgent], text[urgent]
    order = np.argsort(told.urgent[text], kind="stable")
    first = told.fits[text[order]].argmax(axis=1) if len(order) else np.zeros(0, np.int64)
    return _latest(owner[pressed[order]], first, size)


def reach(told: Told) -> int:
    """Count the customers who said anything."""
    return len(np.unique(told.book.customer[_heard(told)]))
