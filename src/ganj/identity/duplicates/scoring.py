"""Scores the pairs: from Splink's levels to probabilities, and what each column says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from ganj.histories import Array
from ganj.identity.duplicates.levels import Compared
from ganj.identity.duplicates.mixture import Observed, Weights, column, settled, weights
from ganj.identity.duplicates.model import Model, told_apart
from ganj.identity.duplicates.training import without_doubles

Follows = Literal["all", "numbers", "nothing"]
"""All shares, the numbers of doubles and relatives alone, or nothing of a model."""


@dataclass(frozen=True)
class Scored:
    """Pairs with their probabilities, those of one household too, and the model at which they and it agree."""

    pairs: pa.Table
    relatives: pa.Table
    model: Model
    doubles: float


def observed(scored: pa.Table, model: Model, comparisons: Sequence[Compared], people: int) -> Observed:
    """Return what is seen of each pair.

    Parameters
    ----------
    scored : Splink's predictions under ``model``: ``id_l id_r mw_NAME mw_tf_adj_NAME``
    """
    told = [_seen(scored, one, model) for one in comparisons]
    return Observed(
        tuple(levels for levels, _ in told),
        tuple(rarity for _, rarity in told),
        max(people * (people - 1) / 2, 1.0),
    )


def _seen(scored: pa.Table, one: Compared, model: Model) -> tuple[Array, Array | None]:
    """Return a column's levels and how rare the values are; Splink's weight of a level tells which it is."""
    plain: Array = scored[f"mw_{one.name}"].to_numpy()
    told = told_apart(model.shares[one.name])
    steps = np.array([np.log2(m / u) for m, u in told])
    order = np.argsort(steps, kind="stable")
    middles = (steps[order][1:] + steps[order][:-1]) / 2
    level: Array = order[np.searchsorted(middles, plain)].astype(np.int8)
    level[plain == 0.0] = -1  # Splink gives nothing where a value is missing
    counted = np.array([level.frequency is not None for level in one.levels] + [False])[level]
    name = f"mw_tf_adj_{one.name}"
    if name not in scored.column_names:
        return level, None
    strangers = np.array([np.log2(u) for _, u in told] + [0.0])[level]
    rarity = np.where(counted, scored[name].to_numpy() - strangers, np.nan)
    return level, rarity.astype(np.float32)


def weighed(
    scored: pa.Table, model: Model, comparisons: Sequence[Compared], people: int, follows: Follows
) -> Scored:
    """Return the pairs with their probabilities.

    Parameters
    ----------
    follows : what of the model follows the pairs
    """
    seen = observed(scored, model, comparisons, people)
    if follows == "all":
        model = without_doubles(settled(model, comparisons, seen), comparisons)
    if follows != "nothing":
        model = settled(model, comparisons, seen, learns=follows == "all")
    totals = weights(model, comparisons, seen)
    probability, household = totals.share(model)
    told = _columns(model, comparisons, seen)
    fixed: dict[str, Any] = {
        "left": scored["id_l"],
        "right": scored["id_r"],
        "probability": pa.array(probability),
        **_odds(totals, model),
    }
    relatives = {"left": scored["id_l"], "right": scored["id_r"], "probability": pa.array(household)}
    return Scored(pa.table(fixed | told), pa.table(relatives), model, float(probability.sum()))


def _odds(totals: Weights, model: Model) -> dict[str, pa.Array]:
    """Return log2 of the odds, and what the chance of a household takes from them."""
    strangers = np.log2(1 - model.prior - model.household)
    others = np.logaddexp2(totals.household + np.log2(model.household), strangers)
    taken = strangers - others
    base = np.log2(model.prior) - strangers
    return {"weight": pa.array(totals.person + base + taken), "weight_household": pa.array(taken)}


def _columns(model: Model, comparisons: Sequence[Compared], seen: Observed) -> dict[str, pa.Array]:
    """Return the level and weight of each column, and whether something differs that a person should see."""
    told = {}
    vetoed: Array = np.zeros(len(seen.levels[0]), bool)
    for one, levels, rarity in zip(comparisons, seen.levels, seen.rarity, strict=True):
        vetoed |= one.vetoes & (levels == len(one.levels) - 1)
        told[f"level_{one.name}"] = pa.array(levels)
        told[f"weight_{one.name}"] = pa.array(column(one, (levels, rarity), model, relatives=False))
    told["vetoed"] = pa.array(vetoed)
    return told
