"""Whom it pays to talk to: the money of an action by how many it reaches, on customers it was not learned from.

Talking to one costs ``cost``; of those it was right to talk to a share ``success`` is won, each worth ``worth``.
So it pays where chance x success x worth > cost, and customers are taken by what is expected of them.

Source: S. A. Neslin et al., Defection detection, Journal of Marketing Research 43(2), 2006, eq. 1, without the
cost of giving the offer to those who would have stayed anyway.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array

STEPS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Profit:
    """Money by share of customers reached.

    Attributes
    ----------
    share : float64[STEPS + 1], from 0 to 1
    expected, actual : float64[STEPS + 1], money by the chances, and by what came of these customers
    caught : float64[STEPS + 1], share of those with the outcome that is reached
    paying : how many customers it pays to talk to
    best : expected money of these; ``came`` what it would have been
    """

    share: Array
    expected: Array
    actual: Array
    caught: Array
    paying: int
    best: float
    came: float


def gains(chance: Array, worth: Array, cost: float, success: float) -> Array:
    """Return what is expected of talking to each customer: float64[n]."""
    found: Array = chance * success * worth - cost
    return found


def profit(chance: Array, label: Array, worth: Array, cost: float, success: float) -> Profit:
    """Add up money from the customer of whom most is expected down."""
    told = gains(chance, worth, cost, success)
    order = np.argsort(-told, kind="stable")
    expected = np.append(0, np.cumsum(told[order]))
    actual = np.append(0, np.cumsum((label * success * worth - cost)[order]))
    caught = np.append(0, np.cumsum(label[order])) / max(int(label.sum()), 1)
    paying = int((told > 0).sum())
    share = np.linspace(0, 1, STEPS + 1)
    at = np.rint(share * len(label)).astype(np.int64)
    return Profit(
        share, expected[at], actual[at], caught[at], paying, float(expected[paying]), float(actual[paying])
    )
