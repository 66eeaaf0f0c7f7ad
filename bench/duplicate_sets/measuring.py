"""Counts pairs: of the pairs called one person how many are (precision), of those that are how many were called so."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from bench.duplicate_sets.real import People

from ganj.identity.duplicates import Options, find


@dataclass(frozen=True)
class Measured:
    """Every pair of records of one person is one true pair, whether or not it was compared at all."""

    name: str
    records: int
    true: int
    precision: float
    recall: float
    f1: float
    merged: float
    merged_recall: float
    promised: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.name:44}{self.records:8,}{self.true:8,}{self.precision:9.4f}{self.recall:8.4f}{self.f1:8.4f}"
            f"{self.merged:11.4f}{self.merged_recall:8.4f}{self.promised:10.4f}{self.seconds:8.1f}"
        )


HEAD = (
    f"{'set':44}{'records':>8}{'true':>8}{'P(.5)':>9}{'R(.5)':>8}{'F1(.5)':>8}"
    f"{'P merged':>11}{'R':>8}{'promised':>10}{'s':>8}"
)


def true_pairs(truth: list[str]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(truth).values())


def right(pairs: pa.Table, truth: list[str]) -> np.ndarray:
    """Tell of each pair whether it is one person: bool[pairs]."""
    who = np.array(truth)
    return who[pairs["left"].to_numpy()] == who[pairs["right"].to_numpy()]


def measure(people: People, precision: float = 0.99, options: Options | None = None) -> Measured:
    """Find doubles with default settings and no labels, and count.

    Parameters
    ----------
    precision : from which pairs are merged without a person looking
    """
    begin = time.perf_counter()
    found = find(people.table, None, options)
    seconds = time.perf_counter() - begin
    likely = found.pairs.filter(found.pairs["probability"].to_numpy() >= 0.5)
    merged = found.certain(precision)
    hits, total = right(likely, people.truth).sum(), true_pairs(people.truth)
    sure = right(merged, people.truth)
    return Measured(
        people.name,
        people.table.num_rows,
        total,
        float(hits / max(likely.num_rows, 1)),
        float(hits / total),
        float(2 * hits / (likely.num_rows + total)),
        float(sure.mean()) if len(sure) else 1.0,
        float(sure.sum() / total),
        float(np.mean(merged["probability"].to_numpy())) if len(sure) else 1.0,
        seconds,
    )
