"""What an event is called: one name for each meaning, whatever a client calls it."""

from __future__ import annotations

import re
from functools import lru_cache

from ganj.events import CANCEL, ORDER, REFUND, STANDARD

PAGE, SCREEN = "Page Viewed", "Screen Viewed"
LONGEST = 200
"""Letters of a name."""

SEGMENT = [
    "Product List Viewed",
    "Product List Filtered",
    "Promotion Viewed",
    "Promotion Clicked",
    "Product Clicked",
    "Cart Viewed",
    "Checkout Step Viewed",
    "Checkout Step Completed",
    "Payment Info Entered",
    "Order Updated",
    "Coupon Entered",
    "Coupon Applied",
    "Coupon Denied",
    "Coupon Removed",
    "Product Added to Wishlist",
    "Product Removed from Wishlist",
    "Wishlist Product Added to Cart",
    "Product Shared",
    "Cart Shared",
    "Account Created",
    "Account Deleted",
    "Signed In",
    "Signed Out",
    "Invite Sent",
    "Account Added User",
    "Account Removed User",
    "Trial Started",
    "Trial Ended",
    "Application Installed",
    "Application Opened",
    "Application Backgrounded",
    "Application Updated",
    "Application Uninstalled",
    "Application Crashed",
    "Install Attributed",
    "Push Notification Received",
    "Push Notification Tapped",
    "Push Notification Bounced",
    "Deep Link Opened",
    "Deep Link Clicked",
    "Live Chat Conversation Started",
    "Live Chat Conversation Ended",
    "Live Chat Message Sent",
    "Live Chat Message Received",
    "Email Delivered",
    "Email Opened",
    "Email Link Clicked",
    "Email Bounced",
    "Email Marked as Spam",
    "Unsubscribed",
    "Video Playback Started",
    "Video Playback Completed",
    "Experiment Viewed",
    "Screen Viewed",
    "Form Submitted",
    "Checkout Completed",
]
"""Names of the Segment specs beside those of `ganj.events.STANDARD`."""

ALIASES = {
    PAGE: "page|page view|pageview|page viewed|viewed page|loaded a page|$pageview",
    SCREEN: "screen|screen view|$screen",
    "Product Searched": "products searched|searched products|search|view search results",
    "Product List Viewed": "viewed product category|viewed product list|view item list|product category viewed",
    "Product List Filtered": "filtered product list",
    "Product Clicked": "clicked product|select item",
    "Product Viewed": "viewed product|view item|product view|view content",
    "Product Added": "added product|add to cart|added to cart|product added to cart",
    "Product Removed": "removed product|remove from cart|removed from cart",
    "Cart Viewed": "viewed cart|view cart",
    "Checkout Started": "started checkout|begin checkout|initiate checkout|checkout initiated",
    "Checkout Step Viewed": "viewed checkout step",
    "Checkout Step Completed": "completed checkout step|checkout progress",
    "Payment Info Entered": "entered payment info|add payment info",
    "Promotion Viewed": "viewed promotion|view promotion",
    "Promotion Clicked": "clicked promotion|select promotion",
    ORDER: "completed order|purchase|purchased|order placed|placed order|order complete|transaction completed",
    "Order Updated": "updated order",
    REFUND: "refunded order|refund|order returned",
    CANCEL: "cancelled order|canceled order|order canceled",
    "Product Added to Wishlist": "add to wishlist|added product to wishlist",
    "Product Removed from Wishlist": "removed product from wishlist",
    "Product Shared": "shared product",
    "Cart Shared": "shared cart",
    "Product Reviewed": "reviewed product",
    "Coupon Applied": "applied coupon",
    "Coupon Entered": "entered coupon",
    "Coupon Removed": "removed coupon",
    "Coupon Denied": "denied coupon",
    "Signed Up": "sign up|signup|user signed up|account signed up|complete registration|registered",
    "Signed In": "login|log in|logged in|sign in|user signed in",
    "Signed Out": "logout|log out|logged out|sign out|user signed out",
    "Lead Created": "generate lead|lead",
    "Application Opened": "app open|app opened|application opened",
    "Application Installed": "first open|app installed",
}
"""Other names of the same: version 1 of Segment's spec, Google Analytics 4, Meta, PostHog."""

_MARKS = re.compile(r"[\s_\-.:/]+")


def folded(name: str) -> str:
    """Return a name in the form in which spellings are compared: small letters, nothing between the words."""
    return _MARKS.sub("", name).lower()


NAMES = {
    **{folded(other): name for name, others in ALIASES.items() for other in others.split("|")},
    **{folded(name): name for name in (*SEGMENT, *STANDARD)},
}
KNOWN = frozenset(NAMES.values())
"""Names whose meaning we know."""


@lru_cache(20_000)
def canonical(name: str) -> str:
    """Return the name by which an event is stored; one of the sender's own stays as it is."""
    told = NAMES.get(folded(name))
    return told or name.strip()[:LONGEST]
