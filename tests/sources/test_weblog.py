"""Access logs: what is a page and a person, each line once, through growth, rotation and packing."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from ganj.intake.requests import instant, is_bot, read
from ganj.intake.sources.reach import Reach
from ganj.intake.sources.weblog import Weblog

HERE = Reach()
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "weblog" / "apache_logs.gz"


TOLD = {
    "ip": "1.2.3.4",
    "at": "17/May/2015:10:05:03 +0000",
    "status": 200,
    "agent": CHROME,
    "user": "-",
    "referrer": "-",
}


def line(path="/", **words):
    told = TOLD | words
    end = '"{referrer}" "{agent}"\n'.format(**told)
    return "{ip} - {user} [{at}] ".format(**told) + f'"GET {path} HTTP/1.1" {told["status"]} 512 {end}'


def pulled(feed, state=None):
    state, lines, refused = state or {}, [], []
    for part in feed.pull(state, HERE):
        state = part.state
        lines += part.lines
        refused += part.refused
    return lines, refused, state


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (line("/a?q=1"), ("1.2.3.4", "/a", "q=1", 200, CHROME, "")),
        ('::1 - - [17/May/2015:10:05:03 +0000] "GET /b HTTP/2.0" 200 -', ("::1", "/b", "", 200, "", "")),  # common
        ("shop.ir:443 " + line("/c"), ("1.2.3.4", "/c", "", 200, CHROME, "shop.ir")),
        (line("/%D8%B3%D9%84%D8%A7%D9%85"), ("1.2.3.4", "/سلام", "", 200, CHROME, "")),
        (line("/d").strip() + ' "10.0.0.1" rt=0.01\n', ("1.2.3.4", "/d", "", 200, CHROME, "")),  # somebody's own end
        (line(agent='a \\"b\\" \\xd8\\xb3'), ("1.2.3.4", "/", "", 200, 'a "b" س', "")),
        (line(user="a b"), ("1.2.3.4", "/", "", 200, CHROME, "")),
    ],
    ids=["combined", "common", "virtual host", "percent", "longer", "quoted", "user with a space"],
)  # fmt: skip
def test_the_usual_formats(text, expected):
    found = read(text.rstrip("\n"))
    assert (found.ip, found.path, found.query, found.status, found.agent, found.host) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        line().replace("May", "Foo"),
        line().replace("17/", "32/"),
        '1.2.3.4 - - [x] "" 400 0',
        "\x16\x03\x01" * 9,
    ],
)
def test_what_is_no_request_is_none(text):
    assert read(text.rstrip("\n")) is None


def test_the_offset_of_the_time_counts():
    assert instant("01/Jan/1970:03:30:01 +0330") == 1_000_000


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (CHROME, False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", True),
        ("curl/8.0", True),
        ("python-requests/2.32", True),
        ("UniversalFeedParser/4.2-pre-314-svn", True),
        ("", True),
    ],
)  # fmt: skip
def test_programs_are_known_by_their_names(agent, expected):
    assert is_bot(agent) is expected


def test_pages_of_people_only(tmp_path):
    log = tmp_path / "access.log"
    log.write_text(
        line("/shop", user="sara", referrer="https://google.com/")
        + line("/style.css")
        + line("/shop", agent="Googlebot/2.1")
        + line("/gone", status=404)
        + line("/moved", status=301)
        + "nonsense\n"
    )
    lines, refused, _ = pulled(Weblog(path=str(log), site="https://shop.ir/"))
    (page,) = lines
    assert (page.k, page.e, page.u) == ("page", "/shop", "sara")
    assert page.p == {
        "path": "/shop",
        "url": "https://shop.ir/shop",
        "referrer": "https://google.com/",
        "status": 200,
        "bytes": 512,
    }
    assert page.c["userAgent"] == CHROME
    assert {one.reason.en: one.count for one in refused} == {
        "requests of programs, left out": 1,
        "requests that are no pages, left out": 1,
        "redirects and errors, left out": 2,
        "It is no line of an access log.": 1,
    }
    assert len(pulled(Weblog(path=str(log), bots=True, errors=True))[0]) == 4


def test_a_visitor_is_one_within_a_day_only(tmp_path):
    log = tmp_path / "access.log"
    days = ["17/May/2015:10:00:00 +0000", "17/May/2015:23:59:59 +0000", "18/May/2015:00:00:00 +0000"]
    log.write_text("".join(line(at=day) for day in days) + line(at=days[0], ip="9.9.9.9"))
    daily = [one.a for one in pulled(Weblog(path=str(log), salt="s"))[0]]
    assert [daily.count(who) for who in daily] == [2, 2, 1, 1]
    lasting = [one.a for one in pulled(Weblog(path=str(log), salt="s", visitor="lasting"))[0]]
    assert [lasting.count(who) for who in lasting] == [3, 3, 3, 1]
    other = [one.a for one in pulled(Weblog(path=str(log), salt="t"))[0]]
    assert not set(daily) & set(other)
    assert "1.2.3.4" not in repr(pulled(Weblog(path=str(log)))[0])


def test_growth_rotation_and_packing(tmp_path):
    """Nothing is read twice, nothing is left out, and a half-written line waits."""
    log = tmp_path / "access.log"
    feed = Weblog(path=str(tmp_path / "access.log*"))
    log.write_text(line("/1") + line("/2") + line("/3")[:40])
    lines, _, state = pulled(feed)
    got = [one.e for one in lines]
    with log.open("a") as stream:
        stream.write(line("/3")[40:] + line("/4"))
    lines, _, state = pulled(feed, state)
    got += [one.e for one in lines]
    with log.open("a") as stream:
        stream.write(line("/5"))
    log.rename(tmp_path / "access.log.1")
    log.write_text(line("/6"))
    lines, _, state = pulled(feed, state)
    got += [one.e for one in lines]
    packed = tmp_path / "access.log.2.gz"
    packed.write_bytes(gzip.compress((tmp_path / "access.log.1").read_bytes() + line("/7").encode()))
    (tmp_path / "access.log.1").unlink()
    lines, _, state = pulled(feed, state)
    got += [one.e for one in lines]
    assert sorted(got) == [f"/{n}" for n in range(1, 8)]
    assert pulled(feed, state)[0] == []


def test_the_same_line_has_the_same_name_wherever_it_lies(tmp_path):
    text = (line("/1") * 3).encode()
    (tmp_path / "a").write_bytes(text)
    (tmp_path / "b.gz").write_bytes(gzip.compress(text))
    plain = [one.m for one in pulled(Weblog(path=str(tmp_path / "a")))[0]]
    packed = [one.m for one in pulled(Weblog(path=str(tmp_path / "b.gz")))[0]]
    assert plain == packed
    assert len(set(plain)) == 3  # the same visitor may ask thrice in a second


@pytest.mark.skipif(not REAL.exists(), reason="needs the real log")
def test_a_real_log():
    """10,000 lines of a real site: every line is accounted for; feed readers and crawlers are many."""
    lines, refused, _ = pulled(Weblog(path=str(REAL), site="http://www.semicomplete.com"))
    counts = Counter()
    for one in refused:
        counts[one.reason.en] += one.count
    assert len(lines) + sum(counts.values()) == 10_000
    assert counts["requests of programs, left out"] > 2_000
    assert len(lines) == 1_694
