"""Which column means what: by name in both languages, then by content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import msgspec
import pyarrow as pa

from ganj.intake.columns import Column
from ganj.intake.fields import Field
from ganj.intake.kinds import Kind
from ganj.intake.normal import identifiers, numbers
from ganj.intake.words import is_persian

SURE, LIKELY, MAYBE = 1.0, 0.6, 0.35
VAGUE = ("id", "name", "code", "number", "no", "value", "count", "کد", "شماره", "شناسه", "نام", "عنوان")
"""Words that mean something only where they stand alone."""
BY_CONTENT = ("email", "phone", "national_code")


class Mapped(msgspec.Struct, frozen=True):
    """Columns by field, and how much they speak for the kind."""

    mapping: dict[str, str]
    score: float


def likeness(form: str, field: Field) -> float:
    """Say how much a header's words mean a field: 1 the same words, less for words within others."""
    words = form.split()
    best = 0.0
    for place, name in enumerate(field.names):
        if form == name or form.replace(" ", "") == name.replace(" ", ""):
            return SURE - min(place, 60) * 0.004
        parts = name.split()
        if parts and name not in VAGUE and _named_so(parts, words):
            best = max(best, LIKELY if len(parts) > 1 else MAYBE if len(words) <= 3 else 0.0)
    return best


def _named_so(parts: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether what a header names is this: English says it last (tweet created), Persian first."""
    size = len(parts)
    return list(words[:size] if is_persian(parts[0]) else words[-size:]) == list(parts)


def mapped(kind: Kind, columns: Sequence[Column], given: Mapping[str, str], *, persian: bool) -> Mapped:
    """Map columns to a kind's fields, what is given first; each column has one meaning."""
    mapping = {field.name: given[field.name] for field in kind.all_fields if field.name in given}
    taken = set(mapping.values()) | {column for field, column in given.items() if field not in mapping}
    score = float(len(mapping))
    pairs = sorted(
        ((likeness(column.form, field), -place, field, column)
         for place, field in enumerate(kind.all_fields) for column in columns if not column.empty),
        key=lambda pair: pair[:2], reverse=True,
    )  # fmt: skip
    for like, _, field, column in pairs:
        if like <= 0 or field.name in mapping or column.name in taken:
            continue
        if column.fits(field, persian=persian):
            mapping[field.name] = column.name
            taken.add(column.name)
            score += like
    _by_content(kind, columns, mapping, persian=persian)
    return Mapped(mapping, score + _signs(kind, columns))


def _signs(kind: Kind, columns: Sequence[Column]) -> float:
    """Count the headers that speak for a kind."""
    signs = set(kind.signs.split("|"))
    return 0.4 * sum(
        bool(signs & set(column.form.split())) or column.form in signs
        for column in columns
        if not column.empty
    )


def _by_content(kind: Kind, columns: Sequence[Column], mapping: dict[str, str], *, persian: bool) -> None:
    """Give e-mails, mobiles and national codes their field whatever the header, and the only times theirs."""
    shares = {"email": "email", "phone": "mobile", "national_code": "national"}
    for field in BY_CONTENT:
        free = [column for column in columns if column.name not in mapping.values() and not column.empty]
        fit = [c for c in free if getattr(c, shares[field]) > 0.8 and len(c.texts) > 10]
        if field not in mapping and fit:
            mapping[field] = fit[0].name
    if any(field.name == "time" for field in kind.all_fields) and "time" not in mapping:
        free = [column for column in columns if column.name not in mapping.values() and not column.empty]
        dated = [column for column in free if column.times(persian=persian, named=False)]
        if len(dated) == 1 and kind.name != "customers":
            mapping["time"] = dated[0].name


def complete(kind: Kind, mapping: Mapping[str, str], event: str = "") -> bool:
    """Tell whether a mapping has all that a kind needs."""
    have = set(mapping) | ({"event"} if event else set())
    return all(any(field in have for field in group) for group in kind.needs)


UNIT_OR_TOTAL = """
    with products as (
        select product, min(value) as low, max(value) as high,
            min(value / quantity) as low_each, max(value / quantity) as high_each
        from sold
        where quantity > 0 and value > 0 and product is not null
        group by product
        having count(distinct quantity) > 1
    )
    select count(*) filter (high - low <= high * 0.001) as unit,
        count(*) filter (high_each - low_each <= high_each * 0.02) as total,
        count(*) as products
    from products
"""
"""Of how many products the figure stays the same whatever the quantity, and of how many it grows with it."""

REPEATED = """
    with orders as (
        select "order", count(*) as lines, count(distinct value) as figures, count(distinct product) as products
        from sold
        where "order" is not null
        group by "order"
    )
    select coalesce(avg((figures = 1)::int), 0), count(*) from orders where lines > 1 and products > 1
"""
"""In what share of the orders with several products the figure is the same on all lines."""


def settle_amounts(
    mapping: dict[str, str], columns: Mapping[str, Column], fixed: Mapping[str, str]
) -> dict[str, str]:
    """Tell unit prices from totals of a line and of an order by how they move, not by their names."""
    if {"amount", "price"} & set(fixed):
        return mapping
    money = [name for name in ("amount", "price") if name in mapping]
    if len(money) == 1 and {"quantity", "product"} <= set(mapping):
        unit, total, products = _asked(UNIT_OR_TOTAL, mapping, columns, money[0])
        if products >= 5 and money == ["amount"] and unit > products * 0.6 and unit > total:
            mapping["price"] = mapping.pop("amount")
        elif products >= 5 and money == ["price"] and total > products * 0.6 and total > unit:
            mapping["amount"] = mapping.pop("price")
    if {"amount", "price", "order"} <= set(mapping):
        share, orders = _asked(REPEATED, mapping, columns, "amount")
        if orders >= 5 and share > 0.95:
            del mapping["amount"]
    return mapping


def _asked(
    query: str, mapping: Mapping[str, str], columns: Mapping[str, Column], value: str
) -> tuple[float, ...]:
    """Ask one of the queries over the sample."""

    def column(field: str) -> pa.Array | None:
        name = mapping.get(field) or (mapping.get("product_name") if field == "product" else None)
        return columns[name].cells if name else None

    length = len(columns[mapping[value]].cells)
    nothing = pa.nulls(length, pa.string())
    quantity = column("quantity")
    sold = pa.table(
        {
            "order": identifiers(column("order") if "order" in mapping else nothing),
            "product": column("product") if column("product") is not None else nothing,
            "quantity": numbers(quantity) if quantity is not None else pa.nulls(length, pa.float64()),
            "value": numbers(columns[mapping[value]].cells, columns[mapping[value]].decimal),
        }
    )
    with duckdb.connect() as connection:
        connection.register("sold", sold)
        found: tuple[float, ...] = connection.sql(query).fetchall()[0]
        return found
