"""How long a silence may be before it is beyond a customer's own rhythm.

Who buys at random at a rate λ, of which n gaps over S days tell, with λ ~ gamma(1, G) before anything is known,
waits longer than t with chance ((S + G) / (S + G + t))^(n + 1).  The limit is the t at which that chance falls to
``doubt``; G is the usual gap of customers.  Few gaps tell little, and make a customer's limit longer.

Source: A. S. C. Ehrenberg, The pattern of consumer purchases, Applied Statistics 8(1), 1959 (purchases at random at
rates that are gamma distributed); the wait until the next is then Pareto of the second kind.
"""

from __future__ import annotations

import numpy as np

from ganj.histories import Array

USUAL = 30.0
"""Days between purchases where no customer has bought twice."""


def usual_gap(gaps: Array) -> float:
    """Return the middle of the customers' mean gaps, in days; nan is of those without."""
    known = gaps[~np.isnan(gaps)]
    return max(float(np.median(known)), 1.0) if len(known) else USUAL


def limits(days: Array, span: Array, usual: float, doubt: float, longest: float) -> Array:
    """Return the longest silence within each customer's rhythm, in days.

    Parameters
    ----------
    days : float[n], days with purchases
    span : float[n], days from the first to the last of them
    usual : G
    doubt : the chance of a longer silence of one who goes on as before
    longest : no limit is longer
    """
    gaps = np.maximum(days.astype(np.float64) - 1, 0)
    found: Array = (span + usual) * (doubt ** (-1 / (gaps + 1)) - 1)
    return np.minimum(found, longest)
