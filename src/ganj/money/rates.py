"""What one of a unit is worth on a day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np

from ganj.errors import GanjError
from ganj.text import Text

Array = np.ndarray[Any, Any]
ALWAYS = -(1 << 62)  # before every instant


class NoRate(GanjError):
    """An amount asked in a currency it has no rate to. Facts: ``of``, ``to``."""

    status = 422
    says = Text(
        "There is no rate from {of} to {to} for these days.",
        "برای این روزها نرخ تبدیل {of} به {to} در دست نیست.",
    )
    hint = Text(
        "Give the file's own currency, or a table of rates.",
        "ارز خود پرونده را بگویید یا جدول نرخ‌ها را بدهید.",
    )


class Rate(msgspec.Struct, frozen=True):
    """What one of a unit is worth, in current rials or another common measure, from a moment on (µs UTC)."""

    code: str
    worth: float
    since: int = ALWAYS


class Rates:
    """A table of worths, each valid from a moment until the next of the same code.

    Examples
    --------
    >>> import numpy as np
    >>> float(IRAN.convert(np.array([22_700.0]), "IRT", "IRR")[0])
    227000.0
    """

    def __init__(self, rates: Iterable[Rate]) -> None:
        ordered = sorted(rates, key=lambda rate: rate.since)
        self.rates = tuple(ordered)
        self._since = {
            code: np.array([r.since for r in ordered if r.code == code]) for code in {r.code for r in ordered}
        }
        self._worth = {code: np.array([r.worth for r in ordered if r.code == code]) for code in self._since}

    def __contains__(self, code: object) -> bool:
        return code in self._since

    def with_rates(self, *rates: Rate) -> Rates:
        """Return a table with more rows."""
        return Rates((*self.rates, *rates))

    def worth(self, code: str, when: Array | int | None = None) -> Array:
        """Return what one of a unit is worth at moments (µs UTC); NaN before its first rate; float64[n] or one.

        Without ``when`` the latest rate counts.
        """
        if when is None:
            return self._worth[code][-1:].reshape(())
        row = np.searchsorted(self._since[code], np.asarray(when, np.int64), side="right") - 1
        worth: Array = np.where(row < 0, np.nan, self._worth[code][np.maximum(row, 0)])
        return worth

    def convert(self, amount: Array | float, of: str, to: str, when: Array | int | None = None) -> Array:
        """Count amounts in another unit.

        Parameters
        ----------
        amount
            float64[n]; NaN stays NaN.
        when
            int64[n] µs UTC at which each amount was written, or one for all; the latest rates without it.

        Returns
        -------
        float64[n]

        Raises
        ------
        NoRate
            One of the codes has no rate, or none on one of these days.
        """
        money = np.asarray(amount, np.float64)
        if of == to:
            return money
        if of not in self or to not in self:
            raise NoRate(of=of, to=to)
        factor = self.worth(of, when) / self.worth(to, when)
        if np.isnan(factor).any():
            raise NoRate(of=of, to=to)
        # tomans to rials is exact; dividing by ten last keeps rials to tomans so, too
        return money * factor if factor.size and factor.min() >= 1 else money / (1 / factor)


IRAN = Rates(
    (
        Rate("IRR", 1.0),
        Rate("IRT", 10.0),
        Rate("IRHR", 1_000.0),
        Rate("IRHT", 10_000.0),
        Rate("IRMR", 1_000_000.0),
        Rate("IRMT", 10_000_000.0),
        Rate("IRN", 10_000.0),
        Rate("RIAL", 1.0),
    )
)
"""The units of Iran as long as the day of the change is not announced."""


def rates_from(changeover: int | None) -> Rates:
    """Return Iran's units with the word rial meaning 10,000 current rials from a moment (µs UTC) on."""
    return IRAN if changeover is None else IRAN.with_rates(Rate("RIAL", 10_000.0, changeover))


def convert(amount: Array | float, of: str, to: str, when: Array | int | None = None) -> Array:
    """Count Iranian amounts in another Iranian unit; see `Rates.convert`."""
    return IRAN.convert(amount, of, to, when)
