"""A report as a page shows it: findings that open, pictures with their numbers, tables, customers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from ganj import charts, miners
from ganj.faces.web import cells
from ganj.faces.web.selection import Selection, behind, changed, opening
from ganj.faces.web.visit import WORKING, Visit
from ganj.miner import Chart, Column, Opens, Table
from ganj.parameters import parameters
from ganj.text import Text
from ganj.workspace import Mined, People

T = TypeVar("T")
MOST_ROWS = 200
MOST_PEOPLE = 50
WORKERS = ThreadPoolExecutor(4, thread_name_prefix="mine")


@dataclass(frozen=True)
class Ready(Generic[T]):
    """A result that came in time."""

    result: T


def soon(work: Callable[[], T]) -> Ready[T] | None:
    """Return the result if it comes within a moment; else None, and the work goes on and is kept."""
    future = WORKERS.submit(work)
    try:
        return Ready(future.result(timeout=WORKING))
    except NotYet:
        return None


def seen(visit: Visit, mined: Mined) -> dict[str, Any]:
    """Return everything a page shows of a result."""
    name, words = miners.name_of(mined.miner), changed(mined.miner)
    opens = opener(visit, mined)
    return {
        "name": name,
        "words": words,
        "lead": lead(visit, mined),
        "findings": findings(visit, mined, opens),
        "pictures": [
            picture(visit, mined, number, chart) for number, chart in enumerate(mined.report.charts)
        ],
        "tables": [sheet(visit, key, table, opens) for key, table in mined.report.tables.items()],
        "scored": bool(mined.miner.scored),
        "empty": all(len(table) == 0 for table in mined.report.tables.values()),
    }


def opener(visit: Visit, mined: Mined) -> Callable[[Opens], str]:
    """Return what turns a condition of a result into the address of its customers."""
    base = opening(visit, mined.miner, ())
    return lambda where: base + behind(where)


def findings(visit: Visit, mined: Mined, opens: Callable[[Opens], str]) -> list[dict[str, str]]:
    """Return the sentences, most important first."""
    return [
        {
            "text": said.in_words(visit.display),
            "tone": said.finding.tone,
            "href": opens(said.finding.opens) if said.finding.opens else "",
        }
        for said in mined.findings
    ]


def lead(visit: Visit, mined: Mined) -> str:
    """Say what was counted, over what, as of when."""
    miner, d = mined.miner, visit.display
    span = visit.workspace.store.span()
    first = miner.since or (span[0] if span else None)
    last = miner.until - timedelta(days=1) if miner.until else None
    parts = [d.between(first, last)] if first is not None and last is not None else []
    if miner.segment:
        parts.append(visit.say("segment {name}", "بخش {name}", name=miner.segment))
    return " · ".join(parts)


def picture(visit: Visit, mined: Mined, number: int, chart: Chart) -> dict[str, Any]:
    """Return one picture: its option, where its marks lead, its table, its downloads."""
    table = mined.report.tables[chart.table]
    name, words = miners.name_of(mined.miner), changed(mined.miner)
    place = f"analyses/{name}/charts/{number}"
    option = charts.option(chart, table, visit.display, visit.scheme)  # type: ignore[arg-type] # light or dark
    return {
        "title": visit.of(chart.title),
        "option": option,
        "base": opening(visit, mined.miner, ()),
        "opens": where_of(table),
        "sheet": visit.url(f"analyses/{name}/sheets/{chart.table}", **words),
        "png": visit.url(place, kind="png", **words),
        "svg": visit.url(place, kind="svg", **words),
        "words": option.get("ganj", {}).get("words", visit.of(chart.title)),
    }


def where_of(table: Table) -> dict[str, list[Any]]:
    """Return for every column that opens, the conditions of each row, for the picture's script."""
    return {
        column: [None if one is None else [[w.column, w.op, w.value] for w in one] for one in rows]
        for column, rows in table.opens.items()
    }


