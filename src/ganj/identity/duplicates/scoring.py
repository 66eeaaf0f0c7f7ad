"""Scores the pairs: the weights of all columns add up, and the odds follow.

How rare doubles are at all is not known beforehand; it is the number at which the probabilities of all pairs
add up to it (a fixed point, found by expectation-maximisation on that one number).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.identity.duplicates.levels import Compared
from ganj.identity.duplicates.model import Model

ROUNDS = 200
CONVERGED = 1e-6
LEAST_DOUBLES = 0.5
"""Pairs: where nothing is found, one pair in two such sets of people is still thought possible."""


def weighed(scored: pa.Table, model: Model, comparisons: Sequence[Compared], people: int) -> Scored:
    """Return Splink's scores with the share of doubles that they themselves imply.

    Parameters
    ----------
    scored : Splink's predictions: ``id_l id_r match_weight mw_NAME mw_tf_adj_NAME``
    """
    evidence: Array = scored["match_weight"].to_numpy() - _log_odds(model.prior)
    prior = _prior(evidence, people, model.prior)
    weight = evidence + _log_odds(prior)
    columns: dict[str, Any] = {
        "left": scored["id_l"],
        "right": scored["id_r"],
        "probability": pa.array(_share(weight)),
        "weight": pa.array(weight),
    }
    vetoed = np.zeros(len(weight), bool)
    for one in comparisons:
        level, said = _levels(scored, one, model)
        vetoed |= one.vetoes & (level == len(one.levels) - 1)
        columns[f"level_{one.name}"], columns[f"weight_{one.name}"] = pa.array(level), pa.array(said)
    columns["vetoed"] = pa.array(vetoed)
    return Scored(pa.table(columns), msgspec.structs.replace(model, prior=prior))


class Scored(msgspec.Struct, frozen=True):
    """Pairs with their probabilities, and the model with the share of doubles that they imply."""

    pairs: pa.Table
    model: Model


def _levels(scored: pa.Table, one: Compared, model: Model) -> tuple[Array, Array]:
    """Return the level of each pair (int8, -1 for none) and what it says (log2, with the value's rarity)."""
    plain: Array = scored[f"mw_{one.name}"].to_numpy()
    steps = np.array([np.log2(m / u) for m, u in model.shares[one.name]])
    level = np.abs(plain[:, None] - steps).argmin(axis=1).astype(np.int8)
    level[plain == 0.0] = -1  # Splink gives nothing where a value is missing
    rarity = f"mw_tf_adj_{one.name}"
    said = plain + scored[rarity].to_numpy() if rarity in scored.column_names else plain
    return level, said


def _prior(evidence: Array, people: int, prior: float) -> float:
    """Return the share of all pairs that are one person: float64[n] weights without it → share."""
    possible = max(people * (people - 1) / 2, 1.0)
    for _ in range(ROUNDS):
        doubles = max(float(_share(evidence + _log_odds(prior)).sum()), LEAST_DOUBLES)
        after = min(doubles / possible, 0.5)
        if abs(after - prior) < CONVERGED * prior:
            return after
        prior = after
    return prior


def _log_odds(share: float) -> float:
    return float(np.log2(share / (1 - share)))


def _share(weight: Array) -> Array:
    """Return the probability of log2 odds."""
    share: Array = 1.0 / (1.0 + np.exp2(-np.clip(weight, -500, 500)))
    return share
