"""What the steps of a history are called, and sums by sequences of such names.

A step is called by a property of its event, a page's path or a screen, or by the event's name.  Two parts of
a store may number the same names differently, so what is folded carries its names with it, see `Named`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj import breakdown
from ganj.errors import BadParameter
from ganj.filters import divided
from ganj.histories import Array, Category, Histories
from ganj.kernels.counting import packed
from ganj.kernels.funnel import happened
from ganj.miner import Reads
from ganj.sketches import Tally
from ganj.text import Text

NOTHING, OTHERS, SKIPPED = -1, -2, -3
"""Codes that name nothing: no step, steps that are counted together, steps left out between two."""
MOST = 1 << 17
"""Sums kept apart; beyond that the smallest are joined."""
_SLASH = re.compile(r"(.)/$")


def naming(reads: Reads, names: Sequence[str]) -> Reads:
    """Add to what an analysis reads the properties, or ``channel`` and ``source``, that name its steps."""
    return divided(reads, *names, traits=False)


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """What every event is called: a code for each, and the name of each code.

    Attributes
    ----------
    code : int32[events]
    place : int32[codes], into ``labels``; `NOTHING` for codes that no event has
    labels : the names, ascending
    """

    code: Array
    place: Array
    labels: tuple[str, ...]

    @classmethod
    def of(cls, histories: Histories, properties: Sequence[str], groups: Sequence[str] = ()) -> Naming:
        """Name every event: by the first of some properties that it has, else by its own name.

        Parameters
        ----------
        properties : a final slash of their values is cut, so that ``/a/`` and ``/a`` are one page
        groups : patterns such as ``/product/*``, or ``Product page = /product/*``; the first that fits whole
            takes the name's place
        """
        labels = list(histories.names.get("event", ()))
        codes, taken = histories.event, np.zeros(len(histories.event), bool)
        for name in properties:
            found = breakdown.of_events(histories, name)
            if found is not None:
                mine = ~taken & (found.codes >= 0)
                codes = np.where(mine, found.codes + np.int32(len(labels)), codes)
                taken |= mine
                labels += [_SLASH.sub(r"\1", label) for label in found.labels]
        used = np.flatnonzero(happened(codes, len(labels) + 1)[:-1])
        told = replaced([labels[code] for code in used], groups)
        distinct = sorted(set(told))
        place = {label: number for number, label in enumerate(distinct)}
        table = np.full(len(labels) + 1, NOTHING, np.int32)
        table[used] = [place[label] for label in told]
        return cls(codes, table, tuple(distinct))


def named(histories: Histories, properties: Sequence[str], groups: Sequence[str] = ()) -> Category:
    """Name every event, see `Naming.of`."""
    naming = Naming.of(histories, properties, groups)
    return Category(naming.place[naming.code], naming.labels)


def check_groups(groups: Sequence[str]) -> None:
    """Refuse groups of steps that have no name or no pattern.

    Raises
    ------
    BadParameter
        A group begins or ends with its equals sign.
    """
    for group in groups:
        if re.fullmatch(r"=.*|.*\s=", group.strip()):
            why = Text(
                "write it like Product page = /product/*.",
                "آن را مانند «صفحهٔ محصول = \u2066/product/*\u2069» بنویسید.",
            )
            raise BadParameter(parameter="groups", value=group, why=why)


def replaced(labels: Sequence[str], groups: Sequence[str]) -> list[str]:
    """Put the name of the first group that fits in the place of each label."""
    told = list(labels)
    free = np.ones(len(told), bool)
    for group in groups:
        name, _, pattern = group.rpartition(" = ")
        fits = _fits(labels, pattern.strip()) & free
        for at in np.flatnonzero(fits):
            told[at] = name.strip() or pattern.strip()
        free &= ~fits
    return told


def _fits(labels: Sequence[str], pattern: str) -> Array:
    """bool[labels]: which fit a pattern whole, in which * stands for anything; RE2 takes linear time."""
    whole = "^" + ".*".join(re.escape(part) for part in pattern.split("*")) + "$"
    found: Array = pc.match_substring_regex(pa.array(labels, pa.string()), pattern=whole).to_numpy(
        zero_copy_only=False
    )
    return found.astype(bool)


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Sums by keys in which names occur; they add whatever numbers parts gave the names.

    Attributes
    ----------
    labels : the names, ascending
    tallies : sums; of each key the first ``plain`` columns are numbers, the others codes into ``labels``
    plain : by tally, how many columns are numbers
    slack : by tally, how much of a sum may at most have gone to *others*; 0 while all are kept apart
    most : how many sums a tally keeps apart

    Notes
    -----
    A tally that outgrows ``most`` keeps the largest sums (of the first column; ties by key) and joins the
    others under the code `OTHERS`, so totals stay exact and each sum is short by no more than ``slack``.
    Below ``most`` nothing depends on where customers were cut; beyond it the result depends on the order
    of merging, which is that of the buckets and thus always the same.
    """

    labels: tuple[str, ...] = ()
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    plain: Mapping[str, int] = field(default_factory=dict)
    slack: Mapping[str, float] = field(default_factory=dict)
    most: int = MOST

    def __add__(self, other: Named) -> Named:
        labels = tuple(sorted({*self.labels, *other.labels}))
        place = {label: code for code, label in enumerate(labels)}
        one, two = _moved(self.labels, place), _moved(other.labels, place)
        tallies, slack = {}, {}
        for name, plain in self.plain.items():
            joined = _coded(self.tallies[name], plain, one) + _coded(other.tallies[name], plain, two)
            before = self.slack.get(name, 0.0) + other.slack.get(name, 0.0)
            tallies[name], lost = _bounded(joined, plain, self.most)
            slack[name] = before + lost
        return Named(labels, tallies, self.plain, slack, self.most)

    def code(self, label: str) -> int:
        """Return the code of a name; `OTHERS` where there is none."""
        found = np.searchsorted(np.array(self.labels, object), label) if self.labels else 0
        return int(found) if found < len(self.labels) and self.labels[int(found)] == label else OTHERS

    @property
    def short(self) -> bool:
        """Whether some sums were joined."""
        return any(self.slack.values())


def _moved(labels: Iterable[str], place: Mapping[str, int]) -> Array:
    """int64[labels + 3]: new codes by old ones; the last three are the codes below zero themselves."""
    return np.array([*(place[label] for label in labels), SKIPPED, OTHERS, NOTHING], np.int64)


def _coded(tally: Tally, plain: int, moved: Array) -> Tally:
    if np.array_equal(moved[:-3], np.arange(len(moved) - 3)):
        return tally
    keys = tally.keys.copy()
    keys[:, plain:] = moved[keys[:, plain:]]
    return Tally.of(keys, tally.values)


def _bounded(tally: Tally, plain: int, most: int) -> tuple[Tally, float]:
    """Return a tally of no more than ``most`` sums kept apart, and the largest that was joined."""
    apart = np.any(tally.keys[:, plain:] != OTHERS, axis=1)
    if apart.sum() <= most:
        return tally, 0.0
    size = np.where(apart, tally.values[:, 0], np.inf)
    order = np.argsort(-size, kind="stable")  # keys ascend, so ties keep the smaller key
    rest = order[most:]
    keys = tally.keys.copy()
    keys[rest, plain:] = OTHERS
    return Tally.of(keys, tally.values), float(size[rest].max())


def lists(keys: Array, owner: Array, size: int, name: Callable[[Sequence[int]], str | None]) -> pa.ListArray:
    """Tell each customer's different keys by their names: list<string>[size].

    Parameters
    ----------
    keys : int64[n, d]
    owner : int64[n], positions of customers below ``size``
    name : called once for each different key; None leaves it out
    """
    code, _ = packed(np.ascontiguousarray(keys, np.int64))
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    told = [name([int(k) for k in keys[at]]) for at in first]
    texts = sorted({text for text in told if text is not None})
    place = {text: number for number, text in enumerate(texts)}
    number = np.array([place[text] if text is not None else -1 for text in told], np.int64)[inverse]
    shown = number >= 0
    each = np.unique(np.asarray(owner, np.int64)[shown] * max(len(texts), 1) + number[shown])
    whose, which = np.divmod(each, max(len(texts), 1))
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(whose, minlength=size))))
    values = pa.array(texts, pa.string()).take(pa.array(which))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)
