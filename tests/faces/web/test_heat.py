"""The heat-map's page: a page's outline, its warm places, and the customers behind each."""

import re

import pytest
from litestar.testing import TestClient

from ganj.faces.http.app import application
from ganj.workspace.outlines import outline
from stored import workspace

BOXES = "0,0,1000,80,header;100,200,300,40,button;bad;1,2,3;<b>,1,1,1,p;100,300,600,20,p"


def on(page, event, customer="c1", time="2026-03-01T10:00", **properties):
    """Something that happened on a page 1000 pixels wide and 2000 high."""
    told = {"path": page, "width": 1000, "height": 2000, **properties}
    return {"customer": customer, "event": event, "time": time, "properties": told}


def pages(site):
    return TestClient(application(site, insecure=True))


@pytest.fixture
def site(tmp_path):
    """A page with one button that three customers clicked, and an outline of another width."""
    with workspace(
        tmp_path,
        [
            on("/p", "Page Outlined", boxes=BOXES),
            on("/p", "Page Outlined", time="2026-02-01T10:00", boxes="0,0,9,9,img"),  # older
            on("/p", "Page Outlined", time="2026-02-15T10:00", width=400, boxes="0,0,400,60,nav"),  # a phone
            *(on("/p", "Page Clicked", customer, x=250, y=220) for customer in ("c1", "c2", "c3")),
            on("/p", "Page Clicked", "c1", x=700, y=900),
            on("/q", "Page Clicked", "c4", x=1, y=1),
            *(
                on("/p", "Page Scrolled", customer, scroll=deep)
                for customer, deep in (("c1", 100), ("c2", 40))
            ),
        ],
    ) as made:
        yield made


def test_the_newest_outline_of_a_page_is_shown_and_what_is_no_box_is_left_out(site):
    found = outline(site, "/p", (768, 9e9))
    assert (found.width, found.height) == (1000, 2000)
    assert [box[4] for box in found.boxes] == ["header", "button", "p"]
    assert outline(site, "/p", (0, 768)).boxes == ((0, 0, 400, 60, "nav"),)
    assert outline(site, "/nowhere") is None


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_page_lays_clicks_over_the_outline(site, language):
    with pages(site) as client:
        body = client.get(f"/{language}/heatmap", params={"page": "/p"}).text
    assert body.count('class="box ') == 3
    spots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', body)
    assert spots == [
        ("710.0", "910.0"),
        ("250.0", "230.0"),
    ]  # middles of cells of 20 pixels, the warmest on top
    assert "opens=" in body


def test_reading_depth_is_drawn_in_tenths(site):
    with pages(site) as client:
        body = client.get("/en/heatmap", params={"page": "/p", "kind": "reading"}).text
    assert body.count('class="band"') == 10
    assert "50% (1 customers) saw this far" in body


def test_without_clicks_the_page_says_what_to_do(tmp_path):
    with workspace(tmp_path, []) as made, pages(made) as client:
        answer = client.get("/en/heatmap")
    assert answer.status_code == 200
    assert "Put the tracker on the site" in answer.text


def test_hostile_words_stay_words(site):
    with pages(site) as client:
        body = client.get("/fa/heatmap", params={"page": "<script>alert(1)</script>", "kind": "x"}).text
    assert "<script>alert(1)" not in body
