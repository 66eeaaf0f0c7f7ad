"""What customers said, laid out in arrays: different texts once, tickets with their waits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.histories import DAY, HOUR, SECOND, Array
from ganj.models.attitude import SCALES
from ganj.models.words.moods import NEGATIVE, NEUTRAL, POSITIVE
from ganj.persian import match_form
from ganj.views.voice_fold import ANSWER, OPENED, REPLIED, REVIEW, SOLVED, TEAM

AFTER = 7 * DAY
"""A mark given this soon after a ticket was solved is about it."""
NEVER = np.iinfo(np.int64).max
MOODS = {
    match_form(word): mood
    for mood, words in (
        (NEGATIVE, "negative neg bad -1 -2 منفی بد ناراضی"),
        (NEUTRAL, "neutral neu mixed 0 خنثی معمولی"),
        (POSITIVE, "positive pos good great 1 2 مثبت خوب راضی"),
    )
    for word in words.split()
}
"""How people write a mood beside a text."""


@dataclass(frozen=True, eq=False)
class Book:
    """Rows of `ganj.views.voice_fold.SCHEMA`, by customer and time.

    Attributes
    ----------
    customer, time, kind, score : as in the schema
    text : int64[n], places in ``texts``; -1 where nothing is written
    texts : different texts, sorted
    survey : int64[n], places in ``surveys``; -1 where there is no mark
    surveys : names by which a mark's scale is known: kind, survey, and whether it is a review
    label : int64[n], places in ``labels``; -1 where there is none
    labels : sorted
    mood : int64[n], the mood written beside the text; -1 where there is none
    ticket : int64[n], the same for rows of one ticket; -1 where no number is known
    team : bool[n], replies that are not the customer's
    """

    customer: Array
    time: Array
    kind: Array
    score: Array
    text: Array
    texts: list[str]
    survey: Array
    surveys: list[tuple[str, str, bool]]
    label: Array
    labels: list[str]
    mood: Array
    ticket: Array
    team: Array

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.customer)

    @classmethod
    def of(cls, rows: pa.Table) -> Book:
        """Lay rows out; they come in the order of customers and time."""
        kind, score = rows["kind"].to_numpy(), rows["score"].to_numpy()
        text, texts = _coded(rows["words"])
        label, labels = _coded(rows["label"])
        mood, moods = _coded(rows["mood"])
        by, names = _coded(rows["by"])
        marked = ((kind == ANSWER) | (kind == REVIEW)) & ~np.isnan(score)
        survey, surveys = _surveys(rows, marked)
        said = np.array([MOODS.get(match_form(one), -1) for one in moods] + [-1], np.int64)
        ours = np.array([one.lower() in TEAM for one in names] + [True])
        replied = kind == REPLIED
        return cls(
            customer=rows["customer"].to_numpy().astype(np.int64),
            time=rows["time"].to_numpy(),
            kind=kind,
            score=score,
            text=np.where((kind == SOLVED) | (replied & ours[by]), -1, text),
            texts=texts,
            survey=survey,
            surveys=surveys,
            label=np.where((kind == SOLVED) | (kind == REPLIED), -1, label),
            labels=labels,
            mood=said[mood],
            ticket=_coded(rows["ticket"])[0],
            team=replied & ours[by],
        )

    def scale(self, known: dict[tuple[str, str, bool], int]) -> Array:
        """Return the scale of each row's mark, int64[n]; -1 where there is none."""
        codes = np.array([known.get(name, -1) for name in self.surveys] + [-1], np.int64)
        return codes[self.survey]

    def classes(self, scale: Array) -> Array:
        """Return whether each mark is low, middle or high, int64[n]; -1 where there is none."""
        out = np.full(len(self), -1, np.int64)
        for code, one in enumerate(SCALES):
            at = np.flatnonzero(scale == code)
            out[at] = one.classes(self.score[at])
        return out

    @cached_property
    def cases(self) -> Cases:
        """The tickets."""
        return _cases(self)


@dataclass(frozen=True, eq=False)
class Cases:
    """Tickets: places of their rows, hours until the first answer and the end (nan: not yet), mark after (nan: none)."""

    row: Array
    answered: Array
    solved: Array
    row_solved: Array

    def marks(self, book: Book, scale: Array, wanted: int) -> Array:
        """Return the first mark on a scale that the customer gave soon after the end: float64[cases]."""
        given = np.flatnonzero(scale == wanted)
        base = int(book.time.min(initial=0))
        key = (book.customer << 32) | (book.time - base) // SECOND
        done = self.row_solved >= 0
        after = np.full(len(self.row), np.nan)
        ended = key[self.row_solved[done]]
        place = np.searchsorted(key[given], ended)
        inside = place < len(given)
        found = np.where(inside, place, 0)
        if len(given):
            near = inside & (key[given][found] - ended <= AFTER // SECOND)
            after[np.flatnonzero(done)] = np.where(near, book.score[given][found], np.nan)
        return after


def _coded(column: pa.ChunkedArray) -> tuple[Array, list[str]]:
    """Return a column as places in its different texts, sorted: int64[n], -1 for none."""
    labels = sorted(one for one in pc.unique(column).to_pylist() if one is not None)
    codes = pc.index_in(column, value_set=pa.array(labels, pa.string()))
    return pc.fill_null(codes, -1).to_numpy().astype(np.int64), labels


def _surveys(rows: pa.Table, marked: Array) -> tuple[Array, list[tuple[str, str, bool]]]:
    """Return what names the scale of each mark, as places: int64[n], -1 without a mark."""
    kind, kinds = _coded(rows["scale"])
    name, names = _coded(rows["survey"])
    review = rows["kind"].to_numpy() == REVIEW
    key = ((kind + 1) * (len(names) + 1) + name + 1) * 2 + review
    found, place = np.unique(key[marked], return_inverse=True)
    out = np.full(len(marked), -1, np.int64)
    out[marked] = place.reshape(-1)
    return out, [
        (
            (["", *kinds])[one // 2 // (len(names) + 1)],
            (["", *names])[one // 2 % (len(names) + 1)],
            bool(one % 2),
        )
        for one in found.tolist()
    ]


def _cases(book: Book) -> Cases:
    """Follow each ticket to its first answer and its end."""
    order = np.lexsort((book.kind, book.time, book.ticket, book.customer))
    kind = book.kind[order]
    opened = np.flatnonzero(kind == OPENED)
    group = np.zeros(len(order), np.int64)
    group[1:] = np.cumsum((np.diff(book.customer[order]) != 0) | (np.diff(book.ticket[order]) != 0))
    ends = kind == SOLVED
    row, solved = order[opened], _next(ends, group)[opened]
    answered = _next(ends | book.team[order], group)[opened]
    place = np.where(solved >= 0, order[solved], -1)
    waits = [
        np.where(next_ >= 0, (book.time[order[next_]] - book.time[row]) / HOUR, np.nan)
        for next_ in (answered, solved)
    ]
    return Cases(row, waits[0], waits[1], place)


def _next(wanted: Array, group: Array) -> Array:
    """Return for each place the next one of its group that is wanted: int64[n], -1 where there is none."""
    places = np.where(wanted, np.arange(len(wanted)), len(wanted))
    ahead = np.minimum.accumulate(places[::-1])[::-1]
    there = ahead < len(wanted)
    found = np.where(there, ahead, 0)
    same: Array = there & (group[found] == group) if len(group) else there
    return np.where(same, found, -1)
