"""Campaigns with a random hold-out, the orders they bring, and the messages that went out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.calendar import days_from_jalali, instant, jalali_from_days
from ganj.histories import DAY, HOUR, Array
from ganj.simulate.buying import Purchases
from ganj.simulate.clock import Clock, dice
from ganj.simulate.people import People
from ganj.simulate.world import Campaign, World

ACTIVE, LAPSED = 180 * DAY, 120 * DAY
WINDOW = 14 * DAY  # within which an effect shows
SOON = 3.0  # mean operational days from message to the order it brings
SECOND = 1_000_000


@dataclass(frozen=True, eq=False)
class Run:
    """One campaign on one date.

    Attributes
    ----------
    campaign, name : what was run, and its name with the Jalali year
    customer : int64[n], those drawn from the audience
    held : bool[n], the hold-out
    sent : int64[n], µs UTC, for the hold-out when it would have been
    ordered : int64[n], µs UTC of the order the message brought; -1 for none
    opened, clicked : int64[n], µs UTC; -1 for never
    """

    campaign: Campaign
    name: str
    customer: Array
    held: Array
    sent: Array
    ordered: Array
    opened: Array
    clicked: Array


def runs(bought: Purchases, crowd: People, time: Clock, world: World, seed: int) -> list[Run]:
    """Run every campaign each year of the period, in order of time."""
    years = np.unique(jalali_from_days(time.day)[0]).tolist()
    last = int(time.day[-1]) - 20  # its effect must show within the period
    dated = [
        (int(days_from_jalali(year, *campaign.date)), year, campaign)
        for campaign in world.campaigns
        for year in years
    ]
    return [
        _run(campaign, (day, year), (bought, crowd, time, world), dice(seed, f"{campaign.key}{year}"))
        for day, year, campaign in sorted(dated, key=lambda entry: entry[0])
        if int(time.day[0]) + 45 < day <= last
    ]


def _run(
    campaign: Campaign,
    date: tuple[int, int],
    shop: tuple[Purchases, People, Clock, World],
    rng: np.random.Generator,
) -> Run:
    bought, crowd, time, world = shop
    start = int(instant(date[0] * DAY + 10 * HOUR, world.zone))
    customer = _audience(campaign, start, bought, crowd)
    customer = customer[rng.random(len(customer)) < campaign.reach]
    held = rng.random(len(customer)) < campaign.holdout
    sent = start + rng.integers(0, 7200, len(customer)) * SECOND
    effect = np.array([campaign.effects[s.key] for s in world.segments])[crowd.segment[customer]]
    moved = ~held & (rng.random(len(customer)) < effect)
    ordered = np.where(moved, _soon(sent, time, rng), -1)
    opened, clicked = _opened(campaign, sent, ordered, rng)
    name = f"{campaign.name} {date[1]}"
    keep = ~held & (opened >= 0)
    return Run(
        campaign, name, customer, held, sent, ordered, np.where(keep, opened, -1), np.where(keep, clicked, -1)
    )


def _audience(campaign: Campaign, start: int, bought: Purchases, crowd: People) -> Array:
    """Return the customers who fit and may be written to; int64[k], ascending."""
    before = bought.time < start
    last = np.full(len(crowd), -1, np.int64)
    last[bought.customer[before]] = bought.time[before]  # by customer and time: the latest stays
    fits = (last >= start - ACTIVE) if campaign.audience == "active" else (last <= start - LAPSED)
    return np.flatnonzero(fits & (last >= 0) & getattr(crowd, f"may_{campaign.channel}"))


def _soon(sent: Array, time: Clock, rng: np.random.Generator) -> Array:
    """Return moments shortly after, exponential in operational time and within the window; int64[n] µs."""
    start = time.operational(sent + HOUR)
    room = time.operational(sent + WINDOW - HOUR) - start
    u = rng.random(len(sent))
    return time.real(start - SOON * np.log1p(-u * -np.expm1(-room / SOON)))


def _opened(campaign: Campaign, sent: Array, ordered: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return when messages were opened and clicked, -1 for never; who ordered has mostly done both."""
    drawn = rng.random((3, len(sent)))
    seen = (ordered >= 0) & (drawn[2] < 0.8) & (campaign.opens > 0)
    opens = (drawn[0] < campaign.opens) | seen
    clicks = opens & ((drawn[1] < campaign.clicks) | seen)
    wait = np.exp(rng.normal(np.log(3 * 3600), 1.2, len(sent))).astype(np.int64) * SECOND
    opened = sent + np.minimum(wait, WINDOW)
    opened = np.where(seen, np.minimum(opened, np.maximum(ordered - 1200 * SECOND, sent + SECOND)), opened)
    read = rng.integers(5, 240, len(sent)) * SECOND
    return np.where(opens, opened, -1), np.where(clicks, opened + read, -1)


def brought(ran: list[Run]) -> tuple[Array, Array, Array]:
    """Return the customers, times and campaign numbers of the orders that campaigns brought."""
    empty = np.empty(0, np.int64)
    picked = [(run.customer[run.ordered >= 0], run.ordered[run.ordered >= 0]) for run in ran]
    cause = [np.full(len(customer), number) for number, (customer, _) in enumerate(picked)]
    return (
        np.concatenate([empty, *(customer for customer, _ in picked)]),
        np.concatenate([empty, *(moment for _, moment in picked)]),
        np.concatenate([empty, *cause]),
    )
