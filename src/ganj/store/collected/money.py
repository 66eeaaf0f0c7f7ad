"""Amounts of events in the workspace's currency."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array
from ganj.kernels.grouping import different
from ganj.money import IRAN, NoRate, Rates
from ganj.store.collected.lines import hash_of, texts
from ganj.store.collected.told import Spans

CALLED = {
    "TOMAN": "IRT", "TOMANS": "IRT", "TMN": "IRT", "تومان": "IRT", "تومن": "IRT",
    "RIAL": "IRR", "RIALS": "IRR", "RLS": "IRR", "ریال": "IRR",
}  # fmt: skip
"""What shops call their currency, beside its code."""


class Purse:
    """Counts amounts in one currency.

    Parameters
    ----------
    currency : the workspace's
    rates : what others are worth
    """

    def __init__(self, currency: str, rates: Rates = IRAN) -> None:
        self.currency, self._rates = currency, rates

    def factors(self, data: Array, told: Spans, time: Array) -> tuple[Array, Array]:
        """Return what one of each event's currency is worth: float64[n], nan without a rate; and bool[n] where it is.

        An event that names no currency speaks of the workspace's.
        """
        span, kind = told
        worth = np.ones(len(kind))
        rows = np.flatnonzero(kind)
        if len(rows):
            first, place = different(hash_of(data, span[rows], kind[rows]))
            words = texts(data, span[rows[first]], kind[rows[first]])
            for number in range(len(first)):
                mine = rows[place == number]
                worth[mine] = self.worth(words[number] or "", time[mine])
        return worth, np.isnan(worth)

    def worth(self, word: str, time: Array) -> Array:
        """Return what one of a currency is worth at some moments: float64[n]; nan without a rate."""
        name = word.strip()
        code = CALLED.get(name.upper(), name.upper())
        try:
            found: Array = self._rates.convert(np.ones(len(time)), code, self.currency, time)
        except NoRate:
            return np.full(len(time), np.nan)
        return found
