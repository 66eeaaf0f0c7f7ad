"""A WooCommerce shop over its REST API: orders with their lines, customers, products.

Each pass asks for what was modified since the pass before began, ordered by number.  While pages are read the
shop goes on: what is changed meanwhile is asked for again in the next pass, and where something left the list
(so that others moved up a page unseen) the pass begins anew.  Records that come again unchanged are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Literal

from ganj.intake.sources import SECRET, Feed, Part, Records, State
from ganj.intake.sources.certificates import AUTHORITY
from ganj.intake.sources.errors import BadAnswer
from ganj.intake.sources.reach import Reach, Reply, checked
from ganj.parameters import param
from ganj.text import Text

PAGE = 100  # the most that WooCommerce gives
LATE = timedelta(minutes=2)  # clocks of web servers and databases differ
RESTARTS = 3
API = "/wp-json/wc/v3"
DAY = timedelta(days=1)
UNPAID = {"pending", "on-hold", "checkout-draft", "auto-draft"}
"""Orders that wait for their payment: they change, and so come again, when it arrives."""
ADDRESS = ("first_name", "last_name", "company", "city", "state", "postcode", "country", "email", "phone")
WHO = {
    "customer_id": "customer_id",
    "email": "email",
    "phone": "phone",
    "first_name": "first_name",
    "last_name": "last_name",
}
ORDERS = {
    "kind": "orders",
    "mapping": WHO
    | {
        "time": "date",
        "order": "order_number",
        "status": "status",
        "product": "product",
        "product_name": "product_name",
        "quantity": "quantity",
        "price": "price",
        "amount": "total",
        "refunded": "refunded",
        "channel": "created_via",
    },
}
CUSTOMERS = {"kind": "customers", "mapping": WHO}
PRODUCTS = {"kind": "products", "mapping": {"product": "product", "product_name": "product_name"}}
Thing = Literal["orders", "customers", "products"]


class Woocommerce(Feed, frozen=True, kw_only=True):
    """A shop."""

    label = Text("WooCommerce", "ووکامرس")
    says = Text(
        "Orders, customers and products of a WooCommerce shop, over its REST API.",
        "سفارش‌ها، مشتریان و محصولات یک فروشگاه ووکامرس، از راه REST API آن.",
    )

    url: Annotated[
        str, param("Shop", "فروشگاه", min_length=1, help=Text("https://shop.example", "https://shop.example"))
    ]
    consumer_key: Annotated[str, param("Consumer key", "کلید مصرف‌کننده", of=SECRET)]
    consumer_secret: Annotated[str, param("Consumer secret", "رمز مصرف‌کننده", of=SECRET)]
    what: Annotated[
        tuple[Thing, ...],
        param(
            "What",
            "چه چیز",
            min_length=1,
            choices={
                "orders": Text("Orders", "سفارش‌ها"),
                "customers": Text("Customers", "مشتریان"),
                "products": Text("Products", "محصولات"),
            },
        ),
    ] = ("products", "customers", "orders")
    authority: Annotated[str, AUTHORITY] = ""

    @property
    def address(self) -> str:
        """The shop."""
        return self.url

    def pull(self, state: State, reach: Reach) -> Iterator[Part]:
        """Yield what was modified since the pass before, a page a part."""
        checked(self.url, private=reach.private)
        done = dict(state)
        for thing in self.what:
            told = dict(done.get(thing, {}))
            if thing == "customers" and not told.get("page") and not _due(told):
                continue  # they cannot be asked by change: a whole pass, once a day
            for records, after in _Pass(self, thing, told, reach).pages():
                done = done | {thing: after}
                yield Part(state=done, records=records)


class _Pass:
    """One pass over one kind of things."""

    def __init__(self, shop: Woocommerce, thing: Thing, told: State, reach: Reach) -> None:
        self.shop, self.thing, self.reach = shop, thing, reach
        self.after: str = told.get("after", "")
        self.next: str = told.get("next", "")
        self.page: int = told.get("page", 1)

    def pages(self) -> Iterator[tuple[tuple[Records, ...], State]]:
        """Yield each page and the state after it."""
        restarts, before = 0, None
        while True:
            reply = self._ask()
            self.next = self.next or began(reply)
            total = int(reply.headers.get("x-wp-total", "0"))
            if before is not None and total < before and restarts < RESTARTS:
                restarts, self.page, before = restarts + 1, 1, None
                continue
            before = total
            last = self.page >= int(reply.headers.get("x-wp-totalpages", "1")) or not reply.body
            self.page += 1
            after = {"after": self.next} if last else self._middle()
            yield self._records(reply.body), after
            if last:
                return

    def _middle(self) -> State:
        return {"after": self.after, "next": self.next, "page": self.page}

    def _ask(self) -> Reply:
        words = {"per_page": PAGE, "page": self.page, "orderby": "id", "order": "asc"}
        if self.thing == "orders":
            words |= {"status": "any"}
        if self.after and self.thing != "customers":
            words |= {"modified_after": self.after, "dates_are_gmt": "true"}
        shop = self.shop
        url = f"{shop.url.rstrip('/')}{API}/{self.thing}"
        reply = self.reach.get(url, words, (shop.consumer_key, shop.consumer_secret), shop.authority)
        if not isinstance(reply.body, list) or not all(isinstance(one, dict) for one in reply.body):
            raise BadAnswer(address=url, detail="no list of objects")
        return reply

    def _records(self, things: list[dict[str, Any]]) -> tuple[Records, ...]:
        if self.thing == "orders":
            return _orders(things)
        told = [_customer(one) if self.thing == "customers" else _product(one) for one in things]
        answers = CUSTOMERS if self.thing == "customers" else PRODUCTS
        return (Records(name=self.thing, rows=told, key=("id",), answers=answers),)


def began(reply: Reply) -> str:
    """Return the time by the shop's own clock, and a little earlier, from which the next pass asks."""
    try:
        now = parsedate_to_datetime(reply.headers.get("date", ""))
    except ValueError:
        now = datetime.now(UTC)
    return (now.astimezone(UTC) - LATE).strftime("%Y-%m-%dT%H:%M:%S")


