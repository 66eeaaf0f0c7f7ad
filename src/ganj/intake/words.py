"""Words in cells that change what a row means."""

from __future__ import annotations

import re

from ganj.intake.fields import header_form

CANCELLED = (
    "cancelled|canceled|cancel|void|voided|failed|rejected|declined|expired|unpaid|pending payment|trash|abandoned|"
    "لغو|لغو شده|لغوشده|کنسل|کنسل شده|ابطال|باطل|باطل شده|ناموفق|رد شده|منقضی|در انتظار پرداخت|لغو سفارش"
)
REFUNDED = (
    "refunded|refund|returned|return|chargeback|charged back|reversed|"
    "مرجوع|مرجوعی|مرجوع شده|برگشتی|برگشت خورده|برگشت داده شده|عودت|عودت داده شده|بازگشت وجه|استرداد|مسترد شده"
)
VERDICTS = {
    **{header_form(word).replace(" ", ""): "cancelled" for word in CANCELLED.split("|")},
    **{header_form(word).replace(" ", ""): "refunded" for word in REFUNDED.split("|")},
}
PERSIAN = re.compile(r"[پچژگکیآ-ی۰-۹]")


def verdict(status: str) -> str | None:
    """Tell what a status says of an order: ``cancelled`` (never paid), ``refunded`` (paid back) or nothing."""
    form = header_form(status).replace(" ", "").removeprefix("wc")
    return VERDICTS.get(form)


def is_persian(text: str) -> bool:
    """Tell whether a text holds Persian letters or digits."""
    return bool(PERSIAN.search(text))
