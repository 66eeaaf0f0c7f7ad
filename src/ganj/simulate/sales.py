"""A sales team and the companies it sells to: leads, calls, meetings, deals through their stages."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import DAY, HOUR, Array
from ganj.persian.identifiers import mobiles as match_mobiles
from ganj.simulate.clock import Clock, dice
from ganj.simulate.facts import Facts, objects, part, picked, said, whole
from ganj.simulate.names import BUSINESS_KINDS, BUSINESS_WORDS, FAMILIES, MEN, REPS
from ganj.simulate.places import CITIES
from ganj.simulate.world import World

SECOND = 1_000_000
OUTCOMES = ("پاسخ داد", "پاسخ نداد", "بعداً تماس بگیرید")
GOODS = (
    "هدیهٔ سازمانی",
    "تجهیز دفتر",
    "خرید ماهانهٔ آبدارخانه",
    "رایانه و تجهیزات",
    "بستهٔ نوروزی",
    "پوشاک کار",
)
QUOTE = 1  # the stage a quote goes out at
OPEN, WON, LOST = range(3)


@dataclass(frozen=True, eq=False)
class Companies:
    """Business customers as columns.

    Attributes
    ----------
    name : tuple[str, ...], each once
    rep, source, city : int64[n], positions in `REPS`, ``Sales.sources`` and `CITIES`
    met : int64[n], µs UTC when the lead came
    """

    name: tuple[str, ...]
    rep: Array
    source: Array
    city: Array
    met: Array


@dataclass(frozen=True, eq=False)
class Deals:
    """Deals as columns.

    Attributes
    ----------
    company : int64[n]
    created : int64[n], µs UTC
    amount : float64[n], rial
    goods : int64[n], position in `GOODS`
    moved : int64[n, stages], µs UTC when each stage was entered; the first is the creation
    closed : int64[n], µs UTC; may lie beyond the period
    won : bool[n]
    last : int64[n], the last stage entered
    reason : int64[n], position in ``Sales.reasons``
    calls, meetings : int64[n]
    """

    company: Array
    created: Array
    amount: Array
    goods: Array
    moved: Array
    closed: Array
    won: Array
    last: Array
    reason: Array
    calls: Array
    meetings: Array

    def outcome(self, end: int) -> Array:
        """Return what each deal is at the end of the period: `OPEN`, `WON`, `LOST`; int64[n]."""
        return np.where(self.closed >= end, OPEN, np.where(self.won, WON, LOST))


def companies(count: int, time: Clock, seed: int) -> Companies:
    """Draw the companies, the rep of each and how they came."""
    rng = dice(seed, "companies")
    pairs = len(BUSINESS_KINDS) * len(BUSINESS_WORDS)
    place = rng.permutation(max(pairs, count))[:count]
    name = [
        f"{BUSINESS_KINDS[n % len(BUSINESS_KINDS)]} {_word(n // len(BUSINESS_KINDS))}" for n in place.tolist()
    ]
    weight = np.array([city.weight for city in CITIES])
    sources = np.array((0.25, 0.2, 0.3, 0.25))
    met = time.first + (rng.random(count) ** 0.8 * 0.95 * (time.last - time.first)).astype(np.int64)
    return Companies(
        name=tuple(name),
        rep=rng.integers(0, len(REPS), count),
        source=rng.choice(len(sources), count, p=sources),
        city=rng.choice(len(CITIES), count, p=weight / weight.sum()),
        met=np.sort(met // SECOND * SECOND),
    )


def _word(number: int) -> str:
    """Return a name; where there are more companies than names, a second word tells them apart."""
    more, first = divmod(number, len(BUSINESS_WORDS))
    second = f" {BUSINESS_WORDS[(first + more) % len(BUSINESS_WORDS)]}" if more else ""
    return BUSINESS_WORDS[first] + second


def deals(firms: Companies, time: Clock, world: World, seed: int) -> Deals:
    """Draw the deals of every company."""
    rng, sales = dice(seed, "deals"), world.sales
    company = np.repeat(np.arange(len(firms.name)), 1 + rng.poisson(sales.deals - 1, len(firms.name)))
    size, stages = len(company), len(sales.stages)
    nth = np.arange(size) - np.searchsorted(company, company)
    wait = rng.gamma(2, 4 * DAY, size) + nth * rng.gamma(2, 60 * DAY, size)
    created = firms.met[company] + _seconds(wait)
    meetings = rng.poisson(1.4, size)
    odds = sales.base + np.array(sales.reps)[firms.rep[company]] + sales.meeting * meetings
    odds = odds + np.array(list(sales.sources.values()))[firms.source[company]]
    won = rng.random(size) < 1 / (1 + np.exp(-odds))
    last = np.where(won, stages - 1, rng.integers(0, stages, size))
    steps = _seconds(rng.gamma(2, sales.step_days / 2 * DAY, (size, stages)))
    moved = created[:, None] + np.concatenate(
        (np.zeros((size, 1), np.int64), np.cumsum(steps, axis=1)[:, :-1]), axis=1
    )
    closed = np.take_along_axis(moved + steps, last[:, None], axis=1)[:, 0]
    amount = np.round(rng.lognormal(sales.amount_log_mean, sales.amount_log_sigma, size) / 1e7) * 1e7
    reasons = list(sales.reasons.values())
    drawn = Deals(
        company=company,
        created=created,
        amount=amount,
        goods=rng.integers(0, len(GOODS), size),
        moved=moved,
        closed=closed,
        won=won,
        last=last,
        reason=rng.choice(len(reasons), size, p=reasons),
        calls=2 + rng.poisson(2.5, size),
        meetings=meetings,
    )
    keep = created < time.last
    return Deals(*(getattr(drawn, name)[keep] for name in Deals.__dataclass_fields__))


def _seconds(span: Array) -> Array:
    return span.astype(np.int64) // SECOND * SECOND


def company_ids(firms: Companies) -> pa.Array:
    """Return the companies' numbers in the CRM."""
    return pa.array([f"B{n + 1:05d}" for n in range(len(firms.name))], pa.string())


