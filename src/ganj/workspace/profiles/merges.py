"""Who was merged into a customer, why, and how to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ganj.workspace.profiles.lanes import MERGE

if TYPE_CHECKING:
    from ganj.store.persons import Merge
    from ganj.workspace import Workspace


class Merged(msgspec.Struct, frozen=True):
    """A merge that a customer came out of.

    Attributes
    ----------
    id : names it for the undo
    time : µs UTC
    evidence : what was said for it
    automatic : whether a rule did it
    """

    id: str
    time: int
    evidence: dict[str, Any]
    automatic: bool

    def told(self) -> dict[str, Any]:
        """Return it as an entry of a timeline."""
        return {"time": self.time, "event": MERGE, "properties": self.evidence}


def of(workspace: Workspace, number: int) -> tuple[Merged, ...]:
    """Return a customer's merges, newest first."""
    return tuple(
        Merged(one.id, one.time, _evidence(one), one.automatic)
        for one in workspace.merges(number)
        if one.undone is None
    )


def _evidence(merge: Merge) -> dict[str, Any]:
    """Return what was said for a merge: its two identifiers, who decided it, and the rest."""
    sides = dict((merge.one, merge.other))
    names = sides if len(sides) == 2 else {merge.one[0]: f"{merge.one[1]} + {merge.other[1]}"}
    return {**names, **({"by": merge.by} if merge.by else {}), **merge.evidence}
