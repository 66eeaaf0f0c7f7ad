"""Quotations that stand for many: the texts nearest to the middle of their group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ganj.histories import Array
from ganj.models.words.grams import counted
from ganj.models.words.linear import weighed

MOST = 1_500
"""Texts of a group that are looked at; of more, evenly spread ones."""
SHORT, LONG = 15, 240
"""Letters between which a text is quoted, where there is one."""
ALIKE = 0.6
"""Nearness at which a second quotation says the same again."""


def central(texts: Sequence[str], weight: Array, count: int) -> list[int]:
    """Choose texts that stand for a group: positions, the most central first.

    Parameters
    ----------
    texts : different ones
    weight : int64[n], how often each was written
    count : how many at most
    """
    fits = [place for place, text in enumerate(texts) if SHORT <= len(text) <= LONG] or list(
        range(len(texts))
    )
    at = np.array(fits, np.int64)
    if len(at) > MOST:
        at = at[np.linspace(0, len(at) - 1, MOST).astype(np.int64)]
    if not len(at):
        return []
    rows = counted([texts[place] for place in at])
    feature, rare = np.unique(rows.feature, return_counts=True)
    laid = weighed(rows, feature, np.log((1 + len(rows)) / (1 + rare)) + 1)
    middle = np.bincount(laid.feature, laid.value * weight[at][laid.owner], len(feature))
    near = laid.times(middle[:, None])[:, 0]
    chosen: list[int] = []
    for place in np.argsort(-near, kind="stable"):
        if len(chosen) == count:
            break
        mine = np.zeros(len(feature))
        one = laid.some(np.array([place]))
        mine[one.feature] = one.value / 2
        if all(laid.some(np.array([other])).times(mine[:, None])[0, 0] < ALIKE for other in chosen):
            chosen.append(int(place))
    return [int(at[place]) for place in chosen]
