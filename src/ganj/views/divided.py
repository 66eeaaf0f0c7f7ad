"""Breaking a whole analysis down: the same fold once more for the customers of each value.

Each customer belongs to one value of ``by``: that of a trait or segment, else the first that the customer's
events have, so the values' figures add up to those of the whole.  What an analysis says of one value it finds
by itself: the fold, the tables and the scores are those it has anyway.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import numpy as np
import pyarrow as pa

from ganj.breakdown import of_whole
from ganj.events import value_words
from ganj.histories import Array, Category, Histories
from ganj.miner import Chart, Column, Finding, Miner, Opens, Report, Scores, Table, Where, column
from ganj.parameters import param
from ganj.text import Text

OTHERS = "…"
"""The value of the customers whose own is not told apart."""
MOST, SHOWN = 256, 8
"""Values that a state tells apart, and that a report shows; those of fewest customers are joined beyond."""
GROUP = column("group", "Group", "گروه", "text")
"""The score by which the figures of one value open."""
Figure = tuple[Column, float, Opens]
"""One figure of a value's customers, and who is behind it, ``()`` for no one in particular."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """What was found of everyone, and of the customers of each value.

    Attributes
    ----------
    whole : the analysis' own state
    each : by value: customers, state; of at most `MOST` values and `OTHERS`
    """

    whole: Any
    each: Mapping[str, tuple[int, Any]] = field(default_factory=dict)

    def __add__(self, other: Split) -> Split:
        joined = _joined([*self.each.items(), *other.each.items()])
        return Split(self.whole + other.whole, _largest(joined, MOST))

    def shown(self) -> dict[str, Any]:
        """Return the states that a report shows, of most customers first, the others' last."""
        found = _largest(self.each, SHOWN)
        order = sorted(found, key=lambda label: (label == OTHERS, -found[label][0], label))
        return {label: found[label][1] for label in order}


def _joined(each: Sequence[tuple[str, tuple[int, Any]]]) -> dict[str, tuple[int, Any]]:
    joined: dict[str, tuple[int, Any]] = {}
    for label, (size, state) in each:
        before = joined.get(label)
        joined[label] = (size, state) if before is None else (before[0] + size, before[1] + state)
    return joined


def _largest(each: Mapping[str, tuple[int, Any]], most: int) -> Mapping[str, tuple[int, Any]]:
    own = sorted((label for label in each if label != OTHERS), key=lambda label: (-each[label][0], label))
    kept = set(own[:most])
    return _joined([(label if label in kept else OTHERS, one) for label, one in each.items()])


def parts(histories: Histories, by: str) -> Iterator[tuple[str, Histories]]:
    """Yield the values of a breakdown, and the histories of the customers of each; empty is no value known."""
    told = of_whole(histories, by)
    names = (*told.labels, OTHERS)
    codes, which, size = np.unique(told.codes, return_inverse=True, return_counts=True)
    rare = np.argsort(-size, kind="stable")[MOST:]
    codes[rare] = len(told.labels)
    mine = codes[which]
    order = np.argsort(mine, kind="stable")  # stable: customers of a value stay in ascending number
    sorted_, ends = histories.pick(order), np.cumsum(np.bincount(mine + 1, minlength=len(names) + 1))
    for code in np.unique(codes).tolist():
        start = int(ends[code]) if code >= 0 else 0
        yield names[code] if code >= 0 else "", sorted_.part(start, int(ends[code + 1]))


class Divisible(Miner[Any, Any], frozen=True, kw_only=True):
    """An analysis that can be made for each value of a breakdown.

    It says ``fold``, ``tell`` and ``say`` in place of ``scan``, ``report`` and ``score``, and of what is
    laid out for each value ``figures`` and ``lay``.
    """

    laid: ClassVar[tuple[str, ...]] = ()
    """Tables that are laid out for each value."""
    summary: ClassVar[tuple[Chart, ...]] = ()
    """Pictures of the tables that only a breakdown has."""

    by: Annotated[
        str,
        param(
            "Break down by",
            "تفکیک بر پایهٔ",
            of="part",
            help=Text(
                "Each customer is in one group: that of the trait or segment, else of the first value its events have.",
                "هر مشتری در یک گروه است: گروهِ ویژگی یا بخشِ خودش، وگرنه نخستین مقداری که رویدادهایش دارند.",
            ),
        ),
    ] = ""

    @abstractmethod
    def fold(self, histories: Histories) -> Any:
        """Read one part of the customers into a small state, see `Miner.scan`."""

    @abstractmethod
    def tell(self, model: Any) -> Report:
        """Turn the state of all customers into what people see."""

    @abstractmethod
    def say(self, histories: Histories, model: Any) -> Scores:
        """Say something of each customer of a part."""

    @abstractmethod
    def figures(self, model: Any, report: Report) -> tuple[Figure, ...]:
        """Say the figures by which values are compared; the first is the number of customers."""

    def lay(self, model: Any, whole: Any, report: Report) -> Mapping[str, Table]:
        """Return the tables of one value, from its own report; ``whole`` is the state of all."""
        del model, whole
        return {name: report.tables[name] for name in self.laid if name in report.tables}

    def scan(self, histories: Histories) -> Any:
        """Fold everyone, and the customers of each value."""
        whole = self.fold(histories)
        if not self.by:
            return whole
        found = {label: (len(part), self.fold(part)) for label, part in parts(histories, self.by)}
        return Split(whole, found)

    def report(self, model: Any) -> Report:
        """Tell of everyone, then of each value that has somebody to tell of."""
        if not self.by:
            return self.tell(model)
        report, each = self.tell(model.whole), {}
        for label, state in model.shown().items():
            told = self.tell(state)
            figures = self.figures(state, told)
            if figures[0][1]:
                each[label] = figures, self.lay(state, model.whole, told)
        if not each:
            return report
        tables = {**report.tables, "groups": compared({label: one for label, (one, _) in each.items()})}
        tables |= beside({label: laid for label, (_, laid) in each.items()})
        charts = tuple(chart for chart in self.summary if chart.table in tables)
        return Report(tables, (*report.charts, *charts), (*report.findings, most(tables["groups"])))

    def score(self, histories: Histories, model: Any) -> Scores:
        """Say of each customer what the whole says, and the value shown."""
        if not self.by:
            found = self.say(histories, model)
            return Scores(found.customer, {**found.values, "group": pa.nulls(len(histories), pa.string())})
        found, told = self.say(histories, model.whole), of_whole(histories, self.by)
        return Scores(found.customer, {**found.values, "group": named(told, model.shown())})


