"""Lists of customers: everyone, behind a number, of a segment, or who fit a sentence."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pyarrow as pa
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery
from litestar.response import Redirect

from ganj.access.masking import masked
from ganj.errors import BadParameter
from ganj.faces.http import formats
from ganj.faces.web import cells, filters
from ganj.faces.web.reports import names_of
from ganj.faces.web.selection import Selection, told
from ganj.faces.web.visit import Here, Visit
from ganj.miner import Column
from ganj.misread import misread
from ganj.segments import Segment
from ganj.text import Text
from ganj.workspace import Page, People

Asked = Request[Any, Any, Any]
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
LENGTH = 50
MOST = 1_000_000  # rows of an export
SHOWN = 6  # columns beside the name
FIRST = ("orders", "revenue", "average_basket", "first_order", "last_order")
"""Of the figures that everyone has, those a list shows."""
NO_NAME = Text("a name is needed.", "نامی لازم است.")
HIDDEN = frozenset({"national_code"})
"""Never leaves in full in a list."""


@get("/customers", sync_to_thread=True)
def customers(visit: Here, request: Asked) -> Response[Any]:
    """Show a page of customers, or add the condition that was just written to the address."""
    query = request.query_params
    selection = Selection.read(query)
    added = filters.condition(visit, {name: query.get(name, "") for name in ("key", "op", "value")})
    if added is not None:
        more = Selection.query(selection)
        more["cond"] = [*more.get("cond", []), told(added)]
        return Redirect(visit.url("customers", q=query.get("q", ""), **more), status_code=303)
    segment = selection.segment(visit)
    asked = people(query, segment)
    context = listed(visit, visit.workspace.customers(asked), asked, selection)
    if visit.partial and request.headers.get("hx-target", "").endswith("people"):
        return visit.show("_parts/people.html", **context)
    return visit.show(
        "customers.html",
        groups=filters.groups(visit),
        segments=[(name, visit.url("customers", named=name)) for name in visit.workspace.segments()],
        done=str(query.get("done", "")),
        **context,
        **described(visit, selection, segment),
    )


@get("/customers/blank", sync_to_thread=True)
def blank(visit: Here, key: FromQuery[str] = "") -> Response[str]:
    """Answer with how a column can be compared and with what."""
    return visit.show("_parts/blank.html", blank=filters.blank(visit, key))


@get("/customers/export", sync_to_thread=True)
def export(visit: Here, request: Asked) -> Response[Any]:
    """Give the whole list as CSV, safe to open in a spreadsheet."""
    query = request.query_params
    asked = people(query, Selection.read(query).segment(visit), limit=MOST)
    rows = visit.workspace.customers(asked).rows
    kept = [name for name in rows.column_names if name not in HIDDEN]
    return formats.sent(rows.select(kept), "csv", "customers")


@post("/segments", status_code=200, sync_to_thread=True)
def save_segment(visit: Here, data: Form) -> Redirect:
    """Keep the list as a segment."""
    name = str(data.get("name", "")).strip()
    if not name:
        raise BadParameter(parameter="name", value=name, why=NO_NAME)
    definition = Segment.read(formats_json(str(data.get("segment", "{}"))))
    visit.workspace.save_segment(name, definition)
    return Redirect(visit.url("customers", named=name, done="saved"), status_code=303)


@post("/segments/remove", status_code=200, sync_to_thread=True)
def remove_segment(visit: Here, data: Form) -> Redirect:
    """Forget a segment; its definition goes along so that it can be taken back."""
    name = str(data.get("name", ""))
    definition = visit.workspace.definition(name)
    visit.workspace.remove_segment(name)
    query = Selection(conditions=definition.all).query()
    return Redirect(visit.url("customers", done="removed:" + name, **query), status_code=303)


def formats_json(words: str) -> Any:
    """Read JSON that a form carries."""
    import msgspec

    try:
        return msgspec.json.decode(words.encode())
    except msgspec.DecodeError as wrong:
        raise misread(wrong, parameter="segment", value=words) from wrong


def people(query: Any, segment: Segment | None, limit: int = LENGTH) -> People:
    """Read which page is asked for."""
    number = max(_whole(query.get("leaf", "1")), 1)
    columns = {column.name for column in filters.overview_columns()} | {"customer"}
    sort = str(query.get("sort", ""))
    return People(
        segment=segment,
        search=str(query.get("q", "")),
        sort=sort if sort in columns else People().sort,
        descending=query.get("up", "") != "1",
        offset=(number - 1) * limit if limit == LENGTH else 0,
        limit=limit,
    )


def listed(visit: Visit, page: Page, asked: People, selection: Selection) -> dict[str, Any]:
    """Return one page of the list as the template shows it."""
    columns, extra = shown_columns(visit, page, selection)
    rows = page.rows
    numbers = rows["customer"].to_pylist()
    values = {
        column.name: rows[column.name].to_pylist() for column in columns if column.name in rows.column_names
    }
    values |= {column.name: extra[column.name] for column in columns if column.name in extra}
    names = names_of(rows)
    query = {**selection.query(), "q": asked.search}
    if asked.sort != People().sort or not asked.descending:
        query |= {"sort": asked.sort, "up": "" if asked.descending else "1"}
    number = asked.offset // LENGTH + 1
    return {
        "total": page.total,
        "q": asked.search,
        "heads": heads(visit, columns, asked, selection),
        "people": [
            (
                n,
                names[at],
                under(rows, at, names[at]),
                [cells.cell(c, values[c.name][at], visit) for c in columns],
            )
            for at, n in enumerate(numbers)
        ],
        "first": asked.offset + 1,
        "last": asked.offset + len(numbers),
        "before": visit.url("customers", **query, leaf=number - 1) if number > 1 else "",
        "after": visit.url("customers", **query, leaf=number + 1)
        if asked.offset + LENGTH < page.total
        else "",
        "selection": selection,
    }


def shown_columns(
    visit: Visit, page: Page, selection: Selection
) -> tuple[list[Column], dict[str, list[Any]]]:
    """Return the columns beside the name: what the opened analysis says first, then the figures all have."""
    extra: dict[str, list[Any]] = {}
    first: list[Column] = []
    miner = selection.miner()
    known = {column.name for column in page.columns}
    if miner is not None and page.rows.num_rows:
        first = [column for column in type(miner).scored if column.name not in known][:3]
        extra = scores_of(visit.workspace.answers.scores(miner), page.rows["customer"].to_numpy(), first)
    figures = {column.name: column for column in page.columns}
    return [*first, *(figures[name] for name in FIRST if name in figures)][:SHOWN], extra


def scores_of(scores: pa.Table, numbers: Any, columns: list[Column]) -> dict[str, list[Any]]:
    """Return what an analysis says of some customers, in their order; None where it says nothing."""
    whole = scores["customer"].to_numpy()
    at = np.searchsorted(whole, numbers)
    there = (
        (at < len(whole)) & (whole[np.minimum(at, max(len(whole) - 1, 0))] == numbers)
        if len(whole)
        else at < 0
    )
    taken = pa.array(np.where(there, at, 0), mask=~there)
    return {column.name: scores[column.name].take(taken).to_pylist() for column in columns}


def under(rows: pa.Table, at: int, name: str) -> list[str]:
    """Return what stands beside a name: the city, and the phone or e-mail masked."""
    told = {c: rows[c][at].as_py() for c in ("city", "phone", "email") if c in rows.column_names}
    reached = (
        masked("phone", told["phone"]) if told.get("phone") else masked("email", told.get("email") or "")
    )
    # A number begins with its plus in either direction of reading.
    return [
        part
        for part in (told.get("city") or "", reached and f"\u2066{reached}\u2069")
        if part and part != name
    ]


def heads(visit: Visit, columns: list[Column], asked: People, selection: Selection) -> list[dict[str, Any]]:
    """Return the heads of the columns, each with the address that sorts by it."""
    sortable = {column.name for column in filters.overview_columns()}
    out = cells.header(columns, visit)
    for head in out:
        chosen = head["name"] == asked.sort
        query = {**selection.query(), "q": asked.search, "sort": head["name"]}
        up = "1" if chosen and asked.descending else ""
        head["href"] = visit.url("customers", **query, up=up) if head["name"] in sortable else ""
        head["sort"] = ("descending" if asked.descending else "ascending") if chosen else ""
    return out


def described(visit: Visit, selection: Selection, segment: Segment | None) -> dict[str, Any]:
    """Return what the list shows in words, each condition removable."""
    base = Selection(selection.of, selection.words, selection.where, selection.named)
    miner = selection.miner()
    opened = (
        Segment.of(visit.workspace.resolve(miner), selection.where) if miner and selection.where else None
    )
    chips = [
        (Segment((one,)).sentence(visit.display), visit.url("customers", **selection.without(at).query()))
        for at, one in enumerate(selection.conditions)
    ]
    if selection.named:
        bare = Selection(conditions=selection.conditions).query()
        chips.insert(0, (visit.display.isolated(selection.named), visit.url("customers", **bare)))
    return {
        "opened": opened.sentence(visit.display) if opened else "",
        "miner": type(miner) if miner else None,
        "miner_url": visit.url(f"analyses/{selection.of}", **selection.words) if miner else "",
        "chips": chips,
        "hidden": [
            (k, v)
            for k, many in selection.query().items()
            for v in (many if isinstance(many, list) else [many])
        ],
        "definition": segment_json(segment),
        "narrowest": _narrowest(visit, segment),
        "export_query": base.query() | selection.query(),
    }


def segment_json(segment: Segment | None) -> str:
    """Write a segment for the form that saves it."""
    import msgspec

    return msgspec.json.encode(segment).decode() if segment else ""


def _narrowest(visit: Visit, segment: Segment | None) -> str:
    if segment is None or len(segment.all) < 2 or len(visit.workspace.members(segment)):
        return ""
    found = filters.narrowest(visit, segment.all)
    return Segment((found,)).sentence(visit.display) if found else ""


def _whole(words: Any) -> int:
    try:
        return int(str(words))
    except ValueError:
        return 1
