"""Tables of one folder that belong together: a small table that says more of what a column names.

Sales teams stand beside deals by the sales rep, a campaign's dates beside its members.  The key is a column
of the same name in both, with each value once in the small table and known for nearly all rows of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ganj.intake.fields import header_form
from ganj.intake.grouping import Group
from ganj.intake.normal import cleaned
from ganj.intake.plan import Lookup

SMALL = 2 << 20  # bytes on disk; what stands beside others is held in memory
KNOWN = 0.8  # of the values of the key


def beside(group: Group, other: Group) -> Group | None:
    """Return a group with another's columns put beside its own; None where no key joins them."""
    if other.size > SMALL or len(other.sources) != 1 or other is group:
        return None
    for here in group.own:
        for there in other.own:
            if header_form(here) == header_form(there) and _joins(group, here, other, there):
                brings = _brings(group.columns, other.own, there)
                return _with(group, Lookup(other.sources[0], here, there, brings), other) if brings else None
    return None


def _with(group: Group, lookup: Lookup, other: Group) -> Group:
    at = pc.index_in(_column(group, lookup.here), _column(other, lookup.there))
    cells = group.cells
    for name in lookup.brings:
        cells = cells.append_column(f"c{cells.num_columns}", _column(other, name).take(at))
    columns = (*group.columns, *lookup.brings)
    return msgspec.structs.replace(group, columns=columns, cells=cells, lookups=(*group.lookups, lookup))


def _brings(taken: Sequence[str], columns: Iterable[str], key: str) -> tuple[str, ...]:
    forms = {header_form(name) for name in taken}
    return tuple(name for name in columns if name != key and header_form(name) not in forms)


def _joins(group: Group, here: str, other: Group, there: str) -> bool:
    keys = _column(other, there).drop_null()
    values = _column(group, here).drop_null().unique()
    if len(keys) < 2 or len(values) < 2 or pc.count_distinct(keys).as_py() < len(keys):
        return False
    known = pc.sum(pc.is_in(values, keys)).as_py() or 0
    return known >= KNOWN * len(values)


def _column(group: Group, name: str) -> pa.Array:
    column = group.cells.column(list(group.columns).index(name))
    return cleaned(pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string()))
