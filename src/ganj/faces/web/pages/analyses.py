"""Every analysis on one kind of page: question, findings, pictures, tables, customers, how it is computed."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from ganj import charts, miners
from ganj.errors import GanjError
from ganj.faces.http import formats
from ganj.faces.web import explained, forms, reports
from ganj.faces.web.visit import Here, Visit, analyses
from ganj.miner import Miner
from ganj.parameters import build, parameters
from ganj.text import Text
from ganj.workspace import Mined

Asked = Request[Any, Any, Any]
FAMILIES = {
    "descriptive": Text("What happened", "چه شده است"),
    "diagnostic": Text("Why it happened", "چرا چنین شد"),
    "predictive": Text("What will happen", "چه خواهد شد"),
    "prescriptive": Text("What to do", "چه باید کرد"),
}


@get("/analyses", sync_to_thread=True)
def index(visit: Here) -> Response[str]:
    """List the questions that can be asked, by what kind of answer they give."""
    groups = [
        (visit.of(title), [(name, miner) for name, miner in analyses() if miner.family == family])
        for family, title in FAMILIES.items()
    ]
    return visit.show("analyses.html", groups=[group for group in groups if group[1]])


@get("/analyses/{name:str}", sync_to_thread=True)
def analysis(visit: Here, request: Asked, name: FromPath[str]) -> Response[str]:
    """Show an analysis; what takes longer than a moment is filled in when it is there."""
    cls = miners.find(name)
    words = given(cls, request)
    mined, mistake = None, None
    try:
        mined = reports.soon(lambda: visit.workspace.mine(asked(cls, words)))
    except GanjError as wrong:
        mistake = wrong
    shown = mined.result if mined else None
    return visit.show(
        "analysis.html",
        mistake.status if mistake is not None and request.url.query else 200,
        name=name,
        miner=cls,
        fields=forms.fields(cls, words, visit, mistake),
        words=words,
        bar=reports.bar(visit, cls, words),
        report=reports.seen(visit, shown) if shown else None,
        address=visit.url(f"analyses/{name}/result", **words),
        mistake=mistake,
    )


@get("/analyses/{name:str}/result", sync_to_thread=True)
def result(visit: Here, request: Asked, name: FromPath[str]) -> Response[str]:
    """Answer with the result alone, however long it takes."""
    mined = mine(visit, request, name)
    return visit.show(
        "_parts/late.html", report=reports.seen(visit, mined), name=name, miner=type(mined.miner)
    )


@get("/analyses/{name:str}/customers", sync_to_thread=True)
def customers(visit: Here, request: Asked, name: FromPath[str]) -> Response[str]:
    """Answer with the customers of an analysis and what it says of each."""
    mined = mine(visit, request, name)
    return visit.show("_parts/scored.html", **reports.scored(visit, mined))


@get("/analyses/{name:str}/method", sync_to_thread=True)
def method(visit: Here, name: FromPath[str]) -> Response[str]:
    """Answer with how an analysis is computed."""
    return visit.show("_parts/method.html", body=explained.method(name, visit.language))


@get("/analyses/{name:str}/tables/{table:str}", sync_to_thread=True)
def table(visit: Here, request: Asked, name: FromPath[str], table: FromPath[str]) -> Response[Any]:
    """Give a table as CSV that a spreadsheet opens as it is."""
    sheet = mine(visit, request, name).table(table)
    return formats.sent(sheet.to_arrow(), "csv", f"{name}-{table}")


@get("/analyses/{name:str}/sheets/{table:str}", sync_to_thread=True)
def sheet(visit: Here, request: Asked, name: FromPath[str], table: FromPath[str]) -> Response[str]:
    """Answer with one table in the place of its picture."""
    mined = mine(visit, request, name)
    found = reports.sheet(visit, table, mined.table(table).table, reports.opener(visit, mined))
    return visit.show("_parts/sheet.html", table=found)


@get("/analyses/{name:str}/charts/{number:int}", sync_to_thread=True)
def picture(
    visit: Here, request: Asked, name: FromPath[str], number: FromPath[int], kind: FromQuery[str] = "png"
) -> Response[Any]:
    """Give a picture as PNG or SVG."""
    report = mine(visit, request, name).report
    if not 0 <= number < len(report.charts):
        raise NotFoundException
    chart = report.charts[number]
    option = charts.option(chart, report.tables[chart.table], visit.display, "light")
    body: Any = charts.svg(option) if kind == "svg" else charts.png(option)
    media = "image/svg+xml" if kind == "svg" else "image/png"
    file = f"{name}-{number + 1}.{'svg' if kind == 'svg' else 'png'}"
    return Response(body, media_type=media, headers={"content-disposition": f'attachment; filename="{file}"'})


def given(cls: type, request: Asked) -> dict[str, Any]:
    """Return the parameters that an address gives; an example's where it gives none and some are required."""
    words = forms.asked(request.query_params, [p.name for p in parameters(cls)])
    required = [p.name for p in parameters(cls) if p.required]
    example: dict[str, Any] = getattr(cls, "example", {})
    return words if all(name in words for name in required) else {**example, **words}


def asked(cls: type[Miner[Any, Any]], words: dict[str, Any]) -> Miner[Any, Any]:
    """Build the analysis that is asked for."""
    return build(cls, words)


def mine(visit: Visit, request: Asked, name: str) -> Mined:
    """Run the analysis that an address asks for."""
    cls = miners.find(name)
    return visit.workspace.mine(asked(cls, given(cls, request)))
