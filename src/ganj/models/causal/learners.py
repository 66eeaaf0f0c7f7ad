"""On whom the effect is large: T-, X- and DR-learners over a linear model or boosted trees.

Two models of the outcome, of the treated and of the others, tell each customer's difference (T).  X models the differences to
what the other group's model says; DR models a score of each customer whose mean is the effect even where the models of
the outcome are wrong, as long as the lot's shares are known, which they are.

Source: S. Künzel, J. Sekhon, P. Bickel, B. Yu, Metalearners for estimating heterogeneous treatment effects, PNAS 116(10),
2019.  E. Kennedy, Towards optimal doubly robust estimation of heterogeneous causal effects, Electronic Journal of
Statistics 17(2), 2023.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from ganj.histories import Array
from ganj.models.needing import needing

Learner = Literal["x", "t", "dr"]
Base = Literal["linear", "boosting"]
Predict = Callable[[Array], Array]
RIDGE = 10.0
FOLDS = 5


def learn(learner: Learner, base: Base, rows: tuple[Array, Array, Array, Array], seed: int) -> Predict:
    """Learn what treatment adds.

    Parameters
    ----------
    rows : float64[n, d] columns of mean 0 and spread 1, float64[n] outcome, bool[n] treated, float64[n] chance of
        having been treated
    """
    matrix, outcome, treated, chance = rows
    if learner == "dr":
        return _fit(base, matrix, _scores(base, rows, seed), seed)
    with_, without = (_fit(base, matrix[arm], outcome[arm], seed) for arm in (treated, ~treated))
    if learner == "t":
        return lambda x: with_(x) - without(x)
    gained = outcome[treated] - without(matrix[treated])
    missed = with_(matrix[~treated]) - outcome[~treated]
    of_treated, of_others = (
        _fit(base, matrix[treated], gained, seed),
        _fit(base, matrix[~treated], missed, seed),
    )
    share = float(chance.mean())
    return lambda x: share * of_others(x) + (1 - share) * of_treated(x)


def _scores(base: Base, rows: tuple[Array, Array, Array, Array], seed: int) -> Array:
    """Return doubly robust scores, each from models that did not see the customer: float64[n]."""
    matrix, outcome, treated, chance = rows
    fold = np.random.default_rng(seed).integers(0, FOLDS, len(outcome))
    score = np.zeros(len(outcome))
    for k in range(FOLDS):
        inside, outside = fold == k, fold != k
        arms = [outside & arm for arm in (treated, ~treated)]
        if not inside.any() or not all(arm.any() for arm in arms):
            continue
        with_, without = (_fit(base, matrix[arm], outcome[arm], seed)(matrix[inside]) for arm in arms)
        y, t, p = outcome[inside], treated[inside], chance[inside]
        score[inside] = with_ - without + np.where(t, (y - with_) / p, -(y - without) / (1 - p))
    return score


def _fit(base: Base, matrix: Array, figure: Array, seed: int) -> Predict:
    return _linear(matrix, figure) if base == "linear" else _boosted(matrix, figure, seed)


def _linear(matrix: Array, figure: Array) -> Predict:
    """Ridge regression: few customers tell little of differences, and weights shrink accordingly."""
    middle, mean = matrix.mean(axis=0), float(figure.mean())
    away = matrix - middle
    gram = away.T @ away + RIDGE * np.eye(matrix.shape[1])
    weights = np.linalg.solve(gram, away.T @ (figure - mean))

    def said(x: Array) -> Array:
        found: Array = ((x - middle) * weights).sum(axis=1) + mean  # one row's bits depend on no other
        return found

    return said


def _boosted(matrix: Array, figure: Array, seed: int) -> Predict:
    with needing("predict"):
        from sklearn import ensemble
    leaf = int(np.clip(len(figure) // 100, 10, 100))
    shallow: dict[str, Any] = {
        "learning_rate": 0.05,
        "max_iter": 100,
        "max_leaf_nodes": 6,
        "l2_regularization": 5.0,
    }
    made = ensemble.HistGradientBoostingRegressor(
        min_samples_leaf=leaf, early_stopping=False, random_state=seed, **shallow
    ).fit(matrix, figure)
    return lambda x: np.asarray(made.predict(x))
