"""Of which events or customers a condition is true.

A text condition is asked once of each different value, whatever the number of events: values are codes
into a dictionary, so its truth is a gather.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.breakdown import PRODUCT
from ganj.filters.conditions import CODED, OPPOSITE, Condition, Op
from ganj.filters.groups import Group, Part
from ganj.histories import Array, Category, Histories
from ganj.persian import ascii_digits, display_forms

_COMPARE: dict[str, Any] = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
_PLAIN = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")
"""A number as programs write it: a phone with its leading zero is none."""


def is_trait(histories: Histories, condition: Part) -> bool:
    """Tell whether a condition speaks of customers alone: the store has such traits."""
    if isinstance(condition, Group):
        return all(is_trait(histories, one) for one in condition.parts)
    if condition.about_column or condition.about_product or condition.side == "event":
        return False
    trait = histories.traits.get(condition.name)
    there = trait is not None and not (isinstance(trait, Category) and not trait.labels)
    return there or condition.side == "customer"


def of_customers(histories: Histories, condition: Part) -> Array:
    """Return bool[customers]: of whom a condition on traits is true."""
    if isinstance(condition, Group):
        return _joined(condition, [of_customers(histories, one) for one in condition.parts])
    trait = histories.traits.get(condition.name)
    if trait is None:
        trait = Category(np.full(len(histories), -1, np.int32), ())
    return _denied(condition, lambda op: _true(trait, condition, op))


def of_events(histories: Histories, condition: Part) -> Array:
    """Return bool[events]: of which a condition is true; one on a trait, of all events of a customer."""
    if is_trait(histories, condition):
        found: Array = of_customers(histories, condition)[histories.owner]
        return found
    if isinstance(condition, Group):
        return _joined(condition, [of_events(histories, one) for one in condition.parts])
    if condition.about_product:
        return _denied(condition, lambda op: _of_products(histories, condition, op))
    values = _values(histories, condition)
    return _denied(condition, lambda op: _true(values, condition, op))


def _joined(group: Group, masks: list[Array]) -> Array:
    found: Array = functools.reduce(np.logical_or if group.how == "any" else np.logical_and, masks)
    return found


def _denied(condition: Condition, true: Any) -> Array:
    opposite = OPPOSITE.get(condition.op)
    found: Array = ~true(opposite) if opposite else true(condition.op)
    return found


def _values(histories: Histories, condition: Condition) -> Category | Array:
    name = condition.name
    if condition.about_column and name in CODED:
        return Category(histories.columns[name], tuple(histories.names.get(name, ())))
    if condition.about_column:
        return histories.columns[name]
    found = histories.category(name)
    return found if found is not None else Category(np.full(len(histories.time), -1, np.int32), ())


def _of_products(histories: Histories, condition: Condition, op: Op) -> Array:
    """Tell which events are of a product: an order is if any of its lines is."""
    true = _of_labels(histories.names.get("product", ()), condition, op)
    if condition.name != PRODUCT:
        said = histories.names.get(condition.name, ())
        told = _of_labels(said, condition, op)[:-1]
        true = np.zeros(len(true), bool)
        true[: len(said)] = told & np.array([one != "" for one in said], bool)  # nothing said is no value
    hit: Array = true[histories.columns[PRODUCT]]
    if histories.lines is None:
        return hit
    lines = histories.lines
    seen = np.concatenate((np.zeros(1, np.int64), np.cumsum(true[lines.product], dtype=np.int64)))
    found: Array = hit | (seen[lines.offsets[1:]] > seen[lines.offsets[:-1]])
    return found


def fitting(labels: Sequence[str], condition: Condition) -> Array:
    """Tell of which values a condition is true: bool[labels]."""
    found: Array = _of_labels(labels, condition, condition.op)[:-1]
    return found


def _true(values: Category | Array, condition: Condition, op: Op) -> Array:
    found: Array
    if isinstance(values, Category):
        found = _of_labels(values.labels, condition, op)[values.codes]
        return found
    if op in _COMPARE:
        found = _COMPARE[op](values, condition.number())
        return found
    if op == "is set":
        found = ~np.isnan(values)
        return found
    kinds, code = np.unique(values[~np.isnan(values)], return_inverse=True)
    found = np.zeros(len(values), bool)
    found[~np.isnan(values)] = _of_labels([f"{kind:.15g}" for kind in kinds], condition, op)[code]
    return found


def _of_labels(labels: Sequence[str], condition: Condition, op: Op) -> Array:
    """Return bool[labels + 1]: of which values a condition is true; the last, code -1, is no value."""
    true = np.zeros(len(labels) + 1, bool)
    if not len(labels):
        return true
    if op == "is set":
        true[:-1] = True
    elif op in _COMPARE:
        true[:-1] = _COMPARE[op](_numbers(labels), condition.number())
    elif op in ("=", "in"):
        wanted = {_key(text) for text in _forms(condition.values)}
        true[:-1] = [_key(text) in wanted for text in _forms(labels)]
    else:
        true[:-1] = _matched(labels, condition, op)
    return true


def _matched(labels: Sequence[str], condition: Condition, op: Op) -> Array:
    if op == "matches":
        found = pc.match_substring_regex(pa.array(labels, pa.string()), pattern=condition.values[0])
    else:
        texts, part = pa.array(_forms(labels), pa.string()), _forms(condition.values)[0]
        work = {"contains": pc.match_substring, "starts with": pc.starts_with, "ends with": pc.ends_with}[op]
        found = work(texts, pattern=part, ignore_case=True)
    out: Array = found.to_numpy(zero_copy_only=False)
    return out


def _numbers(labels: Sequence[str]) -> Array:
    """float64[labels]; nan where a value is no number."""
    found = np.full(len(labels), np.nan)
    for place, text in enumerate(labels):
        try:
            found[place] = float(text)
        except ValueError:
            continue
    return found


def _forms(texts: Sequence[str]) -> list[str]:
    """Return texts with Persian letters and spaces as they should be written."""
    forms: list[str] = display_forms(pa.array(list(texts), pa.string())).to_pylist()
    return forms


def _key(text: str) -> str:
    """Return what equal values have in common: 1, 1.0 and ۱ are one number."""
    plain = ascii_digits(text)
    return repr(float(plain)) if _PLAIN.fullmatch(plain) else plain
