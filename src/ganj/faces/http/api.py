"""The product's API, under ``/api/v1``: the same verbs as the shell and the pages, the same JSON.

Handlers are plain functions that run on threads; each is one verb of the workspace.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from litestar import Request, Response, Router, delete, get, patch, post, put
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream

from ganj import miners
from ganj.display import Display
from ganj.errors import GanjError
from ganj.faces.http import formats, resources
from ganj.faces.http.problems import language_of, mistake
from ganj.faces.http.state import workspace_of
from ganj.faces.plain import people, plain
from ganj.miner import Miner
from ganj.parameters import build, dump, parameters
from ganj.segments import Segment
from ganj.workspace import People, laid_out
from ganj.workspace.profiles import whole

Asked = Request[Any, Any, Any]
_OURS = {"words", "language", "format", "table", "offset", "limit", "theme"}


class ImportOrder(msgspec.Struct, forbid_unknown_fields=True):
    """What to import: a path on the server's machine and the answers that detection needs."""

    path: str
    options: dict[str, Any] = {}
    dry_run: bool = False


class Query(msgspec.Struct, forbid_unknown_fields=True):
    """A read-only query."""

    query: str
    limit: int = 10_000


def reader(state: State, request: Asked) -> Display:
    """Return the workspace's settings in the language the reader asked for."""
    settings = workspace_of(state).settings
    if "language" not in request.query_params:
        return settings
    return msgspec.structs.replace(settings, language=language_of(request))


def asked_miner(name: str, request: Asked) -> Miner[Any, Any]:
    """Build the analysis that a query string asks for."""
    words: dict[str, Any] = {}
    for key, value in request.query_params.multi_items():
        if key not in _OURS and value != "":
            words.setdefault(key, []).append(value)
    return build(miners.find(name), {k: v[0] if len(v) == 1 else v for k, v in words.items()})


@get("/mine", sync_to_thread=True)
def analyses(state: State, request: Asked) -> list[dict[str, Any]]:
    """List the analyses with their questions and parameters."""
    language = reader(state, request).language
    return [_described(name, language) for name in miners.names()]


@get("/mine/{name:str}", sync_to_thread=True)
def mine(state: State, request: Asked, name: FromPath[str]) -> Response[Any]:
    """Run an analysis; JSON of the whole report, or one ``table`` as CSV or Arrow.

    ``words=1`` also says each table's rows as a person reads them.
    """
    found = workspace_of(state).mine(asked_miner(name, request))
    kind, display = formats.wanted(request), reader(state, request)
    if kind == "json":
        said = found.to_json(display)
        if "words" in request.query_params:
            for table, told in said["tables"].items():
                told["words"] = found.table(table).words(display)
        return Response(said)
    asked = str(request.query_params.get("table", ""))
    return formats.sent(found.table(asked).to_arrow(), kind, f"{name}-{asked or found.tables[0]}")


@get("/mine/{name:str}/scores", sync_to_thread=True)
def scores(
    state: State,
    request: Asked,
    name: FromPath[str],
    offset: FromQuery[int] = 0,
    limit: FromQuery[int] = 1_000,
) -> Response[Any]:
    """Return what an analysis says of each customer: pages of JSON, or all of it as CSV or Arrow."""
    table = workspace_of(state).mine(asked_miner(name, request)).scores()
    kind = formats.wanted(request)
    if kind != "json":
        return formats.sent(table, kind, f"{name}-scores")
    return Response(_paged(table, offset, limit))


@get("/mine/{name:str}/rows", sync_to_thread=True)
def rows(
    state: State,
    request: Asked,
    name: FromPath[str],
    offset: FromQuery[int] = 0,
    limit: FromQuery[int] = 1_000,
) -> Response[Any] | Stream:
    """Return what an analysis says row by row: some rows as JSON, or all as CSV, Arrow or an event log (XES)."""
    kind = formats.wanted(request, (*formats.TABLES, formats.EVENT_LOG))
    workspace = workspace_of(state)
    asked = laid_out.asked(workspace, asked_miner(name, request), "csv" if kind == "json" else kind)
    found = workspace.mine(asked)
    if kind != "json":
        return formats.streamed(laid_out.pieces(found, kind), kind, name)
    columns, told = laid_out.first(found.parts(), max(offset, 0), min(max(limit, 1), 100_000))
    body = [[_json(value) for value in row.values()] for row in told]
    return Response({"offset": max(offset, 0), "columns": columns, "rows": body})


@get("/imports", sync_to_thread=True)
def imports(state: State) -> list[Any]:
    """List the imports, newest first."""
    return [plain(batch) for batch in workspace_of(state).batches()]


@post("/imports", sync_to_thread=True)
def import_files(state: State, data: JSONBody[ImportOrder]) -> dict[str, Any]:
    """Import a file or folder; with ``dry_run``, only say what would happen."""
    workspace = workspace_of(state)
    plan = workspace.plan(data.path, **data.options)
    done = workspace.check(plan) if data.dry_run else workspace.load(plan)
    said: dict[str, Any] = plain(done)
    return said


@delete("/imports/{batch:int}", status_code=200, sync_to_thread=True)
def undo(state: State, batch: FromPath[int]) -> Any:
    """Take an import back."""
    return plain(workspace_of(state).undo(batch))


@get("/segments", sync_to_thread=True)
def segments(state: State, request: Asked) -> list[dict[str, Any]]:
    """List the saved segments with their sizes."""
    workspace, display = workspace_of(state), reader(state, request)
    return [
        {
            "name": name,
            "size": len(workspace.members(told)),
            "sentence": told.sentence(display),
            "all": msgspec.to_builtins(told.all),
        }
        for name, told in workspace.segments().items()
    ]


