"""What makes customers leave sooner, trait by trait, all other traits alike."""

from __future__ import annotations

import math

import numpy as np

from ganj.histories import Array
from ganj.models.learning.sample import Sample
from ganj.models.staying.accelerated import accelerated
from ganj.models.staying.cox import Cox, cox
from ganj.views.contracts_fold import Influence
from ganj.views.foresight_names import TRAIT

LABELS = 8
"""Values of a trait that are told apart."""
RARE, EACH = 30, 10
"""A value of fewer customers, or of whom fewer left, is told with the others; so many who left for each column."""
SURE = 1.959964
GROWS = 0.7
"""Correlation with the age from which a number is left out."""
LIMIT = 50.0
"""A limit of times that is farther than this is told as this."""


def growing(sample: Sample) -> tuple[str, ...]:
    """Return the numbers that tell the age itself, such as all that was ever paid: they would explain it by itself."""
    age = sample.facts[:, 0, 0]
    return tuple(name for name, values in sample.numbers.items() if _like(values, age) > GROWS)


def _like(values: Array, age: Array) -> float:
    known = ~np.isnan(values)
    if known.sum() < RARE or not values[known].std() or not age[known].std():
        return 0.0
    return abs(float(np.corrcoef(values[known], age[known])[0, 1]))


def influences(sample: Sample, without: tuple[str, ...] = ()) -> tuple[tuple[Influence, ...], float]:
    """Return by how much each trait makes leaving likelier, the surest first, and how well all of them order customers."""
    if not len(sample) or not (sample.numbers or sample.categories):
        return (), math.nan
    age, left = sample.facts[:, 0, 0], sample.facts[:, 0, 1] > 0
    columns = [*_numbers(sample, without), *_values(sample, left)][: max(1, int(left.sum()) // EACH)]
    matrix = _independent(columns)
    if not matrix:
        return (), math.nan
    whole = np.column_stack([column for _, _, column in matrix])
    found, longer = cox(whole, age, left), np.exp(accelerated(whole, age, left).weights).tolist()
    told = [_told(found, k, trait, value, longer[k]) for k, (trait, value, _) in enumerate(matrix)]
    return tuple(sorted(told, key=lambda one: (one.chance, one.trait, one.value))), found.concordance


Named = tuple[str, str, Array]


def _numbers(sample: Sample, without: tuple[str, ...]) -> list[Named]:
    """Return a column for each number, one more of it being one deviation; a missing one takes the middle."""
    made = []
    for name, values in sample.numbers.items():
        spread = float(np.nanstd(values)) if not np.isnan(values).all() else 0.0
        if spread > 0 and name not in without:
            filled = np.where(np.isnan(values), np.nanmedian(values), values)
            made.append((name.removeprefix(TRAIT), f"+{_short(spread)}", (filled - filled.mean()) / spread))
    return made


def _short(number: float) -> str:
    return f"{number:.3g}"


def _values(sample: Sample, left: Array) -> list[Named]:
    """Return a column for each value of a category but the most frequent one, beside which they are told."""
    made = []
    for name, told in sample.categories.items():
        codes, size = np.unique(told.codes, return_counts=True)
        order = codes[np.argsort(-size, kind="stable")]
        for code in order[1:LABELS].tolist():
            own = told.codes == code
            if own.sum() >= RARE and min(left[own].sum(), (~left[own]).sum()) >= 1:
                label = told.labels[code] if code >= 0 else "?"
                usual = told.labels[order[0]] if order[0] >= 0 else "?"
                made.append((name.removeprefix(TRAIT), f"{label} / {usual}", own.astype(np.float64)))
    return made


def _independent(columns: list[Named]) -> list[Named]:
    """Leave out columns that the ones before them already say."""
    kept: list[Named] = []
    base = np.ones((len(columns[0][2]), 1)) if columns else np.zeros((0, 1))
    basis = base / np.sqrt(len(base) or 1)
    for one in columns:
        own = one[2] / (np.linalg.norm(one[2]) or 1.0)
        rest = own - basis @ (basis.T @ own)
        size = float(np.linalg.norm(rest))
        if size > 1e-3:
            kept.append(one)
            basis = np.column_stack((basis, rest / size))
    return kept


def _told(found: Cox, k: int, trait: str, value: str, longer: float) -> Influence:
    weight, error = float(found.weights[k]), float(found.errors[k])
    chance = math.erfc(abs(weight) / max(error, 1e-300) / math.sqrt(2))
    low, high = (math.exp(min(weight + sign * SURE * error, math.log(LIMIT))) for sign in (-1, 1))
    return Influence(trait, value, math.exp(weight), low, high, chance, longer)
