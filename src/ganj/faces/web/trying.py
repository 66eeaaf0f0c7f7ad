"""What a source that is tried would bring, as its page shows it."""

from __future__ import annotations

from typing import Any

from ganj.faces.web import sources, wizard
from ganj.faces.web.visit import Visit
from ganj.intake.kinds import kind_named
from ganj.workspace.sources import Look, Seen


def shown(visit: Visit, found: Look) -> dict[str, Any]:
    """Return the tables of a dry run with their columns and counts, its events, and what would be left out."""
    return {
        "address": found.address,
        "tables": [_table(visit, one) for one in found.tables],
        "count": found.count,
        "lines": [sources.told(visit, line) for line in found.lines[:5]],
        "reasons": [(visit.of(one.reason), one.count) for one in found.reasons],
    }


def _table(visit: Visit, seen: Seen) -> dict[str, Any]:
    kind = kind_named(seen.table.kind)
    mapping = [
        (visit.of(kind.field(name).label), column) for name, column in seen.table.mapping.items() if column
    ]
    return {
        "name": seen.name,
        "kind": visit.of(kind.label),
        "mapping": mapping,
        "check": wizard.checked(visit, seen.check),
    }