def facts(firms: Companies, bargains: Deals, time: Clock, world: World, seed: int) -> list[Facts]:
    """Return all events of the sales team within the period."""
    rng = dice(seed, "sales words")
    several = [
        _leads(firms, world, rng),
        *_deal_events(firms, bargains, time, world),
        *_touches(firms, bargains, rng),
    ]
    return [_until(one, time.last) for one in several]


def _until(one: Facts, end: int) -> Facts:
    """Leave out what lies beyond the period."""
    moment = one.time if one.time is not None else np.empty(0, np.int64)
    keep = moment < end
    mask = pa.array(keep)
    columns = {k: v if isinstance(v, str) else v.filter(mask) for k, v in one.columns.items()}
    return Facts(one.event, moment[keep], columns)


def _leads(firms: Companies, world: World, rng: np.random.Generator) -> Facts:
    """Return the companies as leads, with all that is known of them."""
    men, families = (
        rng.integers(0, len(MEN), len(firms.name)),
        rng.integers(0, len(FAMILIES), len(firms.name)),
    )
    lines = rng.permutation(9_000_000)[: len(firms.name)] + 1_000_000
    sources = list(world.sales.sources)
    traits = [
        msgspec.json.encode(
            {
                "name": f"{MEN[m].fa} {FAMILIES[f].fa}",
                "company": name,
                "kind": "شرکت",
                "city": CITIES[c].city,
                "province": CITIES[c].province,
                "owner": REPS[r],
            }
        ).decode()
        for m, f, name, c, r in zip(men, families, firms.name, firms.city, firms.rep, strict=True)
    ]
    columns = {
        "customer_id": company_ids(firms),
        "account": pa.array(firms.name, pa.string()),
        "phone": match_mobiles(pa.array([f"0914{n}" for n in lines], pa.string())),
        "source": "crm",
        "traits": pa.array(traits, pa.string()),
        "properties": objects(part("owner", REPS, firms.rep), part("lead_source", sources, firms.source)),
    }
    return Facts("Lead Created", firms.met, columns)


