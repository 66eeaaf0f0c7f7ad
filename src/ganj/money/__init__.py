"""Money: what a currency's code is worth on a day, and how people write amounts.

An amount is a float64 in the workspace's currency; a file, a form or a reader may use another unit of the
same money. Rial and toman differ by ten and are therefore always asked for, never guessed.

The law of October 2025 makes one rial of 10,000 *current rials* (100 qirans), from a day that the Central
Bank will announce; both circulate for up to three years. So there are three codes:

======  =========================================================  =================
code    what it is                                                 in current rials
======  =========================================================  =================
IRR     the current rial, for ever; what workspaces store                          1
IRN     the rial of the new law, for ever                                     10,000
RIAL    the rial as it was written on the day: dated, see `Rates`   1, later 10,000
======  =========================================================  =================

ISO 4217 has no code for the new rial yet; IRT, IRHR and IRHT are WooCommerce's.
"""

from ganj.money.rates import IRAN, NoRate, Rate, Rates, convert, rates_from
from ganj.money.reading import Amount, bare, decimal_sign, parse_money, parse_number
from ganj.money.units import IRANIAN, UNITS, Unit, same_money, unit

__all__ = [
    "IRAN",
    "IRANIAN",
    "UNITS",
    "Amount",
    "NoRate",
    "Rate",
    "Rates",
    "Unit",
    "bare",
    "convert",
    "decimal_sign",
    "parse_money",
    "parse_number",
    "rates_from",
    "same_money",
    "unit",
]
