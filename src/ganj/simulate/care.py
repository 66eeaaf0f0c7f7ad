"""Attitude: tickets and how long they wait, answers to surveys, reviews."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ganj.histories import DAY, HOUR, Array
from ganj.simulate.baskets import Lines, bruised
from ganj.simulate.buying import OUTAGE, PLACED, Orders, in_slump
from ganj.simulate.catalogue import Products
from ganj.simulate.clock import Clock, dice
from ganj.simulate.facts import Facts, objects, part, picked, said, whole
from ganj.simulate.people import People
from ganj.simulate.phrases import (
    AGENTS,
    ARABIC,
    ASPECTS,
    CLOSINGS,
    FOR_WHOM,
    LATE,
    LAZY,
    NPS_WORDS,
    OPENINGS,
    PAYMENT,
    SINCE,
    SUBJECTS,
    TICKET_CHANNELS,
    TOPIC_SHARES,
    TOPICS,
)
from ganj.simulate.world import World

SECOND = 1_000_000
QUARTER = 91  # days
ANGRY = 0.3  # of those whose payment failed, who write
MOODS = ("bad", "fair", "good")

Shop = tuple[Orders, People, Clock, World]


@dataclass(frozen=True, eq=False)
class Tickets:
    """Tickets as columns.

    Attributes
    ----------
    order : int64[n], position of the order they are about
    topic : int64[n], position in `TOPICS`
    opened, solved : int64[n], µs UTC; solved may lie beyond the period
    mark : int64[n], 1–5 for how it was handled; 0 not answered
    """

    order: Array
    topic: Array
    opened: Array
    solved: Array
    mark: Array


def tickets(shop: Shop, seed: int) -> Tickets:
    """Draw the tickets: of all orders, more where the courier is late or the payment failed."""
    bought, crowd, time, world = shop
    rng = dice(seed, "tickets")
    late = in_slump(bought.customer, bought.time, crowd, time, world) & (bought.fate == PLACED)
    chance = np.where(late, world.slump.late_tickets, world.care.tickets)
    chance = np.select([bought.fate == OUTAGE, bought.fate == PLACED], [ANGRY, chance], 0.0)
    order = np.flatnonzero(rng.random(len(bought)) < chance)
    topic = rng.choice(len(TOPICS), len(order), p=TOPIC_SHARES)
    blamed = late[order] & (rng.random(len(order)) < 0.8)
    topic = np.select([bought.fate[order] == OUTAGE, blamed], [PAYMENT, LATE], topic)
    after = np.where(
        topic == PAYMENT, rng.exponential(0.3 * HOUR, len(order)), rng.gamma(2, 1.6 * DAY, len(order))
    )
    opened = bought.time[order] + _seconds(after) + 60 * SECOND
    care = world.care
    hours = rng.lognormal(np.log(care.wait_median), care.wait_sigma, len(order))
    content = crowd.satisfaction[bought.customer[order]]
    felt = care.mark - care.wait_hurts * np.log1p(hours / 24) + care.content * content
    mark = np.clip(np.round(felt + rng.normal(0, care.noise, len(order))), 1, 5).astype(np.int64)
    answered = rng.random(len(order)) < care.answered
    keep = opened < time.last
    drawn = (order, topic, opened, opened + _seconds(hours * HOUR), np.where(answered, mark, 0))
    return Tickets(*(column[keep] for column in drawn))


def _seconds(span: Array) -> Array:
    return span.astype(np.int64) // SECOND * SECOND


def ticket_facts(cases: Tickets, shop: Shop, cards: pa.Array, seed: int) -> list[Facts]:
    """Return tickets opened, solved, and the answers after them."""
    bought, _, time, _ = shop
    rng = dice(seed, "ticket words")
    number = np.arange(len(cases.order)) + 1
    label = said("record", (f"T{n:06d}" for n in number))
    topic = part("topic", TOPICS, cases.topic)
    agent = part("agent", AGENTS, rng.integers(0, len(AGENTS), len(number)))
    words = rng.integers(0, 4, len(number))
    subject = said("words", (SUBJECTS[t][w] for t, w in zip(cases.topic, words, strict=True)))
    channel = picked(TICKET_CHANNELS, rng.choice(3, len(number), p=(0.5, 0.3, 0.2)))
    who = cards.take(pa.array(bought.customer[cases.order]))
    common = {"customer_id": who, "source": "helpdesk", "channel": channel}
    done = pa.array(cases.solved < time.last)
    hours = whole("hours", (cases.solved - cases.opened) // HOUR)
    about = {"properties": objects(label, topic, agent, hours)}
    solved = {name: _filter(column, done) for name, column in (common | about).items()}
    asked = cases.solved + 2 * HOUR
    marked = (cases.mark > 0) & (asked < time.last)
    return [
        Facts("Ticket Opened", cases.opened, {**common, "properties": objects(label, topic, subject)}),
        Facts("Ticket Solved", cases.solved[np.asarray(done)], solved),
        _answers("CSAT", asked[marked], who.filter(pa.array(marked)), (cases.mark[marked], None)),
    ]


def _filter(column: pa.Array | str, keep: pa.Array) -> pa.Array | str:
    return column if isinstance(column, str) else column.filter(keep)


def _answers(
    survey: str, moment: Array, who: pa.Array, answer: tuple[Array, list[str | None] | None]
) -> Facts:
    """Return answers to a survey: a mark and perhaps words."""
    score, words = answer
    members = [part("survey", (survey,), np.zeros(len(score), np.int64)), whole("score", score)]
    if words is not None:
        members.append(said("words", words))
    columns = {"customer_id": who, "source": "survey", "channel": "sms", "properties": objects(*members)}
    return Facts("Survey Answered", moment, columns)


def promoters(shop: Shop, cards: pa.Array, seed: int) -> Facts:
    """Return the quarterly answers, 0–10, to whether one would recommend the shop (NPS)."""
    bought, crowd, time, world = shop
    rng, care = dice(seed, "nps"), world.care
    placed = bought.fate == PLACED
    customers, moments = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for end in range(QUARTER - 1, len(time.day), QUARTER):
        asked = int(time.edge[24 * end])
        known = np.unique(bought.customer[placed & (bought.time < asked)])
        picked_ = known[rng.random(len(known)) < care.nps]
        customers.append(picked_)
        moments.append(asked + rng.integers(9 * 3600, 20 * 3600, len(picked_)) * SECOND)
    customer, moment = np.concatenate(customers), np.concatenate(moments)
    felt = care.nps_mark + care.nps_content * crowd.satisfaction[customer]
    score = np.clip(np.round(felt + rng.normal(0, care.nps_noise, len(customer))), 0, 10).astype(np.int64)
    mood = np.select([score <= 6, score <= 8], [0, 1], 2)
    words = [_reason(MOODS[m], u) for m, u in zip(mood, rng.random(len(mood)), strict=True)]
    keep = moment < time.last
    who = cards.take(pa.array(customer[keep]))
    kept = [word for word, k in zip(words, keep, strict=True) if k]
    return _answers("NPS", moment[keep], who, (score[keep], kept))


def _reason(mood: str, u: float) -> str | None:
    """Return why, of two thirds of those who answer."""
    reasons = NPS_WORDS[mood]
    return reasons[int(u / 0.66 * len(reasons))] if u < 0.66 else None


def reviews(shop: Shop, cart: Lines, names: tuple[pa.Array, Products], seed: int) -> Facts:
    """Return reviews of bought products in the customers' words."""
    bought, crowd, time, world = shop
    cards, goods = names
    rng, care = dice(seed, "reviews"), world.care
    first = np.unique(cart.order, return_index=True)[1]
    order = cart.order[first]
    chosen = (bought.fate[order] == PLACED) & (rng.random(len(order)) < care.reviews)
    line, order = first[chosen], order[chosen]
    moment = bought.time[order] + _seconds(rng.gamma(2.5, 4 * DAY, len(order))) + 2 * DAY
    customer, product = bought.customer[order], cart.product[line]
    late = in_slump(customer, bought.time[order], crowd, time, world)
    felt = (
        care.review_mark + 0.6 * crowd.satisfaction[customer] + care.review_product * bruised(goods)[product]
    )
    rating = np.clip(np.round(felt - late + rng.normal(0, 0.8, len(order))), 1, 5).astype(np.int64)
    texts = [review(int(r), bool(slow), rng) for r, slow in zip(rating, late, strict=True)]
    keep = moment < time.last
    about = objects(whole("score", rating), said("words", texts)).filter(pa.array(keep))
    who = cards.take(pa.array(customer[keep]))
    columns = {
        "customer_id": who,
        "source": "site",
        "product": picked(goods.name, product[keep]),
        "properties": about,
    }
    return Facts("Product Reviewed", moment[keep], columns)


