"""Data in: drop a file, see how it is read, check, run, see what came of it, take it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.datastructures import State, UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body, FromPath
from litestar.response import File, Redirect

from ganj.errors import GanjError, NeedsAnswer
from ganj.faces.web import wizard
from ganj.faces.web.drafts import Drafts
from ganj.faces.web.visit import Here, Visit
from ganj.store import BatchInfo

Asked = Request[Any, Any, Any]
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
Files = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
MOST_UPLOAD = 16 * 1024**3  # bytes; a bigger file is given by its path


@get("/imports", sync_to_thread=True)
def imports(visit: Here, state: State, request: Asked) -> Response[str]:
    """List what came in, and take more."""
    return _front(visit, state, done=str(request.query_params.get("done", "")))


@post("/imports/files", request_max_body_size=MOST_UPLOAD, status_code=200, sync_to_thread=True)
def upload(visit: Here, state: State, data: Files) -> Response[Any]:
    """Keep the files that were dropped, as one import."""
    files = data.get("files")
    given = [one for one in (files if isinstance(files, list) else [files]) if isinstance(one, UploadFile)]
    named = [one for one in given if one.filename]
    if not named:
        return _front(visit, state, status=422)
    draft = _drafts(state).upload((one.filename, one.file) for one in named)
    return Redirect(visit.url(f"imports/draft/{draft.id}"), status_code=303)


@post("/imports/path", status_code=200, sync_to_thread=True)
def path(visit: Here, state: State, data: Form) -> Response[Any]:
    """Begin with a file or folder on the server's machine."""
    try:
        draft = _drafts(state).point(str(data.get("path", "")))
    except GanjError as mistake:
        return _front(visit, state, status=mistake.status, mistake=mistake, path=str(data.get("path", "")))
    return Redirect(visit.url(f"imports/draft/{draft.id}"), status_code=303)


@get("/imports/draft/{number:str}", sync_to_thread=True)
def draft(visit: Here, state: State, number: FromPath[str]) -> Response[Any]:
    """Show where an import stands: a question, the columns, or how far it is."""
    drafts = _drafts(state)
    job = drafts.job(number)
    if job is not None and job.state == "done" and job.loaded is not None:
        return Redirect(visit.url(f"imports/{job.loaded.batch}", done="imported"), status_code=303)
    told = drafts.get(number)
    if job is not None:
        return visit.show("running.html", draft=told, **wizard.progress(visit, number, job))
    try:
        plan = drafts.plan(number)
    except NeedsAnswer as question:
        return visit.show("question.html", draft=told, **wizard.question(visit, question))
    except GanjError as mistake:
        return visit.show("unreadable.html", mistake.status, draft=told, mistake=mistake)
    return visit.show("columns.html", draft=told, **wizard.columns(visit, plan, told.answers))


@post("/imports/draft/{number:str}/answers", status_code=200, sync_to_thread=True)
def answers(visit: Here, state: State, number: FromPath[str], data: Form) -> Redirect:
    """Keep answers and columns."""
    _drafts(state).answer(number, wizard.answered(data))
    return Redirect(visit.url(f"imports/draft/{number}"), status_code=303)


@get("/imports/draft/{number:str}/check", sync_to_thread=True)
def check(visit: Here, state: State, number: FromPath[str]) -> Response[str]:
    """Read everything, write nothing, and say what would happen."""
    try:
        found = _drafts(state).check(number)
    except GanjError as mistake:
        return visit.show("_parts/check.html", check=None, mistake=mistake)
    return visit.show("_parts/check.html", check=wizard.checked(visit, found), mistake=None)


@post("/imports/draft/{number:str}/run", status_code=200, sync_to_thread=True)
def run(visit: Here, state: State, number: FromPath[str]) -> Redirect:
    """Start the import; it goes on when the page is left."""
    _drafts(state).run(number)
    return Redirect(visit.url(f"imports/draft/{number}"), status_code=303)


@get("/imports/draft/{number:str}/progress", sync_to_thread=True)
def progress(visit: Here, state: State, number: FromPath[str]) -> Response[str]:
    """Answer with how far an import is; when it is through, with its result."""
    job = _drafts(state).job(number)
    if job is None:
        raise NotFoundException
    answer = visit.show("_parts/progress.html", **wizard.progress(visit, number, job))
    if job.state == "done" and job.loaded is not None:
        answer.headers["HX-Redirect"] = visit.url(f"imports/{job.loaded.batch}", done="imported")
    return answer


@post("/imports/draft/{number:str}/forget", status_code=200, sync_to_thread=True)
def forget(visit: Here, state: State, number: FromPath[str]) -> Redirect:
    """Throw a draft away."""
    _drafts(state).forget(number)
    return Redirect(visit.url("imports"), status_code=303)


@get("/imports/{batch:int}", sync_to_thread=True)
def result(visit: Here, request: Asked, batch: FromPath[int]) -> Response[str]:
    """Show what an import brought."""
    info = _batch(visit, batch)
    return visit.show(
        "imported.html",
        batch=wizard.listed(visit, info),
        counts=wizard.counts(visit, info.counts),
        notes=wizard.notes(visit, info.counts),
        bars=wizard.bars(visit, info.counts),
        has_rejects=_rejected(visit, batch) is not None,
        done=request.query_params.get("done", ""),
    )


@post("/imports/{batch:int}/undo", status_code=200, sync_to_thread=True)
def undo(visit: Here, batch: FromPath[int]) -> Redirect:
    """Take an import back; every number is then as if it had never been."""
    visit.workspace.undo(batch)
    return Redirect(visit.url("imports", done="undone"), status_code=303)


@get("/imports/{batch:int}/rejected", sync_to_thread=True)
def rejected(visit: Here, batch: FromPath[int]) -> File:
    """Give the rows that were set aside, in their own columns with the reason."""
    file = _rejected(visit, batch)
    if file is None:
        raise NotFoundException
    return File(file, filename=f"rejected-{batch}.csv", media_type="text/csv; charset=utf-8")


def _front(
    visit: Visit,
    state: State,
    *,
    status: int = 200,
    mistake: GanjError | None = None,
    path: str = "",
    done: str = "",
) -> Response[Any]:
    batches = [wizard.listed(visit, info) for info in visit.workspace.batches()]
    waiting = [(one, _drafts(state).job(one.id)) for one in _drafts(state).waiting()]
    return visit.show(
        "imports.html", status, batches=batches, waiting=waiting, mistake=mistake, path=path, done=done
    )


def _drafts(state: State) -> Drafts:
    found: Drafts = state.drafts
    return found


def _batch(visit: Visit, number: int) -> BatchInfo:
    found = next((info for info in visit.workspace.batches() if info.id == number), None)
    if found is None:
        raise NotFoundException
    return found


def _rejected(visit: Visit, number: int) -> Path | None:
    """Return the file of rows set aside, if there are any."""
    if number not in {info.id for info in visit.workspace.batches()}:
        return None
    file = visit.workspace.store.folder / "imports" / f"{number:06d}" / "rejected.csv"
    return file if file.is_file() else None
