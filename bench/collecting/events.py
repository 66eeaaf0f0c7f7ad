"""Events as a Persian shop's site and server send them: about 940 bytes each, slots left for what differs each time."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import Any

# What the load generator puts its own values in: the message's id, whose visit it is, which order.
SLOT, VISITOR, ORDER = "00000000-0000-4000-8000-000000000000", "aaaaaaaa", "bbbbbbbbbbb"
GOODS = ("روغن زیتون بکر ۵۰۰ میلی‌لیتری", "چای ایرانی ممتاز لاهیجان", "زعفران سرگل قائنات یک مثقالی",
         "برنج هاشمی آستانهٔ اشرفیه ۱۰ کیلوگرم", "عسل آویشن سبلان", "پستهٔ احمدآقایی شور")  # fmt: skip
AGENTS = (
    "Mozilla/5.0 (Linux; Android 14; SM-A556E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
)
NAMES = ("Product Viewed", "Product Added", "Product Searched", "Order Completed")


def messages(count: int, seed: int = 1) -> list[tuple[bytes, bytes]]:
    """Return messages in two halves, between which the id goes."""
    dice = random.Random(seed)
    return [halves(message(dice)) for _ in range(count)]


def halves(said: dict[str, Any]) -> tuple[bytes, bytes]:
    before, after = json.dumps(said, ensure_ascii=False, separators=(",", ":")).split(SLOT)
    return before.encode(), after.encode()


def message(dice: random.Random) -> dict[str, Any]:
    name = dice.choices(NAMES, (70, 15, 10, 5))[0]
    good = dice.randrange(200)
    path = f"/product/{good}/{GOODS[good % len(GOODS)].replace(' ', '-')}"
    said = {
        "type": "track",
        "event": name,
        "messageId": SLOT,
        "anonymousId": f"{VISITOR}-5b0e-4d4c-9d0b-{dice.getrandbits(48):012x}",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "properties": properties(name, good, dice),
        "context": {
            "library": {"name": "analytics.js", "version": "npm:next-1.84.3"},
            "page": {
                "path": path,
                "url": f"https://shop.example.ir{path}?utm_source=instagram&utm_campaign=yalda",
                "title": f"{GOODS[good % len(GOODS)]} | فروشگاه نمونه",
                "referrer": "https://www.google.com/",
            },
            "userAgent": dice.choice(AGENTS),
            "locale": "fa-IR",
            "timezone": "Asia/Tehran",
            "campaign": {"source": "instagram", "name": "yalda"},
        },
        "integrations": {},
    }
    return {**said, "userId": f"user-{dice.randrange(100_000)}"} if dice.random() < 0.3 else said


def properties(name: str, good: int, dice: random.Random) -> dict[str, Any]:
    product = {
        "product_id": f"p-{good}",
        "name": GOODS[good % len(GOODS)],
        "price": dice.randrange(100, 900) * 1000,
        "quantity": 1,
        "category": "خواربار",
        "brand": "گلستان",
    }
    if name == "Order Completed":
        return {
            "order_id": f"A-{ORDER}",
            "total": 1_250_000,
            "currency": "IRR",
            "products": [product],
        }
    return {**product, "currency": "IRR", "position": dice.randrange(40)}
