"""Why a customer is in each saved segment, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ganj.segments import Reason, explain

if TYPE_CHECKING:
    from ganj.workspace import Workspace


@dataclass(frozen=True, eq=False)
class Membership:
    """One saved segment and one customer: whether in it, and each condition."""

    segment: str
    inside: bool
    reasons: tuple[Reason, ...]


def why(workspace: Workspace, number: int) -> tuple[Membership, ...]:
    """Explain every saved segment, those the customer is in first."""
    told = [_membership(workspace, name, number) for name in workspace.segments()]
    return tuple(sorted(told, key=lambda one: (not one.inside, one.segment)))


def _membership(workspace: Workspace, name: str, number: int) -> Membership:
    reasons = explain(workspace.definition(name), number, workspace.answers)
    return Membership(name, bool(reasons) and all(reason.true for reason in reasons), reasons)
