"""Maximum likelihood over positive parameters, with standard errors from the observed curvature.

The search is in logarithms of the parameters, so that none can leave its domain: BFGS to come near,
Newton's method to end exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

import numpy as np

from ganj.histories import Array

ROUNDS = 500
"""The most steps; thirty to sixty are taken where there is a maximum."""

NEAR, DONE = 1e-5, 1e-8
"""Slope of the mean log-likelihood at which Newton's method takes over, and at which it is the maximum."""

STRIDE = 2.0
"""The longest step: no logarithm moves by more at once, so that no first guess throws the search away."""

FAR = 40.0
"""No logarithm goes farther: a parameter that wants to has no maximum."""

FAINT = 0.1
"""Weight of a prior that only keeps parameters finite, in customers."""

Rows = TypeVar("Rows")
Rows_contra = TypeVar("Rows_contra", contravariant=True)


class Model(Protocol[Rows_contra]):
    """A likelihood of counted rows."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""

    def start(self, rows: Rows_contra) -> Array:
        """Return a first guess: float64[p], positive."""

    def score(self, parameters: Array, rows: Rows_contra) -> tuple[float, Array, float]:
        """Return the log-likelihood, its slopes (float64[p]), and how many customers the rows count."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the likelihood is highest.

    Attributes
    ----------
    parameters, errors
        float64[p]; errors are standard errors, nan where the likelihood has no curvature.
    covariance
        Of the logarithms of the parameters: float64[p, p].
    log_likelihood
        Without the prior.
    converged
        Whether a maximum was found; where not, the parameters say nothing.
    """

    parameters: Array
    errors: Array
    covariance: Array
    log_likelihood: float
    converged: bool


def fit(model: Model[Rows], rows: Rows, pull: float = 0.0) -> Fit:
    """Return the parameters of the highest likelihood.

    Parameters
    ----------
    pull
        Strength of a log-normal prior around 1 (precision of each logarithm, in customers); it keeps
        parameters finite that the data leave open, as a and b of BG/NBD where nobody drops out.
    """
    coarse = rows.coarser() if isinstance(rows, Coarsened) else None
    begun = fit(model, coarse, pull) if coarse is not None else None
    hill = _Hill(model, rows, pull)
    if begun is not None and begun.converged:  # its curvature is nearly the right one: few steps are left
        place = np.log(begun.parameters)
        hill(place)  # says how many customers there are
        place = _climb(hill, place, begun.covariance * hill.size, DONE)
    else:
        place = _climb(hill, np.log(model.start(rows)))
    place = _newton(hill, place)
    slope, height = hill(place)[1], hill.log_likelihood
    curve = hill.curve(place)
    flat = bool(np.abs(slope).max() < DONE * 10 and np.isfinite(curve).all())
    found = flat and bool(np.linalg.eigvalsh(curve).min() > 0)
    covariance = np.linalg.inv(curve) / hill.size if found else np.full(curve.shape, np.nan)
    best = np.exp(place)
    errors = best * np.sqrt(np.diag(covariance))
    return Fit(best, errors, covariance, height, found)


def settled(model: Model[Rows], rows: Rows) -> Fit:
    """Return the highest likelihood, and where it has none, that under a prior of a tenth of a customer.

    A parameter runs away where customers are all alike in what it spreads: the prior leaves it large, with a large error.
    """
    found = fit(model, rows)
    return found if found.converged else fit(model, rows, pull=FAINT)


@runtime_checkable
class Coarsened(Protocol):
    """Rows of which there may be fewer that say nearly the same."""

    def coarser(self) -> Any:
        """Return fewer rows of the same kind, or None where they are few."""


@runtime_checkable
class Bending(Protocol):
    """A model that knows its second derivatives."""

    def bend(self, parameters: Array, rows: Any) -> Array:
        """Return the second derivatives of the log-likelihood: float64[p, p]."""


class _Hill(Generic[Rows]):
    """What is made smallest: minus the mean log-likelihood, over logarithms of the parameters."""

    def __init__(self, model: Model[Rows], rows: Rows, pull: float) -> None:
        self._model, self._rows, self._pull = model, rows, pull
        self._last = np.zeros(0), (np.inf, np.zeros(0))
        self.size, self.log_likelihood = 1.0, np.nan

    def __call__(self, place: Array) -> tuple[float, Array]:
        """Return the height and the slope float64[p]; infinity where it cannot be computed."""
        if np.array_equal(self._last[0], place):  # asked for again where one search hands over to the next
            return self._last[1]
        if np.abs(place).max() > FAR:
            return np.inf, np.zeros_like(place)
        there = np.exp(place)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            self.log_likelihood, slope, self.size = self._model.score(there, self._rows)
        height = (self._pull / 2 * float(place @ place) - self.log_likelihood) / self.size
        downhill = (self._pull * place - slope * there) / self.size
        fine = bool(np.isfinite(height) and np.isfinite(downhill).all())
        self._last = place.copy(), ((height if fine else np.inf), downhill)
        return self._last[1]

    def curve(self, place: Array) -> Array:
        """Return the second derivatives: float64[p, p]; where the model has none, of the exact slope's differences."""
        if isinstance(self._model, Bending):
            slope, there = self(place)[1], np.exp(place)
            bends = self._model.bend(there, self._rows) * np.outer(there, there) / self.size
            pulled = np.diag(slope - self._pull * place / self.size) + self._pull / self.size * np.eye(
                len(place)
            )
            curve: Array = pulled - bends
            return curve
        step = 1e-4
        moves = np.eye(len(place)) * step
        rows = [(self(place + move)[1] - self(place - move)[1]) / (2 * step) for move in moves]
        square = np.array(rows)
        both: Array = (square + square.T) / 2
        return both


