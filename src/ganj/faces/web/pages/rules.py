"""Rules of customers' pages: stages of life, how identifiers are shown, where cards may be embedded."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect

from ganj.errors import GanjError
from ganj.faces.web import forms
from ganj.faces.web.visit import Here, Visit
from ganj.parameters import dump, parameters
from ganj.text import Text
from ganj.workspace.profiles.rules import RULES

Asked = Request[Any, Any, Any]
TITLES = {
    "stages": Text(
        "When does a customer move from stage to stage?", "مشتری کی از مرحله‌ای به مرحلهٔ دیگر می‌رود؟"
    ),
    "privacy": Text(
        "Who sees phones, e-mails and national codes whole?", "تلفن، ایمیل و کد ملی چگونه نشان داده شود؟"
    ),
    "embedding": Text("Which systems may show a customer's card?", "کدام سامانه‌ها کارت مشتری را نشان دهند؟"),
}
NOTES = {
    "stages": Text(
        "Stages are counted anew from the whole history, so a change holds for the past too.",
        "مرحله‌ها از همهٔ تاریخچه دوباره شمرده می‌شوند؛ پس تغییر برای گذشته هم برقرار است.",
    ),
    "privacy": Text(
        "What is masked is masked for programs too; cards are masked unless a link asks otherwise.",
        "آنچه پوشیده است برای برنامه‌ها هم پوشیده می‌ماند؛ کارت‌ها پوشیده‌اند مگر پیوند چیز دیگری بخواهد.",
    ),
    "embedding": Text(
        "Write sites like https://crm.example.com. Without any, no page can show a card.",
        "سایت‌ها را مانند https://crm.example.com بنویسید. تا سایتی نوشته نشود هیچ صفحه‌ای کارت را نشان نمی‌دهد.",
    ),
}


@get("/settings/customers", sync_to_thread=True)
def rules(visit: Here, request: Asked) -> Response[str]:
    """Show the rules."""
    return _show(visit, done=str(request.query_params.get("done", "")))


@post("/settings/customers/{name:str}", status_code=200)
async def keep_rules(visit: Here, request: Asked, name: FromPath[str]) -> Response[Any]:
    """Keep rules of one kind; a wrong value is said under its field."""
    given = _given(await request.form(), name)
    try:
        visit.workspace.profiles.keep_rules(name, given)
    except GanjError as mistake:
        return _show(visit, wrong=name, given=given, mistake=mistake)
    return Redirect(visit.url("settings/customers", done=name), status_code=303)


@post("/settings/customers/embedding/key", status_code=303, sync_to_thread=True)
def end_cards(visit: Here) -> Redirect:
    """End every link to a card now."""
    visit.workspace.profiles.revoke_cards()
    return Redirect(visit.url("settings/customers", done="key"), status_code=303)


def _given(form: FormMultiDict, name: str) -> dict[str, Any]:
    """Return what was sent for each rule: several values as a list, none as an empty one."""
    out: dict[str, Any] = {}
    for one in parameters(RULES[name]) if name in RULES else ():
        values = [value for value in form.getall(one.name, []) if value != ""]
        out[one.name] = values if one.kind in {"texts", "choices"} else "".join(values[:1])
    return out


def _show(
    visit: Visit,
    *,
    done: str = "",
    wrong: str = "",
    given: dict[str, Any] | None = None,
    mistake: GanjError | None = None,
) -> Response[str]:
    kept = visit.workspace.profiles.rules()
    sections = [
        {
            "name": name,
            "title": visit.of(TITLES[name]),
            "note": visit.of(NOTES[name]),
            "fields": forms.fields(
                RULES[name],
                given or {} if name == wrong else dump(kept[name]),
                visit,
                mistake if name == wrong else None,
            ),
            "mistake": mistake if name == wrong else None,
        }
        for name in RULES
    ]
    return visit.show("rules.html", mistake.status if mistake else 200, sections=sections, done=done)
