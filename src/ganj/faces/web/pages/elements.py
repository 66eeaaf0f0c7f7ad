"""Every element the pages are made of, in both directions and both themes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Response, get
from markupsafe import Markup

from ganj.faces.web.cells import Cell
from ganj.faces.web.visit import Here, Visit, in_language
from ganj.text import Language

SPARK = [12, 14, 13, 17, 21, 19, 24, 22, 27, 31, 28, 34]
LONG = "شرکت بازرگانی و خدمات پس از فروش ستارهٔ درخشان خاورمیانهٔ نوین"


@get("/elements", sync_to_thread=True)
def elements(visit: Here) -> Response[str]:
    """Show the design system."""
    return visit.show("elements.html", sheets=[_sheet(visit, language) for language in ("fa", "en")])


def _sheet(visit: Visit, language: Language) -> dict[str, Any]:
    """Render the elements once for a language; the page shows them light and dark."""
    reader = replace(visit, display=in_language(visit.display, language))
    body = Markup(reader.render("_parts/samples.html", **_samples(reader)))  # noqa: S704 - made by our own templates
    return {"language": language, "side": "rtl" if language == "fa" else "ltr", "body": body}


def _samples(visit: Visit) -> dict[str, Any]:
    d = visit.display
    tile = {
        "label": visit.say("Revenue", "درآمد"),
        "figure": d.money(1_234_567_000, short=True),
        "unit": "",
        "full": d.money(1_234_567_000),
        "change": 12.3,
        "good_when_up": True,
        "than": visit.say("than the month before", "نسبت به ماه قبل"),
        "spark": SPARK,
        "href": "#",
    }
    fallen = {
        **tile,
        "label": visit.say("Active customers", "مشتریان فعال"),
        "figure": d.count(4338),
        "change": -4.2,
    }
    heads = [visit.say("Customer", "مشتری"), visit.say("Segment", "بخش"), visit.say("Revenue", "درآمد")]
    rows = [
        [
            Cell(LONG),
            Cell(visit.say("Champions", "قهرمانان")),
            Cell(d.number(9_876_543_210_123, 0), number=True, href="#"),
        ],
        [
            Cell("<b>Anna</b> O'Neil"),
            Cell(visit.say("At risk", "در خطر")),
            Cell(d.number(-42_000, 0), number=True),
        ],
    ]
    return {"tiles": [tile, fallen], "heads": heads, "rows": rows}
