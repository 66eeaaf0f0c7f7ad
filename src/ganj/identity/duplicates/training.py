"""Learns from the people themselves, without labels, what agreement on each column is worth.

How often strangers agree is counted on random pairs.  How often records of one person agree follows by
expectation-maximisation on pairs that share one thing (a birthday, say), for all the other columns; several
such sessions are averaged by how many doubles each is about.  What cannot be learned (too few people, a
session that found nothing) keeps the shares that experience gave it, and a little of those is mixed into
the rest, so that no single odd pair ever weighs infinitely.

Source: Fellegi and Sunter, A theory for record linkage, 1969; Winkler, Using the EM algorithm for weight
computation, 1988; the sessions are Splink's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ganj.identity.duplicates.levels import Compared
from ganj.identity.duplicates.model import Model, Shares

SAMPLE = 400_000
"""Random pairs on which strangers' agreement is counted."""
SESSION = 300_000
"""Pairs of a session at most."""
DOUBLES = 20
"""A session about fewer teaches nothing."""
SESSIONS = 4
BELIEF = 0.03
"""How much of the shares from experience is mixed in."""
RULES = (
    ("birthday",),
    ("given", "family"),
    ("phone",),
    ("email",),
    ("national_code",),
    ("document",),
    ("street", "house"),
    ("postcode", "house"),
    ("family", "city"),
)
"""What the pairs of a session share, most telling first."""

Taught = dict[str, list[tuple[float, tuple[float | None, ...]]]]


def learn(linker: Any, people: pa.Table, comparisons: Sequence[Compared], model: Model, seed: int) -> Model:
    """Return a model whose shares come from the data, where it has taught any.

    Parameters
    ----------
    linker : Splink's, over these people and ``model``
    people : see `ganj.identity.duplicates.people.comparable`
    """
    linker.training.estimate_u_using_random_sampling(
        max_pairs=SAMPLE, seed=seed, min_count_per_level=None, num_chunks=1
    )
    strangers = _strangers(linker, comparisons)
    taught: Taught = {one.name: [] for one in comparisons}
    for rule, pairs in _sessions(people):
        for name, doubles, said in _session(linker, rule, pairs):
            taught[name].append((doubles, said))
    shares: dict[str, Shares] = {}
    learned = []
    for one in comparisons:
        mixed = _mixed(one, taught[one.name], strangers[one.name])
        shares[one.name] = mixed or model.shares[one.name]
        if mixed:
            learned.append(one.name)
    return msgspec.structs.replace(model, shares=shares, learned=tuple(learned))


def _sessions(people: pa.Table) -> Iterator[tuple[tuple[str, ...], float]]:
    """Choose what sessions share: columns that bring enough pairs."""
    chosen = 0
    for rule in RULES:
        counted = people.select(rule).drop_null().group_by(list(rule)).aggregate([([], "count_all")])
        same = pc.cast(counted["count_all"], pa.float64())
        pairs = pc.sum(pc.divide(pc.multiply(same, pc.subtract(same, 1.0)), 2.0)).as_py() or 0.0
        if pairs >= DOUBLES and chosen < SESSIONS:
            chosen += 1
            yield rule, pairs


def _session(
    linker: Any, rule: tuple[str, ...], pairs: float
) -> Iterator[tuple[str, float, tuple[float | None, ...]]]:
    """Run one session; yields a comparison, how many doubles it is about, and its levels' shares."""
    from splink import block_on

    taught = linker.training.estimate_parameters_using_expectation_maximisation(
        block_on(*rule), estimate_without_term_frequencies=True, **_sample(pairs)
    ).core_model_settings
    doubles = taught.probability_two_random_records_match * min(pairs, SESSION)
    if doubles < DOUBLES:
        return
    for one in taught.comparisons:
        levels = [level for level in one.comparison_levels if not level.is_null_level]
        yield one.output_column_name, doubles, tuple(_number(level.m_probability) for level in levels)


def _sample(pairs: float) -> dict[str, float]:
    return {"max_pairs": SESSION, "record_sample_proportion": 0.1} if pairs > SESSION else {}


def _strangers(linker: Any, comparisons: Sequence[Compared]) -> dict[str, tuple[float | None, ...]]:
    told = linker.misc.save_model_to_json()["comparisons"]
    return {
        one.name: tuple(_number(level["u_probability"]) for level in said["comparison_levels"][1:])
        for one, said in zip(comparisons, told, strict=True)
    }


def _number(share: Any) -> float | None:
    """Return a share; Splink says in words where a level never occurred."""
    return float(share) if isinstance(share, float | int) else None


def _mixed(
    one: Compared,
    taught: list[tuple[float, tuple[float | None, ...]]],
    strangers: tuple[float | None, ...],
) -> Shares | None:
    """Return a comparison's shares; None where nothing was taught, or what was taught is not plausible."""
    weight = sum(doubles for doubles, _ in taught)
    if not weight:
        return None
    ours = [sum(doubles * (said[at] or 0.0) for doubles, said in taught) for at in range(len(one.levels))]
    total = sum(ours)
    shares = tuple(
        (
            (1 - BELIEF) * our / total + BELIEF * level.m,
            (1 - BELIEF / 10) * (theirs or 0.0) + BELIEF / 10 * level.u,
        )
        for our, theirs, level in zip(ours, strangers, one.levels, strict=True)
    )
    says_for, says_against = shares[0], shares[-1]
    plausible = says_for[0] > 2 * says_for[1] and says_against[0] < says_against[1]
    return shares if plausible else None


def without_doubles(model: Model, comparisons: Sequence[Compared]) -> Model:
    """Take the doubles out of what was counted as strangers: among few people they are no small part."""
    shares = {}
    for one in comparisons:
        relatives = model.relatives.get(one.name, tuple(u for _, u in model.shares[one.name]))
        shares[one.name] = tuple(
            (m, max(_strange(model, m, h, u), BELIEF / 10 * level.u))
            for (m, u), h, level in zip(model.shares[one.name], relatives, one.levels, strict=True)
        )
    return msgspec.structs.replace(model, shares=shares)


def _strange(model: Model, ours: float, theirs: float, anybody: float) -> float:
    """Return strangers' share of a level, from that of any two people."""
    known = model.prior * ours + model.household * theirs
    return (anybody - known) / (1 - model.prior - model.household)
