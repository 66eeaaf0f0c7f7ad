"""Adds what people say of a customer to the log, as an event of the customer's own."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from ganj.errors import GanjError, UnknownName
from ganj.log.line import OWN, Line
from ganj.text import Text

if TYPE_CHECKING:
    from ganj.workspace import Workspace


class Nameless(GanjError):
    """A customer without any identifier cannot be written of. Facts: ``customer``."""

    status = 409
    says = Text(
        "Customer {customer} has no identifier to name it by.",
        "مشتری {customer} هیچ شناسه‌ای ندارد که با آن نامیده شود.",
    )
    hint = Text("Give it an identifier first.", "نخست برای او شناسه‌ای وارد کنید.")


def tell(workspace: Workspace, number: int, event: str, properties: dict[str, Any]) -> None:
    """Append an event of a customer to the log and load it; it is on disk when this returns."""
    kind, value = surest(workspace, number)
    now = time.time_ns() // 1000
    line = Line(m=str(uuid.uuid4()), r=now, t=now, k="track", w=OWN, d=OWN, e=event, p=properties)
    if kind == "customer_id":
        line.u = value
    elif kind == "anonymous_id":
        line.a = value
    else:
        line.i = [(kind, value)]
    workspace.collect([line], OWN)
    workspace.store.absorb()


def surest(workspace: Workspace, number: int) -> tuple[str, str]:
    """Return the one identifier a customer is named by.

    One only: an event that named two would itself be a reason to hold them for one person, also after
    their merge was undone.
    """
    snapshot = workspace.store.snapshot
    if not 0 <= number < snapshot.customers:
        raise UnknownName(kind=Text("customer", "مشتری"), name=str(number), near="—")
    link = workspace.store.persons.link(snapshot.stands_for(number))
    if link is None:
        raise Nameless(customer=number)
    return link
