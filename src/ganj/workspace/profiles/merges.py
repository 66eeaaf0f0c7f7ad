"""Who was merged into a customer, why, and whether it was taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ganj.access.masking import Privacy
from ganj.workspace.profiles.lanes import MERGE, UNMERGE

if TYPE_CHECKING:
    from ganj.store.persons import Merge
    from ganj.workspace import Workspace


def of(workspace: Workspace, number: int) -> tuple[Merge, ...]:
    """Return a customer's merges, newest first, those undone too."""
    return tuple(workspace.merges(number))


def entries(merges: tuple[Merge, ...]) -> list[dict[str, Any]]:
    """Return merges and their undoing as entries of a timeline."""
    made = [_entry(MERGE, one.time, one, one.by) for one in merges]
    return made + [
        _entry(UNMERGE, one.undone, one, one.undone_by) for one in merges if one.undone is not None
    ]


def told(merge: Merge, privacy: Privacy) -> dict[str, Any]:
    """Return a merge as JSON; its identifiers as privacy allows."""
    sides = {
        name: {"kind": kind, "value": privacy.given(kind, value)}
        for name, (kind, value) in (("one", merge.one), ("other", merge.other))
    }
    return {**msgspec.to_builtins(merge), **sides, "evidence": privacy.values(merge.evidence)}


def _entry(event: str, time: int, merge: Merge, by: str) -> dict[str, Any]:
    sides = {"one": dict([merge.one]), "other": dict([merge.other])}
    return {"time": time, "event": event, "properties": {**sides, **({"by": by} if by else {})}}
