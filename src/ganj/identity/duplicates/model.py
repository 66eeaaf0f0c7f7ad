"""What was learned: how much each level of each comparison says, in the form Splink reads and in ours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import msgspec

from ganj.identity.duplicates.levels import Compared, Level

Shares = tuple[tuple[float, float], ...]
"""``m`` and ``u`` of each level, best first."""


HAIR = 1e-5  # log2
ALIKE = 0.6
"""How often people of one household agree, between strangers (0) and one person (1), before anything is learned."""


class Model(msgspec.Struct, frozen=True):
    """How much is known of a set of people; JSON through msgspec.

    Attributes
    ----------
    prior : share of all pairs that are one person
    household : share of all pairs that are two people of one household
    shares : by comparison
    relatives : by comparison that a household shares, how often its people are at each level
    learned : comparisons whose shares came from the data, not from our defaults
    """

    prior: float
    household: float
    shares: dict[str, Shares]
    relatives: dict[str, tuple[float, ...]]
    learned: tuple[str, ...] = ()


def default(comparisons: Sequence[Compared], people: int) -> Model:
    """Return what is believed before any data was seen: one in twenty has a double, and one in twenty a relative."""
    prior = min(0.05 * people / max(people * (people - 1) / 2, 1), 0.2)
    shares = {one.name: tuple((level.m, level.u) for level in one.levels) for one in comparisons}
    relatives = {
        one.name: tuple(ALIKE * level.m + (1 - ALIKE) * level.u for level in one.levels)
        for one in comparisons
        if one.shared
    }
    return Model(prior, prior, shares, relatives)


def told_apart(shares: Shares) -> Shares:
    """Return the shares with a hair between levels of the same weight: Splink tells a pair's level by its weight.

    No weight stays nothing either, which is what a missing value has.
    """
    used, out = [0.0], []
    for m, u in shares:
        weight = math.log2(m / u)
        while any(abs(weight - other) < HAIR for other in used):
            weight += 2 * HAIR
        used.append(weight)
        out.append((m, m / 2**weight))
    return tuple(out)


def settings(model: Model, comparisons: Sequence[Compared]) -> dict[str, Any]:
    """Return a model as Splink's settings."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "id",
        "probability_two_random_records_match": model.prior,
        "comparisons": [_comparison(one, told_apart(model.shares[one.name])) for one in comparisons],
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
        "max_iterations": 30,
        "em_convergence": 0.0005,
    }


def _comparison(one: Compared, shares: Shares) -> dict[str, Any]:
    null = {"sql_condition": one.null, "label_for_charts": "-", "is_null_level": True}
    return {
        "output_column_name": one.name,
        "comparison_levels": [
            null,
            *(_level(level, m, u) for level, (m, u) in zip(one.levels, shares, strict=True)),
        ],
    }


def _level(level: Level, m: float, u: float) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sql_condition": level.sql.upper() if level.sql == "else" else level.sql,
        "label_for_charts": level.says.en,
        "m_probability": m,
        "u_probability": u,
    }
    if level.frequency:
        told |= {
            "tf_adjustment_column": level.frequency,
            "tf_adjustment_weight": 1.0,
            "disable_tf_exact_match_detection": True,
        }
    return told
