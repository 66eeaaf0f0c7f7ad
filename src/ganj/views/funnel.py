"""The funnel's tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Protocol

import numpy as np

from ganj.events import words
from ganj.histories import Array
from ganj.kernels.intervals import Z95, newcombe, wilson
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.sketches import Numbers, Rows
from ganj.text import Text, same

UNKNOWN = Text("unknown", "نامشخص")
FEW = 30
"""Shares of fewer customers are not spoken of."""


class Walked(Protocol):
    """Depths of some customers, see `ganj.miners.funnel.Depths`."""

    @property
    def reached(self) -> Array:
        """int64[steps + 1], customers by the deepest step."""

    @property
    def waits(self) -> tuple[Rows, ...]:
        """How long each step after the first took."""

    @property
    def whole(self) -> Rows:
        """How long the first to the last took."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Depths of everyone and of groups, laid out.

    Attributes
    ----------
    names : the steps
    everyone, groups : depths of all, and by label
    seen : int64[steps], events of each step
    """

    names: tuple[str, ...]
    everyone: Walked
    groups: Mapping[str, Any]
    seen: Array

    def steps_table(self) -> Table:
        """Lay out what became of everyone, step by step."""
        reached = _reached(self.everyone)
        before = np.concatenate((reached[:1], reached[:-1]))
        dropped = reached - np.append(reached[1:], 0)
        dropped[-1] = 0
        median, mean = _waits(self.everyone)
        got = [(Where("funnel_step", ">=", k + 1),) for k in range(len(self.names))]
        lost: list[Opens | None] = [(Where("funnel_step", "=", k + 1),) for k in range(len(self.names) - 1)]
        return Table.of(
            Text("Steps", "گام‌ها"),
            (self._step(), np.arange(len(self.names))),
            (column("customers", "Customers", "مشتریان", "customers"), reached, got),
            (
                column("rate", "Of the first step", "از گام نخست", "percent"),
                _percent(reached, reached[0]),
                got,
            ),
            (
                column("step_rate", "Of the step before", "از گام پیش", "percent"),
                _percent(reached, before),
                got,
            ),
            (
                column("dropped", "Went no further", "پیش‌تر نرفته", "customers"),
                dropped,
                [*lost, None],
            ),
            (column("median_time", "Median time", "میانهٔ زمان", "duration"), median),
            (column("mean_time", "Mean time", "میانگین زمان", "duration"), mean),
        )

    def groups_table(self) -> Table:
        """Lay out how many of each group came through."""
        labels = list(self.groups)
        reached = np.array([_reached(self.groups[label]) for label in labels])
        entered, through = reached[:, 0], reached[:, -1]
        low, high = wilson(through, entered)
        whole = [self.groups[label].whole.numbers() for label in labels]
        last = len(self.names)
        return Table.of(
            Text("Groups", "گروه‌ها"),
            (self._group(), np.arange(len(labels))),
            (
                column("entered", "Took the first step", "گام نخست", "customers"),
                entered,
                [_of(label, 1) for label in labels],
            ),
            (
                column("converted", "Came through", "رسیده به پایان", "customers"),
                through,
                [_of(label, last) for label in labels],
            ),
            (column("rate", "Conversion", "نرخ تبدیل", "percent"), _percent(through, entered)),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
            (
                column("median_time", "Median time", "میانهٔ زمان", "duration"),
                np.array([numbers.median for numbers in whole]),
            ),
        )

    def group_steps(self) -> Table:
        """Lay out every step of every group."""
        labels, steps = list(self.groups), len(self.names)
        reached = np.array([_reached(self.groups[label]) for label in labels])
        opens = [_of(label, k + 1) for label in labels for k in range(steps)]
        return Table.of(
            Text("Steps of each group", "گام‌های هر گروه"),
            (self._group(), np.repeat(np.arange(len(labels)), steps)),
            (self._step(), np.tile(np.arange(steps), len(labels))),
            (column("customers", "Customers", "مشتریان", "customers"), reached.ravel(), opens),
            (
                column("rate", "Of the first step", "از گام نخست", "percent"),
                _percent(reached, reached[:, :1]).ravel(),
                opens,
            ),
        )

    def differences(self) -> Table:
        """Compare the conversion of every group with that of the first."""
        labels = list(self.groups)
        found = [self.difference(0, other) for other in range(1, len(labels))]
        rows = np.array(found).reshape(len(found), 3)
        return Table.of(
            Text("Against the first group", "در برابر گروه نخست"),
            (self._group(), np.arange(1, len(labels))),
            (column("difference", "Difference (points)", "اختلاف (واحد درصد)", "percent"), rows[:, 0]),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), rows[:, 1]),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), rows[:, 2]),
            (column("clear", "Beyond chance", "فراتر از تصادف", "flag"), rows[:, 1] * rows[:, 2] > 0),
        )

    def difference(self, one: int, other: int, z: float = Z95) -> tuple[float, float, float]:
        """Return the second group's conversion less the first's, and its limits, in percent."""
        pair = [_reached(list(self.groups.values())[k]) for k in (one, other)]
        through, entered = (np.array([reached[k] for reached in pair]) for k in (-1, 0))
        found, low, high = newcombe(through, entered, z)
        return 100 * found, 100 * low, 100 * high

    def _step(self) -> Column:
        return Column(
            name="step",
            label=Text("Step", "گام"),
            unit="category",
            choices=tuple((name, words(name)) for name in self.names),
        )

    def _group(self) -> Column:
        return Column(
            name="group",
            label=Text("Group", "گروه"),
            unit="category",
            choices=tuple((label, same(label) if label else UNKNOWN) for label in self.groups),
        )

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away."""
        for name, seen in zip(self.names, self.seen, strict=True):
            if not seen:
                yield Finding(
                    text=Text(
                        "There is no event {step} in this period; it may be recorded under another name.",
                        "در این بازه هیچ رویداد «{step}» نیست؛ شاید با نام دیگری ثبت شده باشد.",
                    ),
                    evidence={"step": words(name)},
                    tone="warn",
                    weight=2.0,
                )
        reached = _reached(self.everyone)
        if not reached[0]:
            text = Text(
                "No customer has taken the first step yet.", "هنوز هیچ مشتری گام نخست را برنداشته است."
            )
            yield Finding(text=text, tone="warn", weight=1.5)
            return
        yield self._overall(reached)
        yield from self._weakest(reached)
        yield from self._clearest()

    def _overall(self, reached: Array) -> Finding:
        whole = self.everyone.whole.numbers()
        timed = Text("; half of them within {time:duration}", "؛ نیمی از آنان در کمتر از {time:duration}")
        tail = timed if whole.size else Text("", "")
        return Finding(
            text=Text(
                "{rate:percent} of the {entered:count} customers who took the first step came through"
                + tail.en
                + ".",
                "از {entered:count} مشتری که گام نخست را برداشتند {rate:percent} به پایان رسیدند"
                + tail.fa
                + ".",
            ),
            evidence={
                "rate": 100 * reached[-1] / reached[0],
                "entered": int(reached[0]),
                "time": whole.median,
            },
            opens=(Where("funnel_step", ">=", len(self.names)),),
            weight=1.0,
        )

    def _weakest(self, reached: Array) -> Iterator[Finding]:
        """Name the step at which the greatest part goes no further."""
        before, after = reached[:-1], reached[1:]
        if not before[0] - after[-1]:
            return
        lost = np.where(before > 0, (before - after) / np.maximum(before, 1), 0)
        at = int(lost.argmax())
        yield Finding(
            text=Text(
                "Most are lost between {here} and {there}: {lost:percent}, {gone:count} customers.",
                "بیشترین ریزش میان «{here}» و «{there}» است: {lost:percent}، {gone:count} مشتری.",
            ),
            evidence={
                "here": words(self.names[at]),
                "there": words(self.names[at + 1]),
                "lost": 100 * float(lost[at]),
                "gone": int(before[at] - after[at]),
            },
            opens=(Where("funnel_step", "=", at + 1),),
            tone="bad",
            weight=0.9,
        )

    def _clearest(self) -> Iterator[Finding]:
        """Name the two groups that differ most, where chance does not explain it."""
        labels = list(self.groups)
        entered = np.array([_reached(self.groups[label])[0] for label in labels])
        rates = np.array(
            [_percent(_reached(self.groups[label])[-1], _reached(self.groups[label])[0]) for label in labels]
        )
        fit = np.flatnonzero(entered >= FEW)
        if len(fit) < 2:
            return
        low, high = int(fit[rates[fit].argmin()]), int(fit[rates[fit].argmax()])
        pairs = len(fit) * (len(fit) - 1) / 2  # the widest of so many differences was picked: Bonferroni
        z = NormalDist().inv_cdf(1 - 0.025 / pairs)
        difference, least, most = self.difference(low, high, z)
        if least <= 0:
            return
        yield Finding(
            text=Text(
                "{best} converts better than {worst}: {high:percent} against {low:percent} "
                "(difference {least:percent} to {most:percent}).",
                "نرخ تبدیل «{best}» بهتر از «{worst}» است: {high:percent} در برابر {low:percent} "
                "(اختلاف {least:percent} تا {most:percent}).",
            ),
            evidence={
                "best": same(labels[high]) if labels[high] else UNKNOWN,
                "worst": same(labels[low]) if labels[low] else UNKNOWN,
                "high": float(rates[high]),
                "low": float(rates[low]),
                "difference": difference,
                "least": least,
                "most": most,
            },
            opens=_of(labels[low], 1),
            weight=0.8,
        )


