"""What rows can be: one file a kind, found by itself.

A kind says which fields its rows have, which of them it cannot do without, and in one query what events
they become.  The query reads the table ``t`` of typed columns, one for each field (null where no column
is mapped to it) and those of `ganj.intake.typed`, and returns the columns of `ganj.events.ROWS`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import msgspec

from ganj.errors import UnknownName
from ganj.intake.fields import WHO, Field
from ganj.text import Text


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of rows.

    Attributes
    ----------
    fields
        Beside `ganj.intake.fields.WHO`, which every kind has.
    needs
        Of each group at least one field must have a column.
    strict
        Fields whose unreadable value sets the row aside; others become empty.
    required
        Fields without which a row is set aside.
    signs
        Words in headers or the file's name that speak for this kind.
    query
        From the typed columns to rows.
    identity
        Fields that make a line what it is, in the order they are hashed; without them the whole row.
    """

    name: str
    label: Text
    says: Text
    fields: tuple[Field, ...]
    needs: tuple[tuple[str, ...], ...]
    query: str
    signs: str = ""
    strict: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    event: str = ""

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """Its own fields, then those that say who."""
        own = {field.name for field in self.fields}
        return (*self.fields, *(field for field in WHO if field.name not in own))

    def field(self, name: str) -> Field:
        """Return a field by name; raise `UnknownName`."""
        for field in self.all_fields:
            if field.name == name:
                return field
        raise UnknownName.among(Text("field", "فیلد"), name, [field.name for field in self.all_fields])


@cache
def kinds() -> dict[str, Kind]:
    """Return all kinds by name."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        kind = importlib.import_module(f"{__name__}.{module.name}").KIND
        found[kind.name] = kind
    return found


def kind_named(name: str) -> Kind:
    """Return a kind by name; raise `UnknownName`."""
    if name not in kinds():
        raise UnknownName.among(Text("kind of rows", "نوع داده"), name, kinds())
    return kinds()[name]
