"""Which pairs are compared at all: those who share something that few others have.

All pairs of a hundred thousand people are five thousand million.  Each rule is a key made of one column or two,
tolerant in its own way (how a name sounds, a number without its first digits, a birthday's digits in any
order), and people with the same key are compared.  A key that many share is left to the other rules: its
pairs grow with the square and are nearly all strangers.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import duckdb

BLOCK = 100
"""People with one key who are compared with each other; with more, the key is left to other rules."""
PAIRS = 25
"""Pairs a person, on average; the largest blocks are left out beyond."""


@cache
def query(name: str) -> str:
    """Return a query by the name of its file."""
    return files(__package__).joinpath("queries", f"{name}.sql").read_text(encoding="utf-8")


def block(con: duckdb.DuckDBPyConnection, people: int) -> int:
    """Make the table ``pairs`` of the table ``people`` and return how many there are."""
    con.execute(query("keys"))
    con.execute(query("blocks"), {"most": BLOCK, "budget": max(people, 1_000) * PAIRS})
    con.execute(query("pairs"))
    return int(con.execute("select count(*) from pairs").fetchall()[0][0])
