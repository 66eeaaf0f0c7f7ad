"""What each analysis says of one customer, or why it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganj import miners
from ganj.errors import GanjError
from ganj.miner import Column, Miner
from ganj.parameters import parameters
from ganj.text import Text
from ganj.workspace.profiles import stages

if TYPE_CHECKING:
    from ganj.workspace import Workspace

NO_ORDER = Text(
    "It speaks of buyers, and this customer has not bought yet.",
    "این تحلیل دربارهٔ خریداران است و این مشتری هنوز خریدی نکرده است.",
)
NOT_COUNTED = Text(
    "This customer has no event that it looks at.", "این مشتری رویدادی ندارد که این تحلیل به آن نگاه کند."
)

NOT_YET = Text(
    "This analysis has not been run on what is stored now.", "این تحلیل هنوز روی داده‌های کنونی اجرا نشده است."
)


@dataclass(frozen=True, eq=False)
class Said:
    """What one analysis says of a customer.

    Attributes
    ----------
    analysis : its name
    title : its words
    scores : its columns with the customer's values; empty where it says nothing
    why : why it says nothing
    """

    analysis: str
    title: Text
    scores: tuple[tuple[Column, Any], ...] = ()
    why: Text | None = None


def scores(workspace: Workspace, number: int, *, buyer: bool, waits: bool = False) -> tuple[Said, ...]:
    """Ask each analysis with a place on the first page, and those that foresee what one customer will do.

    Parameters
    ----------
    buyer : whether the customer ever ordered, for the reason where an analysis says nothing
    waits : whether what is foreseen is computed now where it is not at hand; that takes a while
    """
    return tuple(
        _said(workspace, name, cls, number, buyer)
        if waits or cls.at_home or workspace.answers.known(cls())
        else Said(name, cls.title, why=NOT_YET)
        for name, cls in _asked()
    )


def _asked() -> list[tuple[str, type[Miner[Any, Any]]]]:
    named = [(name, miners.find(name)) for name in miners.names()]
    chosen = [
        (name, cls)
        for name, cls in named
        if cls.scored
        and (cls.at_home or cls.of_one)
        and not any(parameter.required for parameter in parameters(cls))
    ]
    return sorted(chosen, key=lambda one: one[1].at_home == 0)


def _said(workspace: Workspace, name: str, cls: type[Miner[Any, Any]], number: int, buyer: bool) -> Said:
    try:
        # Stages by the workspace's own rules, so that a page does not contradict itself.
        miner = stages.rules(workspace).analysis() if name == "lifecycle" else cls()
        row = workspace.answers.scores_of(miner, number).to_pylist()
    except GanjError as mistake:
        return Said(name, cls.title, why=Text(mistake.message("en"), mistake.message("fa")))
    if not row:
        return Said(name, cls.title, why=NOT_COUNTED if buyer else NO_ORDER)
    return Said(name, cls.title, tuple((column, row[0][column.name]) for column in cls.scored))
