"""Find anything: a customer, a page, an analysis."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromQuery

from ganj.faces.web.reports import names_of
from ganj.faces.web.visit import Here, Visit, analyses
from ganj.persian import match_form
from ganj.text import Text

PLACES = {
    "": Text("Home", "خانه"),
    "customers": Text("Customers", "مشتریان"),
    "analyses": Text("Analyses", "تحلیل‌ها"),
    "imports": Text("Data in", "ورود داده"),
    "settings": Text("Settings", "تنظیمات"),
}
MOST = 8


@get("/palette", sync_to_thread=True)
def palette(visit: Here, q: FromQuery[str] = "") -> Response[str]:
    """Answer with what fits the words, best first."""
    words = match_form(q).strip()
    found = [one for one in _places(visit) if _fits(words, one)]
    found += [one for one in _customers(visit, q) if words]
    return visit.show("_parts/found.html", found=found[:20])


def _places(visit: Visit) -> list[tuple[str, str, str, str]]:
    """Return pages, analyses and segments: words, kind, address, more words to find them by."""
    page, analysis, segment = (
        visit.say("Page", "صفحه"),
        visit.say("Analysis", "تحلیل"),
        visit.say("Segment", "بخش"),
    )
    return [
        *((visit.of(text), page, visit.url(place), f"{text.en} {text.fa}") for place, text in PLACES.items()),
        *(
            (
                visit.of(cls.question),
                analysis,
                visit.url(f"analyses/{name}"),
                f"{name} {cls.title.en} {cls.title.fa}",
            )
            for name, cls in analyses()
        ),
        *((name, segment, visit.url("customers", named=name), "") for name in visit.workspace.segments()),
    ]


def _fits(words: str, one: tuple[str, str, str, str]) -> bool:
    return words in match_form(f"{one[0]} {one[3]}")


def _customers(visit: Visit, q: str) -> list[tuple[str, str, str, str]]:
    if len(q.strip()) < 2:
        return []
    store = visit.workspace.store
    numbers = store.search(q, MOST)[:MOST]
    names = names_of(store.people(numbers)) if len(numbers) else []
    kind = visit.say("Customer", "مشتری")
    return [
        (name or visit.display.count(int(n)), kind, visit.url(f"customers/{n}"), "")
        for n, name in zip(numbers, names, strict=True)
    ]
