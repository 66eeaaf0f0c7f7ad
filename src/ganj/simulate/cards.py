"""The customers' cards as the shop keeps them, some of them wrong on purpose.

A *twin* is a second card of one person, the name written otherwise.  Most have the same mobile number,
which settles it; the others have another number and share only name, city and year of birth, which
makes it likely.  From its day on about half of the person's orders carry the second card's number.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.persian.identifiers import mobiles as match_mobiles
from ganj.simulate.buying import Orders
from ganj.simulate.clock import Clock, dice
from ganj.simulate.facts import Facts, objects, part
from ganj.simulate.names import FAMILIES, MEN, WOMEN
from ganj.simulate.people import People, emails, full_name, mobiles
from ganj.simulate.phrases import ARABIC, LAZY
from ganj.simulate.places import CITIES
from ganj.simulate.world import SOURCES, World

SECOND = 1_000_000


@dataclass(frozen=True, eq=False)
class Twins:
    """Second cards.

    Attributes
    ----------
    customer : int64[k], whose second card it is, ascending
    made : int64[k], µs UTC
    same_phone : bool[k]; where false the card has another mobile number
    """

    customer: Array
    made: Array
    same_phone: Array


def numbers(count: int, twins: int = 0) -> pa.Array:
    """Return the numbers on the cards: customers first, then second cards."""
    return pa.array([f"C{n + 1:06d}" for n in range(count + twins)], pa.string())


def twins(crowd: People, bought: Orders, time: Clock, world: World, seed: int) -> Twins:
    """Choose who of the customers with orders has a second card."""
    rng = dice(seed, "twins")
    buyers = np.unique(bought.customer)
    chosen = buyers[rng.random(len(buyers)) < world.dirt.twins]
    room = time.last - crowd.signed_up[chosen]
    made = crowd.signed_up[chosen] + (rng.uniform(0.2, 0.8, len(chosen)) * room).astype(np.int64)
    same = rng.random(len(chosen)) < world.dirt.same_phone
    return Twins(chosen, made // SECOND * SECOND, same)


def card_of_orders(bought: Orders, second: Twins, crowd: People, seed: int) -> Array:
    """Return the card each order was put on; int64[n]."""
    rng = dice(seed, "cards")
    place = np.full(len(crowd), -1)
    place[second.customer] = np.arange(len(second.customer))
    twin = place[bought.customer]
    made = second.made[twin] if len(second.made) else np.zeros(len(twin), np.int64)
    other = (twin >= 0) & (bought.time > made) & (rng.random(len(bought)) < 0.5)
    return np.where(other, len(crowd) + twin, bought.customer)


def facts(crowd: People, second: Twins, time: Clock, world: World, seed: int) -> list[Facts]:
    """Return sign-ups, second cards, and what the CRM says otherwise."""
    phones = match_mobiles(pa.array(mobiles(len(crowd) + len(second.customer), seed), pa.string()))
    other = np.where(second.same_phone, second.customer, len(crowd) + np.arange(len(second.customer)))
    mails = pa.array(emails(crowd, seed), pa.string())
    every = numbers(len(crowd), len(second.customer))
    traits = [_traits(crowd, n) for n in range(len(crowd))]
    first = Facts(
        "Signed Up",
        crowd.signed_up,
        {
            "customer_id": every.slice(0, len(crowd)),
            "email": mails,
            "phone": phones.slice(0, len(crowd)),
            "source": "site",
            "traits": _json(traits),
            "properties": objects(part("utm_source", SOURCES, crowd.source)),
        },
    )
    again = Facts(
        "Signed Up",
        second.made,
        {
            "customer_id": every.slice(len(crowd)),
            "phone": phones.take(pa.array(other)),
            "source": "shop",
            "traits": _json([misspelled(crowd, int(n), k) for k, n in enumerate(second.customer)]),
        },
    )
    return [first, again, _contradictions(crowd, contradicted(crowd, world, seed), time)]


def _json(traits: list[dict[str, object]]) -> pa.Array:
    encode = msgspec.json.Encoder().encode
    return pa.array([encode(one).decode() for one in traits], pa.string())


def _traits(crowd: People, number: int) -> dict[str, object]:
    """Return what the shop knows of a customer."""
    first, family = full_name(crowd, number)
    city = CITIES[crowd.city[number]]
    known: dict[str, object] = {
        "name": f"{first} {family}",
        "gender": "زن" if crowd.woman[number] else "مرد",
        "city": city.city,
        "province": city.province,
        "acquisition": SOURCES[crowd.source[number]],
        "email_consent": bool(crowd.may_email[number]),
        "sms_consent": bool(crowd.may_sms[number]),
    }
    if crowd.birth[number]:
        known["birth_year"] = int(crowd.birth[number])
    return known


def misspelled(crowd: People, number: int, way: int) -> dict[str, object]:
    """Return a second card's traits: the name in one of five other spellings."""
    first, family = full_name(crowd, number)
    given = (WOMEN if crowd.woman[number] else MEN)[crowd.first[number]].latin
    latin = FAMILIES[crowd.family[number]].latin
    names = (
        f"{first} {family}".translate(ARABIC),
        f"{family} {first}",
        f"{first[0]}. {family}",
        f"{given.title()} {latin.title()}",
        f"{'خانم' if crowd.woman[number] else 'آقای'} {family}".translate(LAZY),
    )
    known: dict[str, object] = {"name": names[way % len(names)], "city": CITIES[crowd.city[number]].city}
    return known | ({"birth_year": int(crowd.birth[number])} if crowd.birth[number] else {})


def contradicted(crowd: People, world: World, seed: int) -> Array:
    """Return the customers whom the CRM knows otherwise than the site; int64[k]."""
    return np.flatnonzero(dice(seed, "contradictions").random(len(crowd)) < world.dirt.contradictions)


def _contradictions(crowd: People, wrong: Array, time: Clock) -> Facts:
    """Return what the CRM wrote: another city and another year of birth, a year after or at the end."""
    moment = np.minimum(crowd.signed_up[wrong] + 365 * 86_400 * SECOND, time.last - SECOND)
    traits: list[dict[str, object]] = []
    for n in wrong.tolist():
        city = CITIES[(crowd.city[n] + 1) % len(CITIES)]
        traits.append(
            {"city": city.city, "province": city.province, "birth_year": int(crowd.birth[n] or 1360) + 3}
        )
    columns = {
        "customer_id": numbers(len(crowd)).take(pa.array(wrong)),
        "source": "crm",
        "traits": _json(traits),
    }
    return Facts(None, moment, columns)
