"""What the columns that predictions are learned from are called, and which of them say the same kind of thing."""

from __future__ import annotations

from collections.abc import Sequence

from ganj.events import words
from ganj.text import Text, same

LATELY = (30, 90, 365)
"""Days that count as just now, of late, and a year."""
TRAIT = "trait:"
FIGURES: tuple[tuple[str, str, Text], ...] = (
    ("silence", "recency", Text("Days since the last purchase", "روز از آخرین خرید")),
    ("silence_by_rhythm", "recency", Text("Silence in usual gaps", "سکوت به نسبت فاصلهٔ معمول")),
    ("known", "tenure", Text("Days since the first purchase", "روز از نخستین خرید")),
    ("idle", "engagement", Text("Days since anything was heard", "روز از آخرین رویداد")),
    ("purchases", "frequency", Text("Days with purchases", "روزهای خرید")),
    ("purchases_30", "frequency", Text("… in the last 30 days", "… در ۳۰ روز اخیر")),
    ("purchases_90", "frequency", Text("… in the last 90 days", "… در ۹۰ روز اخیر")),
    ("purchases_365", "frequency", Text("… in the last year", "… در یک سال اخیر")),
    ("gap", "rhythm", Text("Usual days between purchases", "فاصلهٔ معمول خریدها (روز)")),
    ("unevenness", "rhythm", Text("Unevenness of the gaps", "ناهمواری فاصله‌ها")),
    ("last_gap", "rhythm", Text("Last gap (days)", "آخرین فاصله (روز)")),
    ("money_all", "money", Text("Money so far", "مبلغ خرید تاکنون")),
    ("money_30", "money", Text("Money in the last 30 days", "مبلغ خرید ۳۰ روز اخیر")),
    ("money_90", "money", Text("Money in the last 90 days", "مبلغ خرید ۹۰ روز اخیر")),
    ("money_365", "money", Text("Money in the last year", "مبلغ خرید یک سال اخیر")),
    ("money_each", "money", Text("Mean purchase", "میانگین هر خرید")),
    ("purchases_trend", "trend", Text("Trend of purchases", "روند خریدها")),
    ("money_trend", "trend", Text("Trend of money", "روند مبلغ خرید")),
    ("events_30", "engagement", Text("Events in the last 30 days", "رویدادهای ۳۰ روز اخیر")),
    ("events_90", "engagement", Text("Events in the last 90 days", "رویدادهای ۹۰ روز اخیر")),
    ("events_365", "engagement", Text("Events in the last year", "رویدادهای یک سال اخیر")),
    ("events", "engagement", Text("Events so far", "رویدادها تاکنون")),
    ("events_trend", "trend", Text("Trend of events", "روند رویدادها")),
    ("span", "rhythm", Text("Days from first to last purchase", "روز از نخستین تا آخرین خرید")),
)
"""Name, group and label of each column of `ganj.kernels.features.features` that is no mark, in its order."""

TROUBLES = frozenset(
    {
        "Order Refunded",
        "Order Cancelled",
        "Payment Failed",
        "Ticket Opened",
        "Ticket Solved",
        "Survey Answered",
    }
)
MESSAGES = frozenset({"Message Sent", "Message Opened", "Message Clicked", "Campaign Joined", "Unsubscribed"})

GROUPS: tuple[tuple[str, Text], ...] = (
    ("recency", Text("Last purchase", "زمان آخرین خرید")),
    ("rhythm", Text("Rhythm of purchases", "آهنگ خرید")),
    ("frequency", Text("Number of purchases", "شمار خریدها")),
    ("money", Text("Money spent", "مبلغ خرید")),
    ("trend", Text("Trend of late", "روند اخیر")),
    ("tenure", Text("How long a customer", "مدت مشتری بودن")),
    ("engagement", Text("Visits, activity", "بازدید و فعالیت")),
    ("troubles", Text("Returns, trouble", "مرجوعی و شکایت")),
    ("messages", Text("Messages, campaigns", "پیام و کمپین")),
    ("ways", Text("Ways of buying", "شیوهٔ خرید")),
    ("trait", Text("Who the customer is", "ویژگی‌های مشتری")),
)
"""Kinds of reasons."""
_GROUP_OF = {name: group for name, group, _ in FIGURES}
_LABEL_OF = {name: label for name, _, label in FIGURES}


def marked(kinds: Sequence[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """Name the columns of marks: ``KIND=VALUE`` of late, then ``KIND=VALUE:all``."""
    told = [f"{kind}={value}" for kind, values in kinds for value in values]
    return (*told, *(f"{name}:all" for name in told))


def group_of(name: str) -> str:
    """Return the kind of reason that a column is, a trait being one of its own."""
    if name in _GROUP_OF:
        return _GROUP_OF[name]
    kind, _, value = name.partition("=")
    if kind != "event":
        return name if name.startswith(TRAIT) else "ways"
    value = value.removesuffix(":all")
    return "troubles" if value in TROUBLES else "messages" if value in MESSAGES else "engagement"


def label_of(name: str) -> Text:
    """Return what people read for a column, or for a group."""
    if name in _LABEL_OF:
        return _LABEL_OF[name]
    if name in dict(GROUPS):
        return dict(GROUPS)[name]
    if name.startswith(TRAIT):
        return same(name.removeprefix(TRAIT))
    kind, _, value = name.partition("=")
    ever, value = value.endswith(":all"), value.removesuffix(":all")
    said = words(value) if kind == "event" else same(value)
    return said.map(" so far", " تاکنون") if ever else said.map(" in the last 90 days", " در ۹۰ روز اخیر")


def code_of(group: str) -> int:
    """Return a group's place in `GROUPS`; every trait is ``trait``."""
    return [name for name, _ in GROUPS].index("trait" if group.startswith(TRAIT) else group)
