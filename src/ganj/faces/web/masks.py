"""Personal identifiers as pages show them before someone asks to see one in full."""

from __future__ import annotations

import re
from collections.abc import Callable

from ganj import persian

MASKS: dict[str, Callable[[str], str]] = {
    "national_code": persian.mask_national_code,
    "email": persian.mask_email,
    "phone": persian.mask_mobile,
}
DOTS = re.compile("•{5,}")


def masked(kind: str, value: str) -> str:
    """Return an identifier with its middle hidden; what is not personal stays as it is."""
    mask = MASKS.get(kind)
    return DOTS.sub("••••", mask(value)) if mask and value else value
