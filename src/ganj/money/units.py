"""Units in which money is counted, with the words for them."""

from __future__ import annotations

import msgspec

from ganj.errors import UnknownName
from ganj.text import Text


class Unit(msgspec.Struct, frozen=True):
    """A unit in which money is counted.

    Attributes
    ----------
    code
        ISO 4217, or ours where ISO has none.
    name
        As it stands after a number.
    symbol
        As English puts it before a number; empty where only the name is used.
    decimals
        Digits after the point that are usually shown.
    """

    code: str
    name: Text
    symbol: str = ""
    decimals: int = 2


UNITS: dict[str, Unit] = {
    unit.code: unit
    for unit in (
        Unit("IRR", Text("rials", "ریال"), decimals=0),
        Unit("IRT", Text("tomans", "تومان"), decimals=0),
        Unit("IRHR", Text("thousand rials", "هزار ریال"), decimals=0),
        Unit("IRHT", Text("thousand tomans", "هزار تومان"), decimals=0),
        Unit("IRMR", Text("million rials", "میلیون ریال")),
        Unit("IRMT", Text("million tomans", "میلیون تومان")),
        Unit("IRN", Text("new rials", "ریال جدید")),
        Unit("RIAL", Text("rials", "ریال"), decimals=0),
        Unit("USD", Text("US dollars", "دلار"), "$"),
        Unit("EUR", Text("euros", "یورو"), "€"),
        Unit("GBP", Text("pounds", "پوند"), "£"),
        Unit("AED", Text("dirhams", "درهم"), "AED "),
        Unit("TRY", Text("Turkish liras", "لیر"), "₺"),
        Unit("BRL", Text("reais", "رئال برزیل"), "R$"),
        Unit("CNY", Text("yuan", "یوان"), "CN¥"),
        Unit("INR", Text("rupees", "روپیه"), "₹"),
        Unit("IQD", Text("Iraqi dinars", "دینار عراق"), "IQD ", 0),
        Unit("AFN", Text("afghanis", "افغانی"), "AFN ", 0),
        Unit("OMR", Text("Omani rials", "ریال عمان"), "OMR ", 3),
        Unit("SAR", Text("Saudi riyals", "ریال سعودی"), "SAR "),
        Unit("RUB", Text("rubles", "روبل"), "₽"),
        Unit("JPY", Text("yen", "ین"), "¥", 0),
        Unit("CHF", Text("Swiss francs", "فرانک"), "CHF "),
        Unit("CAD", Text("Canadian dollars", "دلار کانادا"), "CA$"),
        Unit("AUD", Text("Australian dollars", "دلار استرالیا"), "A$"),
        Unit("KZT", Text("tenge", "تنگه"), "₸"),
    )
}
IRANIAN = ("IRR", "IRT", "IRHR", "IRHT", "IRMR", "IRMT", "IRN", "RIAL")


def unit(code: str) -> Unit:
    """Return a unit by its code, in any case; raise `UnknownName`."""
    found = UNITS.get(code.strip().upper())
    if found is None:
        raise UnknownName.among(Text("currency", "واحد پول"), code, UNITS)
    return found


def same_money(code: str) -> tuple[str, ...]:
    """List the units in which amounts of a currency can be shown without rates."""
    return tuple(other for other in IRANIAN if other != "RIAL") if code in IRANIAN else (code,)
