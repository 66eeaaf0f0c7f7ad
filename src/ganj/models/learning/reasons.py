"""Why a customer's chance is what it is, in parts that a person has words for.

Columns that say the same kind of thing form a group.  Of logistic regression a group's part is what its columns add
to the log-odds beside a mean customer.  Of trees it is how much the answer changes, on the customer's way down
them, at nodes that part by the group's columns (`ganj.models.learning.trees`).  Both add up to the answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.learning.learners import Linear
from ganj.models.learning.sample import Frame
from ganj.models.learning.trial import Judge

GROUPS = 8
"""Groups that are told apart; what counts least goes together."""
SEEN = 2_000
CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """Parts of the answer by group.

    Attributes
    ----------
    judge : what was learned
    groups : names, the weightiest first
    columns : int64[columns of the matrix], the group of each; -1 of what counts least
    weight : float64[groups], mean size of a group's part
    """

    judge: Judge
    groups: tuple[str, ...]
    columns: Array
    weight: Array

    @classmethod
    def of(cls, judge: Judge, frame: Frame, group: dict[str, str]) -> Reasons:
        """Look at what counts among customers; ``group`` says to which group a column belongs."""
        design = judge.design
        matrix = design.matrix(frame.take(np.arange(min(len(frame), SEEN))))
        of = [group[design.names[k]] for k in design.source]
        names = tuple(dict.fromkeys(of))
        columns = np.array([names.index(name) for name in of], np.int64)
        whole = cls(judge, names, columns, np.zeros(len(names)))
        weight = np.abs(whole._parts(matrix)).mean(axis=0)
        best = np.argsort(-weight, kind="stable")[:GROUPS]
        place = np.full(len(names), -1)
        place[best] = np.arange(len(best))
        return cls(judge, tuple(names[k] for k in best), place[columns], weight[best])

    def parts(self, frame: Frame) -> Array:
        """Return each group's part of each customer's answer: float64[n, groups]."""
        found = [
            self._parts(self.judge.design.matrix(frame.take(np.arange(lo, min(lo + CHUNK, len(frame))))))
            for lo in range(0, len(frame), CHUNK)
        ]
        return np.concatenate(found) if found else np.zeros((0, len(self.groups)))

    def _parts(self, matrix: Array) -> Array:
        learned = self.judge.learned
        if isinstance(learned, Linear):
            each = matrix * learned.weights
            parts = [each[:, self.columns == k].sum(axis=1) for k in range(len(self.groups))]
            return np.column_stack(parts) if parts else np.zeros((len(matrix), 0))
        return learned.parts(matrix, self.columns, len(self.groups))[:, :-1]
