"""Says which customer each combination of identifiers belongs to, and which customers turn out to be one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from ganj.histories import Array


class Marks(NamedTuple):
    """The identifiers that combinations name, by number.

    Attributes
    ----------
    kind : int32[marks]
    shared : bool[marks], whether many people may answer to it
    origin : int32[marks], the customer that has it; -1 nobody; filled in
    node : int32[marks], who stands for that customer among the `Persons`; -1; filled in
    taken : int32[marks], the combination that brought it to its customer; -1; filled in
    """

    kind: Array
    shared: Array
    origin: Array
    node: Array
    taken: Array


class Persons(NamedTuple):
    """Who is one with whom, and what they hold: a forest, and a chain of records for each root.

    Attributes
    ----------
    parent : int32[nodes]
    first, final : int64[nodes], ends of the chain; -1
    following : int64[records], the next record of the chain; -1
    kind, day : int32[records]
    """

    parent: Array
    first: Array
    final: Array
    following: Array
    kind: Array
    day: Array


class Limits(NamedTuple):
    """What a person may have of each kind.

    Attributes
    ----------
    most : int32[kinds]
    span : int32[kinds], within so many days; 0 for ever
    frail : bool[kinds], kinds that people share
    """

    most: Array
    span: Array
    frail: Array


class Sides(NamedTuple):
    """The known persons that one combination leads to; room for as many as it has identifiers.

    Attributes
    ----------
    root : int32[sides], their nodes
    lead : int32[sides], the most trusted identifier that leads there
    firm : bool[sides], whether one that people do not share leads there
    new : int32[kinds], identifiers of the combination that nobody has
    """

    root: Array
    lead: Array
    firm: Array
    new: Array


@njit(cache=True, nogil=True)
def root(parent: Array, node: int) -> int:
    """Return the one that stands for all it was joined with."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(cache=True, nogil=True)
def hold(persons: Persons, node: int, record: int) -> None:
    """Add a record to what a person holds."""
    if persons.first[node] < 0:
        persons.first[node] = record
    else:
        persons.following[persons.final[node]] = record
    persons.final[node] = record


@njit(cache=True, nogil=True)
def join(persons: Persons, here: int, other: int) -> None:
    """Let one person stand for another."""
    persons.parent[other] = here
    if persons.first[other] < 0:
        return
    if persons.first[here] < 0:
        persons.first[here] = persons.first[other]
    else:
        persons.following[persons.final[here]] = persons.first[other]
    persons.final[here] = persons.final[other]


@njit(cache=True, nogil=True)
def count(persons: Persons, node: int, limits: Limits, day: int, out: Array) -> None:
    """Count the identifiers a person holds by kind: ``out[0]`` near a day, ``out[1]`` ever."""
    out[:] = 0
    record = persons.first[node]
    while record >= 0:
        kind = persons.kind[record]
        out[1, kind] += 1
        if limits.span[kind] == 0 or abs(persons.day[record] - day) < limits.span[kind]:
            out[0, kind] += 1
        record = persons.following[record]


@njit(cache=True, nogil=True)
def look(told: Array, marks: Marks, persons: Persons, sides: Sides) -> tuple[int, int]:
    """Find the persons that identifiers lead to; return how many, and how many identifiers nobody has."""
    found, fresh, strong = 0, 0, False
    sides.new[:] = 0
    for mark in told:
        strong = strong or not marks.shared[mark]
        if marks.node[mark] < 0:
            sides.new[marks.kind[mark]] += 1
            fresh += 1
            continue
        person, place = root(persons.parent, marks.node[mark]), 0
        while place < found and sides.root[place] != person:
            place += 1
        if place == found:
            sides.root[found], sides.lead[found], sides.firm[found] = person, mark, False
            found += 1
        sides.firm[place] = sides.firm[place] or not marks.shared[mark]
    if not strong and found > 0:
        sides.firm[0] = True
    return found, fresh


@njit(cache=True, nogil=True)
def apart(pairs: Array, persons: Persons, sides: Sides, found: int) -> bool:
    """Tell whether any two of the sides were told to be different people."""
    for pair in range(len(pairs)):
        a, b = root(persons.parent, pairs[pair, 0]), root(persons.parent, pairs[pair, 1])
        both = 0
        for side in range(found):
            both += sides.root[side] == a or sides.root[side] == b
        if a != b and both > 1:
            return True
    return False


@njit(cache=True, nogil=True)
def within(counts: Array, new: Array, limits: Limits) -> bool:
    """Tell whether sides and new identifiers together keep every limit; one that was broken before may stay so."""
    for kind in range(len(new)):
        total, owners = new[kind], 1 if new[kind] > 0 else 0
        for side in range(len(counts)):
            total += counts[side, 0, kind]
            owners += counts[side, 0, kind] > 0
        if total > limits.most[kind] and (owners > 1 or new[kind] > limits.most[kind]):
            return False
    return True


@njit(cache=True, nogil=True)
def agree(counts: Array, new: Array, firm: Array, limits: Limits) -> bool:
    """Tell whether no side that only a shared identifier leads to is known as somebody else.

    All firm sides and what is new count as one person; a side that is not firm may only add kinds
    that person has none of.
    """
    for kind in range(len(new)):
        owners = 1 if new[kind] > 0 else 0
        for side in range(len(counts)):
            has = counts[side, 1, kind] > 0
            if has and firm[side]:
                owners = max(owners, 1)
        for side in range(len(counts)):
            owners += counts[side, 1, kind] > 0 and not firm[side]
        if owners > 1 and not limits.frail[kind]:
            return False
    return True


