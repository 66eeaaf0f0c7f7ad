"""GGom/NBD: customers buy at their own rate and leave at a risk that grows, or falls, with time.

Rates of buying are gamma(r, α); the time of leaving is Gompertz with shape b, whose level is gamma(s, β) over
customers.  With b near 0 it is the Pareto/NBD of β/b.  Integrals are taken as in `ganj.models.pareto`.

Source: A. C. Bemmaor, N. Glady, Modeling purchasing behavior with sudden "death": a flexible customer lifetime
model, Management Science 58(5), 2012.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.models.forever import of_staying
from ganj.models.gamma import digamma, log_gamma
from ganj.models.pareto import NOTHING, POINTS, WEIGHTS, start
from ganj.models.purchases import Purchases


@dataclass(frozen=True, slots=True)
class GammaGompertz:
    """GGom/NBD."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        return "r", "alpha", "b", "s", "beta"

    def start(self, rows: Purchases) -> Array:
        """Return a first guess in the unit of time of the rows: float64[5]."""
        r, alpha, s, _ = start(rows)
        usual = float(rows.seen @ rows.count) / max(rows.size, 1e-300)
        return np.array([r, alpha, 1 / max(usual, 1e-6), s, 1.0])

    def score(self, parameters: Array, rows: Purchases) -> tuple[float, Array, float]:
        """Return the log-likelihood, its slopes float64[5], and the number of customers."""
        parts = [self._score(parameters, part) for part in rows.blocks()]
        return sum(value for value, _ in parts), np.sum([slopes for _, slopes in parts], axis=0), rows.size

    def _score(self, parameters: Array, rows: Purchases) -> tuple[float, Array]:
        """Return the log-likelihood and its slopes of some rows."""
        r, alpha, b, s, beta = (float(value) for value in parameters)
        x, end, of = rows.again, rows.seen, rows.count
        when, logs, whole = _ways(parameters, rows)
        gone = np.exp(logs - whole[:, None])
        here = 1 - gone.sum(axis=1)
        risk, share = _risk(b, beta, when)
        last, left = _risk(b, beta, end)
        late = (gone * np.log(alpha + when)).sum(axis=1) + here * np.log(alpha + end)
        slower = (gone / (alpha + when)).sum(axis=1) + here / (alpha + end)
        value = log_gamma(r + x) - log_gamma(r) + r * np.log(alpha) + s * np.log(beta) + whole
        slopes = (
            digamma(r + x) - digamma(r) + np.log(alpha) - late,
            r / alpha - (r + x) * slower,
            (gone * (1 / b + when - (s + 1) * when * share)).sum(axis=1) - s * here * end * left,
            np.log(beta) + (1 - here) / s - (gone * risk).sum(axis=1) - here * last,
            s / beta
            - (s + 1) * (gone * share * np.exp(-b * when)).sum(axis=1)
            - s * here * left * np.exp(-b * end),
        )
        return float(value @ of), np.array([slope @ of for slope in slopes])

    def alive(self, parameters: Array, rows: Purchases) -> Array:
        """Return the chance that a customer has not left: float64[n]."""
        return np.concatenate(
            [np.exp(_stays(parameters, part) - _ways(parameters, part)[2]) for part in rows.blocks()]
        )

    def expected(self, parameters: Array, rows: Purchases, horizon: float | Array) -> Array:
        """Return purchases expected in the time after the observation: float64[n]; horizon one or float64[n]."""
        r, alpha, b, s, beta = (float(value) for value in parameters)
        near = beta / b
        span = np.log1p(horizon / (near + rows.seen)) * np.ones(len(rows.seen))
        grown = (near + rows.seen)[:, None] * np.exp(span[:, None] * (POINTS + 1) / 2)
        risk = _risk(b, beta, grown - near)[0] - _risk(b, beta, rows.seen)[0][:, None]
        there = (np.exp(-s * risk) * grown) @ WEIGHTS * span / 2
        out: Array = self.alive(parameters, rows) * (r + rows.again) / (alpha + rows.seen) * there
        return out

    def forever(self, parameters: Array, rows: Purchases, force: float) -> Array:
        """Return purchases of all the time after the observation, discounted by a force of interest: float64[n]."""
        r, alpha, b, s, beta = (float(value) for value in parameters)
        seen = rows.seen[:, None]
        begun = _risk(b, beta, seen)[0]
        there = of_staying(force, lambda times: np.exp(-s * (_risk(b, beta, seen + times)[0] - begun)))
        out: Array = self.alive(parameters, rows) * (r + rows.again) / (alpha + rows.seen) * there
        return out


def _risk(b: float, beta: float, when: Array) -> tuple[Array, Array]:
    """Return G = ln(β + exp(b t) - 1) and exp(b t) / exp(G), the shape of ``when``; a large b t does not overflow."""
    share = -np.expm1(-b * when) + beta * np.exp(-b * when)
    return b * when + np.log(share), 1 / share


def _ways(parameters: Array, rows: Purchases) -> tuple[Array, Array, Array]:
    """Return times of leaving float64[n, 40], ln of their shares float64[n, 40], and ln of all ways float64[n]."""
    r, alpha, b, s, beta = (float(value) for value in parameters)
    near, size = min(alpha, beta / b), r + rows.again
    span = np.log1p((rows.seen - rows.last) / (near + rows.last))
    falls = size / (alpha + rows.last) + b * ((s + 1) * _risk(b, beta, rows.last)[1] - 1)
    falls = falls * (near + rows.last) - 1
    span = np.where(falls > 0, np.minimum(span, NOTHING / np.maximum(falls, 1e-300)), span)
    walked = span[:, None] * (POINTS + 1) / 2
    when = rows.last[:, None] + (near + rows.last)[:, None] * np.expm1(walked)
    logs = (
        np.log(near + when)
        + b * when
        - (s + 1) * _risk(b, beta, when)[0]
        - size[:, None] * np.log(alpha + when)
    )
    with np.errstate(divide="ignore"):  # who was seen until the last purchase had no time to leave
        logs += np.log(b * s * WEIGHTS / 2) + np.log(span)[:, None]
    stays = _stays(parameters, rows)
    top = np.maximum(logs.max(axis=1), stays)
    whole = top + np.log(np.exp(logs - top[:, None]).sum(axis=1) + np.exp(stays - top))
    return when, logs, whole


def _stays(parameters: Array, rows: Purchases) -> Array:
    """Return ln of buying so often and not leaving: float64[n]."""
    r, alpha, b, s, beta = (float(value) for value in parameters)
    out: Array = -(r + rows.again) * np.log(alpha + rows.seen) - s * _risk(b, beta, rows.seen)[0]
    return out


GGOM_NBD = GammaGompertz()