def review(rating: int, late: bool, rng: np.random.Generator) -> str:
    """Return a review that fits its mark: opening, one to three aspects, closing, as people type."""
    mood = MOODS[0 if rating <= 2 else 1 if rating == 3 else 2]
    u = rng.random(11).tolist()
    parts = (
        _one(OPENINGS[mood], u[5]) if u[7] < 0.7 else "",
        f"برای {_one(FOR_WHOM, u[8] / 0.35)} خریدم." if u[8] < 0.35 else "",
        _clauses(mood, late, u[:5]) + ".",
        f"{_one(SINCE, u[9] / 0.3)} است که استفاده می‌کنم." if u[9] < 0.3 else "",
        _one(CLOSINGS[mood], u[6]),
    )
    text = " ".join(part for part in parts if part)
    text = text.translate(ARABIC) if u[10] < 0.06 else text
    return text.translate(LAZY) if u[10] > 0.75 else text


def _clauses(mood: str, late: bool, u: list[float]) -> str:
    """Return what is said of some aspects; of the delivery nothing good where it was late."""
    names = list(ASPECTS)
    start = int(u[0] * len(names))
    told = [names[(start + 2 * k) % len(names)] for k in range(1 + int(u[1] * 2.6))]
    if late and "delivery" not in told:
        told.append("delivery")
    moods = ["bad" if late and aspect == "delivery" else mood for aspect in told]
    pairs = enumerate(zip(told, moods, strict=True))
    return " و ".join(_one(ASPECTS[aspect][how], u[2 + n % 3]) for n, (aspect, how) in pairs)


def _one(words: tuple[str, ...], u: float) -> str:
    return words[int(u * len(words))]
