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
COST = "Cost Recorded"
"""What a channel cost: a time, a channel and an amount; it is of no customer."""

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
    "Page Clicked": Text("Click on a page", "کلیک روی صفحه"),
    "Pointer Moved": Text("Pointer moved", "حرکت نشانگر"),
    "Page Scrolled": Text("Page scrolled", "پیمایش صفحه"),
    "Page Left": Text("Left a page", "ترک صفحه"),
    "Page Outlined": Text("Outline of a page", "طرح صفحه"),
    "Screen Viewed": Text("Screen viewed", "نمایش نما"),
    "Form Submitted": Text("Form sent", "ارسال فرم"),
    "Product List Viewed": Text("Product list viewed", "نمایش فهرست محصولات"),
    "Product List Filtered": Text("Product list filtered", "پالایش فهرست محصولات"),
    "Product Clicked": Text("Product clicked", "کلیک روی محصول"),
    "Product Shared": Text("Product shared", "هم‌رسانی محصول"),
    "Product Added to Wishlist": Text("Added to wishlist", "افزودن به علاقه‌مندی‌ها"),
    "Product Removed from Wishlist": Text("Removed from wishlist", "برداشتن از علاقه‌مندی‌ها"),
    "Cart Viewed": Text("Cart viewed", "دیدن سبد"),
    "Checkout Step Viewed": Text("Checkout step viewed", "نمایش گام پرداخت"),
    "Checkout Step Completed": Text("Checkout step completed", "پایان گام پرداخت"),
    "Payment Info Entered": Text("Payment details given", "ورود اطلاعات پرداخت"),
    "Order Updated": Text("Order changed", "تغییر سفارش"),
    "Promotion Viewed": Text("Promotion viewed", "نمایش تبلیغ"),
    "Promotion Clicked": Text("Promotion clicked", "کلیک روی تبلیغ"),
    "Coupon Applied": Text("Coupon used", "به‌کاربردن کد تخفیف"),
    "Signed In": Text("Signed in", "ورود به حساب"),
    "Signed Out": Text("Signed out", "خروج از حساب"),
    "Application Installed": Text("App installed", "نصب برنامه"),
    "Application Opened": Text("App opened", "بازکردن برنامه"),
    COST: Text("Cost recorded", "هزینهٔ ثبت‌شده"),
}
"""Standard event names with the words people read."""

CHANNELS: dict[str, Text] = {
    "site": Text("site", "سایت"),
    "website": Text("website", "وب‌سایت"),
    "web": Text("web", "وب"),
    "app": Text("app", "اپ"),
    "online": Text("online", "آنلاین"),
    "in person": Text("in person", "حضوری"),
    "store": Text("store", "فروشگاه"),
    "shop": Text("shop", "فروشگاه"),
    "phone": Text("phone", "تلفن"),
    "call": Text("call", "تماس تلفنی"),
    "sms": Text("sms", "پیامک"),
    "email": Text("email", "ایمیل"),
    "push": Text("push", "اعلان"),
    "chat": Text("chat", "گفت‌وگو"),
    "instagram": Text("instagram", "اینستاگرام"),
    "telegram": Text("telegram", "تلگرام"),
    "whatsapp": Text("whatsapp", "واتساپ"),
    "google": Text("google", "گوگل"),
    "direct": Text("direct", "مستقیم"),
    "referral": Text("referral", "ارجاع"),
    "social": Text("social", "شبکه‌های اجتماعی"),
}
"""Usual channels and sources with the words people read; in English they keep the name they are written by."""

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


OUTSIDE = "≠ "
"""Stands before the name of a segment, for the customers who are not in it."""


def value_words(value: str) -> Text:
    """Return what people read for a channel or source, or for who is not in a segment; others stay as they are."""
    if value.startswith(OUTSIDE):
        name = value.removeprefix(OUTSIDE)
        return Text(f"not in {name}", f"بیرون از {name}")
    return CHANNELS.get(value.casefold()) or Text(value, value)


def words(name: str) -> Text:
    """Return what people read for an event's name; a name of the user's own stays as it is."""
    return STANDARD.get(name, Text(name, name))
