"""Events about an order: its lines, its money, and that it counts once whoever tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import fsum, isnan, nan
from typing import Any

import msgspec

from ganj.events import CANCEL, FREE, ORDER, REFUND
from ganj.money import parse_number

REPEATED = "Order Repeated"
"""What a later telling of an order is called: kept, and not counted again."""
ONCE = frozenset({ORDER, FREE, CANCEL})
BACK = frozenset({REFUND, CANCEL})
ABOUT_ORDERS = ("Order ", "Free Order", "Checkout", "Payment", "Deal ", "Ticket ", "Quote ", "Coupon ")
"""How names of events begin whose order number means something."""

_PRODUCT = ("product_id", "productId", "sku", "id", "item_id", "variant_id", "name", "title")
_PRICE, _QUANTITY = ("price", "unit_price", "item_price"), ("quantity", "qty", "count")
_NUMBERS, _WORDS = (int, float), (str, int, float)
"""What JSON's numbers and words are in Python; a flag is neither."""
_TRAITS = ("name", "category", "brand", "variant", "sku", "url", "image_url")


class _Lists(msgspec.Struct, gc=False):
    """Where an event may list its lines; the first that does, counts."""

    products: Any = None
    items: Any = None
    line_items: Any = None
    contents: Any = None


_read = msgspec.json.Decoder(_Lists).decode


@dataclass
class OrderLines:
    """Lines of orders, laid end to end: the event of each, its product, all as told, how many at what price."""

    event: list[int] = field(default_factory=list)
    product: list[str | None] = field(default_factory=list)
    about: list[dict[str, Any]] = field(default_factory=list)
    quantity: list[float] = field(default_factory=list)
    price: list[float] = field(default_factory=list)

    def add(self, event: int, told: bytes) -> float:
        """Read the lines of an event's properties; return what they come to, nan where they do not say."""
        lists = _read(told)
        found: Any = lists.products
        if type(found) is not list:
            found = next(
                (one for one in (lists.items, lists.line_items, lists.contents) if type(one) is list), ()
            )
        total = [self._line(event, one) for one in found if type(one) is dict]
        return fsum(total) if total else nan

    def _line(self, event: int, one: dict[str, Any]) -> float:
        quantity = number(one, _QUANTITY)
        quantity = 1.0 if isnan(quantity) else quantity
        price = number(one, _PRICE)
        self.event.append(event)
        self.product.append(_product(one))
        self.about.append(one)
        self.quantity.append(quantity)
        self.price.append(price)
        return price * quantity


def _product(told: dict[str, Any]) -> str | None:
    """Return what names the product of a line; None where nothing does."""
    for name in _PRODUCT:
        value = told.get(name)
        if value is not None and _is_word(value):
            return str(value)
    return None


def number(told: dict[str, Any], names: tuple[str, ...]) -> float:
    """Return the first of some members that is a number; nan where none is."""
    for name in names:
        value: Any = told.get(name)
        if value is None:
            continue
        if type(value) is str:
            value = parse_number(value)
        if type(value) in _NUMBERS and abs(value) < 1e300:
            return float(value)
    return nan


def traits(line: dict[str, Any]) -> dict[str, Any]:
    """Return what a line says of its product beside its number."""
    return {name: line[name] for name in _TRAITS if _is_word(line.get(name))}


def _is_word(value: Any) -> bool:
    return type(value) in _WORDS and value != ""
