"""Settings of a new workspace, from what the caller said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganj.faces.cli.asking import Call

if TYPE_CHECKING:
    from ganj.display import Display


def beginning(said: Call, currency: str | None, zone: str | None) -> Display:
    """Return a new workspace's settings: Persian and Jalali, or English and Gregorian if that was asked."""
    from ganj.display import Display
    from ganj.parameters import build

    words: dict[str, Any] = {"language": said.language or "fa"}
    if words["language"] == "en":
        words |= {"digits": "latin", "calendar": "gregorian", "week_start": 0}
    if currency:
        shown = currency if currency not in {"IRR", "IRT"} else "IRT"
        words |= {"currency": "IRR" if currency == "IRT" else currency, "unit": shown}
    if zone:
        words["zone"] = zone
    return build(Display, words)