def _who(firms: Companies, bargains: Deals, at: Array) -> dict[str, pa.Array | str]:
    """Return the columns every event of a deal has."""
    company = bargains.company[at]
    return {
        "customer_id": company_ids(firms).take(pa.array(company)),
        "account": pa.array(firms.name, pa.string()).take(pa.array(company)),
        "source": "crm",
    }


def _about(firms: Companies, bargains: Deals, at: Array, *more: pa.Array) -> pa.Array:
    """Return the properties of events of deals."""
    return objects(
        said("deal", (f"D{n + 1:05d}" for n in at)),
        part("owner", REPS, firms.rep[bargains.company[at]]),
        part("title", GOODS, bargains.goods[at]),
        *more,
    )


def _deal_events(firms: Companies, bargains: Deals, time: Clock, world: World) -> list[Facts]:
    """Return deals created, moved, quoted, won and lost."""
    stages, sales = world.sales.stages, world.sales

    def event(name: str, at: Array, moment: Array, *more: pa.Array) -> Facts:
        columns = {**_who(firms, bargains, at), "amount": pa.array(bargains.amount[at])}
        return Facts(name, moment, {**columns, "properties": _about(firms, bargains, at, *more)})

    every = np.arange(len(bargains.company))
    deal, stage = np.nonzero(np.arange(len(stages))[None, :] <= bargains.last[:, None])
    later = stage > 0
    deal, stage = deal[later], stage[later]
    quoted = stage == QUOTE
    moved = bargains.moved[deal, stage]
    won, lost = (np.flatnonzero(bargains.outcome(time.last) == end) for end in (WON, LOST))
    source = part("lead_source", list(sales.sources), firms.source[bargains.company])
    return [
        event(
            "Deal Created",
            every,
            bargains.created,
            part("stage", stages, np.zeros(len(every), np.int64)),
            source,
        ),
        event("Deal Stage Changed", deal, moved, part("stage", stages, stage)),
        event("Quote Sent", deal[quoted], moved[quoted] + HOUR),
        event("Deal Won", won, bargains.closed[won]),
        event(
            "Deal Lost",
            lost,
            bargains.closed[lost],
            part("stage", stages, bargains.last[lost]),
            part("reason", list(sales.reasons), bargains.reason[lost]),
        ),
    ]


def _touches(firms: Companies, bargains: Deals, rng: np.random.Generator) -> list[Facts]:
    """Return calls and meetings, in working hours between a deal's creation and its end."""

    def moments(counts: Array) -> tuple[Array, Array]:
        at = np.repeat(np.arange(len(counts)), counts)
        span = bargains.closed[at] - bargains.created[at]
        rough = bargains.created[at] + (rng.random(len(at)) * span).astype(np.int64)
        local = (rough // DAY) * DAY + (5.5 * HOUR + rng.random(len(at)) * 7 * HOUR).astype(np.int64)
        return at, np.clip(local // SECOND * SECOND, bargains.created[at] + SECOND, bargains.closed[at])

    at, when = moments(bargains.calls)
    minutes = whole("minutes", 1 + rng.gamma(2, 3, len(at)).astype(np.int64))
    outcome = part("outcome", OUTCOMES, rng.choice(3, len(at), p=(0.62, 0.23, 0.15)))
    calls = Facts(
        "Call Made",
        when,
        {
            **_who(firms, bargains, at),
            "channel": "phone",
            "properties": _about(firms, bargains, at, minutes, outcome),
        },
    )
    at, when = moments(bargains.meetings)
    place = picked(("phone", "online", "in person"), rng.choice(3, len(at), p=(0.1, 0.35, 0.55)))
    meetings = Facts(
        "Meeting Held",
        when,
        {**_who(firms, bargains, at), "channel": place, "properties": _about(firms, bargains, at)},
    )
    return [calls, meetings]
