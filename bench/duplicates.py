"""Find doubles without labels: the real sets, Persian ones, many people, beside Splink as its guide sets it up.

Pairs are counted: all pairs of records of one person are true pairs, also those that blocking never compared. ``P(.5)``
and the like are of the pairs with a probability of a half or more; ``P merged`` of those that are merged
by themselves at a precision of 99 %, ``promised`` is what their probabilities promised.  ``--many N`` chooses
how many Persian customers, a fifth of them living with relatives, are made for the last row but one (20,000); the last has a hundred thousand, and is for the time.

The ratio is of errors (1 - F1) on those customers: Splink's over ours.
"""

from __future__ import annotations

import argparse
import sys

from bench.duplicate_sets import many, persian, plain, real
from bench.duplicate_sets.measuring import HEAD, Measured, measure

RATIO = 2.0
FEBRL, FAKE = 0.97, 0.95
SECONDS = 60.0  # a hundred thousand records on two cores


def main() -> float:
    asked = argparse.ArgumentParser(prog="bench duplicates")
    asked.add_argument("--many", type=int, default=20_000)
    rows = asked.parse_args().many
    print(HEAD)
    held = [_row(measure(real.febrl(number))).f1 >= FEBRL for number in (1, 2, 3)]
    held.append(_row(measure(real.fake_1000())).merged >= FAKE)
    for number in (1, 2, 3):
        _row(measure(persian.febrl_in_persian(number)))
    _row(measure(persian.bare(persian.febrl_in_persian(3))))
    customers = many.many(rows)
    ours = _row(measure(customers))
    held.append(_row(measure(many.many(100_000))).seconds <= SECONDS)
    theirs = plain.f1(customers)
    ratio = (1 - theirs) / max(1 - ours.f1, 1e-6)
    print(f"Splink as its guide sets it up, {rows:,} customers: F1 {theirs:.4f}; ours {ours.f1:.4f}")
    print(f"duplicates ratio {ratio:.1f} (bar {RATIO})")
    if ratio < RATIO or not all(held):
        sys.exit(1)
    return ratio


def _row(measured: Measured) -> Measured:
    print(measured, flush=True)
    return measured
