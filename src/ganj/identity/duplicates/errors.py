"""Mistakes of looking for duplicates."""

from __future__ import annotations

from ganj.errors import GanjError
from ganj.text import Text


class NothingToCompare(GanjError):
    """People of whom nothing is known that tells them apart. Facts: ``columns``."""

    status = 422
    says = Text(
        "Nothing here tells people apart: {columns}.",
        "در این ستون‌ها چیزی نیست که افراد را از هم بشناساند: {columns}.",
    )
    hint = Text(
        "At least a name, phone, e-mail, national code or birthday is needed.",
        "دست‌کم نام، تلفن، ایمیل، کد ملی یا تاریخ تولد لازم است.",
    )


class SplinkMissing(GanjError):
    """The package that compares people is not installed. No facts."""

    status = 501
    says = Text(
        "Looking for duplicates needs the package splink.", "برای یافتن تکراری‌ها بستهٔ splink لازم است."
    )
    hint = Text("Install it with: pip install 'ganj[duplicates]'", "نصب: pip install 'ganj[duplicates]'")
