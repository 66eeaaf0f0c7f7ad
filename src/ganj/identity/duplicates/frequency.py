"""How common each value is: two who share a rare name are more probably one than two who share a common one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ganj.identity.duplicates.levels import Compared

PSEUDO = 100.0
"""People who have values as experience says, beside those who are there: six people make no name common."""


def frequencies(people: pa.Table, comparisons: Sequence[Compared]) -> Iterator[tuple[str, pa.Table]]:
    """Yield each column whose values are counted, with ``NAME`` and ``tf_NAME``, as Splink looks them up.

    Of the people with a value one is left out, who is the double being looked for.
    """
    counted: dict[str, float] = {}
    for one in comparisons:
        for level in one.levels:
            if level.frequency:
                counted.setdefault(level.frequency, level.u)
    for column, usual in counted.items():
        told = people[column].drop_null()
        values = pc.value_counts(told)
        number = pc.cast(values.field("counts"), pa.float64())
        others = pc.max_element_wise(pc.subtract(number, 1.0), 1.0)
        share = pc.divide(pc.add(others, PSEUDO * usual), len(told) + PSEUDO)
        yield column, pa.table({column: values.field("values"), f"tf_{column}": share})
