"""Who the customers are: what the shop knows of them and what only the simulation knows."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from ganj.histories import Array
from ganj.simulate.clock import Clock, dice
from ganj.simulate.names import FAMILIES, MEN, WOMEN
from ganj.simulate.places import CITIES
from ganj.simulate.world import World

YEAR = 365.25
PREFIXES = ("0912", "0919", "0935", "0936", "0910", "0913", "0915", "0901", "0939", "0921")
ACQUISITION = (0.22, 0.24, 0.25, 0.11, 0.05, 0.0, 0.0, 0.13)  # by `SOURCES`
MAILS = ("gmail.com", "yahoo.com", "outlook.com", "chmail.ir")


@dataclass(frozen=True, eq=False)
class People:
    """Customers as columns, by number.

    Attributes
    ----------
    segment : int64[n], position in ``World.segments``; latent
    signed_up : int64[n], µs UTC
    buys : bool[n], whether they ever would order; latent
    rate : float64[n], orders a day of operational time; latent
    leave : float64[n], chance to leave after a repeat order; latent
    scale : float64[n], ν of the Gamma-Gamma: an order is worth Gamma(p, ν) rial of the first day; latent
    satisfaction : float64[n], standard deviations; latent
    woman : bool[n]
    first, family : int64[n], positions in the lists of names
    birth : int64[n], Jalali year; 0 unknown
    city : int64[n], position in `CITIES`
    source : int64[n], position in `SOURCES`: where they came from
    may_email, may_sms, may_push : bool[n], consent
    """

    segment: Array
    signed_up: Array
    buys: Array
    rate: Array
    leave: Array
    scale: Array
    satisfaction: Array
    woman: Array
    first: Array
    family: Array
    birth: Array
    city: Array
    source: Array
    may_email: Array
    may_sms: Array
    may_push: Array

    def __len__(self) -> int:
        """Count the customers."""
        return len(self.segment)

    def of(self, world: World, field: str) -> Array:
        """Return a parameter of each customer's segment; float64[n]."""
        return np.array([getattr(segment, field) for segment in world.segments])[self.segment]


def people(count: int, time: Clock, world: World, seed: int) -> People:
    """Draw the customers."""
    rng = dice(seed, "people")
    shares = [segment.share for segment in world.segments]
    segment = rng.choice(len(shares), count, p=np.array(shares) / sum(shares))
    of = {name: np.array([getattr(s, name) for s in world.segments])[segment] for name in _DRAWN}
    leave = rng.beta(of["a"], of["b"])
    woman = rng.random(count) < np.array([0.6, 0.68, 0.32, 0.66, 0.5])[segment]
    app = np.array([s.devices["app"] for s in world.segments])[segment]
    return People(
        segment=segment,
        signed_up=_sign_ups(count, time, world, rng),
        buys=rng.random(count) < of["buys"],
        rate=rng.gamma(of["r"], 1 / of["alpha"]),
        leave=leave,
        scale=rng.gamma(of["q"], 1 / of["gamma"]),
        satisfaction=of["content"] + _satisfaction(leave, world, rng),
        woman=woman,
        first=np.where(woman, _ranked(len(WOMEN), count, rng), _ranked(len(MEN), count, rng)),
        family=_ranked(len(FAMILIES), count, rng),
        birth=_births(count, rng),
        city=_weighted([city.weight for city in CITIES], count, rng),
        source=_weighted(ACQUISITION, count, rng),
        may_email=rng.random(count) < 0.62,
        may_sms=rng.random(count) < 0.88,
        may_push=rng.random(count) < 0.9 * app + 0.1,
    )


_DRAWN = ("a", "b", "r", "alpha", "q", "gamma", "buys", "content")


def _sign_ups(count: int, time: Clock, world: World, rng: np.random.Generator) -> Array:
    """Return when customers signed up: a growing stream that follows the seasons; int64[n] µs, ascending."""
    days = len(time.day)
    flow = (1 + world.growth) ** (np.arange(days) / YEAR) * time.weight**world.signup_season
    day = np.sort(_weighted(flow, count, rng))
    began = time.passed[::24]
    return np.sort(time.real(began[day] + rng.random(count) * np.diff(began)[day]))


def _satisfaction(leave: Array, world: World, rng: np.random.Generator) -> Array:
    """Return standard normal satisfaction, correlated with the chance to stay; float64[n]."""
    place = (np.argsort(np.argsort(leave)) + 0.5) / max(len(leave), 1)
    grid = np.arange(1, 2000) / 2000
    stays = -np.interp(place, grid, [NormalDist().inv_cdf(p) for p in grid])
    rho = world.dissatisfaction
    mixed: Array = rho * stays + np.sqrt(1 - rho**2) * rng.standard_normal(len(leave))
    return mixed


def _ranked(names: int, count: int, rng: np.random.Generator) -> Array:
    """Return positions in a list of names, common ones first; int64[n]."""
    return _weighted((np.arange(names) + 8.0) ** -0.8, count, rng)


def _births(count: int, rng: np.random.Generator) -> Array:
    """Return Jalali birth years about 1367, a quarter unknown; int64[n]."""
    year = np.clip(np.round(rng.normal(1367, 10, count)), 1320, 1387).astype(np.int64)
    return np.where(rng.random(count) < 0.75, year, 0)


def _weighted(
    weights: Array | list[float] | tuple[float, ...], count: int, rng: np.random.Generator
) -> Array:
    """Return positions drawn in proportion to weights; int64[n]."""
    passed = np.cumsum(weights)
    drawn: Array = np.searchsorted(passed, rng.random(count) * passed[-1], side="right")
    return drawn


def full_name(crowd: People, number: int) -> tuple[str, str]:
    """Return a customer's first and family name in Persian."""
    given = (WOMEN if crowd.woman[number] else MEN)[crowd.first[number]]
    return given.fa, FAMILIES[crowd.family[number]].fa


def mobiles(count: int, seed: int) -> list[str]:
    """Return mobile numbers as people write them, each once: 09xx and seven digits."""
    rng = dice(seed, "mobiles")
    operator = _weighted((0.2, 0.12, 0.13, 0.11, 0.12, 0.09, 0.08, 0.05, 0.06, 0.04), count, rng)
    line = (rng.integers(1_000_000) * 7 + np.arange(count) * 7_919) % 9_000_000 + 1_000_000
    return [f"{PREFIXES[o]}{n}" for o, n in zip(operator.tolist(), line.tolist(), strict=True)]


def emails(crowd: People, seed: int) -> list[str | None]:
    """Return e-mail addresses from the Latin spelling of names; a fifth left none."""
    rng = dice(seed, "emails")
    left, house = rng.random(len(crowd)) < 0.8, _weighted((0.78, 0.14, 0.05, 0.03), len(crowd), rng)
    return [
        f"{(WOMEN if w else MEN)[f].latin}.{FAMILIES[family].latin}{n}@{MAILS[h]}" if there else None
        for n, (w, f, family, h, there) in enumerate(
            zip(*(c.tolist() for c in (crowd.woman, crowd.first, crowd.family, house, left)), strict=True)
        )
    ]
