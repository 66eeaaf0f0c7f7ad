"""Three ways to learn, each told by scikit-learn, and each read the same way afterwards.

They differ in what they can see: logistic regression adds up columns and explains itself exactly, a forest and
boosted trees see bends and what counts only together.  Where they are equally good the plainer is preferred.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array
from ganj.models.learning.trees import Trees, of_boosted, of_forest
from ganj.models.needing import needing
from ganj.text import Text

Name = Literal["logistic", "forest", "boosting"]
NAMES: tuple[Name, ...] = ("logistic", "forest", "boosting")
MOST = 120_000
"""Rows that one learner sees."""


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A weighted sum of columns: ``weights`` float64[d]."""

    weights: Array
    intercept: float

    def raw(self, matrix: Array) -> Array:
        """Return the log-odds, or the figure."""
        found: Array = (matrix * self.weights).sum(
            axis=1
        ) + self.intercept  # one row's bits depend on no other
        return found


Learned = Linear | Trees


@contextmanager
def alone() -> Iterator[None]:
    """Keep to one thread: threads that wait for a busy core cost more than they bring, and the server has other work."""
    with _threads().limit(limits=1):
        yield


@cache
def _threads() -> Any:
    """Find the libraries that keep threads, once: looking for them takes longer than a forest's answer."""
    with needing("predict"):
        import_module("sklearn.ensemble")  # brings the libraries that are looked for
        from threadpoolctl import ThreadpoolController
    return ThreadpoolController()


@alone()
def classify(name: Name, matrix: Array, label: Array, seed: int) -> Learned:
    """Learn a yes or no.

    Parameters
    ----------
    matrix : float64[n, d], columns with mean 0 and spread 1
    label : bool[n], both present
    """
    matrix, label = _telling(matrix)[:MOST], label[:MOST].astype(np.int64)
    with needing("predict"):
        from sklearn import ensemble, linear_model
    if name == "logistic":
        made = linear_model.LogisticRegression(solver="newton-cholesky", C=1.0, max_iter=200)
        made.fit(matrix, label)
        return Linear(made.coef_[0], float(made.intercept_[0]))
    rows = matrix.astype(np.float32)  # what trees are asked of later is as short
    if name == "forest":
        trees = ensemble.RandomForestClassifier(
            100, min_samples_leaf=_leaf(len(label)), max_features="sqrt", random_state=seed, n_jobs=1
        )
        return of_forest(trees.fit(rows, label))
    boosted = ensemble.HistGradientBoostingClassifier(**_boosting(len(label)), random_state=seed)
    return of_boosted(boosted.fit(rows, label), "as it is", boosted.decision_function, matrix.shape[1])


@alone()
def regress(name: Name, matrix: Array, figure: Array, seed: int) -> Learned:
    """Learn a figure: its mean, given the columns."""
    matrix, figure = _telling(matrix)[:MOST], figure[:MOST]
    with needing("predict"):
        from sklearn import ensemble, linear_model
    if name == "logistic":
        made = linear_model.Ridge(alpha=1.0).fit(matrix, figure)
        return Linear(made.coef_, float(made.intercept_))
    rows = matrix.astype(np.float32)
    if name == "forest":
        trees = ensemble.RandomForestRegressor(
            100, min_samples_leaf=_leaf(len(figure)), max_features=0.4, random_state=seed, n_jobs=1
        )
        return of_forest(trees.fit(rows, figure))
    if figure.min() < 0:
        boosted = ensemble.HistGradientBoostingRegressor(**_boosting(len(figure)), random_state=seed)
        return of_boosted(boosted.fit(rows, figure), "as it is", boosted.predict, matrix.shape[1])
    grown = ensemble.HistGradientBoostingRegressor(  # a mean that cannot be negative grows by ratios
        loss="poisson", **_boosting(len(figure)), random_state=seed
    ).fit(rows, figure)
    return of_boosted(grown, "logarithm", lambda x: np.log(grown.predict(x)), matrix.shape[1])


def _telling(matrix: Array) -> Array:
    """Refuse to learn where nothing is known in which customers differ."""
    if not matrix.shape[1]:
        raise TooLittleData(
            needs=Text(
                "a trait or figure in which customers differ", "ویژگی یا رقمی که در همهٔ مشتریان یکسان نباشد"
            ),
            has=Text("0 of them", "۰ ویژگی"),
        )
    return matrix


def _leaf(rows: int) -> int:
    return int(np.clip(rows // 400, 5, 50))


def _boosting(rows: int) -> dict[str, Any]:
    """Return shallow trees and slow steps: what is known of customers is mostly noise."""
    return {
        "learning_rate": 0.05,
        "max_iter": 150,
        "max_leaf_nodes": 6,
        "min_samples_leaf": int(np.clip(rows // 100, 10, 100)),
        "l2_regularization": 5.0,
        "early_stopping": False,
    }
