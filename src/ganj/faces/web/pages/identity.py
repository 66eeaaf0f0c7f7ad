"""By what are people known? Limits, trust, blocked values; and which source wins each trait."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Redirect
from msgspec.structs import replace

from ganj.display.numbers import in_digits
from ganj.errors import GanjError
from ganj.faces.identity import preferences
from ganj.faces.web import forms, knowing
from ganj.faces.web.person import KINDS
from ganj.faces.web.visit import Here, Visit
from ganj.identity.kinds import NAMED
from ganj.identity.rules import Rules
from ganj.parameters import build, dump, parameters
from ganj.persian import ascii_digits
from ganj.text import Text, same
from ganj.views.traits import called

Asked = Request[Any, Any, Any]
WINNERS = {
    "last": Text("whoever spoke last", "تازه‌ترین سخن"),
    "first": Text("whoever spoke first", "نخستین سخن"),
    "complete": Text("the longest value", "کامل‌ترین مقدار"),
    "sources": Text("sources in order of trust", "منبع‌ها به ترتیب اعتماد"),
}


@get("/settings/identity", sync_to_thread=True)
def identity(visit: Here, request: Asked) -> Response[str]:
    """Show the rules, and the traits of which it was decided which source wins."""
    return _show(visit, request)


@post("/settings/identity", status_code=200)
async def save_identity(visit: Here, request: Asked) -> Response[Any]:
    """Keep rules; a wrong value is said under its field."""
    form = await request.form()
    rules = visit.workspace.identity_rules
    given, blocked = (
        knowing.shown(rules) | _given(form),
        [one.strip() for one in str(form.get("blocked", "")).splitlines()],
    )
    try:
        if form.get("does") == "defaults":
            visit.workspace.save_identity_rules(dump(Rules()))
        else:
            told = knowing.meant(build(knowing.Form, given), [one for one in blocked if one], rules)
            visit.workspace.save_identity_rules(told)
    except GanjError as mistake:
        return _show(visit, request, given=given | {"blocked": blocked}, mistake=mistake)
    return Redirect(visit.url("settings/identity", done="rules"), status_code=303)


@post("/settings/identity/prefer", status_code=200)
async def prefer(visit: Here, request: Asked) -> Response[Any]:
    """Decide which source wins a trait."""
    form = await request.form()
    trait, rule = str(form.get("trait", "")), str(form.get("rule", "last"))
    named = [str(one) for one in form.getall("sources", []) if one] if rule == "sources" else []
    try:
        visit.workspace.prefer(trait, rule, named)
    except GanjError as mistake:
        return _show(visit, request, trait=trait, mistake=mistake)
    return Redirect(visit.url("settings/identity", done="prefer") + "#prefer", status_code=303)


def _given(form: FormMultiDict) -> dict[str, Any]:
    """Return what was sent: lists, empty ones too, and what else is not empty."""
    out: dict[str, Any] = {}
    for one in parameters(knowing.Form):
        values = [str(value) for value in form.getall(one.name, []) if value != ""]
        if one.kind == "texts" or values:
            out[one.name] = values if one.kind == "texts" else ascii_digits(values[0])
    return out


def _show(
    visit: Visit,
    request: Asked,
    *,
    given: dict[str, Any] | None = None,
    trait: str = "",
    mistake: GanjError | None = None,
) -> Response[str]:
    store, rules = visit.workspace.store, visit.workspace.identity_rules
    told = given or knowing.shown(rules) | {"blocked": list(rules.blocked)}
    chosen = trait or str(request.query_params.get("trait", ""))
    return visit.show(
        "identity.html",
        mistake.status if mistake else 200,
        fields=_fields(visit, {name: value for name, value in told.items() if name != "blocked"}, mistake),
        blocked="\n".join(told["blocked"]),
        traits=[(name, visit.of(called(name))) for name in store.traits()],
        chosen=chosen,
        chosen_rule="sources" if len(store.names("source")) > 1 else "last",
        winners=[(name, visit.of(words)) for name, words in WINNERS.items()],
        sources=[(name, name) for name in store.names("source")],
        decided=[_decided(visit, one) for one in preferences(visit.workspace)["preferences"]],
        mistake=mistake,
        wrong="prefer" if trait else "rules",
        done=str(request.query_params.get("done", "")),
    )


def _fields(visit: Visit, told: dict[str, Any], mistake: GanjError | None) -> tuple[forms.Field, ...]:
    """Return the fields; numbers in the reader's digits, kinds offered by their names."""
    kinds = tuple((kind, visit.of(KINDS.get(kind, same(kind)))) for kind in NAMED)
    made = []
    for one in forms.fields(knowing.Form, told, visit, mistake):
        if one.kind == "texts":
            made.append(replace(one, options=kinds))
        elif one.kind == "count":
            made.append(replace(one, value=in_digits(str(one.value), visit.display.digits)))
        else:
            made.append(one)
    return tuple(made)


def _decided(visit: Visit, told: dict[str, Any]) -> dict[str, Any]:
    """Return what was decided of a trait, in words."""
    by = visit.of(WINNERS[told["rule"]])
    if told["sources"]:
        by = visit.say(", then ", "، سپس ").join(told["sources"])
    return {"trait": told["trait"], "name": visit.of(called(told["trait"])), "by": by}
