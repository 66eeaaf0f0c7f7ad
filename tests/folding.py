"""Runs a miner without a store: scan the parts, merge, learn, report, score."""

from dataclasses import replace
from functools import reduce

import numpy as np
import pyarrow as pa

from ganj.engines.local import table
from ganj.histories import NOBODY
from ganj.segments.matching import match


def as_read(miner, histories):
    """Bring what the miner asks for and no more, as a store does."""
    reads, (since, until) = miner.reads(), miner.window()
    keep = np.ones(len(histories.time), bool)
    if reads.events is not None:
        keep &= np.isin(histories.event, histories.codes(reads.events))
    keep &= histories.time >= (since if since is not None else histories.time.min(initial=0))
    keep &= histories.time < (until if until is not None else np.iinfo(np.int64).max)
    if not reads.nobody:
        histories, keep = _without_nobody(histories, keep)
    slim = histories.keep(keep)
    wanted = {*reads.columns, *(f"property:{name}" for name in reads.properties)}
    wanted |= {f"number:{name}" for name in reads.numbers}
    return replace(
        slim,
        columns={name: column for name, column in slim.columns.items() if name in wanted},
        lines=slim.lines if reads.lines else None,
        lot=slim.lot if reads.lots else None,
        traits={name: trait for name, trait in slim.traits.items() if name in reads.traits},
    )


def _without_nobody(histories, keep):
    known = histories.customer != NOBODY
    return histories.choose(known), keep[known[histories.owner]]


def learn(miner, *parts):
    """Fold parts in the order given, and learn."""
    return miner.learn(reduce(miner.merge, [miner.scan(part) for part in parts]))


def run(miner, *parts):
    """Return the report of the customers in all parts."""
    return miner.report(learn(miner, *parts))


def scores(miner, *parts):
    """Return the scores as Arrow, as the engine lays them out."""
    model = learn(miner, *parts)
    found = [table(miner.scored, miner.score(part, model)) for part in parts]
    return pa.concat_tables(found).unify_dictionaries().sort_by("customer").combine_chunks()


def behind(found, opens):
    """Return the customers behind a cell."""
    return match(found, opens)
