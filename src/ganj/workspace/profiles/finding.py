"""Which customer is meant by a number or an identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganj.errors import GanjError, UnknownName
from ganj.persian import ascii_digits
from ganj.text import Text

if TYPE_CHECKING:
    from ganj.workspace import Workspace

CUSTOMER = Text("customer", "مشتری")


class SeveralCustomers(GanjError):
    """An identifier that more than one customer has. Facts: ``identifier``, ``numbers``."""

    status = 409
    says = Text(
        "{identifier} belongs to more than one customer: {numbers}.",
        "{identifier} به بیش از یک مشتری می‌رسد: {numbers}.",
    )
    hint = Text(
        "Name one by its number, or merge them.", "یکی را با شماره‌اش نام ببرید، یا آن‌ها را ادغام کنید."
    )


def find(workspace: Workspace, who: str, kind: str = "") -> int:
    """Return the number of the customer that has an identifier, or this number.

    Parameters
    ----------
    who : a phone, e-mail, number at the source …; ``#12`` is customer number 12
    kind : the kind of identifier, where only that is meant

    Raises
    ------
    UnknownName
        Nobody has it.
    SeveralCustomers
        More than one has it.
    """
    words = ascii_digits(who.strip())
    if words.startswith("#") and words[1:].isdecimal() and len(words) < 12:
        return known(workspace, int(words[1:]))
    found = workspace.store.named(who, kind).tolist()
    if not found and not kind and words.isdecimal() and len(words) < 10:
        return known(workspace, int(words))
    if not found:
        raise UnknownName(kind=CUSTOMER, name=who, near="—")
    if len(found) > 1:
        raise SeveralCustomers(identifier=who, numbers=", ".join(f"#{number}" for number in found[:10]))
    return int(found[0])


def known(workspace: Workspace, number: int) -> int:
    """Return the number of the customer that a number belongs to: another where two were merged.

    Raises
    ------
    UnknownName
        There is none.
    """
    snapshot = workspace.store.snapshot
    if not 0 <= number < snapshot.customers:
        raise UnknownName(kind=CUSTOMER, name=str(number), near="—")
    return snapshot.stands_for(number)
