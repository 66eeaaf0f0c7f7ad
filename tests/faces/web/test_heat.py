"""The heat-map's page: a page's outline, its warm places, and the customers behind each."""

import re

import msgspec
import pytest
from litestar.testing import TestClient

from ganj.faces.http.app import application
from ganj.workspace.outlines import outline
from page_pictures import EXTENDED, JPEG, LOSSLESS, WEBP, png
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


@pytest.mark.parametrize(("kind", "spot"), [("touches", "210.0"), ("moves", "810.0")])
def test_fingers_and_pointers_are_told_apart(tmp_path, kind, spot):
    moves = [on("/p", "Pointer Moved", x=x, y=10, pointer=by) for x, by in ((200, "touch"), (800, "mouse"))]
    with workspace(tmp_path, moves) as made, pages(made) as client:
        body = client.get("/en/heatmap", params={"kind": kind}).text
    assert re.findall(r'<circle cx="([\d.]+)"', body) == [spot]


# ---- laid over a picture


def put(client, data, page="/p", window="wide", **more):
    asked = {"page": page, "laid": window, "kind": "", "window": "", **more}
    return client.post("/en/heatmap/picture", data=asked, files={"picture": ("a.png", data, "text/html")})


@pytest.mark.parametrize(
    ("data", "kind"),
    [(png(), "png"), (JPEG, "jpeg"), (WEBP, "webp"), (LOSSLESS, "webp"), (EXTENDED, "webp")],
    ids=["png", "jpeg", "webp", "webp lossless", "webp extended"],
)
def test_a_page_s_picture_lies_under_its_heat(site, data, kind):
    """What it is, its bytes say, not its name; it is given back as that and nothing else."""
    with pages(site) as client:
        body = put(client, data).text
        (told,) = client.get("/api/v1/pictures").json()
        answer = client.get(f"/api/v1/pictures/{told['id']}")
        outlined = client.get("/en/heatmap", params={"page": "/p", "under": "outline"}).text
    assert (told["page"], told["kind"], told["width"], told["height"]) == ("/p", kind, 120, 160)
    assert f'<image href="/api/v1/pictures/{told["id"]}" width="1000" height="1333.3"' in body
    assert "<circle" in body
    assert 'class="box ' not in body
    assert "<image" not in outlined
    assert outlined.count('class="box ') == 3
    assert answer.content == data
    assert answer.headers["content-type"] == f"image/{kind}"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_phones_have_a_picture_of_their_own_and_a_new_one_takes_the_old_one_s_place(site):
    pictures = site.pictures
    wide, narrow = pictures.save("/p", "wide", png()), pictures.save("/p", "narrow", png(100, 300))
    assert (pictures.of("/p"), pictures.of("/p", "narrow"), pictures.of("/q")) == (wide, narrow, None)
    newer = pictures.save(" /p ", "wide", JPEG)
    assert pictures.of("/p", "wide") == newer
    assert len(pictures.all()) == 2
    with pages(site) as client:
        client.post("/fa/heatmap/picture/remove", data={"page": "/p", "laid": "wide"})
    assert pictures.all() == (narrow,)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD = {
    "nothing": (b"", "no file was chosen"),
    "svg": (SVG, "neither PNG nor JPEG"),
    "html behind a png's first letters": (b"\x89PNG\r\n\x1a\n<script>", "breaks off"),
    "half a png": (png()[:-20], "breaks off"),
    "half a jpeg": (JPEG[:300], "breaks off"),
    "half a webp": (WEBP[:-9], "breaks off"),
    "an icon": (png(16, 16), "16 × 16"),
    "a strip": (png(100, 20_001), "100 × 20001"),
    "heavy": (png() + bytes(8 << 20), "at most 8 MB"),
}


@pytest.mark.parametrize(("data", "why"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_is_no_picture_of_a_page_is_refused_in_words(site, data, why, language):
    with pages(site) as client:
        answer = client.post(
            f"/{language}/heatmap/picture",
            data={"page": "/p", "laid": "wide"},
            files={"picture": ("a.png", data)},
        )
        plain = client.put("/api/v1/pictures", params={"page": "/p"}, content=data)
    assert answer.status_code == plain.status_code == (413 if why.startswith("at most") else 422)
    if language == "en":
        assert why in answer.text
    assert why in plain.json()["title"]
    assert "<circle" in answer.text  # the page stands as it was
    assert site.pictures.all() == ()


@pytest.mark.parametrize(
    "asked", [{"page": ""}, {"page": "/p", "window": "tall"}, {"page": "x" * 3_000}, {"page": " "}]
)
def test_a_picture_of_no_page_is_refused(site, asked):
    with pages(site) as client:
        kept = client.put("/api/v1/pictures", params=asked, content=png())
        gone = client.delete("/api/v1/pictures", params=asked)
        lost = client.get("/api/v1/pictures/nothing")
        shown = client.post("/fa/heatmap/picture", data={"laid": "x"})
    assert (kept.status_code, gone.status_code, lost.status_code, shown.status_code) == (422, 404, 404, 400)
    assert msgspec.json.decode(gone.content)["status"] == 404


def test_without_clicks_the_page_says_what_to_do(tmp_path):
    with workspace(tmp_path, []) as made, pages(made) as client:
        answer = client.get("/en/heatmap")
    assert answer.status_code == 200
    assert "Put the tracker on the site" in answer.text


def test_hostile_words_stay_words(site):
    with pages(site) as client:
        body = client.get("/fa/heatmap", params={"page": "<script>alert(1)</script>", "kind": "x"}).text
    assert "<script>alert(1)" not in body
