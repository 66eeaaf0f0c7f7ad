"""As many Persian customers as asked, with doubles and with families under one roof.

A fifth live with relatives of the same last name, address and land line: they are alike in most columns and
are not one person.
"""

from __future__ import annotations

import dataclasses
import random

import pyarrow as pa
from bench.duplicate_sets import noise
from bench.duplicate_sets.persian import FIELDS, Person, dressed, person, places
from bench.duplicate_sets.real import People

from ganj.simulate.names import MEN, WOMEN

FAMILY, DOUBLE = 0.2, 0.12


def many(records: int, seed: int = 1) -> People:
    rng, world = random.Random(seed), places()
    rows: list[list[str | None]] = []
    truth: list[str] = []
    number, last, line = 0, None, ""
    while len(rows) < records:
        at_home = last is not None and rng.random() < FAMILY
        who = _relative(rng, last) if at_home and last else person(rng, world)
        line = line if at_home else f"021{rng.randrange(22_000_000, 89_000_000)}"
        mobile, last, number = f"09{rng.randrange(10**8, 10**9)}", who, number + 1
        for _ in range(1 + sum(rng.random() < DOUBLE for _ in range(3))):
            rows.append(_written(rng, who, (mobile, line)))
            truth.append(str(number))
    columns = dict(zip((*FIELDS, "موبایل"), map(list, zip(*rows[:records], strict=True)), strict=True))
    return People(f"{records:,} Persian customers", pa.table(columns), truth[:records])


def _relative(rng: random.Random, who: Person) -> Person:
    given = rng.choice(rng.choice((WOMEN, MEN)))
    while given == who.given:
        given = rng.choice(MEN)
    born = who.birthday.replace(
        year=1940 + rng.randrange(68), day=rng.randrange(1, 29), month=rng.randrange(1, 13)
    )
    code = f"{(int(who.code[:9]) + rng.randrange(1, 10**6)) % 10**9:09}0"
    return dataclasses.replace(who, given=given, birthday=born, code=code)


def _written(rng: random.Random, who: Person, numbers: tuple[str, str]) -> list[str | None]:
    fields: list[str | None] = [*dressed(rng, who), _phone(rng, numbers)]
    for at, (missing, slips) in enumerate(WORN):
        if rng.random() < missing:
            fields[at] = None
        elif rng.random() < slips:
            fields[at] = noise.slip(rng, fields[at] or "-")
    return fields


def _phone(rng: random.Random, numbers: tuple[str, str]) -> str:
    mobile, line = numbers
    return noise.digits(rng, noise.lost_zeros(rng, mobile if rng.random() < 0.7 else line))


WORN = (
    (0.03, 0.05), (0.01, 0.05), (0.6, 0.05), (0.3, 0.05), (0.3, 0.1), (0.3, 0.05), (0.5, 0.1), (0.1, 0.02), (0.6, 0.05),
    (0.2, 0.03),
)  # fmt: skip
"""How often each column is missing and slips: a shop knows a name and a phone, rarely a national code."""
