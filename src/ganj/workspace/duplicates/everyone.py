"""Everyone as one table: what is said of them, and their identifiers, with what each column means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.histories import Array
from ganj.identity.duplicates import role_of

if TYPE_CHECKING:
    from ganj.workspace import Workspace

SEVERAL = {"phone": 3, "email": 2, "national_code": 1}
"""Identifiers of a person that are compared, of each kind at most."""


def everyone(workspace: Workspace) -> tuple[pa.Table, dict[str, str]]:
    """Return all customers of whom something telling is known, and the role of each column.

    Returns
    -------
    pa.Table
        ``customer`` int32, the number they have now; then a text column for each trait and identifier
        that tells people apart.
    """
    identifiers = workspace.store.persons.identifiers()
    numbers: Array = np.unique(identifiers["customer"].to_numpy()).astype(np.int32)
    customers = pa.array(numbers)
    columns: dict[str, pa.Array] = {"customer": customers}
    roles = {"customer": ""}
    for kind, rank, told in _ranked(identifiers):
        name = f"{kind} {rank}"
        columns[name], roles[name] = _beside(customers, told), kind
    for trait in sorted(workspace.store.traits()):
        role = role_of(trait)
        if role is not None and trait not in columns:
            columns[trait], roles[trait] = _beside(customers, workspace.store.trait(trait)), role
    table = pa.table(columns)
    told_of = [pc.is_valid(table[name]) for name in table.column_names[1:]]
    if not told_of:
        return table.slice(0, 0), roles
    known = told_of[0]
    for column in told_of[1:]:
        known = pc.or_(known, column)
    return table.filter(known), roles


def _ranked(identifiers: pa.Table) -> Iterator[tuple[str, int, pa.Table]]:
    """Yield the first, second and third identifiers of each kind: ``customer``, ``value``."""
    for kind, most in SEVERAL.items():
        left = identifiers.filter(pc.equal(identifiers["kind"], kind)).select(["customer", "value"])
        for rank in range(1, most + 1):
            if not left.num_rows:
                break
            customer = left["customer"].to_numpy()
            first = np.append(True, customer[1:] != customer[:-1])
            yield kind, rank, left.filter(pa.array(first))
            left = left.filter(pa.array(~first))


def _beside(customers: pa.Array, told: pa.Table) -> pa.Array:
    """Return the value of each customer as text, null where there is none."""
    values = told["value"].combine_chunks()
    if not pa.types.is_string(values.type):
        values = pc.cast(values, pa.string())
    return values.take(pc.index_in(customers, value_set=told["customer"].combine_chunks()))
