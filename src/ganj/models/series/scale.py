"""The scale on which a figure's noise is of one size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ganj.histories import Array

FEW = 0.05
"""A least figure this share of the median is far enough from nothing for logarithms alone."""
OFTEN_NONE = 0.2
"""From this share of zeros on, figures come and go, and a forecast of their mean says little of a day."""
RECENT = 112
"""Periods whose zeros are counted."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How figures are laid out before they are forecast.

    Attributes
    ----------
    kind : ``log`` (of the figure and ``add``), ``plain``, or ``fitful`` (square roots; whole units are told)
    add : what is added before the logarithm
    whole : whether figures are whole numbers
    """

    kind: Literal["log", "plain", "fitful"]
    add: float = 0.0
    whole: bool = False

    @classmethod
    def of(cls, values: Array) -> Scale:
        """Choose the scale of a figure: float64[n], nan where a period says nothing."""
        known = values[~np.isnan(values)]
        if not len(known) or known.min() < 0 or not known.any():
            return cls("plain")
        whole = bool(np.all(known == np.round(known)))
        if (known[-RECENT:] == 0).mean() >= OFTEN_NONE:
            return cls("fitful", whole=whole)
        middle = float(np.median(known[known > 0]))
        return cls("log", 0.0 if known.min() > FEW * middle else 0.5 * middle)

    def inward(self, values: Array) -> Array:
        """Return figures on this scale."""
        if self.kind == "log":
            return np.log(values + self.add)
        return np.sqrt(values) if self.kind == "fitful" else np.asarray(values, np.float64)

    def outward(self, laid: Array) -> Array:
        """Return figures from this scale; none that cannot be negative is."""
        if self.kind == "log":
            return np.maximum(np.exp(np.minimum(laid, 700.0)) - self.add, 0.0)
        return np.maximum(laid, 0.0) ** 2 if self.kind == "fitful" else laid
