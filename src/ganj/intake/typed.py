"""From a batch of cells to the table of typed columns that a kind's query reads, and the reasons of the rows set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.intake import dates as times
from ganj.intake.fields import Field
from ganj.intake.kinds import Kind, kind_named
from ganj.intake.normal import cleaned, each, identifiers, numbers, texts, values
from ganj.intake.plan import Table
from ganj.intake.words import verdict
from ganj.persian import match_forms

BLANK, HEADER = "blank", "header"
TYPES = {"time": pa.int64(), "number": pa.float64(), "money": pa.float64()}
PREFIXED = r"^\p{L}[0-9]{3,}$"
CRM = {"contact_id": "contact:", "lead_id": "lead:", "account_id": "account:"}
"""Numbers of a CRM's tables overlap: what they number is put before them."""
SAID = ("status", "stage", "owner", "deal", "score", "words", "record", "discount")
"""Fields that rows have no column for; they are kept as properties."""
NUMBER = "#"
"""In a mapping, instead of a column: the row's own number, for customers without any."""
LEVELS = {"property": "properties", "trait": "traits", "product": "product_traits"}
NO_TEXT = pa.nulls(1, pa.string())[0]  # made of a value it would bring pandas along


class Coded:
    """A column as its different values and, row by row, which of them: what is done is done once for each."""

    def __init__(self, values: pa.Array, at: np.ndarray) -> None:
        self.values, self.at = values, at

    @classmethod
    def of(cls, column: pa.Array) -> Coded:
        """Code a column of texts."""
        coded = column.dictionary_encode(null_encoding="encode")
        return cls(coded.dictionary, np.asarray(coded.indices))

    def map(self, change: Callable[[pa.Array], pa.Array]) -> Coded:
        """Return the column with its values changed."""
        return Coded(change(self.values), self.at)

    @property
    def whole(self) -> pa.Array:
        """The column, row by row."""
        return self.values.take(pa.array(self.at))


