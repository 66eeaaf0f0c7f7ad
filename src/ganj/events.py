"""The canonical event, its standard names, and the rows that sources hand to the store.

Names follow the Segment specs (``Order Completed``, ``Product Viewed`` …) and ours, in the same
style, for what they lack.  Every source turns what it reads into `ROWS`; the store knows nothing of
files, and sources know nothing of storage.
"""

from __future__ import annotations

import pyarrow as pa

from ganj.text import Text

ORDER = "Order Completed"
REFUND = "Order Refunded"
CANCEL = "Order Cancelled"
FREE = "Free Order Completed"
ADJUST = "Order Adjusted"

STANDARD: dict[str, Text] = {
    "Page Viewed": Text("Page viewed", "نمایش صفحه"),
    "Product Searched": Text("Product searched", "جست‌وجوی محصول"),
    "Product Viewed": Text("Product viewed", "نمایش محصول"),
    "Product Added": Text("Added to cart", "افزودن به سبد"),
    "Product Removed": Text("Removed from cart", "برداشتن از سبد"),
    "Checkout Started": Text("Checkout started", "آغاز پرداخت"),
    "Payment Failed": Text("Payment failed", "پرداخت ناموفق"),
    ORDER: Text("Order", "سفارش"),
    REFUND: Text("Return", "مرجوعی"),
    CANCEL: Text("Cancelled order", "سفارش لغوشده"),
    FREE: Text("Free order", "سفارش رایگان"),
    ADJUST: Text("Adjustment", "اصلاح حساب"),
    "Signed Up": Text("Signed up", "ثبت‌نام"),
    "Product Reviewed": Text("Review", "نظر"),
    "Survey Answered": Text("Survey answer", "پاسخ نظرسنجی"),
    "Message Sent": Text("Message sent", "پیام فرستاده‌شده"),
    "Message Opened": Text("Message opened", "پیام بازشده"),
    "Message Clicked": Text("Message clicked", "کلیک روی پیام"),
    "Call Made": Text("Call", "تماس"),
    "Meeting Held": Text("Meeting", "جلسه"),
    "Task Done": Text("Task", "کار انجام‌شده"),
    "Lead Created": Text("Lead", "سرنخ"),
    "Deal Created": Text("Deal created", "معاملهٔ تازه"),
    "Deal Stage Changed": Text("Deal moved", "جابه‌جایی معامله"),
    "Deal Won": Text("Deal won", "معاملهٔ موفق"),
    "Deal Lost": Text("Deal lost", "معاملهٔ ناموفق"),
    "Quote Sent": Text("Quote", "پیش‌فاکتور"),
    "Ticket Opened": Text("Ticket opened", "تیکت تازه"),
    "Ticket Solved": Text("Ticket solved", "تیکت حل‌شده"),
    "Campaign Joined": Text("Joined a campaign", "پیوستن به کمپین"),
    "Consent Given": Text("Consent given", "رضایت داده‌شده"),
    "Consent Withdrawn": Text("Consent withdrawn", "رضایت پس‌گرفته‌شده"),
    "Unsubscribed": Text("Unsubscribed", "لغو اشتراک"),
    "Note Added": Text("Note", "یادداشت"),
    "Note Changed": Text("Note changed", "ویرایش یادداشت"),
    "Note Removed": Text("Note removed", "برداشتن یادداشت"),
}
"""Standard event names with the words people read."""

IDENTIFIERS = ("customer_id", "email", "phone", "national_code", "account")
"""Kinds of identifiers a file may carry, strongest first; ``account`` names a company or household."""

ROWS = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),  # position in the import, from 0
        pa.field("content", pa.binary(16), nullable=False),  # 128-bit hash of what identifies the row
        pa.field(
            "event", pa.string()
        ),  # canonical name; null: the row only describes a customer or a product
        pa.field("time", pa.int64()),  # µs UTC
        pa.field("order", pa.string()),  # lines with one order become one event
        *(pa.field(kind, pa.string()) for kind in IDENTIFIERS),  # match form; null where unknown
        pa.field("amount", pa.float64()),  # of the event, or of the line
        pa.field("product", pa.string()),
        pa.field("quantity", pa.float64()),
        pa.field("price", pa.float64()),  # of one unit
        pa.field("channel", pa.string()),
        pa.field("source", pa.string()),
        pa.field("properties", pa.string()),  # JSON object of the event; null where empty
        pa.field("traits", pa.string()),  # JSON object of the customer; null where empty
        pa.field("product_traits", pa.string()),  # JSON object of the product; null where empty
    ]
)
"""What a source hands to the store, one row an event or an order line."""


def words(name: str) -> Text:
    """Return what people read for an event's name; a name of the user's own stays as it is."""
    return STANDARD.get(name, Text(name, name))
