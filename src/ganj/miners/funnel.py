"""Funnel: at which step do customers drop out?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar

import numpy as np
import pyarrow as pa

from ganj.breakdown import first_of, of_customers, of_events, wanted
from ganj.errors import BadParameter
from ganj.histories import Array, Category, Histories
from ganj.kernels.funnel import deepest
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.parameters import Duration, in_words, param
from ganj.sketches import Groups, Rows
from ganj.text import Text
from ganj.views.funnel import Steps, charts

MICROSECOND = timedelta(microseconds=1)
BINS = 1 << 14


@dataclass(frozen=True, slots=True, eq=False)
class Depths:
    """How far some customers got.

    Attributes
    ----------
    reached : int64[steps + 1], customers by the deepest step
    waits : for each step after the first, how long it took (µs) those who reached it
    whole : how long those who reached the last step took from the first (µs)
    """

    reached: Array
    waits: tuple[Rows, ...]
    whole: Rows

    @classmethod
    def of(cls, depth: Array, times: Array) -> Depths:
        """Count customers: depth int32[n], times int64[n, steps]."""
        steps = times.shape[1]
        waits = tuple(_lengths(times[depth > k], k - 1, k) for k in range(1, steps))
        return cls(
            np.bincount(depth, minlength=steps + 1), waits, _lengths(times[depth == steps], 0, steps - 1)
        )

    def __add__(self, other: Depths) -> Depths:
        waits = tuple(a + b for a, b in zip(self.waits, other.waits, strict=True))
        return Depths(self.reached + other.reached, waits, self.whole + other.whole)


def _lengths(times: Array, start: int, stop: int) -> Rows:
    return Rows.of((times[:, stop] - times[:, start]).astype(np.float64)[:, None], BINS)


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """Everyone's depths, those of each group, and how often each step happened at all.

    Attributes
    ----------
    everyone : depths of all
    groups : depths by label
    seen : int64[steps], events of each step, in order or not
    """

    everyone: Depths
    groups: Groups
    seen: Array

    def __add__(self, other: Walks) -> Walks:
        return Walks(self.everyone + other.everyone, self.groups + other.groups, self.seen + other.seen)


class Funnel(Miner[Walks, Walks], frozen=True, kw_only=True):
    """Count the customers who reach each step, in order and in time.

    A customer reaches step k when the steps 1 … k happened in that order, the last at most ``within`` after
    the first (that moment included).  Other events in between do not matter.  Every event of step 1 begins an
    attempt; at each step the latest attempt stands for the customer, who counts once, at the deepest step of
    any attempt.  One event never serves two steps.  Events of one instant count in the order of the steps.

    A customer's group is the trait ``by``, or the first value that the property ``by`` has among events of
    the funnel.

    Notes
    -----
    State: for everyone and each group int64[steps + 1] and at most 16,384 lengths of time a step (exact up to
    as many different ones, then rounded); independent of the number of customers.  One pass, O(events × steps
    an event matches).
    Source: as PostHog's ordered funnel; see docs/analyses/funnel.md.
    """

    title = Text("Funnel", "قیف")
    question = Text("At which step do customers drop out?", "مشتریان در کدام گام می‌روند؟")
    scored = (
        column("funnel_step", "Deepest step of the funnel", "ژرف‌ترین گام قیف", "count"),
        column("funnel_duration", "Time in the funnel", "زمان در قیف", "duration"),
        column("funnel_groups", "Groups of the funnel", "گروه‌های قیف", "list"),
    )
    example: ClassVar[dict[str, Any]] = {
        "steps": ["Product Viewed", "Product Added", "Order Completed"],
        "within": "7d",
    }

    steps: Annotated[
        tuple[str, ...], param("Steps, in order", "گام‌ها به ترتیب", of="event", min_length=2, max_length=20)
    ]
    within: Annotated[Duration, param("Time allowed", "مهلت")] = Duration(days=14)
    by: Annotated[str, param("Break down by", "تفکیک بر پایهٔ", of="property")] = ""
    against: Annotated[
        tuple[str, ...], param("Compare segments", "مقایسهٔ بخش‌ها", of="segment", max_length=8)
    ] = ()
    groups: Annotated[int, param("Groups shown", "شمار گروه‌ها", ge=1, le=50, advanced=True)] = 8

    def __post_init__(self) -> None:
        """Refuse a time that nothing can fit in."""
        if self.within <= timedelta(0):
            why = Text("it must be longer than nothing.", "باید بیشتر از صفر باشد.")
            raise BadParameter(parameter="within", value=in_words(self.within), why=why)

    def reads(self) -> Reads:
        return Reads(
            events=tuple(dict.fromkeys(self.steps)),
            segments=self.against,
            **wanted(self.by, ("time", "event")),
        )

    def scan(self, histories: Histories) -> Walks:
        depth, times, mask = self._walk(histories)
        of = {
            label: Depths.of(depth[member], times[member]) for label, member in self._groups(histories, mask)
        }
        happened = np.bincount(histories.event, minlength=len(mask))
        seen = np.array([happened[(mask >> step) & 1 == 1].sum() for step in range(len(self.steps))])
        return Walks(Depths.of(depth, times), Groups(of), seen)

    def report(self, model: Walks) -> Report:
        sizes = {label: int(found.reached[1:].sum()) for label, found in model.groups.values.items()}
        order = self.against or tuple(sorted(sizes, key=lambda label: (-sizes[label], label)))
        shown = {label: model.groups.values[label] for label in order[: self.groups] if sizes.get(label)}
        view = Steps(self.steps, model.everyone, shown, model.seen)
        tables = {"steps": view.steps_table()}
        if shown:
            tables |= {
                "groups": view.groups_table(),
                "group_steps": view.group_steps(),
                "differences": view.differences(),
            }
        return Report(tables, charts(broken_down=bool(shown)), tuple(view.findings()))

    def score(self, histories: Histories, model: Walks) -> Scores:
        del model  # how far one customer gets does not depend on others
        depth, times, mask = self._walk(histories)
        last = np.take_along_axis(times, np.maximum(depth - 1, 0)[:, None].astype(np.int64), 1)[:, 0]
        values = {
            "funnel_step": depth.astype(np.int64),
            "funnel_duration": pa.array(last - times[:, 0], pa.int64(), mask=depth < 2),
            "funnel_groups": _labels(len(histories), self._groups(histories, mask)),
        }
        return Scores(histories.customer, values)

    def _walk(self, histories: Histories) -> tuple[Array, Array, Array]:
        mask = np.zeros(len(histories.names.get("event", ())) + 1, np.int64)
        for step, code in enumerate(histories.codes(self.steps)):
            if code >= 0:
                mask[code] |= 1 << step
        depth, times = deepest(
            histories.offsets,
            histories.time,
            histories.event,
            mask,
            len(self.steps),
            self.within // MICROSECOND,
        )
        return depth, times, mask

    def _groups(self, histories: Histories, mask: Array) -> list[tuple[str, Array]]:
        """List the groups with bool[customers], who is in each."""
        if self.against:
            return [(name, np.asarray(histories.traits[f"segment:{name}"]) > 0) for name in self.against]
        if not self.by:
            return []
        values = of_customers(histories, self.by) or _first_touch(histories, self.by, mask)
        found = [(label, values.codes == code) for code, label in enumerate(values.labels)]
        return [*((label, member) for label, member in found if member.any()), ("", values.codes < 0)]


def _first_touch(histories: Histories, by: str, mask: Array) -> Category:
    values = of_events(histories, by)
    if values is None:
        return Category(np.full(len(histories), -1, np.int32), ())
    return first_of(histories, values, mask[histories.event] > 0)


def _labels(customers: int, groups: list[tuple[str, Array]]) -> pa.ListArray:
    """Write for each customer the labels of the groups it is in."""
    member = np.array([inside for _, inside in groups], bool).reshape(len(groups), customers).T
    ends = np.concatenate(([0], np.cumsum(member.sum(axis=1))))
    labels = np.array([label for label, _ in groups], object)[np.nonzero(member)[1]]
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(labels, pa.string()))
