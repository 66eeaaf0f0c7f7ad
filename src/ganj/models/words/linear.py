"""A linear classifier of texts: multinomial logistic regression on weighted n-grams.

Source: S. Wang, C. Manning, Baselines and bigrams, ACL 2012 (what such models reach on short texts);
J. Nocedal, S. J. Wright, Numerical Optimization, 2006, algorithm 7.4 (L-BFGS).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ganj.histories import Array
from ganj.kernels.sparse import back
from ganj.models.words.grams import Rows

ROUNDS, MEMORY, FLAT = 25, 8, 1e-5
"""Steps at most, steps remembered, and the slope at which it is enough."""
PULL = 0.5
"""How strongly weights are pulled to zero: 1 / C, the sum of losses being weighed against it."""

SMOOTH = 0.01
"""What every class is thought to have said of every feature."""
PLAIN = 0.3
"""What a feature counts for, beside how unevenly classes say it."""

Slope = Callable[[Array], tuple[float, Array]]


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """What was learned.

    Attributes
    ----------
    feature : int32[f] ascending, the features that are weighed
    rarity : float64[f], what each counts for: the logarithm of how few texts have it, and how unevenly classes say it
    weights : float64[f, classes]
    bias : float64[classes]
    """

    feature: Array
    rarity: Array
    weights: Array
    bias: Array

    def chances(self, rows: Rows) -> Array:
        """Return how likely each class is: float64[rows, classes]."""
        scores = weighed(rows, self.feature, self.rarity).times(self.weights) + self.bias
        return _softmax(scores)

    def write(self, path: Path) -> None:
        """Write to a file; weights to three decimal digits."""
        np.savez_compressed(
            path,
            feature=self.feature,
            rarity=self.rarity.astype(np.float32),
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )

    @classmethod
    def read(cls, path: Path) -> Linear:
        """Read what `write` wrote."""
        with np.load(path, allow_pickle=False) as told:
            weights, rarity = told["weights"].astype(np.float64), told["rarity"].astype(np.float64)
            return cls(told["feature"], rarity, weights, told["bias"])


def weighed(rows: Rows, feature: Array, rarity: Array) -> Rows:
    """Return rows of known features by place, weighed by rarity; words and letters each of length one."""
    place = np.searchsorted(feature, rows.feature)
    place[place == len(feature)] = 0
    known = feature[place] == rows.feature if len(feature) else np.zeros(len(place), bool)
    owner, place = rows.owner[known], place[known]
    value = (1 + np.log(rows.value[known])) * rarity[place]
    group = 2 * owner + (rows.feature[known] & 1)
    length = np.sqrt(np.bincount(group, value * value, 2 * len(rows)))
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(owner, minlength=len(rows)))))
    return Rows(offsets, place.astype(np.int32), value / length[group])


def learned(rows: Rows, classes: Array, count: int, pull: float = PULL, least: int = 2) -> Linear:
    """Learn to tell classes apart.

    Parameters
    ----------
    classes : int64[rows], 0 … count - 1
    pull : see `PULL`
    least : texts that must have a feature
    """
    feature, texts = np.unique(rows.feature, return_counts=True)
    often = texts >= least
    feature, rarity = feature[often], np.log((1 + len(rows)) / (1 + texts[often])) + 1
    one = np.eye(count)[classes]
    rarity = rarity * (PLAIN + uneven(rows, feature, one))
    hill = _Hill(weighed(rows, feature, rarity), one, len(feature), pull)
    place = lowest(hill, hill.start())
    weights = place.reshape(len(feature) + 1, count)
    return Linear(feature.astype(np.int32), rarity, weights[:-1], weights[-1])


def uneven(rows: Rows, feature: Array, one: Array) -> Array:
    """Return how unevenly classes say each feature: the log-odds of each class against the rest, squared, averaged.

    Parameters
    ----------
    feature : int32[f] ascending
    one : float64[rows, classes], 1 at each row's class

    Notes
    -----
    Words and letters are weighed each among themselves.  Source: S. Wang, C. Manning, Baselines and bigrams, ACL 2012,
    §2.1, where the ratio also gives the sign; here its size says how much a feature may say, for any number of classes.
    """
    if not len(feature):
        return np.zeros(0)
    place = np.minimum(np.searchsorted(feature, rows.feature), len(feature) - 1)
    known = feature[place] == rows.feature
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(known)))[rows.offsets]
    seen = np.ones(int(known.sum()))
    said = back(offsets, place[known].astype(np.int32), seen, one, len(feature)) + 1.0
    rest = said.sum(axis=1, keepdims=True) - said
    found = np.zeros(len(feature))
    for kind in (0, 1):
        mine = (feature & 1) == kind
        odds = np.log(said[mine] / said[mine].sum(axis=0)) - np.log(rest[mine] / rest[mine].sum(axis=0))
        found[mine] = np.sqrt((odds**2 * one.mean(axis=0)).sum(axis=1))
    return found


def tallied(rows: Rows, classes: Array, count: int) -> Linear:
    """Learn to tell many classes apart at once: multinomial naive Bayes on the same weighed n-grams.

    In one pass, where a regression of a hundred classes would take minutes; a little less exact.

    Source: J. Rennie et al., Tackling the poor assumptions of naive Bayes text classifiers, ICML 2003, §4.
    """
    feature, texts = np.unique(rows.feature, return_counts=True)
    often = texts >= 2
    feature, rarity = feature[often], np.log((1 + len(rows)) / (1 + texts[often])) + 1
    given, one = weighed(rows, feature, rarity), np.eye(count)[classes]
    mass = back(given.offsets, given.feature, given.value, one, len(feature)) + SMOOTH
    weights = np.log(mass / np.maximum(mass.sum(axis=0), SMOOTH))
    return Linear(feature.astype(np.int32), rarity, weights, np.log(np.maximum(one.mean(axis=0), 1e-9)))


class _Hill:
    """Loss and slope of weights, float64[(features + 1) * classes] flat; the last row is the bias."""

    def __init__(self, rows: Rows, truth: Array, features: int, pull: float) -> None:
        self._rows, self._truth, self._features = rows, truth, features
        self._pull = pull

    def start(self) -> Array:
        shares = self._truth.mean(0)
        place = np.zeros((self._features + 1, self._truth.shape[1]))
        place[-1] = np.log(np.maximum(shares, 1e-6))
        return place.reshape(-1)

    def __call__(self, flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(self._features + 1, -1)
        chance = _softmax(self._rows.times(weights[:-1]) + weights[-1])
        loss = -float(np.log(np.maximum((chance * self._truth).sum(1), 1e-300)).sum())
        off = chance - self._truth
        slope = np.empty_like(weights)
        rows = self._rows
        slope[:-1] = back(rows.offsets, rows.feature, rows.value, off, self._features)
        slope[:-1] += self._pull * weights[:-1]
        slope[-1] = off.sum(0)
        size = len(off)
        total = loss + self._pull / 2 * float((weights[:-1] ** 2).sum())
        return total / size, (slope / size).reshape(-1)


def _softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True, initial=0) if scores.size else scores)
    out: Array = raised / np.maximum(raised.sum(axis=1, keepdims=True), 1e-300)
    return out


def lowest(hill: Slope, place: Array) -> Array:
    """Return where a smooth bowl is lowest, by L-BFGS."""
    height, slope = hill(place)
    past: deque[tuple[Array, Array, float]] = deque(maxlen=MEMORY)
    for _ in range(ROUNDS):
        if np.abs(slope).max(initial=0) < FLAT:
            break
        way = -_bent(slope, past)
        moved, height, after = _stepped(hill, place, way, (height, slope))
        if moved is place:
            break
        change, bend = after - slope, moved - place
        curve = float(bend @ change)
        if curve > 1e-14:
            past.append((bend, change, 1 / curve))
        place, slope = moved, after
    return place


def _bent(slope: Array, past: deque[tuple[Array, Array, float]]) -> Array:
    """Return the slope bent by the curvature of the last steps (two loops)."""
    out, shares = slope.copy(), []
    for bend, change, share in reversed(past):
        shares.append(share * float(bend @ out))
        out -= shares[-1] * change
    if past:
        bend, change, share = past[-1]
        out /= share * float(change @ change)
    else:
        out /= max(float(np.abs(out).sum()), 1.0)
    for (bend, change, share), one in zip(past, reversed(shares), strict=True):
        out += (one - share * float(change @ out)) * bend
    return out


def _stepped(hill: Slope, place: Array, way: Array, here: tuple[float, Array]) -> tuple[Array, float, Array]:
    """Return the place after a step that is low enough, with height and slope there; the same place if none is."""
    for halved in range(30):
        there = place + way * 0.5**halved
        height, slope = hill(there)
        if height <= here[0] + 1e-4 * 0.5**halved * float(here[1] @ way):
            return there, height, slope
    return place, *here