def _of(label: str, step: int) -> Opens:
    return Where("funnel_groups", "has", label), Where("funnel_step", ">=", step)


def _reached(walked: Walked) -> Array:
    """int64[steps]: customers who reached each step, or a later one."""
    reached: Array = walked.reached[::-1].cumsum()[::-1][1:]
    return reached


def _percent(part: Array, whole: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = 100 * np.asarray(part) / np.asarray(whole)
    return found


def _waits(walked: Walked) -> tuple[Array, Array]:
    """float64[steps] each: median and mean time a step took, µs; nan for the first."""
    waits: list[Numbers] = [rows.numbers() for rows in walked.waits]
    nan = float("nan")
    return np.array([nan, *(w.median for w in waits)]), np.array([nan, *(w.mean for w in waits)])


def charts(*, broken_down: bool) -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    steps = Chart(
        kind="funnel",
        table="steps",
        title=Text("Customers by step", "مشتریان در هر گام"),
        x="step",
        y=("customers",),
        options={"rate": "rate"},
    )
    if not broken_down:
        return (steps,)
    by_group = Chart(
        kind="bar",
        table="group_steps",
        title=Text("Share of the first step, by group", "سهم از گام نخست به تفکیک گروه"),
        x="step",
        y=("rate",),
        series="group",
    )
    rates = Chart(
        kind="hbar",
        table="groups",
        title=Text("Conversion by group", "نرخ تبدیل هر گروه"),
        x="group",
        y=("rate",),
        options={"low": "low", "high": "high"},
    )
    return steps, by_group, rates