@njit(cache=True, nogil=True)
def may_be_one(
    sides: Sides, found: int, alias: bool, day: int, persons: Persons, pairs: Array, limits: Limits
) -> bool:
    """Tell whether the rules let the sides and what is new be one person."""
    if apart(pairs, persons, sides, found):
        return False
    if alias:
        return True
    counts = np.empty((found, 2, len(limits.most)), np.int32)
    for side in range(found):
        count(persons, sides.root[side], limits, day, counts[side])
    return within(counts, sides.new, limits) and agree(counts, sides.new, sides.firm[:found], limits)


@njit(cache=True, nogil=True)
def take(
    told: Array, i: int, day: int, here: int, whose: int, marks: Marks, persons: Persons, records: int
) -> int:
    """Bring the identifiers that nobody has to a person; return the number of records then."""
    for mark in told:
        if marks.node[mark] >= 0:
            continue
        marks.node[mark], marks.origin[mark], marks.taken[mark] = here, whose, i
        persons.kind[records], persons.day[records] = marks.kind[mark], day
        hold(persons, here, records)
        records += 1
    return records


@njit(cache=True, nogil=True)
def kept_of(
    told: Array,
    alias: bool,
    day: int,
    marks: Marks,
    persons: Persons,
    pairs: Array,
    limits: Limits,
    sides: Sides,
) -> tuple[int, int]:
    """Set the least trusted identifiers aside until the rest may be one person.

    Returns
    -------
    found : how many known persons the rest leads to
    kept : how many identifiers are left
    """
    kept = len(told)
    found, fresh = look(told, marks, persons, sides)
    while kept > 1 and found + fresh > 1:
        if may_be_one(sides, found, alias, day, persons, pairs, limits):
            break
        kept -= 1
        found, fresh = look(told[:kept], marks, persons, sides)
    return found, kept


@njit(cache=True, nogil=True)
def sides_for(most: int, kinds: int) -> Sides:
    """Make room for the persons that one combination leads to."""
    return Sides(
        np.empty(most, np.int32),
        np.empty(most, np.int32),
        np.empty(most, np.bool_),
        np.empty(kinds, np.int32),
    )


@njit(cache=True, nogil=True)
def stitch(
    offsets: Array,
    told: Array,
    day: Array,
    alias: Array,
    marks: Marks,
    persons: Persons,
    pairs: Array,
    limits: Limits,
    counts: Array,
) -> tuple[Array, Array, Array]:
    """Give every combination of identifiers a customer, in order.

    Nobody known: a new customer. One: what is not known yet becomes theirs. Several: they are one person
    if that person keeps every limit; else the least trusted identifier is set aside, and again.

    Parameters
    ----------
    offsets, told : int64[people + 1], int32[...], the identifiers of each combination, most trusted first
    day : int32[people]
    alias : bool[people], whether somebody said outright that all these are one person
    marks, persons : what is known; ``persons`` has room for a node and a record of everything new
    pairs : int32[pairs, 2], nodes that were told to be different people
    limits : of each kind
    counts : int64[3], nodes and records that are known, and the number of the first new customer

    Returns
    -------
    customer : int32[people], -1 where there is no identifier
    kept : int32[people], how many identifiers were not set aside
    joined : int32[merges, 3], a combination and two of its identifiers whose customers became one
    """
    people, nodes, records, following = len(day), counts[0], counts[1], counts[2]
    customer, kept = np.full(people, -1, np.int32), np.zeros(people, np.int32)
    joined, merges = np.empty((len(told), 3), np.int32), 0
    most = max(1, np.max(np.diff(offsets))) if people else 1
    sides = sides_for(most, len(limits.most))
    for i in range(people):
        low, high = offsets[i], offsets[i + 1]
        if low == high:
            continue  # nothing in it names anybody
        found, many = kept_of(told[low:high], alias[i], day[i], marks, persons, pairs, limits, sides)
        high = low + many
        here, whose = nodes, following
        if found:
            here, whose = sides.root[0], marks.origin[sides.lead[0]]
        else:
            nodes, following = nodes + 1, following + 1
        for side in range(1, found):
            joined[merges, 0], joined[merges, 1], joined[merges, 2] = i, sides.lead[0], sides.lead[side]
            merges += 1
            join(persons, here, sides.root[side])
        records = take(told[low:high], i, day[i], here, whose, marks, persons, records)
        customer[i], kept[i] = marks.origin[told[low]], many
    return customer, kept, joined[:merges]


@njit(cache=True, nogil=True)
def least(customers: int, edges: Array) -> Array:
    """Return the least number of each customer's component: int32[customers].

    Parameters
    ----------
    edges : int32[edges, 2]
    """
    parent = np.arange(customers).astype(np.int32)
    for edge in range(len(edges)):
        a, b = root(parent, edges[edge, 0]), root(parent, edges[edge, 1])
        parent[max(a, b)] = min(a, b)
    for node in range(customers):
        parent[node] = root(parent, node)
    return parent
