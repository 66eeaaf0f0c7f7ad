"""A webhook: its name, and which of its fields say when, who, what and how much."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from ganj.errors import BadParameter
from ganj.misread import misread
from ganj.parameters import param
from ganj.text import Text

MEANINGS: dict[str, Text] = {
    "event": Text("What happened", "چه شد"),
    "time": Text("When", "زمان"),
    "message": Text("Its number (counted once)", "شماره (یک بار شمرده می‌شود)"),
    "customer_id": Text("Customer", "مشتری"),
    "email": Text("E-mail", "ایمیل"),
    "phone": Text("Phone", "تلفن"),
    "national_code": Text("National code", "کد ملی"),
    "anonymous_id": Text("Visitor", "بازدیدکننده"),
    "amount": Text("Amount", "مبلغ"),
    "currency": Text("Currency", "ارز"),
    "order": Text("Order number", "شمارهٔ سفارش"),
    "product": Text("Product", "محصول"),
    "name": Text("Name of the customer", "نام مشتری"),
}
"""What a field can mean; fields that mean none of these become properties of the event."""


class Hook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A webhook as its makers describe it.

    ``fields`` gives the place of each meaning: names joined by points, numbers for places in lists,
    ``data.customer.phone`` or ``items.0.sku``.  What it leaves open is guessed from the fields' names.
    ``event`` is what happened where no field says so.
    """

    name: Annotated[str, param("Name", "نام"), msgspec.Meta(min_length=1, max_length=80)]
    event: Annotated[str, param("What happened", "چه شد"), msgspec.Meta(max_length=200)] = ""
    fields: dict[str, str] = {}
    currency: Annotated[str, param("Currency of amounts", "ارز مبلغ‌ها"), msgspec.Meta(max_length=8)] = ""


def hook_of(told: dict[str, Any]) -> Hook:
    """Read a webhook's description.

    Raises
    ------
    BadParameter
        Something in it is wrong, or means nothing.
    """
    try:
        hook = msgspec.convert(told, Hook)
    except msgspec.ValidationError as wrong:
        raise misread(wrong, parameter="hook", value=str(told.get("name", ""))) from wrong
    unknown = sorted(set(hook.fields) - set(MEANINGS))
    if unknown:
        known = ", ".join(MEANINGS)
        why = Text(f"known meanings are {known}.", f"معنی‌های شناخته‌شده: {known}.")
        raise BadParameter(parameter="fields", value=unknown[0], why=why)
    return hook
