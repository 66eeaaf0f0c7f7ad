"""Activity queries: tables, a picture, sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ganj.events import value_words, words
from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Table, Where, column
from ganj.text import Text
from ganj.views.funnel import said
from ganj.views.traits import called

KNOWN = {
    "customer": Text("Customer", "مشتری"),
    "row": Text("Row of the customer", "سطر مشتری"),
    "time": Text("Time", "زمان"),
    "gap": Text("Time between", "فاصله"),
    "amount": Text("Amount", "مبلغ"),
    "event": Text("Event", "رویداد"),
    "count": Text("Count", "شمار"),
    "mean": Text("Mean amount", "میانگین مبلغ"),
}
WHICH = {
    "first": Text("the first", "نخستین"),
    "last": Text("the last", "آخرین"),
    "aggregate": Text("all", "همهٔ موارد"),
}
WHEN = {
    "ever": Text("ever", "در هر زمان"),
    "before": Text("before", "پیش از سطر"),
    "after": Text("after", "پس از سطر"),
    "in between": Text("in between", "تا سطر بعدی"),
}


def put(which: str, event: str, when: str) -> Text:
    """Say what is put beside a row: ``Order, the last before``."""
    name, one, then = said(event), WHICH[which], WHEN[when]
    return Text(f"{name.en}, {one.en} {then.en}", f"{name.fa}، {one.fa} {then.fa}")


def value(what: str, beside: Text | None = None) -> Text:
    """Say what a value is called, and of what beside the row it is."""
    told = KNOWN.get(what) or called(what)
    return Text(f"{beside.en}: {told.en.lower()}", f"{beside.fa}: {told.fa}") if beside else told


@dataclass(frozen=True)
class Appended:
    """What was found beside the rows; see `ganj.miners.activity.Beside`.

    Attributes
    ----------
    names : of the appends, each with what people read for it
    events : of the appends
    labels : of the sample's columns
    """

    cohort: str
    names: dict[str, Text]
    events: tuple[str, ...]
    labels: dict[str, Text]
    rows: int
    customers: int
    found: Array
    sample: pa.Table

    def appends_table(self) -> Table:
        """Lay out what was found of each append; the first row is the cohort itself."""
        found = self.found
        labels = tuple(self.names.items())
        first = ("rows", Text("All rows", "همهٔ سطرها"))
        with np.errstate(divide="ignore", invalid="ignore"):
            means = [found[:, a] / found[:, b] for a, b in ((3, 1), (4, 5), (6, 7))]
        count, gap, money = (np.concatenate(([np.nan], one)) for one in means)
        hit = np.concatenate(([self.rows], found[:, 1])).astype(np.int64)
        return Table.of(
            Text("Found beside the rows", "یافته‌های کنار سطرها"),
            (
                Column(
                    name="append",
                    label=Text("Put beside", "کنار سطر"),
                    unit="category",
                    choices=(first, *labels),
                ),
                np.arange(len(hit)),
            ),
            (column("rows", "Rows with a match", "سطرهای دارای یافته", "count"), hit),
            (column("share", "Of all rows", "از همهٔ سطرها", "percent"), 100 * hit / max(self.rows, 1)),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                np.concatenate(([self.customers], found[:, 2])).astype(np.int64),
                [(Where("activity_rows", ">", 0),), *((Where("found", "has", name),) for name in self.names)],
            ),
            (column("matches", "Matches a row", "یافته در هر سطر"), count),
            (column("gap", "Mean time between", "میانگین فاصله", "duration"), gap),
            (column("amount", "Mean amount", "میانگین مبلغ", "money"), money),
        )

    def sample_table(self) -> Table:
        """Lay out the first rows as they are."""
        return Table.of(
            Text("The first rows", "نخستین سطرها"), *(self._column(name) for name in self.sample.column_names)
        )

    def _column(self, name: str) -> tuple[Column, object]:
        values, kind = self.sample[name].combine_chunks(), self.sample.schema.field(name).type
        label = self.labels.get(name) or value(name)
        if pa.types.is_timestamp(kind):
            return Column(name=name, label=label, unit="date"), values.cast(pa.int64()).to_pylist()
        if pa.types.is_duration(kind):
            return Column(name=name, label=label, unit="duration"), _floats(values.cast(pa.int64()))
        if pa.types.is_floating(kind):
            return Column(name=name, label=label, unit="money"), _floats(values)
        if pa.types.is_integer(kind):
            unit = "number" if name == "customer" else "count"
            return Column(name=name, label=label, unit=unit), values.to_numpy()
        kinds = {one: value_words(one) for one in values.drop_null().unique().to_pylist()}
        if name.rpartition(": ")[2] == "event":
            kinds = {one: words(one) for one in kinds}
        codes = [None if one is None else list(kinds).index(one) for one in values.to_pylist()]
        return Column(name=name, label=label, unit="category", choices=tuple(kinds.items())), codes

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away."""
        if not self.rows:
            yield Finding(
                text=Text(
                    "There is no event {event} in this period.", "در این بازه هیچ رویداد «{event}» نیست."
                ),
                evidence={"event": said(self.cohort)},
                tone="warn",
                weight=1.5,
            )
            return
        for number, name in enumerate(self.names):
            yield self._told(number, name)

    def _told(self, number: int, name: str) -> Finding:
        found = self.found[number]
        if not found[0]:
            return Finding(
                text=Text(
                    "There is no event {event} at all; it may be recorded under another name.",
                    "هیچ رویداد «{event}» نیست؛ شاید با نام دیگری ثبت شده باشد.",
                ),
                evidence={"event": said(self.events[number])},
                tone="warn",
                weight=1.2,
            )
        return Finding(
            text=Text(
                "{share:percent} of the {rows:count} rows have “{name}”: {customers:count} customers.",
                "{share:percent} از {rows:count} سطر «{name}» دارند: {customers:count} مشتری.",
            ),
            evidence={
                "share": 100 * found[1] / self.rows,
                "rows": self.rows,
                "name": self.names[name],
                "customers": int(found[2]),
            },
            opens=(Where("found", "has", name),) if found[2] else None,
            weight=1.0 - number / 100,
        )


def _floats(values: pa.Array) -> Array:
    found: Array = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return found


def charts() -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    share = Text("Rows that have it", "سهم سطرهای دارای یافته")
    return (Chart(kind="hbar", table="appends", title=share, x="append", y=("share",)),)
