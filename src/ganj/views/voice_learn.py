"""Learning how customers sound and what they speak of, from everything they said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ganj.histories import Array
from ganj.models.attitude import SCALES
from ganj.models.words.linear import Linear
from ganj.models.words.masking import quoted
from ganj.models.words.moods import NEGATIVE, POSITIVE, Judge, Tried, judge, taught
from ganj.models.words.quotes import central
from ganj.models.words.terms import NOTHING, Topics, keyness, topics
from ganj.views.voice_book import Book
from ganj.views.voice_found import Quote, Told, speaking

SHOWN = 20
"""Urgent complaints that are listed."""
WHOLE, OF_TOPIC, TOPICS_QUOTED = 3, 1, 5
"""Quotations of all complaints (and of all praise), of one topic, and topics that are quoted."""
MOST_LABELS = 100
FEW_WORDS = 20
"""Texts below which no topics are sought."""


def scales_of(book: Book, unnamed: str) -> dict[tuple[str, str, bool], int]:
    """Decide on the scale of every survey: by its kind, its name, or its largest mark."""
    known = {scale.name: number for number, scale in enumerate(SCALES)}
    return {
        survey: _scale(survey, book.score[book.survey == place], known, unnamed)
        for place, survey in enumerate(book.surveys)
    }


def _scale(survey: tuple[str, str, bool], marks: Array, known: Mapping[str, int], unnamed: str) -> int:
    kind, name, review = survey
    if kind.lower() in known:
        return known[kind.lower()]
    named = [code for scale, code in known.items() if scale in name.lower()]
    if named:
        return named[0]
    if review:
        return known["stars"]
    if unnamed in known:
        return known[unnamed]
    low, high = float(marks.min()), float(marks.max())
    fits = [name for name, most in (("csat", 5), ("ces", 7), ("nps", 10)) if high <= most and low >= 0]
    return known[fits[0]] if fits and (fits[0] == "nps" or low >= 1) else known["nps"] if fits else -1


def judged(book: Book, scales: dict[tuple[str, str, bool], int]) -> Judge:
    """Learn how texts sound from the moods and marks that stand beside them."""
    mood = np.where(book.mood >= 0, book.mood, book.classes(book.scale(scales)))
    texts, mood = _oldest_first(book, mood)
    return judge(texts, mood)


def labelled(book: Book) -> tuple[tuple[str, ...], tuple[int, ...], Linear | None, Tried | None]:
    """Learn to give own labels: the labels, the kinds of rows that carry them, the model and how it did."""
    often = np.bincount(book.label[book.label >= 0], minlength=len(book.labels))
    kept = np.sort(np.argsort(-often, kind="stable")[:MOST_LABELS])
    code = np.full(len(book.labels) + 1, -1, np.int64)
    code[kept] = np.arange(len(kept))
    own = code[book.label]
    kinds = tuple(np.unique(book.kind[own >= 0]).tolist())
    texts, classes = _oldest_first(book, own)
    model, tried = taught(texts, classes, max(len(kept), 1))
    if tried is None or not tried.good:
        model = None
    return tuple(book.labels[place] for place in kept), kinds, model, tried


def _oldest_first(book: Book, classes: Array) -> tuple[list[str], Array]:
    """Return different texts that have a class, in order of when they were first written, and their classes."""
    at = np.flatnonzero((book.text >= 0) & (classes >= 0))
    at = at[np.argsort(book.time[at], kind="stable")]
    _, first = np.unique(book.text[at], return_index=True)
    at = at[np.sort(first)]
    return [book.texts[place] for place in book.text[at]], classes[at]


def weight_of(book: Book) -> Array:
    """Count how often each text was written, int64[texts]."""
    return np.bincount(book.text[book.text >= 0], minlength=len(book.texts))


def topics_of(book: Book) -> Topics:
    """Choose what is followed."""
    weight = weight_of(book)
    return topics(book.texts, weight) if int(weight.sum()) >= FEW_WORDS else NOTHING


def moods_of_topics(told: Told, size: int) -> Array:
    """Count the rows that speak of each topic by their mood: int64[size, 3]."""
    row, topic = speaking(told)
    mood = told.mood[told.book.text[row]]
    return np.bincount(topic * 3 + mood, minlength=3 * size).reshape(size, 3)


def key_of_topics(counts: Array) -> Array:
    """Say how much each topic belongs to complaints, see `ganj.models.words.terms.keyness`: float64[topics]."""
    return keyness(counts[:, NEGATIVE], counts[:, POSITIVE])


def most_pressing(told: Told, least: float) -> dict[tuple[int, int], int]:
    """List the complaints that should be answered first: their place by customer and time."""
    book = told.book
    at = np.flatnonzero(told.pressing)
    weight = told.urgent[book.text[at]]
    at, weight = at[weight >= least], weight[weight >= least]
    order = at[np.lexsort((book.customer[at], -book.time[at], -weight))]
    listed: dict[tuple[int, int], int] = {}
    for row in order:
        if len(listed) < SHOWN:
            listed.setdefault((int(book.customer[row]), int(book.time[row])), len(listed))
    return listed


def quotes_of(told: Told, key: Array) -> tuple[Quote, ...]:
    """Choose quotations: of all complaints, of all praise, and of what is most complained of and praised."""
    found: list[Quote] = []
    for mood, order in (
        (NEGATIVE, np.argsort(-key, kind="stable")),
        (POSITIVE, np.argsort(key, kind="stable")),
    ):
        every = np.unique(told.book.text[told.written])
        found += _quotes(told, (-1, mood), every, found)
        leaning = [int(one) for one in order if (key[one] > 0) == (mood == NEGATIVE) and key[one] != 0]
        for topic in leaning[:TOPICS_QUOTED]:
            found += _quotes(told, (topic, mood), told.spoken[0][told.spoken[1] == topic], found)
    return tuple(found)


def _quotes(told: Told, of: tuple[int, int], texts: Array, before: Sequence[Quote]) -> list[Quote]:
    """Choose quotations of a topic (-1: of all) and a mood that were not chosen before."""
    topic, mood = of
    texts = texts[told.mood[texts] == mood]
    weight = weight_of(told.book)[texts]
    count = WHOLE if topic < 0 else OF_TOPIC
    chosen = central([told.book.texts[one] for one in texts], weight, count + len(before))
    quotes = [Quote(topic, mood, quoted(told.book.texts[texts[one]])) for one in chosen]
    used = {quote.words for quote in before}
    return [quote for quote in quotes if quote.words not in used][:count]
