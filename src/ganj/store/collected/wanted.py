"""Which members of an event's properties and context mean something to the store: data, not code."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where a value may be told: a member of the properties, a path of the context, or a field of the line."""

    where: str
    name: str


def _p(*names: str) -> tuple[Place, ...]:
    return tuple(Place("p", name) for name in names)


def _c(*paths: str) -> tuple[Place, ...]:
    return tuple(Place("c", path) for path in paths)


FILLED: dict[str, tuple[Place, ...]] = {
    "path": (*_c("page.path"), *_p("$pathname")),
    "title": _c("page.title"),
    "url": (*_c("page.url"), *_p("$current_url")),
    "referrer": (*_c("page.referrer"), *_p("$referrer")),
    "search": _c("page.search"),
    "utm_source": _c("campaign.source"),
    "utm_medium": _c("campaign.medium"),
    "utm_campaign": _c("campaign.name"),
    "utm_term": _c("campaign.term"),
    "utm_content": _c("campaign.content"),
    "session_id": (*_c("sessionId", "session_id", "session.id"), *_p("$session_id")),
    "device_type": (*_c("device.type"), *_p("$device_type")),
    "os": (*_c("os.name"), *_p("$os")),
    "browser": _p("$browser"),
    "app": _c("app.name"),
    "app_version": (*_c("app.version"), *_p("$app_version")),
    "locale": _c("locale"),
    "timezone": (*_c("timezone"), *_p("$timezone")),
    "country": (*_c("location.country"), *_p("$geoip_country_code")),
    "name": (Place("line", "e"),),
}
"""Properties an event is given where it does not tell them itself; the first place that tells wins.

The name is that of a page or screen; of a track call it is the event.
"""

PRODUCT = _p("product_id", "productId", "product", "sku", "id", "name")
"""What names the product of a ``Product …`` event; a list or an object does not."""
ORDER = _p(
    "order_id",
    "orderId",
    "$order_id",
    "order",
    "transaction_id",
    "transactionId",
    "order_number",
    "ticket_id",
    "deal_id",
)
AMOUNT = _p("revenue", "total", "value", "amount", "$revenue", "grand_total", "subtotal")
"""Of an order, ``revenue`` is without shipping and tax where both are told."""
COST = _p("cost", "spend", "amount", "value", "total")
"""Of what a channel cost."""
PRICE, QUANTITY, CURRENCY = (
    _p("price", "unit_price"),
    _p("quantity", "qty", "count"),
    _p("currency", "currency_code"),
)
LINES = _p("products", "items", "line_items", "contents")
EMAIL = (*_c("traits.email", "user.email"), *_p("email", "$email"))
PHONE = (*_c("traits.phone", "traits.mobile"), *_p("phone", "mobile"))
CHANNEL = _p("channel")
ACCOUNT = _c("groupId", "traits.groupId")

_EVERY = (
    *(place for places in FILLED.values() for place in places),
    *(
        *PRODUCT,
        *ORDER,
        *AMOUNT,
        *COST,
        *PRICE,
        *QUANTITY,
        *CURRENCY,
        *LINES,
        *EMAIL,
        *PHONE,
        *CHANNEL,
        *ACCOUNT,
    ),
    *_p(*FILLED),
)
OF_PROPERTIES = tuple(dict.fromkeys(place.name for place in _EVERY if place.where == "p"))
OF_CONTEXT = tuple(dict.fromkeys(place.name for place in _EVERY if place.where == "c"))
