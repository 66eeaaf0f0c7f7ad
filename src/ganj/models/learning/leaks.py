"""Columns that know the answer: filled in when it was known, or as a consequence of it.

A fold at a cut-off cannot leak; a column of an imported table can.  Three signs are looked for: a column that by
itself orders customers better than a single thing known beforehand does, a value that nearly only those with one
answer have, and blanks that do.

Source: S. Kaufman, S. Rosset, C. Perlich, Leakage in data mining: formulation, detection, and avoidance, KDD 2011.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ganj.histories import Array
from ganj.models.learning.sample import Frame
from ganj.models.learning.trial import single

TOO_GOOD = 0.8
"""Area under the curve of one column from which it is looked at; of telecom's and banks' known columns none has it."""
PURE = 0.98
FEW = 30
MUCH = 0.2
"""A value is looked at that so many customers have, and so large a share of either answer."""
Sign = Literal["too_good", "value", "blank"]


@dataclass(frozen=True, slots=True)
class Suspect:
    """A column that may know the answer; ``strength`` is its area under the curve."""

    name: str
    sign: Sign
    strength: float


def suspects(frame: Frame, label: Array) -> tuple[Suspect, ...]:
    """Return the columns that may know the answer, the strongest first."""
    found = []
    for name, strength in single(frame, label).items():
        sign = _sign(frame, name, label, strength)
        if sign is not None:
            found.append(Suspect(name, sign, strength))
    return tuple(sorted(found, key=lambda one: (-one.strength, one.name)))


def _sign(frame: Frame, name: str, label: Array, strength: float) -> Sign | None:
    if name in frame.categories:
        codes = frame.categories[name].codes
    else:
        values = frame.numbers[:, frame.names.index(name)]
        codes = np.where(np.isnan(values), -1, 0).astype(np.int32)
    if _tells(codes == -1, label) or (name not in frame.categories and _tells(codes == 0, label)):
        return "blank"
    if name in frame.categories and any(_tells(codes == code, label) for code in np.unique(codes)):
        return "value"
    return "too_good" if strength >= TOO_GOOD else None


def _tells(those: Array, label: Array) -> bool:
    """Tell whether nearly only those, who are many, have an answer: they all do, and are much of it."""
    size = int(those.sum())
    if size < FEW or size == len(those):
        return False
    yes = float(label[those].mean())
    if yes >= PURE:
        return float(label[those].sum()) >= MUCH * float(label.sum())
    return False
