"""The rules of identity as a form: one field a limit, lists for the rest."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from ganj.identity.kinds import ACCOUNT, ANONYMOUS, CUSTOMER, DEVICE, EMAIL, NATIONAL_CODE, PHONE
from ganj.identity.rules import Limit, Rules
from ganj.parameters import param
from ganj.text import Text

MOST = 100_000
EVER = Text("0: for ever.", "۰ یعنی برای همیشه.")
KINDS = Text(
    "The first most. Ids of other systems are written external:NAME.",
    "نخستین بیش از همه. شناسهٔ سامانه‌های دیگر را external:NAME بنویسید.",
)


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """The rules as they are written in a form."""

    customer_id: Annotated[
        int, param("Customer numbers a person", "شماره‌های مشتری هر شخص", ge=1, le=MOST)
    ] = 1
    national_code: Annotated[int, param("National codes a person", "کدهای ملی هر شخص", ge=1, le=MOST)] = 1
    email: Annotated[int, param("E-mails a person", "ایمیل‌های هر شخص", ge=1, le=MOST)] = 5
    phone: Annotated[int, param("Phones a person", "تلفن‌های هر شخص", ge=1, le=MOST)] = 5
    anonymous_id: Annotated[int, param("Browsers a person", "مرورگرهای هر شخص", ge=1, le=MOST)] = 5
    anonymous_days: Annotated[
        int, param("… within so many days", "… در این چند روز", help=EVER, ge=0, le=36_500)
    ] = 7
    device: Annotated[int, param("Devices a person", "دستگاه‌های هر شخص", ge=1, le=MOST)] = 5
    device_days: Annotated[
        int, param("… within so many days", "… در این چند روز", help=EVER, ge=0, le=36_500)
    ] = 7
    others: Annotated[int, param("Ids of each other system", "شناسه‌های هر سامانهٔ دیگر", ge=1, le=MOST)] = 5
    priority: Annotated[
        tuple[str, ...], param("Trusted, in this order", "به ترتیب اعتماد", help=KINDS, max_length=50)
    ] = (CUSTOMER, EMAIL, PHONE, NATIONAL_CODE)
    weak: Annotated[
        tuple[str, ...],
        param(
            "Shared by people",
            "مشترک میان افراد",
            help=Text(
                "They bring a visitor to a known person, never two known people together.",
                "بازدیدکننده را به شخص شناخته‌شده می‌رسانند، ولی هرگز دو شخص شناخته‌شده را یکی نمی‌کنند.",
            ),
            max_length=50,
        ),
    ] = (ANONYMOUS, DEVICE)
    country: Annotated[
        str,
        param(
            "Country code of phones",
            "پیش‌شمارهٔ کشور تلفن‌ها",
            help=Text("For numbers written without one.", "برای شماره‌هایی که بدون آن نوشته شده‌اند."),
        ),
    ] = "98"


SINGLE = (CUSTOMER, NATIONAL_CODE, EMAIL, PHONE)


def shown(rules: Rules) -> dict[str, Any]:
    """Return rules as the form writes them."""
    told: dict[str, Any] = {kind: rules.limit(kind).most for kind in (*SINGLE, ANONYMOUS, DEVICE)}
    told |= {"anonymous_days": rules.limit(ANONYMOUS).days, "device_days": rules.limit(DEVICE).days}
    told |= {"others": rules.others.most, "country": rules.country}
    return told | {"priority": list(rules.priority), "weak": list(rules.weak)}


def meant(form: Form, blocked: list[str], before: Rules) -> dict[str, Any]:
    """Return the rules that a form says; the limits it has no field for stay."""
    limits = dict(before.limits)
    limits |= {kind: Limit(getattr(form, kind), before.limit(kind).days) for kind in SINGLE}
    limits[ANONYMOUS] = Limit(form.anonymous_id, form.anonymous_days)
    limits[DEVICE] = Limit(form.device, form.device_days)
    told = {
        "limits": {kind: limit for kind, limit in limits.items() if kind != ACCOUNT},
        "others": Limit(form.others, before.others.days),
        "priority": form.priority,
        "weak": form.weak,
        "blocked": blocked,
        "country": form.country,
    }
    plain: dict[str, Any] = msgspec.to_builtins(told)
    return plain
