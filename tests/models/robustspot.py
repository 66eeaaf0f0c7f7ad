"""Cases of RobustSpot: errors and calls by minute, delivery network, bitrate …, with the cause known.

Source: the data RiskLoc's repository keeps of RobustSpot (M. Kalander, 2022): real cases of a video platform.
"""

import ast
import csv
import io
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from ganj.models.causes.scanning import causes

FILE = Path(__file__).parents[3] / "shared/data/rca_robustspot/RS_dev.tar.gz"
needs_cases = pytest.mark.skipif(not FILE.exists(), reason="the cases are not beside the checkout")
MINUTES = 4
"""As in the publication: what is expected are the four minutes before."""
FEW = 20.0


@dataclass(frozen=True)
class Case:
    """One case: its rows, the minute asked about, and the causes people found."""

    names: tuple[str, ...]
    rows: list[tuple[str, ...]]
    minute: int
    causes: frozenset


def cases():
    """Yield the cases in the order of their list."""
    with tarfile.open(FILE) as kept:
        listed = kept.extractfile("RS/anomaly.yaml").read().decode()
        for name, minute, cause in re.findall(r"- data: (.+)\n\s+timestamp: (\d+)\n\s+cause: (.+)", listed):
            lines = csv.reader(io.TextIOWrapper(kept.extractfile(f"RS/{name.strip()}.csv"), "utf-8"))
            head, *rows = [tuple(line) for line in lines]
            yield Case(head, rows, int(minute), _causes(ast.literal_eval(cause)))


def _causes(said):
    said = said if isinstance(said, list) else [said]
    return frozenset(frozenset((key, str(value)) for key, value in one.items()) for one in said)


def told(case, most=1):
    """Return what is found: the errors of a cell are expected at its rate before, shrunk to the whole's."""
    codes, names, values, now, expected, behind = cells(case)
    found = causes(codes, now, expected, behind=behind, most=most, way=1)
    return frozenset(frozenset((names[d], values[d][code]) for d, code in one.where) for one in found)


def cells(case):
    """Lay a case out: codes, names and values of dimensions, errors now, errors expected, how much is behind."""
    names = [name for name in case.names if name not in {"min", "value", "cnt"}]
    table = {name: np.array([row[at] for row in case.rows]) for at, name in enumerate(case.names)}
    minute, errors, calls = (table[name].astype(float) for name in ("min", "value", "cnt"))
    values, columns = zip(*(np.unique(table[name], return_inverse=True) for name in names), strict=True)
    codes, cell = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    now = minute == case.minute
    before = (minute < case.minute) & (minute >= case.minute - 60 * MINUTES)
    (e1, c1), (e0, c0) = (
        [np.bincount(cell[there], what[there], len(codes)) for what in (errors, calls)]
        for there in (now, before)
    )
    rate = (e0 + FEW * e0.sum() / c0.sum()) / (c0 + FEW)
    there = c1 > 0
    return codes[there], names, values, e1[there], (c1 * rate)[there], float(c0.sum() / c1.sum())


def score(found):
    """Return F1 over causes: what is told exactly as people found it is right."""
    right = sum(len(told & true) for told, true in found)
    wrong = sum(len(told - true) for told, true in found)
    missed = sum(len(true - told) for told, true in found)
    return 2 * right / (2 * right + wrong + missed)
