"""Guesses what the fields of a posted document mean, by the words that headers of files use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ganj.intake.fields import CUSTOMER, EMAIL, NAME, NATIONAL, PHONE, header_form

OURS: dict[str, str] = {
    "event": "event|event name|event type|type|action|topic|رویداد",
    "time": "timestamp|occurred at|created at|created|date created|paid at|date|time|datetime|submitted at|تاریخ|زمان",
    "message": "message id|event id|webhook id|delivery id|transaction id|id|شناسه",
    "anonymous_id": "anonymous id|client id|visitor id|session id",
    "amount": "amount|total|total price|grand total|price|value|revenue|مبلغ|مبلغ کل",
    "currency": "currency|currency code|ارز|واحد پول",
    "order": "order id|order number|invoice id|invoice number|order|شماره سفارش|شماره فاکتور",
    "product": "product|product name|product id|sku|item|محصول|کالا",
}
KNOWN = {"customer_id": CUSTOMER, "email": EMAIL, "phone": PHONE, "national_code": NATIONAL, "name": NAME}
FLAGS = (bool,)


def guessed(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the likely place of each meaning among flat values; a place has one meaning.

    The whole place counts, so that ``order.id`` is the order's number and ``customer.id`` the customer's; of
    several the better word wins, then the shallower place.
    """
    forms = {place: _forms(place) for place, value in values.items() if not isinstance(value, FLAGS)}
    ranked = sorted(
        (rank, place.count("."), order, meaning, place)
        for order, (meaning, words) in enumerate(_words().items())
        for place, (last, whole) in forms.items()
        if (rank := _rank(words, last, whole)) is not None and _fits(meaning, values[place])
    )
    out: dict[str, str] = {}
    for _, _, _, meaning, place in ranked:
        if meaning not in out and place not in out.values():
            out[meaning] = place
    return out


def _words() -> dict[str, tuple[str, ...]]:
    ours = {meaning: tuple(header_form(word) for word in words.split("|")) for meaning, words in OURS.items()}
    return {meaning: field.names for meaning, field in KNOWN.items()} | ours


def _forms(place: str) -> tuple[str, str]:
    parts = [part for part in place.split(".") if not part.isdecimal()]
    return header_form(parts[-1] if parts else place), header_form(" ".join(parts[-2:]))


def _rank(words: tuple[str, ...], last: str, whole: str) -> int | None:
    """Return how well a place fits, smaller is better: its last two names together before the last alone."""
    if whole in words:
        return words.index(whole)
    return 100 + words.index(last) if last in words else None


def _fits(meaning: str, value: Any) -> bool:
    """Tell whether a value can have a meaning at all."""
    text = str(value)
    if meaning == "amount":
        return isinstance(value, int | float) or text.replace(".", "", 1).isdecimal()
    if meaning == "email":
        return "@" in text
    if meaning == "phone":
        return sum(sign.isdecimal() for sign in text) >= 7
    return True
