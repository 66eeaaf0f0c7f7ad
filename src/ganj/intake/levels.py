"""Where a column without a meaning of its own belongs: to the customer, the product, or the event.

Decided by what it depends on in the sample: a column that stays the same for a product whatever the order
is the product's; one that stays the same for a customer over several orders is the customer's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.intake.columns import Column
from ganj.intake.fields import header_form
from ganj.intake.plan import Level

STEADY = (
    0.9  # of what chance leaves open, how much knowing the owner settles; names get corrected, people move
)
OWNERS = 8  # with several rows; fewer say nothing
DEPENDS = """
    with known as (
        select owner, value from pairs where owner is not null and value is not null
    ), counted as (
        select owner, value, count(*) as many from known group by owner, value
    ), owners as (
        select owner, sum(many) as held, max(many) as agreeing from counted group by owner having sum(many) > 1
    ), usual as (
        select max(many) / sum(many) as share from (select value, count(*) as many from known group by value)
    )
    select coalesce((sum(agreeing) / sum(held) - any_value(share)) / (1 - any_value(share)), 0)::double, count(*)
    from owners, usual
    where share < 1
"""
"""How much better a column is known once its owner is (Goodman and Kruskal's lambda), over how many owners."""
PERSONAL = frozenset(
    header_form(word)
    for word in [
        "country",
        "city",
        "state",
        "province",
        "region",
        "gender",
        "sex",
        "age",
        "birth date",
        "birthday",
        "date of birth",
        "year birth",
        "segment",
        "customer segment",
        "customer type",
        "address",
        "marital status",
        "education",
        "income",
        "job",
        "occupation",
        "language",
        "کشور",
        "شهر",
        "استان",
        "جنسیت",
        "سن",
        "تاریخ تولد",
        "تولد",
        "بخش",
        "نوع مشتری",
        "نشانی",
        "آدرس",
        "تحصیلات",
        "شغل",
        "وضعیت تاهل",
    ]
)
"""Headers that describe a person where the sample cannot say."""
COUNTERS = ("row id", "row", "index", "column 1", "unnamed 0", "ردیف")
"""Headers of columns that only count the rows."""


def levels(kind: str, mapping: Mapping[str, str], columns: Sequence[Column]) -> dict[str, Level]:
    """Return the level of every column that has no field."""
    by_name = {column.name: column for column in columns}
    free = [column for column in columns if column.name not in mapping.values()]
    owners = _owners(mapping, by_name)
    found: dict[str, Level] = {}
    with duckdb.connect() as connection:
        for column in free:
            found[column.name] = _level(kind, column, owners, connection)
    return found


def _owners(mapping: Mapping[str, str], columns: Mapping[str, Column]) -> dict[str, pa.Array]:
    """Return the columns that name the product and the customer; a customer once for each order."""
    choices = {
        "product": ("product", "product_name"),
        "customer": (
            "customer_id",
            "email",
            "phone",
            "national_code",
            "contact_id",
            "lead_id",
            "account_id",
            "account",
        ),
    }
    owners = {}
    for owner, fields in choices.items():
        named = [
            columns[mapping[field]] for field in fields if field in mapping and mapping[field] in columns
        ]
        if named:
            owners[owner] = named[0].cells
    if "customer" in owners and mapping.get("order") in columns:
        owners["customer"] = _once(owners["customer"], columns[mapping["order"]].cells)
    return owners


def _once(owner: pa.Array, orders: pa.Array) -> pa.Array:
    """Keep an owner on the first line of each order only: lines of one order agree by themselves."""
    codes = np.asarray(pc.fill_null(orders.dictionary_encode().indices, -1))
    first = np.zeros(len(codes), bool)
    first[np.unique(codes, return_index=True)[1]] = True
    return pc.if_else(pa.array(first), owner, pa.scalar(None, owner.type))


def _level(
    kind: str, column: Column, owners: Mapping[str, pa.Array], connection: duckdb.DuckDBPyConnection
) -> Level:
    if column.empty or column.secret or _counts_rows(column):
        return "left out"
    if kind in ("customers", "products"):
        return "trait" if kind == "customers" else "product"
    follows = {owner: _follows(column, cells, connection) for owner, cells in owners.items()}
    product, customer = follows.get("product", 0.0), follows.get("customer", 0.0)
    if product >= STEADY and product >= customer:
        return "product"
    if customer >= STEADY and kind == "orders":
        return "trait"
    # no owner with several orders, or one value only: the name has to say it
    undecided = "customer" in owners and follows["customer"] < 0
    return "trait" if undecided and column.form in PERSONAL else "property"


def _counts_rows(column: Column) -> bool:
    return column.different == 1 and len(column.cells) > 50 and column.form in COUNTERS


def _follows(column: Column, owner: pa.Array, connection: duckdb.DuckDBPyConnection) -> float:
    """Return how much a column follows from its owner; -1 where the sample cannot say."""
    connection.register("pairs", pa.table({"owner": owner, "value": column.cells}))
    share, count = connection.sql(DEPENDS).fetchall()[0]
    connection.unregister("pairs")
    return -1.0 if count < OWNERS or share is None else float(share)
