"""Persian people, and FEBRL dressed as them.

Every person of FEBRL gets a Persian name, national code, birthday and address; where a record of FEBRL differs
from its original the Persian one differs too (missing where missing, exchanged where exchanged, a slip
where there is one), and what was equal is spelled anew: ي and ك, half-spaces, Persian digits, lost zeros,
Jalali or Gregorian dates, sometimes Latin letters or the wrong keyboard.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
from bench.duplicate_sets import noise
from bench.duplicate_sets.real import People, febrl_records, persian_cities, persian_first_names

from ganj.simulate.names import FAMILIES, MEN, WOMEN, Name

FIELDS = ("نام کوچک", "نام خانوادگی", "کد ملی", "تاریخ تولد", "خیابان", "پلاک", "محله", "شهر", "کد پستی")
FROM = (
    "given_name",
    "surname",
    "soc_sec_id",
    "date_of_birth",
    "address_1",
    "street_number",
    "address_2",
    "suburb",
    "postcode",
)
"""FEBRL's column behind each of ours."""
STREETS = (
    "ولیعصر",
    "انقلاب",
    "آزادی",
    "شریعتی",
    "بهشتی",
    "مطهری",
    "کارگر",
    "فردوسی",
    "حافظ",
    "سعدی",
    "طالقانی",
    "مدرس",
)
LATIN, KEYBOARD = 0.15, 0.04  # share of doubles


@dataclass(frozen=True)
class Places:
    """What addresses and further first names are made of."""

    cities: Sequence[str]
    firsts: Sequence[Name]


def places() -> Places:
    known = {name.fa for name in (*WOMEN, *MEN)}
    others = [Name(name, "") for name in persian_first_names() if name not in known]
    return Places(persian_cities(), others)


def national_code(rng: random.Random) -> str:
    nine = f"{rng.randrange(1_000_000, 999_999_999):09}"
    rest = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return nine + str(rest if rest < 2 else 11 - rest)


@dataclass(frozen=True)
class Person:
    """A person as they are: names with their Latin spelling, and the other fields in the order of `FIELDS`."""

    given: Name
    family: Name
    code: str
    birthday: dt.date
    address: tuple[str, str, str, str, str]


def _weighted(rng: random.Random, names: Sequence[Name]) -> Name:
    return names[min(int(rng.expovariate(4 / len(names))), len(names) - 1)]


def person(rng: random.Random, world: Places) -> Person:
    usual = rng.random() < 0.8
    given = _weighted(rng, rng.choice((WOMEN, MEN)) if usual else world.firsts)
    address = (
        f"خیابان {rng.choice(STREETS)} کوچه {rng.choice(MEN).fa} {rng.randrange(1, 60)}",
        str(rng.randrange(1, 400)),
        f"{rng.choice(FAMILIES).fa} {rng.choice(STREETS)}",
        _weighted(rng, [Name(city, "") for city in world.cities[:400]]).fa,
        f"{rng.randrange(10**9, 10**10)}",
    )
    born = dt.date(1940, 1, 1) + dt.timedelta(rng.randrange(365 * 68))
    return Person(given, _weighted(rng, FAMILIES), national_code(rng), born, address)


def dressed(rng: random.Random, who: Person) -> list[str]:
    """Return a person's fields in one of the spellings."""
    written = [noise.letters(rng, who.given.fa), noise.letters(rng, who.family.fa)]
    if rng.random() < LATIN and who.given.latin:
        written = [noise.latin(rng, who.given.latin), noise.latin(rng, who.family.latin)]
    elif rng.random() < KEYBOARD:
        at = rng.randrange(2)
        written[at] = noise.other_keyboard((who.given.fa, who.family.fa)[at])
    code = noise.digits(rng, noise.lost_zeros(rng, who.code))
    street, house, area, city, postcode = who.address
    return [
        *written,
        code,
        noise.date(rng, who.birthday),
        noise.letters(rng, street),
        noise.digits(rng, house),
        noise.letters(rng, area),
        noise.letters(rng, city),
        noise.digits(rng, postcode),
    ]


def febrl_in_persian(number: int, seed: int = 1) -> People:
    """Dress a set of FEBRL."""
    rng, world = random.Random(seed), places()
    records = febrl_records(number)
    originals = {_person_of(record): record for record in records if record["rec_id"].endswith("org")}
    people = {who: person(rng, world) for who in originals}
    rows, truth = [], []
    for record in records:
        who = _person_of(record)
        rows.append(_worn(rng, record, originals[who], people[who]))
        truth.append(who)
    columns = dict(zip(FIELDS, map(list, zip(*rows, strict=True)), strict=True))
    return People(f"FEBRL {number} in Persian", pa.table(columns), truth)


def _person_of(record: dict[str, str | None]) -> str:
    return (record["rec_id"] or "").split("-")[1]


def _worn(rng: random.Random, record: dict, original: dict, who: Person) -> list[str | None]:
    fields: list[str | None] = list(dressed(rng, who))
    if record["given_name"] and record["given_name"] == original["surname"]:
        fields[0], fields[1] = fields[1], fields[0]
        return [value if record[column] else None for value, column in zip(fields, FROM, strict=True)]
    for at, column in enumerate(FROM):
        if not record[column]:
            fields[at] = None
        elif original[column] and record[column] != original[column]:
            fields[at] = noise.slip(rng, fields[at] or "-")
    return fields


def bare(people: People) -> People:
    """Leave only names, birthday and city: what a shop often knows."""
    kept = [FIELDS[0], FIELDS[1], FIELDS[3], FIELDS[7]]
    return People(people.name + ", names, birthday, city", people.table.select(kept), people.truth)
