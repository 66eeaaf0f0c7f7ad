"""Exact shares of a change: factors of a product, price and mix of an average, mix and rate of a ratio.

A product ``V = a · b · c`` moves because its factors do.  Which of them is changed first would decide how much each
did; the log-mean Divisia split (LMDI-I) knows no first: factor ``a`` did ``L(V1, V0) · ln(a1 / a0)`` with the
logarithmic mean ``L``.  The parts add up to the change exactly, and swapping before and now swaps their signs.

Source: B. W. Ang, The LMDI approach to decomposition analysis: a practical guide, Energy Policy 33, 2005, eqs. 3 and
4.  Prices: K. Sato, The ideal log-change index number, Review of Economics and Statistics 58, 1976.
"""

from __future__ import annotations

import numpy as np

from ganj.histories import Array


def logarithmic_mean(one: Array, other: Array) -> Array:
    """Return ``(a - b) / ln(a / b)``, which is ``a`` where both are equal and 0 where either is not positive."""
    a, b = np.broadcast_arrays(np.asarray(one, np.float64), np.asarray(other, np.float64))
    positive = (a > 0) & (b > 0)
    safe_a, safe_b = np.where(positive, a, 1.0), np.where(positive, b, 1.0)
    apart = np.log(safe_a / safe_b)
    close = np.abs(apart) < 1e-6
    # near equality the quotient loses its digits; b (1 + x/2 + x²/6) is its expansion
    series = safe_b * (1 + apart / 2 + apart * apart / 6)
    found = np.where(close, series, (safe_a - safe_b) / np.where(close, 1.0, apart))
    mean: Array = np.where(positive, found, 0.0)
    return mean


def split(before: float, now: float, changes: Array) -> Array:
    """Share out the change of a product among its factors.

    Parameters
    ----------
    before, now : the product, not negative
    changes : float64[k], natural logarithm of each factor's ratio; their sum is ``ln(now / before)``

    Returns
    -------
    float64[k]
        Adds up to ``now - before``.  Where the product was or is nothing the first factor is all there is to tell.
    """
    changes = np.asarray(changes, np.float64)
    if before > 0 and now > 0:
        whole: Array = logarithmic_mean(np.array(now), np.array(before)) * changes
        return whole
    first = np.zeros(len(changes))
    first[:1] = now - before
    return first


def price_and_mix(quantity: Array, amount: Array) -> tuple[float, float]:
    """Tell by how much goods became dearer, and how much dearer goods were chosen.

    Parameters
    ----------
    quantity, amount : float64[goods, 2], before and now

    Returns
    -------
    price : natural logarithm of the Sato-Vartia index over goods sold in both periods
    mix : what of the average price's change is left: other goods, new goods, goods no longer sold
    """
    totals = np.concatenate((quantity.sum(axis=0), amount.sum(axis=0)))
    if not (totals > 0).all():
        return 0.0, 0.0
    average = float(np.log(totals[3] / totals[1]) - np.log(totals[2] / totals[0]))
    both = (quantity > 0).all(axis=1) & (amount > 0).all(axis=1)
    if not both.any():
        return 0.0, average
    spent = amount[both] / amount[both].sum(axis=0)
    weight = logarithmic_mean(spent[:, 1], spent[:, 0])
    each = amount[both] / quantity[both]
    price = float(weight @ np.log(each[:, 1] / each[:, 0]) / weight.sum())
    return price, average - price


def mix_and_rate(weight: Array, total: Array) -> tuple[Array, Array]:
    """Share out the change of a ratio among groups: their share of the whole moved, or their own ratio did.

    Parameters
    ----------
    weight, total : float64[groups, 2], the ratio's denominator and numerator before and now

    Returns
    -------
    mix, rate : float64[groups]
        Together they add up to the change of the whole's ratio.  Each is the mean of changing the share first and
        changing the ratio first (Shapley's value of two players).
    """
    whole = weight.sum(axis=0)
    if not (whole > 0).all():
        return np.zeros(len(weight)), np.zeros(len(weight))
    share = weight / whole
    ratio = np.divide(total, weight, out=np.full(weight.shape, np.nan), where=weight > 0)
    ratio = np.where(np.isnan(ratio), ratio[:, ::-1], ratio)  # a group that is new or gone had no other ratio
    ratio = np.nan_to_num(ratio)
    middle = (total.sum(axis=0) / whole).mean()
    mix = (share[:, 1] - share[:, 0]) * (ratio.mean(axis=1) - middle)
    rate = share.mean(axis=1) * (ratio[:, 1] - ratio[:, 0])
    return mix, rate
