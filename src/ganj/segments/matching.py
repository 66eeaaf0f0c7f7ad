"""Finds the customers of a segment."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.errors import UnknownName
from ganj.histories import Array
from ganj.miner import Miner, Where
from ganj.segments.condition import Condition, Segment
from ganj.text import Text


class Answers(Protocol):
    """What is asked for the values that conditions speak of."""

    def scores(self, miner: Miner[Any, Any]) -> pa.Table:
        """Return an analysis' scores: ``customer`` ascending, then its columns."""

    def trait(self, name: str) -> pa.Table:
        """Return one trait of every customer: ``customer``, ``value``."""

    def members(self, segment: str) -> Array:
        """Return the customers of a saved segment."""


def members(segment: Segment, answers: Answers) -> Array:
    """Return int32[n] ascending: the customers of whom every condition is true."""
    parts = [_members(condition, answers) for condition in segment.all]
    if not parts:
        return np.zeros(0, np.int32)
    return functools.reduce(lambda a, b: np.intersect1d(a, b, assume_unique=True), parts)


def match(scores: pa.Table, opens: Iterable[Where]) -> Array:
    """Return the customers of a table of scores of whom all conditions are true: int32[n]."""
    mask = np.ones(scores.num_rows, bool)
    for where in opens:
        if where.column not in scores.column_names:
            raise UnknownName.among(Text("score", "امتیاز"), where.column, scores.column_names[1:])
        mask &= _true(scores[where.column], where.op, where.value)
    kept: Array = scores["customer"].to_numpy()[mask]
    return kept


def _members(condition: Condition, answers: Answers) -> Array:
    where = Where(condition.column, condition.op, condition.value)
    miner = condition.asks()
    if miner is not None:
        return match(answers.scores(miner), (where,))
    if condition.column == "segment":
        return answers.members(str(condition.value))
    return match(answers.trait(condition.column), (Where("value", where.op, where.value),))


def _true(column: pa.ChunkedArray, op: str, value: Any) -> Array:
    if op == "has":
        return _lists_with(column, value)
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    if value is None:
        found = pc.is_null(column) if op == "=" else pc.is_valid(column)
    elif op == "in":
        found = pc.is_in(column, value_set=pa.array([_like(column, v) for v in value]).cast(column.type))
    else:
        found = _COMPARE[op](column, pa.scalar(_like(column, value)))
    out: Array = pc.fill_null(found, fill_value=False).to_numpy()
    return out.astype(bool)


def _like(column: pa.ChunkedArray, value: Any) -> Any:
    """Compare words with words: a number asked of a text column is its digits."""
    return str(value) if pa.types.is_string(column.type) else value


def _lists_with(column: pa.ChunkedArray, value: Any) -> Array:
    lists = column.combine_chunks()
    hit = np.zeros(len(lists), bool)
    inside = pc.equal(pc.list_flatten(lists), pa.scalar(value)).to_numpy(zero_copy_only=False)
    hit[pc.list_parent_indices(lists).to_numpy()[inside]] = True
    return hit


_COMPARE: dict[str, Callable[..., Any]] = {
    "=": pc.equal,
    "!=": pc.not_equal,
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
}
