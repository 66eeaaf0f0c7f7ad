"""What comes back from mining: the report with faces for programs and for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from ganj import miners
from ganj.display import Display
from ganj.errors import UnknownName
from ganj.miner import Column, Finding, Miner, Report, Table
from ganj.parameters import dump
from ganj.text import Text
from ganj.workspace.cells import arrow, plain


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of a report, for pandas, polars, Arrow and JSON."""

    table: Table
    miner: Miner[Any, Any]

    def to_arrow(self) -> pa.Table:
        """Return an Arrow table: periods as dates, categories as dictionaries of names."""
        columns = self.table.columns
        return pa.table({c.name: arrow(c, self.table.values[c.name], self.miner) for c in columns})

    def to_pandas(self) -> Any:
        """Return a pandas data frame (needs the extra ``ganj[pandas]``)."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """Return a polars data frame (needs the extra ``ganj[polars]``)."""
        import polars as pl

        return pl.from_arrow(self.to_arrow())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the table to any library that speaks the Arrow stream protocol."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.table)

    def words(self, display: Display) -> list[list[str]]:
        """Return the rows as one reader sees them: numbers, periods and categories in words."""
        columns = [_words(column, self, display) for column in self.table.columns]
        return [list(row) for row in zip(*columns, strict=True)]

    def to_json(self, display: Display) -> dict[str, Any]:
        """Return ``columns`` (name, label, unit) and ``rows``."""
        columns = self.table.columns
        lists = [plain(c, self.table.values[c.name], self.miner) for c in columns]
        return {
            "columns": [
                {"name": c.name, "label": c.label.of(display.language), "unit": c.unit} for c in columns
            ],
            "rows": [list(row) for row in zip(*lists, strict=True)],
        }


@dataclass(frozen=True, eq=False)
class Said:
    """A finding with its numbers filled in."""

    finding: Finding
    display: Display
    miner: Miner[Any, Any]

    @property
    def text(self) -> str:
        """The sentence, in the workspace's language."""
        return self.in_words(self.display)

    @property
    def evidence(self) -> dict[str, Any]:
        """The numbers of the sentence."""
        return {name: _scalar(value) for name, value in self.finding.evidence.items()}

    def in_words(self, display: Display) -> str:
        """Return the sentence for one reader; its periods are those of the calendar it was counted in."""
        calendar, zone, week_start = self.miner.bucketing
        counted = msgspec.structs.replace(display, calendar=calendar, zone=zone, week_start=week_start)
        return counted.text(self.finding.text, **self.finding.evidence)

    def __str__(self) -> str:
        """Return the sentence."""
        return self.text


@dataclass(frozen=True, eq=False)
class Mined:
    """The result of an analysis.

    Attributes
    ----------
    miner : the analysis, with every parameter as it was used
    model, report : see `ganj.miner`
    data_version : the state of the store that this was computed from
    display : how the workspace's people read numbers
    """

    miner: Miner[Any, Any]
    model: Any
    report: Report
    data_version: str
    display: Display
    scored: Callable[[], pa.Table]
    streamed: Callable[[], Iterator[pa.Table]] = lambda: iter(())

    def table(self, name: str = "") -> Sheet:
        """Return a table of the report; the first one if no name is given.

        Raises
        ------
        UnknownName
            With the nearest names.
        """
        name = name or next(iter(self.report.tables), "")
        if name not in self.report.tables:
            raise UnknownName.among(Text("table", "جدول"), name, self.report.tables)
        return Sheet(self.report.tables[name], self.miner)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the report's tables."""
        return tuple(self.report.tables)

    def scores(self) -> pa.Table:
        """Return what the analysis says of each customer: ``customer`` ascending, then its columns."""
        return self.scored()

    def parts(self) -> Iterator[pa.Table]:
        """Yield what the analysis says row by row, in parts: for results larger than memory."""
        return self.streamed()

    def rows(self) -> pa.Table:
        """Return what the analysis says row by row, such as the rows of `ganj.miners.activity`; empty for most."""
        parts = list(self.parts())
        return pa.concat_tables(parts, promote_options="permissive") if parts else pa.table({})

    @cached_property
    def findings(self) -> tuple[Said, ...]:
        """Sentences, most important first."""
        ordered = sorted(self.report.findings, key=lambda finding: -finding.weight)
        return tuple(Said(finding, self.display, self.miner) for finding in ordered)

    def to_json(self, display: Display | None = None) -> dict[str, Any]:
        """Return the result as plain JSON, for one reader."""
        display = display or self.display
        return {
            "miner": miners.name_of(self.miner),
            "parameters": dump(self.miner),
            "data_version": self.data_version,
            "tables": {name: self.table(name).to_json(display) for name in self.report.tables},
            "findings": [{"text": s.in_words(display), "evidence": s.evidence} for s in self.findings],
        }

    def __repr__(self) -> str:
        """Say the question and the findings."""
        lines = [self.miner.question.of(self.display.language), *(f"• {said}" for said in self.findings)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Draw the result in a notebook: question, findings, pictures, first table."""
        language = self.display.language
        side = "rtl" if language == "fa" else "ltr"
        said = "".join(f"<li>{escape(s.text)}</li>" for s in self.findings)
        pictures = "".join(self._pictures())
        rows = _html(self.table(), self.display) if self.report.tables else ""
        return f'<div dir="{side}"><h3>{escape(self.miner.question.of(language))}</h3><ul>{said}</ul>{pictures}{rows}</div>'

    def _pictures(self) -> list[str]:
        from ganj import charts

        drawn = [(chart, self.report.tables[chart.table]) for chart in self.report.charts]
        options = [charts.option(chart, table, self.display) for chart, table in drawn if len(table)]
        return [charts.svg(option) for option in options[:3]]


def _html(sheet: Sheet, display: Display, most: int = 20) -> str:
    columns = sheet.table.columns
    head = "".join(f"<th>{escape(c.label.of(display.language))}</th>" for c in columns)
    cells: list[Mapping[int, Any]] = [dict(enumerate(_words(c, sheet, display))) for c in columns]
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(column[i]))}</td>" for column in cells) + "</tr>"
        for i in range(min(len(sheet), most))
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _words(column: Column, sheet: Sheet, display: Display) -> list[str]:
    values = plain(column, sheet.table.values[column.name], sheet.miner)
    if column.choices:
        names = {name: text.of(display.language) for name, text in column.choices}
        return [names.get(value, "—") for value in values]
    if column.unit == "period":
        raw = np.asarray(sheet.table.values[column.name])
        return [
            display.value(int(one), column.unit, period=column.period, calendar=column.calendar)
            for one in raw
        ]
    if column.unit == "date":
        values = [
            None if plainly is None else int(raw)
            for plainly, raw in zip(values, _raw(column, sheet), strict=True)
        ]
    return [display.value(value, column.unit) for value in values]


def _raw(column: Column, sheet: Sheet) -> Any:
    """Return the times of a column of dates, µs UTC, which the display knows how to write."""
    return sheet.table.values[column.name]


def _scalar(value: Any) -> Any:
    if isinstance(value, Text):
        return value.en
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - nan is not itself