def sheet(visit: Visit, key: str, table: Table, opens: Callable[[Opens], str]) -> dict[str, Any]:
    """Return one table."""
    return {
        "key": key,
        "title": visit.of(table.title) or key,
        "heads": cells.header(table.columns, visit),
        "rows": cells.rows(table, visit, opens, MOST_ROWS),
        "more": max(len(table) - MOST_ROWS, 0),
    }


def scored(visit: Visit, mined: Mined) -> dict[str, Any]:
    """Return the first customers of an analysis, biggest first, with what it says of each."""
    scores = mined.scores()
    page = visit.workspace.customers(People(limit=10_000 if scores.num_rows > MOST_PEOPLE else MOST_PEOPLE))
    numbers = page.rows["customer"].to_pylist()
    names = dict(zip(numbers, names_of(page.rows), strict=True))
    of = {row["customer"]: row for row in scores.to_pylist()} if scores.num_rows < 200_000 else {}
    chosen = [number for number in numbers if number in of][:MOST_PEOPLE]
    columns = mined.miner.scored[:6]
    return {
        "total": visit.display.count(scores.num_rows),
        "heads": cells.header(columns, visit),
        "people": [
            (
                number,
                names[number],
                [cells.cell(column, of[number][column.name], visit) for column in columns],
            )
            for number in chosen
        ],
        "all": visit.url("customers", **Selection(miners.name_of(mined.miner), changed(mined.miner)).query()),
    }


def names_of(rows: Any) -> list[str]:
    """Return the best name of each customer of a page: name, e-mail, phone, or none."""
    out = [""] * rows.num_rows
    for column in ("name", "email", "phone"):
        if column in rows.column_names:
            out = [old or (value or "") for old, value in zip(out, rows[column].to_pylist(), strict=True)]
    return out


def bar(visit: Visit, cls: type, words: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices above a page: the period and the segment."""
    known = {p.name for p in parameters(cls)}
    span = visit.workspace.store.span()
    d, since, until = visit.display, str(words.get("since", "")), str(words.get("until", ""))
    return {
        "since": since,
        "until": until,
        "last": iso(visit, span[1]) if span else "",
        "said": said_period(visit, since, until),
        "ready": [(key, visit.of(text)) for key, text in READY.items()],
        "segments": [(name, d.isolated(name)) for name in visit.workspace.segments()],
        "segment": str(words.get("segment", "")),
        "has_segment": "segment" in known,
        "has_period": "since" in known,
    }


READY = {
    "all": Text("All time", "همهٔ زمان‌ها"),
    "d30": Text("Last 30 days", "۳۰ روز گذشته"),
    "d90": Text("Last 90 days", "۹۰ روز گذشته"),
    "d365": Text("Last 365 days", "۳۶۵ روز گذشته"),
    "month": Text("This month", "این ماه"),
    "before": Text("Last month", "ماه گذشته"),
    "year": Text("This year", "امسال"),
    "lastyear": Text("Last year", "پارسال"),
}


def iso(visit: Visit, time: int) -> str:
    """Return the local day of a time as ISO."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    return datetime.fromtimestamp(time / 1e6, UTC).astimezone(ZoneInfo(visit.display.zone)).date().isoformat()


def said_period(visit: Visit, since: str, until: str) -> str:
    """Say the chosen period."""
    from datetime import date

    d = visit.display
    try:
        first = date.fromisoformat(since) if since else None
        last = date.fromisoformat(until) - timedelta(days=1) if until else None
    except ValueError:
        return f"{since} – {until}"
    if first and last:
        return d.between(first, last)
    if first:
        return visit.say("Since {day}", "از {day}", day=d.date(first))
    return visit.say("Until {day}", "تا {day}", day=d.date(last)) if last else visit.of(READY["all"])


def column_named(columns: tuple[Column, ...], name: str) -> Column | None:
    """Return a column by name."""
    return next((column for column in columns if column.name == name), None)