def _climb(hill: _Hill[Rows], place: Array, inverse: Array | None = None, near: float = NEAR) -> Array:
    """Return a place near the maximum, by BFGS; ``inverse`` is the curvature's where something is known of it.

    Source: J. Nocedal, S. J. Wright, Numerical Optimization, 2006, algorithm 6.1.
    """
    height, slope = hill(place)
    inverse = np.eye(len(place)) if inverse is None else inverse
    for _ in range(ROUNDS):
        if np.abs(slope).max() < near:
            break
        moved, higher = _step(hill, place, -inverse @ slope, (height, slope))
        if moved is place:
            break
        change = higher[1] - slope
        inverse = _learned(inverse, moved - place, change)
        place, (height, slope) = moved, higher
    return place if np.isfinite(height) else np.zeros_like(place)


def _learned(inverse: Array, move: Array, change: Array) -> Array:
    """Return the inverse curvature after a step: float64[p, p]; unchanged where the step taught nothing."""
    bent = float(move @ change)
    if bent <= 1e-14:
        return np.eye(len(move))
    left = np.eye(len(move)) - np.outer(move, change) / bent
    out: Array = left @ inverse @ left.T + np.outer(move, move) / bent
    return out


def _step(
    hill: _Hill[Rows], place: Array, way: Array, here: tuple[float, Array]
) -> tuple[Array, tuple[float, Array]]:
    """Return the place after a step that is high enough, and what is there; the same place if none is."""
    way = way * min(1.0, STRIDE / max(float(np.abs(way).max()), 1e-300))
    for halved in range(40):
        there = place + way * 0.5**halved
        found = hill(there)
        if found[0] <= here[0] + 1e-4 * 0.5**halved * float(here[1] @ way):
            return there, found
    return place, here


def _newton(hill: _Hill[Rows], place: Array) -> Array:
    """Return the maximum itself, by Newton's method; away from hollows the curvature is made positive."""
    for _ in range(30):
        height, slope = hill(place)
        if np.abs(slope).max() < DONE / 10:
            break
        curve = hill.curve(place)
        if not np.isfinite(curve).all():
            break
        values, ways = np.linalg.eigh(curve)
        way = -ways @ ((ways.T @ slope) / np.maximum(np.abs(values), 1e-9))
        way = way * min(1.0, STRIDE / float(np.abs(way).max()))
        there, found = place + way, hill(place + way)
        if found[0] > height + 1e-12 * (1 + abs(height)):
            there, found = _step(hill, place, way, (height, slope))
        if there is place:
            break
        place = there
    return place
