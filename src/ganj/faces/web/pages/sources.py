"""Sources: who sends, live; keys, webhooks and what is pulled; what was not taken, and trying it again."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect

from ganj.errors import GanjError
from ganj.faces import tracker
from ganj.faces.web import forms, sources, trying
from ganj.faces.web.visit import Here, Visit
from ganj.intake.hooks import MEANINGS, Hook, flat, guessed, hook_of
from ganj.intake.sources import feeds

Asked = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/sources", sync_to_thread=True)
def index(visit: Here, request: Asked) -> Response[str]:
    """List everything customers' data comes from."""
    return _front(visit, request, done=str(request.query_params.get("done", "")))


@get("/sources/live", sync_to_thread=True)
def live(visit: Here) -> Response[str]:
    """Answer with the list alone, as it is now."""
    return visit.show(
        "_parts/senders.html", rows=sources.listed(visit), tones=sources.TONES, states=_states(visit)
    )


@post("/sources/keys", status_code=200, sync_to_thread=True)
def add_key(visit: Here, request: Asked, data: Form) -> Response[str]:
    """Make a write key and show it this once, with the lines for a site."""
    origins = [one for one in data.get("origins", "").split() if one]
    try:
        made, text = visit.workspace.keys.create(data.get("name", ""), origins=origins)
    except GanjError as mistake:
        return _front(visit, request, mistake=mistake)
    snippet = tracker.snippet(str(request.base_url), text)
    return _front(visit, request, made={"name": made.name, "key": text, "snippet": snippet, "address": ""})


@post("/sources/hooks", status_code=200, sync_to_thread=True)
def add_hook(visit: Here, request: Asked, data: Form) -> Response[str]:
    """Make a webhook and show its address this once."""
    try:
        hook = hook_of({"name": data.get("name", "").strip(), "event": data.get("event", "").strip()})
        secret = visit.workspace.hooks.save(hook)
    except GanjError as mistake:
        return _front(visit, request, mistake=mistake)
    where = f"{str(request.base_url).rstrip('/')}/hooks/{secret}" if secret else ""
    return _front(visit, request, made={"name": hook.name, "key": "", "snippet": "", "address": where})


@get("/sources/new/{kind:str}", sync_to_thread=True)
def new(visit: Here, kind: FromPath[str]) -> Response[str]:
    """Ask what a source that is pulled needs."""
    return _asking(visit, kind, {})


@post("/sources/new/{kind:str}", status_code=200, sync_to_thread=True)
def add(visit: Here, kind: FromPath[str], data: Form) -> Response[Any]:
    """Try a source, and keep it if it answers; or only try it, and show what it would bring."""
    asked = _told(kind, data)
    try:
        if data.get("only"):
            return _asking(visit, kind, data, tried=trying.shown(visit, visit.workspace.sources.look(asked)))
        visit.workspace.sources.add(asked)
    except GanjError as mistake:
        return _asking(visit, kind, data, mistake)
    return Redirect(visit.url("sources", done="added"), status_code=303)


def _told(kind: str, data: dict[str, str]) -> dict[str, Any]:
    """Return what the form says of a source."""
    ours = {"name", "every", "private", "currency", "only"}
    return {
        "name": data.get("name", ""),
        "type": kind,
        "parameters": {name: value for name, value in data.items() if value and name not in ours},
        "answers": {"currency": data["currency"]} if data.get("currency") else {},
        "every": data.get("every", ""),
        "private": data.get("private") == "true",
    }


@post("/sources/pulled/{name:str}/run", status_code=200, sync_to_thread=True)
def run(visit: Here, request: Asked, name: FromPath[str]) -> Response[Any]:
    """Fetch what is new, now."""
    try:
        visit.workspace.sources.run(name)
    except GanjError as mistake:
        return _front(visit, request, mistake=mistake)
    return Redirect(visit.url("sources", done="run"), status_code=303)


@post("/sources/pulled/{name:str}/remove", status_code=200, sync_to_thread=True)
def remove(visit: Here, name: FromPath[str]) -> Redirect:
    """Forget a source that is pulled; what it brought stays."""
    visit.workspace.sources.remove(name)
    return Redirect(visit.url("sources", done="removed"), status_code=303)


@get("/sources/of", sync_to_thread=True)
def source(visit: Here, request: Asked) -> Response[str]:
    """Show one sender: how well, what, and what was not taken."""
    return _one(
        visit, str(request.query_params.get("name", "")), done=str(request.query_params.get("done", ""))
    )


@get("/sources/tail", sync_to_thread=True)
def tail(visit: Here, request: Asked) -> Response[str]:
    """Answer with the newest events of one sender, or all."""
    name = str(request.query_params.get("name", ""))
    return visit.show("_parts/tail.html", lines=sources.tailed(visit, name))