def named(told: Category, shown: Mapping[str, Any]) -> pa.StringArray:
    """Return the value under which a report shows each customer: string[customers]."""
    names = [label if label in shown else OTHERS for label in (*told.labels, "")]
    return pa.array(names, pa.string()).take(pa.array(np.where(told.codes < 0, len(names) - 1, told.codes)))


def called(label: str) -> Text:
    """Return what people read for a value."""
    return {"": Text("unknown", "نامشخص"), OTHERS: Text("others", "دیگران")}.get(label, value_words(label))


def _of(labels: Sequence[str], sizes: Sequence[int]) -> tuple[Column, Array]:
    choices = tuple((label, called(label)) for label in labels)
    head = Column(name="group", label=GROUP.label, unit="category", choices=choices)
    return head, np.repeat(np.arange(len(labels)), sizes)


def _within(opens: Opens, label: str) -> Opens:
    return (Where("group", "=", label), *opens)


def compared(each: Mapping[str, tuple[Figure, ...]]) -> Table:
    """Lay out the figures of each value, a row a value."""
    labels = list(each)
    columns: list[Any] = []
    for place, (head, _, open_) in enumerate(each[labels[0]]):
        values = np.array([each[label][place][1] for label in labels])
        if head.unit in {"customers", "count"}:
            values = values.astype(np.int64)
        opens = [_within(each[label][place][2], label) for label in labels]
        columns.append((head, values, opens) if open_ else (head, values))
    return Table.of(Text("By group", "به تفکیک گروه"), _of(labels, [1] * len(labels)), *columns)


def most(groups: Table) -> Finding:
    """Name the largest value."""
    customers = groups.values["customers"]
    at = int(np.argmax(customers))
    label, words = groups.columns[0].choices[at]
    return Finding(
        text=Text(
            "The largest of {many:count} groups is {group}: {share:percent} of {all:count} customers.",
            "بزرگ‌ترین گروه از {many:count} گروه «{group}» است: {share:percent} از {all:count} مشتری.",
        ),
        evidence={
            "many": len(customers),
            "group": words,
            "share": 100 * float(customers[at] / customers.sum()),
            "all": int(customers.sum()),
        },
        opens=groups.opens["customers"][at] if label or customers[at] else None,
        weight=0.4,
    )


def beside(each: Mapping[str, Mapping[str, Table]]) -> dict[str, Table]:
    """Put each value's tables of one name together, the value in front: ``NAME_by``."""
    names = dict.fromkeys(name for tables in each.values() for name in tables)
    return {
        f"{name}_by": _stacked({label: tables[name] for label, tables in each.items() if name in tables})
        for name in names
    }


def _stacked(tables: Mapping[str, Table]) -> Table:
    one = next(iter(tables.values()))
    columns: list[Any] = []
    for head, values in _values(list(tables.values())):
        opens = [
            opened and _within(opened, label)
            for label, table in tables.items()
            for opened in table.opens.get(head.name, (None,) * len(table))
        ]
        columns.append((head, values, opens) if head.name in one.opens else (head, values))
    title = Text(f"{one.title.en}, by group", f"{one.title.fa}، به تفکیک گروه")
    return Table.of(title, _of(list(tables), [len(table) for table in tables.values()]), *columns)


def _values(tables: Sequence[Table]) -> Iterator[tuple[Column, Array]]:
    for head in tables[0].columns:
        if head.unit == "category":
            yield _merged(head.name, tables)
        else:
            yield head, np.concatenate([np.asarray(table.values[head.name]) for table in tables])


def _merged(name: str, tables: Sequence[Table]) -> tuple[Column, Array]:
    """Give the kinds of several tables one numbering."""
    heads = [next(head for head in table.columns if head.name == name) for table in tables]
    choices = {key: words for head in heads for key, words in head.choices}
    number = {key: at for at, key in enumerate(choices)}
    values = [
        np.array([number[key] for key, _ in head.choices], np.int64)[np.asarray(table.values[name], np.int64)]
        for head, table in zip(heads, tables, strict=True)
    ]
    label, unit = heads[0].label, heads[0].unit
    return Column(name=name, label=label, unit=unit, choices=tuple(choices.items())), np.concatenate(values)
