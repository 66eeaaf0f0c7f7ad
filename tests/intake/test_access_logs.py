"""An access log as a file: page views of people, each line once, what is left out counted, the rest set aside."""

import gzip
from pathlib import Path

import pytest

import ganj
from ganj import intake
from ganj.intake.errors import NoVisits
from stored import UTC_SETTINGS

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "weblog" / "apache_logs.gz"


def line(path="/", ip="1.2.3.4", at="10:05:03", status=200, agent=CHROME, user="-"):
    asked = f'"GET {path} HTTP/1.1" {status} 512 "https://google.com/" "{agent}"'
    return f"{ip} - {user} [17/May/2015:{at} +0330] {asked}\n"


PAGES = line("/a?utm_source=x") + line("/b", at="10:07:00") + line("/a", ip="::1") + line("/c", user="sara")
OTHERS = (
    line("/a", agent="Googlebot/2.1")
    + line("/logo.png")
    + line("/gone", status=404)
    + "not a line\n"
    + "\n"
    + line("/d")[:50]
)


@pytest.fixture
def shop(tmp_path):
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=4) as made:
        yield made


def put(tmp_path, text, name="access.log"):
    (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return tmp_path / name


def test_a_log_is_known_by_its_lines_and_every_line_is_accounted_for(shop, tmp_path):
    told = shop.plan(put(tmp_path, PAGES + OTHERS))
    assert (told.main.kind, told.main.preset, told.main.event) == ("events", "access_log", "Page Viewed")
    checked = shop.check(told)
    assert (checked.good, checked.customers) == (4, 3)
    assert {one.reason.en: one.count for one in checked.reasons} == {
        "It is no line of an access log.": 2,
        "requests of programs, left out": 1,
        "requests that are no pages, left out": 1,
        "redirects and errors, left out": 1,
    }
    loaded = shop.load(told)
    assert (loaded.imported, loaded.rejected) == (4, 5)
    found = shop.sql("select customer, time, properties from events order by time").to_pylist()
    assert found[0]["time"].isoformat()[:19] == "2015-05-17T06:35:03"
    assert '"path": "/a"' in found[0]["properties"].replace('":"', '": "')
    assert "1.2.3.4" not in repr(found)
    kept = next((shop.folder / "imports").rglob("rejected.csv")).read_text("utf-8-sig")
    assert "not a line" in kept
    assert "logo.png" not in kept  # what is left out on purpose is only counted


def test_lines_that_came_before_do_not_come_again(shop, tmp_path):
    thrice = line("/a") * 3
    shop.load(shop.plan(put(tmp_path, thrice + line("/b"))))
    again = shop.load(
        shop.plan(
            put(tmp_path, gzip.compress((thrice + line("/b") + line("/e")).encode()), "access.log.1.gz")
        )
    )
    assert (again.imported, again.duplicates) == (1, 4)


def test_half_a_line_at_the_beginning_and_other_dresses(shop, tmp_path):
    text = (
        'cut" 200 5\n'
        "shop.ir:443 " + line("/v") + '::1 - - [17/May/2015:10:05:03 +0000] "GET /c HTTP/2.0" 200 -\n'
    )
    told = shop.plan(put(tmp_path, text))
    assert shop.check(told).good == 1  # common format names no agent, as programs do


@pytest.mark.parametrize("text", [line(agent="curl/8"), line("/a.css") * 3], ids=["programs", "styles"])
def test_a_log_without_a_visitor_says_so(tmp_path, text):
    with pytest.raises(NoVisits, match="no page was shown"):
        intake.detect(put(tmp_path, text), zone="UTC", base="USD")


@pytest.mark.skipif(not REAL.exists(), reason="needs the real log")
def test_a_real_log(shop):
    """As many page views as the source that follows logs reads out of it: `tests/sources/test_weblog.py`."""
    checked = shop.check(shop.plan(REAL))
    assert (checked.read, checked.good) == (10_000, 1_694)