@post("/sources/replay", status_code=200, sync_to_thread=True)
def replay(visit: Here, data: Form) -> Response[Any]:
    """Try what was not taken again."""
    name, chosen = data.get("name", ""), data.get("id", "")
    found = visit.workspace.replay([chosen] if chosen else None, name)
    return Redirect(
        visit.url("sources/of", name=name, done=f"{found.taken} {found.refused}"), status_code=303
    )


@post("/sources/amend", status_code=200, sync_to_thread=True)
def amend(visit: Here, data: Form) -> Response[Any]:
    """Try what was not taken with another text; say why where it still is not."""
    name = data.get("name", "")
    try:
        found = visit.workspace.amend(data.get("id", ""), data.get("text", ""))
    except GanjError as mistake:
        return _one(visit, name, mistake=mistake)
    return Redirect(
        visit.url("sources/of", name=name, done=f"{found.taken} {found.refused}"), status_code=303
    )


@post("/sources/mapping", status_code=200, sync_to_thread=True)
def mapping(visit: Here, data: Form) -> Response[Any]:
    """Keep what the fields of a webhook mean."""
    name = data.get("name", "")
    fields = {meaning: data[meaning] for meaning in MEANINGS if data.get(meaning)}
    told = {"name": name, "event": data.get("fixed", ""), "currency": data.get("money", ""), "fields": fields}
    try:
        visit.workspace.hooks.find(name)
        visit.workspace.hooks.save(hook_of(told))
    except GanjError as mistake:
        return _one(visit, name, mistake=mistake)
    return Redirect(visit.url("sources/of", name=name, done="mapped"), status_code=303)


@post("/sources/end", status_code=200, sync_to_thread=True)
def end(visit: Here, data: Form) -> Redirect:
    """Revoke a key or remove a webhook; what came by it stays."""
    name = data.get("name", "")
    if name in {kept.hook.name for kept in visit.workspace.hooks.all()}:
        visit.workspace.hooks.remove(name)
    else:
        visit.workspace.keys.revoke(name)
    return Redirect(visit.url("sources", done="ended"), status_code=303)


def _states(visit: Visit) -> dict[str, str]:
    return {name: visit.of(text) for name, text in sources.STATES.items()}


def _front(
    visit: Visit,
    request: Asked,
    *,
    made: dict[str, str] | None = None,
    mistake: GanjError | None = None,
    done: str = "",
) -> Response[str]:
    told = visit.workspace.store.collection.state()
    return visit.show(
        "sources.html",
        mistake.status if mistake else 200,
        rows=sources.listed(visit),
        tones=sources.TONES,
        states=_states(visit),
        pulled=sources.fetched(visit),
        kinds=[(name, visit.of(kind.label), visit.of(kind.says)) for name, kind in feeds().items()],
        waiting=told.waiting,
        damaged=len(told.damaged),
        snippet=tracker.snippet(str(request.base_url), "…"),
        address=str(request.base_url).rstrip("/"),
        made=made,
        mistake=mistake,
        done=done,
    )


def _asking(
    visit: Visit,
    kind: str,
    given: dict[str, str],
    mistake: GanjError | None = None,
    tried: dict[str, Any] | None = None,
) -> Response[str]:
    from ganj.intake.sources import SECRET, feed_named
    from ganj.parameters import parameters

    cls = feed_named(kind)
    return visit.show(
        "source_new.html",
        mistake.status if mistake else 200,
        kind=kind,
        label=visit.of(cls.label),
        says=visit.of(cls.says),
        fields=forms.fields(cls, given, visit, mistake),
        secrets={p.name for p in parameters(cls) if p.of == SECRET},
        every=given.get("every", cls.every),
        given=given,
        mistake=mistake,
        tried=tried,
    )


def _one(visit: Visit, name: str, *, mistake: GanjError | None = None, done: str = "") -> Response[str]:
    told = visit.workspace.store.collection.state()
    figures = next((one for one in told.sources if one.source == name), None)
    hook = next((kept for kept in visit.workspace.hooks.all() if kept.hook.name == name), None)
    return visit.show(
        "source.html",
        mistake.status if mistake else 200,
        name=name,
        kind=sources.kinds_of(visit.workspace).get(name, ""),
        figures=figures,
        now=sources.pulse(visit, name, figures, told.per_minute.get(name, [])),
        quality=sources.quality(visit, figures),
        events=sources.by_event(visit, name),
        lines=sources.tailed(visit, name),
        refused=sources.refused(visit, name),
        hook=hook.hook if hook else None,
        mapping=_mapping(visit, hook.hook, hook.sample) if hook else [],
        places=list(flat(hook.sample)) if hook else [],
        mistake=mistake,
        done=done.split(),
    )


def _mapping(visit: Visit, hook: Hook, sample: Any) -> list[tuple[str, str, str, str]]:
    """Return each meaning with its words, the place that is chosen and the place that is guessed."""
    likely = guessed(flat(sample))
    return [
        (meaning, visit.of(label), hook.fields.get(meaning, ""), likely.get(meaning, ""))
        for meaning, label in MEANINGS.items()
    ]
