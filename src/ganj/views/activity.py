"""Activity queries: tables, a picture, sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ganj.events import words
from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Table, Where, column
from ganj.text import Text, same

KNOWN = {
    "customer": ("Customer", "مشتری", "number"),
    "row": ("Row of the customer", "سطر مشتری", "count"),
    "time": ("Time", "زمان", "date"),
    "amount": ("Amount", "مبلغ", "money"),
}


@dataclass(frozen=True)
class Appended:
    """What was found beside the rows; see `ganj.miners.activity.Beside`.

    Attributes
    ----------
    names, events : of the appends
    """

    cohort: str
    names: tuple[str, ...]
    events: tuple[str, ...]
    rows: int
    customers: int
    found: Array
    sample: pa.Table

    def appends_table(self) -> Table:
        """Lay out what was found of each append; the first row is the cohort itself."""
        found = self.found
        labels = tuple((name, same(name)) for name in self.names)
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
        en, fa, unit = KNOWN.get(name, (name, name, "text"))
        if pa.types.is_timestamp(kind):
            times = values.cast(pa.int64()).to_pylist()
            return column(name, en, fa, "date"), times
        if pa.types.is_duration(kind):
            return column(name, en, fa, "duration"), _floats(values.cast(pa.int64()))
        if pa.types.is_floating(kind):
            return column(name, en, fa, "money"), _floats(values)
        if pa.types.is_integer(kind):
            return column(name, en, fa, "count" if unit == "text" else unit), values.to_numpy()
        return column(name, en, fa, "text"), values.to_pylist()

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away."""
        if not self.rows:
            yield Finding(
                text=Text(
                    "There is no event {event} in this period.", "در این بازه هیچ رویداد «{event}» نیست."
                ),
                evidence={"event": words(self.cohort)},
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
                evidence={"event": words(self.events[number])},
                tone="warn",
                weight=1.2,
            )
        return Finding(
            text=Text(
                "{share:percent} of the {rows:count} rows have: {name}; {customers:count} customers.",
                "{share:percent} از {rows:count} سطر این را دارند: {name}؛ {customers:count} مشتری.",
            ),
            evidence={
                "share": 100 * found[1] / self.rows,
                "rows": self.rows,
                "name": name,
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
