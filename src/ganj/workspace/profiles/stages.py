"""Where a customer stands: prospect, responder, active or former; and every change, exact for any day.

Stages are in no log.  They follow from the events and the rules, so a new rule, a late event or a merge
changes the past too, and a day's stage is what it was by what is known now.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import numpy as np

from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.kernels.activity import PURCHASE, RESPONSE, moves
from ganj.miners.lifecycle import RESPONSES, Lifecycle
from ganj.parameters import Duration, in_words, param
from ganj.store.timelines import Sketch
from ganj.text import Text
from ganj.workspace.profiles import kept
from ganj.workspace.profiles.lanes import STAGE

if TYPE_CHECKING:
    from ganj.workspace import Workspace

STAGES = (
    ("prospect", Text("Prospect", "مشتری بالقوه")),
    ("responder", Text("Responder", "مشتری واکنش‌پذیر")),
    ("active", Text("Active", "مشتری بالفعل")),
    ("former", Text("Former", "مشتری سابق")),
)
"""Names and words, in the order of the kernel's codes."""
MICROSECOND = timedelta(microseconds=1)


class StageRules(msgspec.Struct, frozen=True, kw_only=True):
    """What moves a customer from stage to stage.

    Known makes a prospect, a response a responder, a purchase an active customer; longer than ``idle``
    without a purchase makes a former one, and the next purchase an active one again.
    """

    responses: Annotated[
        tuple[str, ...], param("Responses", "رویدادهای واکنش", of="event", max_length=40)
    ] = RESPONSES
    purchases: Annotated[
        tuple[str, ...], param("Purchases", "رویدادهای خرید", of="event", min_length=1, max_length=20)
    ] = (ORDER,)
    idle: Annotated[
        Duration, param("Former after so long without a purchase", "مشتری سابق پس از این مدت بی‌خرید")
    ] = Duration(days=180)

    def __post_init__(self) -> None:
        """Refuse an idle time that nothing fits in."""
        if not timedelta(0) < self.idle <= timedelta(days=36_500):
            why = Text("it must be between a moment and a hundred years.", "باید میان یک لحظه و صد سال باشد.")
            raise BadParameter(parameter="idle", value=in_words(self.idle), why=why)

    def analysis(self) -> Lifecycle:
        """Return the analysis that counts everyone's stages by these rules."""
        return Lifecycle(responses=self.responses, purchases=self.purchases, idle=self.idle)


class Change(msgspec.Struct, frozen=True):
    """A change of stage: µs UTC, the stage left (empty before the first event) and the stage entered."""

    time: int
    left: str
    entered: str

    def told(self) -> dict[str, Any]:
        """Return it as an entry of a timeline."""
        properties = {"from": self.left, "to": self.entered}
        return {"time": self.time, "event": STAGE, "properties": properties}


class Stage(msgspec.Struct, frozen=True):
    """A customer's stage: its name, since when (None without any event), and how it came to it."""

    name: str
    since: int | None
    changes: tuple[Change, ...]


def rules(workspace: Workspace) -> StageRules:
    """Return the workspace's rules."""
    return kept.value(workspace.store.control, "stages", StageRules)


def stage(workspace: Workspace, sketch: Sketch, as_of: int | None = None) -> Stage:
    """Return a customer's stage as of a moment (µs; the end of the data if None)."""
    said = rules(workspace)
    if as_of is None:
        as_of = workspace.resolve(said.analysis()).window()[1]
    return fold(sketch, said, as_of or 0)


def fold(sketch: Sketch, said: StageRules, as_of: int) -> Stage:
    """Follow a customer through the stages up to a moment, µs."""
    count = int(np.searchsorted(sketch.time, as_of)) if as_of else len(sketch)
    role = sketch.of(said.responses).astype(np.int8) * RESPONSE
    role |= sketch.of(said.purchases).astype(np.int8) * PURCHASE
    offsets = np.array([0, count], np.int64)
    times = np.ascontiguousarray(sketch.time[:count], np.int64)
    _, when, begun, entered = moves(offsets, times, role[:count], said.idle // MICROSECOND, as_of)
    changes = tuple(
        Change(int(time), STAGES[left][0] if left >= 0 else "", STAGES[now][0])
        for time, left, now in zip(when, begun.tolist(), entered.tolist(), strict=True)
    )
    last = changes[-1] if changes else None
    return Stage(last.entered if last else STAGES[0][0], last.time if last else None, changes)
