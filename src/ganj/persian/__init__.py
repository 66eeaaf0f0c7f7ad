"""Persian letters, names and identifiers.

>>> display_form("كيان  مي‌رود")
'کیان می‌رود'
>>> mobile("۹۱۲۳۴۵۶۷۸۹")
'+989123456789'
"""

from ganj.persian.identifiers import (
    card,
    column,
    legal_id,
    mask,
    mask_card,
    mask_email,
    mask_mobile,
    mask_national_code,
    mask_sheba,
    mobile,
    mobiles,
    national_code,
    national_codes,
    phone,
    phones,
    sheba,
)
from ganj.persian.letters import (
    ZWNJ,
    ascii_digits,
    display_form,
    display_forms,
    match_form,
    match_forms,
    name_form,
    name_forms,
)

__all__ = [
    "ZWNJ",
    "ascii_digits",
    "card",
    "column",
    "display_form",
    "display_forms",
    "legal_id",
    "mask",
    "mask_card",
    "mask_email",
    "mask_mobile",
    "mask_national_code",
    "mask_sheba",
    "match_form",
    "match_forms",
    "mobile",
    "mobiles",
    "name_form",
    "name_forms",
    "national_code",
    "national_codes",
    "phone",
    "phones",
    "sheba",
]