class Typed:
    """Turns batches of one table's cells into typed columns; everything fixed is worked out once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.kind: Kind = kind_named(table.kind)
        self.at = {column: number for number, column in enumerate(names_of(table))}
        self.fields = {field.name: field for field in self.kind.all_fields if field.name in table.mapping}

    def of(self, cells: pa.RecordBatch, first: int) -> tuple[pa.Table, pa.Array]:
        """Return the typed columns of a batch, and the reason of each row set aside (null: none)."""
        clean = [Coded.of(column).map(cleaned) for column in cells.columns]
        columns: dict[str, pa.Array] = {}
        reasons = self._litter(clean, len(cells))
        for name, field in self.fields.items():
            if self.table.mapping[name] == NUMBER:
                columns[name] = pa.array(
                    [f"{self.table.fingerprint[:6]}-{first + n}" for n in range(len(cells))]
                )
                continue
            cell = clean[self.at[self.table.mapping[name]]]
            columns[name] = self._read(field, cell, columns)
            if name in self.kind.strict:
                lost = pc.and_(cell.map(pc.is_valid).whole, pc.is_null(columns[name]))
                reasons = pc.coalesce(reasons, pc.if_else(lost, f"unreadable:{name}", NO_TEXT))
        whole = self._whole(columns, clean, first, len(cells))
        for name in self.kind.required:
            filled = whole["event"] if name == "event" else self._required(name, whole)
            reason = "missing:time" if name == "begun" else f"missing:{name}"
            reasons = pc.coalesce(reasons, pc.if_else(pc.is_null(filled), reason, NO_TEXT))
        return pa.table(whole), reasons

    def _required(self, name: str, whole: Mapping[str, pa.Array]) -> pa.Array:
        return pc.coalesce(whole["time"], whole["closed"]) if name == "begun" else whole[name]

    def _litter(self, clean: list[Coded], length: int) -> pa.Array:
        """Mark rows without a cell and rows that repeat the header."""
        reasons = pa.nulls(length, pa.string())
        empty = np.ones(length, bool)
        repeated = np.ones(length, bool)
        for column, name in zip(clean, self.table.columns, strict=False):
            missing = np.asarray(pc.is_null(column.values))
            empty &= missing[column.at]
            same = pc.fill_null(pc.equal(column.values, name), name.startswith("column "))
            repeated &= np.asarray(same)[column.at]
        reasons = pc.if_else(pa.array(empty), BLANK, reasons)
        return pc.if_else(pa.array(repeated & ~empty), HEADER, reasons)

    def _read(self, field: Field, cell: Coded, columns: dict[str, pa.Array]) -> pa.Array:
        if field.type != "time":
            return cell.map(lambda column: values(column, field.type, self.table.decimal)).whole
        instants, wall = times.read(cell.values, self.table.dates[field.name])
        columns[f"{field.name}:wall"] = wall.take(pa.array(cell.at))
        return instants.take(pa.array(cell.at))

    def _whole(
        self, columns: dict[str, pa.Array], clean: list[Coded], first: int, length: int
    ) -> dict[str, pa.Array]:
        """Return every column a query may name, null where the file has none."""
        whole = {
            field.name: pa.nulls(length, TYPES.get(field.type, pa.string())) for field in self.kind.all_fields
        }
        whole |= {name: column for name, column in columns.items() if ":" not in name}
        wall = columns.get("time:wall", columns.get("closed:wall", pa.nulls(length, pa.int64())))
        for name in ("channel", "source"):
            whole.setdefault(name, pa.nulls(length, pa.string()))
        named = pa.repeat(self.table.event, length) if self.table.event else pa.nulls(length, pa.string())
        whole["named"] = named
        if "event" in whole:
            whole["event"] = pc.coalesce(whole["event"], named)
        named_so = self._named(whole)
        whole |= self._who(whole)
        if self.kind.name == "orders":
            whole |= self._orders(whole, wall)
        key = self._key(whole, wall, clean)
        if self.kind.name == "deals":
            whole["deal_key"] = joined([whole["deal"], whole["who"], wall.cast(pa.string())])
        whole |= {
            "row": pa.array(np.arange(first, first + length)),
            "key": key,
            "factor": pa.repeat(self.table.factor, length),
        }
        return whole | self._objects(whole, clean, named_so)

    def _who(self, whole: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
        """Return the identifiers; a company is the customer where nobody else is."""
        customer = whole["customer_id"]
        for name, before in CRM.items():
            number = whole[name]
            known = pc.if_else(pc.equal(number, "0"), NO_TEXT, number)
            customer = pc.coalesce(customer, pc.binary_join_element_wise(before, known, ""))
        others = [whole[name] for name in ("email", "phone", "national_code")]
        company = whole["account"]
        for other in others:
            company = pc.if_else(pc.is_valid(other), NO_TEXT, company)
        customer = pc.coalesce(customer, company)
        who = joined([customer, *others])
        nobody = pc.equal(who, "\x1f" * len(others))
        account = match_forms(whole["account"])
        return {"customer_id": customer, "account": account, "who": pc.if_else(nobody, NO_TEXT, who)}

    def _orders(self, whole: Mapping[str, pa.Array], wall: pa.Array) -> dict[str, pa.Array]:
        order = whole["order"]
        if "order" not in self.fields and "product" in self.fields:
            order = pc.binary_join_element_wise(whole["who"], wall.cast(pa.string()), "@")
        marks = pc.if_else(
            pc.match_substring_regex(order, PREFIXED),
            pc.utf8_upper(pc.utf8_slice_codeunits(order, 0, 1)),
            NO_TEXT,
        )
        prefixed = each(marks, self.table.prefixes.get, pa.string())
        return {"order": order, "prefixed": prefixed, "verdict": each(whole["status"], verdict, pa.string())}

    def _key(self, whole: Mapping[str, pa.Array], wall: pa.Array, clean: list[Coded]) -> pa.Array:
        """Return what a line is known by: its identity, or all that is written in it; string[n]."""
        if not self.kind.identity:
            return joined(
                [pa.repeat(self.kind.name, len(wall)), *(cell.map(identifiers).whole for cell in clean)]
            )
        parts = [wall if name == "wall" else whole[name] for name in self.kind.identity]
        return joined([pa.repeat(self.kind.name, len(wall)), *map(as_key, parts)])

    def _objects(
        self, whole: Mapping[str, pa.Array], clean: list[Coded], named: Mapping[str, pa.Array]
    ) -> dict[str, pa.Array]:
        """Return the open columns as JSON objects: of the event, the customer and the product."""
        found: dict[str, dict[str, Coded]] = {level: {} for level in LEVELS}
        for column, level in self.table.extras.items():
            if level != "left out":
                read = self._figures if column in self.table.numbers else texts
                found[level][column] = clean[self.at[column]].map(read)
        for name in SAID:
            if name in self.fields:
                found["property"].setdefault(name, Coded.of(whole[name]))
        found["trait"] |= {name: Coded.of(column) for name, column in named.items()}
        if "product_name" in self.fields and "product" in self.fields:
            found["product"].setdefault("name", Coded.of(whole["product_name"]))
        return {LEVELS[level]: objects(parts, len(whole["row"])) for level, parts in found.items()}

    def _figures(self, column: pa.Array) -> pa.Array:
        return numbers(column, self.table.decimal)

    def _named(self, whole: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
        """Return what a customer is called."""
        named = {}
        both = pc.utf8_trim(joined([whole["first_name"], whole["last_name"]], " "), " ")
        name = pc.coalesce(whole["name"], pc.if_else(pc.equal(both, ""), NO_TEXT, both))
        if {"name", "first_name", "last_name"} & set(self.fields):
            named["name"] = name
        if "account" in self.fields:
            named["company"] = values(whole["account"], "text")
        return named


def names_of(table: Table) -> tuple[str, ...]:
    """List a table's columns and those that lookups bring."""
    return (*table.columns, *(name for lookup in table.lookups for name in lookup.brings))


def joined(parts: list[Any], sign: str = "\x1f") -> pa.Array:
    """Join texts row by row, with a sign that nobody writes or another; null counts as empty."""
    return pc.binary_join_element_wise(*parts, sign, null_handling="replace", null_replacement="")


def as_key(column: pa.Array) -> pa.Array:
    """Return values as one text for one value, whatever the file's format."""
    if pa.types.is_floating(column.type):
        return pc.round(column, 6).cast(pa.string())
    return column.cast(pa.string())


def objects(parts: Mapping[str, Coded], length: int) -> pa.Array:
    """Return columns as JSON objects without the members that are null; string[n], null where nothing is left."""
    members = [part.map(partial(member, name)).whole for name, part in parts.items()]
    if not members:
        return pa.nulls(length, pa.string())
    inside = pc.utf8_slice_codeunits(joined(members, ""), 1)
    return pc.if_else(pc.equal(inside, ""), NO_TEXT, pc.binary_join_element_wise("{", inside, "}", ""))


def member(name: str, values: pa.Array) -> pa.Array:
    """Return ``,"name":value`` for each value; null stays null."""
    before = b"," + msgspec.json.encode(name) + b":"
    encode = msgspec.json.Encoder().encode
    written = [None if value is None else before + encode(value) for value in values.to_pylist()]
    return pa.array(written, pa.binary()).cast(pa.string())
