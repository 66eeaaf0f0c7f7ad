"""Kinds of events as a person sees them: the lanes of a timeline."""

from __future__ import annotations

from functools import cache

import msgspec

from ganj.text import Text

STAGE = "Stage Changed"
MERGE = "Customers Merged"
UNMERGE = "Merge Undone"
"""What is in no log: it follows from the events, or from what was decided of customers."""


class Lane(msgspec.Struct, frozen=True):
    """A lane: its name, its words, and the first words of the names of events in it."""

    name: str
    label: Text
    begins: tuple[str, ...]


LANES = (
    Lane(
        "order",
        Text("Orders", "سفارش‌ها"),
        ("Order", "Free Order", "Payment", "Refund", "Invoice", "Subscription"),
    ),
    Lane("deal", Text("Deals", "معامله‌ها"), ("Deal", "Lead", "Quote")),
    Lane(
        "visit",
        Text("Visits", "بازدیدها"),
        (
            "Page",
            "Product",
            "Cart",
            "Checkout",
            "Session",
            "Screen",
            "Application",
            "Signed",
            "Coupon",
            "Promotion",
        ),
    ),
    Lane(
        "message",
        Text("Messages", "پیام‌ها"),
        ("Message", "Email", "Sms", "SMS", "Push", "Notification", "Campaign"),
    ),
    Lane("call", Text("Calls and meetings", "تماس‌ها و جلسه‌ها"), ("Call", "Meeting", "Task", "Phone")),
    Lane("ticket", Text("Tickets", "تیکت‌ها"), ("Ticket", "Support", "Chat", "Live Chat")),
    Lane(
        "answer",
        Text("Answers", "پاسخ‌ها"),
        ("Survey", "Nps", "NPS", "Review", "Product Reviewed", "Feedback"),
    ),
    Lane("note", Text("Notes", "یادداشت‌ها"), ("Note",)),
    Lane("consent", Text("Consent", "رضایت"), ("Consent", "Unsubscribed", "Subscribed")),
    Lane("stage", Text("Stages", "مرحله‌ها"), (STAGE,)),
    Lane("merge", Text("Merges", "ادغام‌ها"), (MERGE, UNMERGE)),
    Lane("other", Text("Other", "دیگر"), ()),
)
"""In the order they are drawn; an event of none of these is in the last."""
NAMES = tuple(lane.name for lane in LANES)
_BEGINS = {begin: lane.name for lane in LANES for begin in lane.begins}


@cache
def lane_of(event: str) -> str:
    """Return the lane of an event: that of the longest beginning of its name."""
    words = event.split()
    for count in range(len(words), 0, -1):
        found = _BEGINS.get(" ".join(words[:count]))
        if found:
            return found
    return "other"


def number_of(lane: str) -> int:
    """Return a lane's place among the lanes."""
    return NAMES.index(lane)


def events_in(names: tuple[str, ...], lanes: tuple[str, ...]) -> list[str]:
    """Choose from the names of events those of some lanes."""
    return [name for name in names if lane_of(name) in lanes]