def _due(told: State) -> bool:
    last = told.get("after", "")
    return not last or datetime.now(UTC) - datetime.fromisoformat(last).replace(tzinfo=UTC) > DAY


def _orders(things: list[dict[str, Any]]) -> tuple[Records, ...]:
    """Return the lines of orders, a table for each currency."""
    by_currency: dict[str, list[dict[str, Any]]] = {}
    for order in things:
        if order.get("status") not in UNPAID:
            by_currency.setdefault(str(order.get("currency", "")), []).extend(_lines(order))
    return tuple(
        Records(
            name=f"orders-{currency}" if currency else "orders",
            rows=rows,
            key=("order_id",),
            answers={**ORDERS, "currency": currency},
        )
        for currency, rows in by_currency.items()
    )


def _lines(order: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an order as rows: its products, then what else was paid, so that together they are its total."""
    status = str(order.get("status", ""))
    head = {
        "order_id": order.get("id"),
        "order_number": order.get("number") or order.get("id"),
        "date": _utc(order.get("date_paid_gmt") or order.get("date_created_gmt")),
        "status": status,
        "customer_id": order.get("customer_id") or None,
        **{name: (order.get("billing") or {}).get(name) or None for name in ADDRESS},
        "created_via": order.get("created_via") or None,
        "payment": order.get("payment_method_title") or None,
        "coupon": ", ".join(str(one.get("code")) for one in order.get("coupon_lines") or []) or None,
    }
    lines = [{**head, **_line(item)} for item in order.get("line_items") or []]
    rest = _money(order.get("total")) - sum((_money(line["total"]) for line in lines), Decimal(0))
    if rest or not lines:
        lines.append(
            {**head, **dict.fromkeys(("product", "product_name", "price")), "quantity": 1, "total": str(rest)}
        )
    back = sum((abs(_money(refund.get("total"))) for refund in order.get("refunds") or []), Decimal(0))
    for line in lines:
        line["refunded"] = None
    if back and status != "refunded":
        lines[0]["refunded"] = str(back)
    return lines


def _line(item: dict[str, Any]) -> dict[str, Any]:
    quantity = _money(item.get("quantity")) or Decimal(1)
    total = _money(item.get("total")) + _money(item.get("total_tax"))
    return {
        "product": item.get("sku") or item.get("variation_id") or item.get("product_id") or None,
        "product_name": item.get("name") or None,
        "quantity": str(quantity),
        "price": str(total / quantity),
        "total": str(total),
    }


def _customer(one: dict[str, Any]) -> dict[str, Any]:
    billing = one.get("billing") or {}
    told = {name: one.get(name) or billing.get(name) or None for name in ADDRESS}
    return {
        "id": one.get("id"),
        "customer_id": one.get("id"),
        **told,
        "registered": _utc(one.get("date_created_gmt")),
        "username": one.get("username") or None,
    }


def _product(one: dict[str, Any]) -> dict[str, Any]:
    categories = [str(kind.get("name")) for kind in one.get("categories") or []]
    return {
        "id": one.get("id"),
        "product": one.get("sku") or one.get("id"),
        "product_name": one.get("name"),
        "category": categories[0] if categories else None,
        "categories": ", ".join(categories) or None,
        "price": one.get("price") or None,
        "type": one.get("type") or None,
        "stock": one.get("stock_status") or None,
    }


def _utc(text: Any) -> str | None:
    return f"{text}Z" if text and not str(text).endswith("Z") else text or None


def _money(text: Any) -> Decimal:
    try:
        return Decimal(str(text or 0))
    except InvalidOperation:
        return Decimal(0)


FEED = Woocommerce
