"""Three kinds of pairs: one person, two people of one household, two strangers.

With only two kinds, mother and daughter at one address with one land line and one last name are «one person»:
the columns of a household come together, while Fellegi and Sunter's sum takes each for evidence of its own.
With the third kind, what a household shares tells strangers from relatives, and only what a person has alone
(first name, birthday, national code) tells relatives from one person.  How many pairs of each kind there
are, and how often they agree, is found by expectation-maximisation over the pairs that are compared.

Notes
-----
For a pair whose levels are observed, with lambda and eta the shares of one person and of households::

    odds of one person = lambda * prod(m / u) / (eta * prod(h / u, shared columns) + 1 - lambda - eta)

State: a few numbers a level.  Cost: rounds * pairs * columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from ganj.histories import Array
from ganj.identity.duplicates.levels import Compared
from ganj.identity.duplicates.model import Model

ROUNDS = 60
CONVERGED = 1e-3
PSEUDO = 8.0
"""Pairs that say what experience says, beside those that were found: few doubles teach little."""
LEAST_DOUBLES = 0.5
"""Pairs: where nothing is found, one pair in two such sets of people is still thought possible."""


@dataclass(frozen=True)
class Observed:
    """What is seen of each pair.

    Attributes
    ----------
    levels : int8[columns][pairs], -1 where nothing can be said
    rarity : float32[columns][pairs], -log2 of how often the common value occurs; nan where that is not counted
    possible : pairs among all people
    """

    levels: tuple[Array, ...]
    rarity: tuple[Array | None, ...]
    possible: float


@dataclass(frozen=True)
class Weights:
    """For each pair float64[pairs], log2: of one person and of a household, each against strangers."""

    person: Array
    household: Array

    def share(self, model: Model) -> tuple[Array, Array]:
        """Return each pair's probability of being one person, and of one household."""
        person = self.person + np.log2(model.prior)
        household = self.household + np.log2(model.household)
        strangers = np.log2(1 - model.prior - model.household)
        whole = np.logaddexp2(np.logaddexp2(person, household), strangers)
        return np.exp2(person - whole), np.exp2(household - whole)


def column(one: Compared, seen: tuple[Array, Array | None], model: Model, *, relatives: bool) -> Array:
    """Return what one column says for each pair: float64[pairs], log2 against strangers."""
    levels, rarity = seen
    shares = model.relatives[one.name] if relatives else tuple(m for m, _ in model.shares[one.name])
    strangers = np.array([-np.log2(u) for _, u in model.shares[one.name]] + [0.0])
    against: Array = strangers[levels]
    if rarity is not None:
        against = np.where(np.isnan(rarity), against, rarity)
    return np.where(levels < 0, 0.0, np.array([*np.log2(shares), 0.0])[levels] + against)


def weights(model: Model, comparisons: Sequence[Compared], seen: Observed) -> Weights:
    """Return what all columns say together."""
    person: Array = np.zeros(len(seen.levels[0]))
    household: Array = np.zeros(len(seen.levels[0]))
    for one, levels, rarity in zip(comparisons, seen.levels, seen.rarity, strict=True):
        pair = (levels, rarity)
        person += column(one, pair, model, relatives=False)
        if one.shared:
            household += column(one, pair, model, relatives=True)
    return Weights(person, household)


def settled(model: Model, comparisons: Sequence[Compared], seen: Observed, *, learns: bool = True) -> Model:
    """Return the model at which the pairs' kinds and the shares agree.

    Parameters
    ----------
    learns : whether the shares of the levels follow the pairs, or only the numbers of pairs do
    """
    experience = model
    for _ in range(ROUNDS):
        person, household = weights(model, comparisons, seen).share(model)
        after = _numbers(model, person, household, seen)
        if learns:
            after = _shares(after, experience, comparisons, seen, (person, household))
        close = abs(np.log(after.prior / model.prior)) + abs(np.log(after.household / model.household))
        model = after
        if close < CONVERGED:
            break
    return model


def _numbers(model: Model, person: Array, household: Array, seen: Observed) -> Model:
    doubles = max(float(person.sum()), LEAST_DOUBLES)
    relatives = max(float(household.sum()), LEAST_DOUBLES)
    prior, eta = (min(number / seen.possible, 0.3) for number in (doubles, relatives))
    return msgspec.structs.replace(model, prior=prior, household=eta)


def _shares(
    model: Model,
    experience: Model,
    comparisons: Sequence[Compared],
    seen: Observed,
    kinds: tuple[Array, Array],
) -> Model:
    person, household = kinds
    shares, relatives = dict(model.shares), dict(model.relatives)
    for one, levels in zip(comparisons, seen.levels, strict=True):
        if one.name not in experience.learned:
            continue
        before = experience.shares[one.name]
        ours = _share(levels, person, [m for m, _ in before])
        shares[one.name] = tuple((m, u) for m, (_, u) in zip(ours, before, strict=True))
        if one.shared:
            relatives[one.name] = tuple(_share(levels, household, experience.relatives[one.name]))
    return msgspec.structs.replace(model, shares=shares, relatives=relatives)


def _share(levels: Array, kind: Array, before: Sequence[float]) -> list[float]:
    """Return how often pairs of a kind are at each level, experience counted as a few pairs."""
    counted = np.bincount(levels + 1, weights=kind, minlength=len(before) + 1)[1:]
    told: list[float] = ((counted + PSEUDO * np.array(before)) / (counted.sum() + PSEUDO)).tolist()
    return told
