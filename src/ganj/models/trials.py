"""Trying models of buying on purchases they have not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ganj.models.fitting import Fit, settled
from ganj.models.purchases import Purchases
from ganj.models.worth import Buying


@dataclass(frozen=True, slots=True)
class Tried:
    """A model that was fitted to what was known, and asked for what came.

    Attributes
    ----------
    name : of the model
    fit : to what was known
    foresaw : log-likelihood of what came, given what was known; -inf where nothing was fitted
    expected : purchases it expected
    """

    name: str
    fit: Fit
    foresaw: float
    expected: float


def tried(name: str, model: Buying, before: Purchases, after: Purchases, held: float) -> Tried:
    """Fit a model to the rows before, and say how likely it made the rows after; the same customers.

    The likelihood of a whole history over that of its beginning is the likelihood of what followed.
    """
    found = settled(model, before)
    if not found.converged:
        return Tried(name, found, -np.inf, np.nan)
    foresaw = model.score(found.parameters, after)[0] - found.log_likelihood
    return Tried(name, found, foresaw, float(model.expected(found.parameters, before, held) @ before.count))


def best(models: Mapping[str, Buying], before: Purchases, after: Purchases, held: float) -> list[Tried]:
    """Try all models; the one that foresaw best is first."""
    found = [tried(name, model, before, after, held) for name, model in models.items()]
    return sorted(found, key=lambda one: -one.foresaw)