@put("/segments/{name:str}", sync_to_thread=True)
def save_segment(state: State, name: FromPath[str], data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Save a segment."""
    return {"name": name, "size": workspace_of(state).save_segment(name, Segment.read(data))}


@delete("/segments/{name:str}", status_code=200, sync_to_thread=True)
def remove_segment(state: State, name: FromPath[str]) -> dict[str, Any]:
    """Remove a saved segment; its customers stay."""
    workspace_of(state).remove_segment(name)
    return {"name": name, "removed": True}


@get("/segments/{name:str}/customers", sync_to_thread=True)
def members(
    state: State,
    request: Asked,
    name: FromPath[str],
    offset: FromQuery[int] = 0,
    limit: FromQuery[int] = 1_000,
) -> Response[Any]:
    """List a segment's customers."""
    table = pa.table({"customer": workspace_of(state).members(name)})
    kind = formats.wanted(request)
    return (
        formats.sent(table, kind, "customers") if kind != "json" else Response(_paged(table, offset, limit))
    )


@get("/customers", sync_to_thread=True)
def customers(
    state: State,
    request: Asked,
    search: FromQuery[str] = "",
    segment: FromQuery[str] = "",
    offset: FromQuery[int] = 0,
    limit: FromQuery[int] = 50,
) -> dict[str, Any]:
    """List customers, by revenue or another ``sort``, ``descending`` or not; or those with an ``identifier``."""
    workspace = workspace_of(state)
    if request.query_params.get("identifier"):
        return whole.named(workspace, str(request.query_params["identifier"]))
    told = workspace.definition(segment) if segment else None
    found = workspace.customers(
        People(
            segment=told,
            search=search,
            sort=str(request.query_params.get("sort", "revenue")),
            descending=str(request.query_params.get("descending", "true")).lower() != "false",
            offset=max(offset, 0),
            limit=min(max(limit, 1), 1_000),
        )
    )
    return {"total": found.total, "offset": offset, "rows": people(found)}


@post("/sql", status_code=200, sync_to_thread=True)
def sql(state: State, request: Asked, data: JSONBody[Query]) -> Response[Any]:
    """Run a read-only query."""
    table = workspace_of(state).sql(data.query, data.limit)
    kind = formats.wanted(request)
    if kind != "json":
        return formats.sent(table, kind, "query")
    return Response(
        {"columns": table.column_names, "rows": [list(row.values()) for row in table.to_pylist()]}
    )


@get("/verify", sync_to_thread=True)
def verify(state: State, request: Asked) -> dict[str, Any]:
    """Prove that the folder is whole."""
    language = reader(state, request).language
    problems = workspace_of(state).verify()
    return {
        "whole": not problems,
        "problems": [{"path": str(p.path), "what": p.what.of(language)} for p in problems],
    }


@post("/rebuild", status_code=200, sync_to_thread=True)
def rebuild(state: State) -> dict[str, Any]:
    """Make everything derived anew."""
    workspace_of(state).rebuild()
    return {"data_version": workspace_of(state).store.data_version}


@get("/settings", sync_to_thread=True)
def settings(state: State) -> Any:
    """Return the workspace's settings."""
    return msgspec.to_builtins(workspace_of(state).settings)


@patch("/settings", sync_to_thread=True)
def save_settings(state: State, data: JSONBody[dict[str, Any]]) -> Any:
    """Change some settings."""
    workspace = workspace_of(state)
    changed = build(Display, {**dump(workspace.settings), **data})
    workspace.save_settings(changed)
    return msgspec.to_builtins(changed)


@get("/healthz", opt={"open": True}, sync_to_thread=False)
def healthz(state: State) -> dict[str, Any]:
    """Say that the process lives, and whether it can take events: a full disk is seen here."""
    gate = state.get("gate")
    return {"status": "ok"} if gate is None else {"status": "ok", "collection": gate.state()}


@get("/readyz", sync_to_thread=True)
def readyz(state: State) -> dict[str, Any]:
    """Say that the workspace answers."""
    return {"status": "ok", "data_version": workspace_of(state).store.data_version}


def _described(name: str, language: str) -> dict[str, Any]:
    cls = miners.find(name)
    fields = [
        {
            "name": p.name,
            "label": p.label.of(language),
            "kind": p.kind,
            "default": p.default,
            "required": p.required,
            "choices": [{"name": choice, "label": label.of(language)} for choice, label in p.choices],
        }
        for p in parameters(cls)
    ]
    return {"name": name, "question": cls.question.of(language), "family": cls.family, "parameters": fields}


def _paged(table: pa.Table, offset: int, limit: int) -> dict[str, Any]:
    part = table.slice(max(offset, 0), min(max(limit, 1), 100_000))
    rows = [[_json(value) for value in row.values()] for row in part.to_pylist()]
    return {"total": table.num_rows, "offset": offset, "columns": table.column_names, "rows": rows}


def _json(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value


router = Router(
    "/api/v1",
    route_handlers=[
        analyses, mine, scores, rows, imports, import_files, undo, segments, save_segment, remove_segment, members,
        customers, sql, verify, rebuild, settings, save_settings, *resources.handlers(),
    ],
    exception_handlers={GanjError: mistake},
)  # fmt: skip
"""The routes under ``/api/v1``."""

health = [healthz, readyz]
"""The routes a supervisor asks."""
