"""What cannot work is refused with what is wrong, the nearest names and what to do: in every analysis, by every face."""

import json

import pytest
from litestar.testing import TestClient

import ganj
from ganj import miners
from ganj.errors import GanjError
from ganj.faces.cli import shell
from ganj.faces.cli.failing import explained
from ganj.faces.http.app import application
from ganj.parameters import build, parameters
from stored import workspace

BEHAVIOUR = ("funnel", "retention", "lifecycle", "stickiness", "sessions", "paths", "journey", "timing", "heatmap",
             "attribution", "compare", "activity")  # fmt: skip
NEEDED = {"funnel": {"steps": "Product Viewed,Order Completed"}}
ANYWHERE = (
    {"since": "2024-02-01", "until": "2024-01-01"},  # ends before it begins
    {"since": "2024-01-10", "until": "2024-01-10"},  # no day long
    {"since": "2031-01-01"},  # after the last event
    {"until": "1402-01-01"},  # before the first, in Jalali
    {"since": "2024-13-45"},
    {"where": "colour = red"},
    {"where": "any(channel = app, colour = red)"},
    {"where": "channel"},
    {"where": "any(channel = app"},
    {"where": "amount > much"},
    {"segment": "nobody"},
    {"zone": "Mars/Olympus"},
    {"calendar": "lunar"},
    {"week_start": "9"},
    {"where": "product = gold"},
    {"colour": "red"},
)
OF_ONE = (
    ("funnel", {"steps": ",".join(f"any[channel = c{n}]" for n in range(40))}),
    ("funnel", {"steps": "Product Viewed,Order Completd"}),
    ("funnel", {"steps": "Product Viewed,any[colour = red]"}),
    ("funnel", {"steps": "Product Viewed,any[product = gold]"}),
    ("funnel", {"steps": "Product Viewed,any[product.category in (gold, silver)]"}),
    ("timing", {"prior": "inf"}),
    ("funnel", {"exclusions": "Order Completed"}),  # one of the steps it would exclude between
    ("funnel", {"optional": "1"}),  # the first step
    ("funnel", {"first_ever": "7"}),
    ("funnel", {"to_step": "5"}),
    ("funnel", {"order": "unordered", "optional": "1"}),
    ("funnel", {"between": "2-1", "exclusions": "Product Added"}),
    ("retention", {"brackets": "0"}),
    ("retention", {"ages": "0"}),
    ("retention", {"at_least": "99999999999999999999"}),
    ("stickiness", {"at_least": "5", "at_most": "2"}),
    ("paths", {"start": "Product Viewd"}),
    ("paths", {"end": "Nothing"}),
    ("paths", {"named_by": "path", "start": "/nowhere"}),
    ("paths", {"start": "Product Viewed", "end": "Product Viewed"}),
    ("paths", {"steps": "40"}),
    ("paths", {"groups": "Page ="}),
    ("journey", {"groups": "= Page *"}),
    ("paths", {"semantics": "mixpanel", "before": "0", "after": "0"}),
    ("journey", {"attributes": "colour"}),
    ("heatmap", {"page": "/nowhere"}),
    ("attribution", {"conversions": "Order Complete"}),
    ("attribution", {"costs": "Money Spent"}),
    ("attribution", {"first_share": "0.9", "last_share": "0.9"}),
    ("compare", {"target": "days", "figures": "days"}),
    ("compare", {"figures": "any,Product Viewd"}),
    ("compare", {"figures": "city"}),  # a trait in words
    ("compare", {"figures": "any,any"}),
    ("compare", {"one": "nobody"}),
    ("compare", {"one": "same", "other": "same"}),
    ("compare", {"outcome": "Order Completd"}),
    ("activity", {"append": "first Product Viewd before"}),
    ("activity", {"append": "first Product Viewed before: colour"}),
    ("activity", {"append": "sometimes Product Viewed"}),
    ("activity", {"own": "colour"}),
)


def everywhere():
    """Every analysis with every mistake that it lets one make."""
    for name in BEHAVIOUR:
        for words in ANYWHERE:
            yield name, words
        for one in parameters(miners.find(name)):
            if one.kind == "duration":
                zero = [] if (name, one.name) == ("compare", "within") else ["0"]  # there 0 means: always
                yield from ((name, {one.name: text}) for text in (*zero, "-2d", "soon", "99999999999d"))
            if one.of == "event":
                yield from (
                    (name, {one.name: text}) for text in ("Product Viewd", "any[", "any[colour = red]")
                )
            if one.of in {"property", "trait", "item", "part"}:
                yield name, {one.name: "colour"}
            if one.kind == "choice":
                yield name, {one.name: "no-such"}
    yield from OF_ONE


CASES = [pytest.param(name, words, id=f"{name}-{'-'.join(f'{k}={v}'[:40] for k, v in words.items())}") for name, words in everywhere()]  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    def event(name, day, **properties):
        told = {"path": "/tea", **properties}
        return {"customer": "sara", "event": name, "time": f"2024-01-{day:02}T09:00", "properties": told}

    rows = [
        event(name, day) for day, name in enumerate(("Product Viewed", "Product Added", "Order Completed"), 1)
    ]
    rows[1] |= {"product": "tea", "product_traits": '{"category": "drinks"}'}
    rows += [{**event("Page Clicked", 9), "channel": "app"}, {"customer": "sara", "traits": {"city": "قم"}}]
    with workspace(tmp_path_factory.mktemp("refusals"), rows) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(shop):
    with TestClient(application(shop), base_url="http://127.0.0.1") as asked:
        yield asked


def refused(shop, name, words):
    with pytest.raises(GanjError) as mistake:
        shop.mine(build(miners.find(name), {**NEEDED.get(name, {}), **words}))
    return mistake.value


@pytest.mark.parametrize(("name", "words"), CASES)
def test_it_is_refused_by_python_and_the_api(shop, client, name, words):
    mistake = refused(shop, name, words)
    assert 400 <= mistake.status < 500
    for language in ("en", "fa"):
        told = {**NEEDED.get(name, {}), **words, "language": language}
        answer = client.get(f"/api/v1/mine/{name}", params=told)
        assert answer.status_code == mistake.status
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["title"] == mistake.message(language)
        assert answer.json()["detail"] == mistake.advice(language)
        assert answer.json()["type"].endswith(type(mistake).__name__)


@pytest.mark.parametrize(
    ("name", "words", "near"),
    [
        ("funnel", {"steps": "Product Viewed,Order Completd"}, "Order Completed"),
        ("lifecycle", {"where": "product = te"}, "tea"),
        ("stickiness", {"where": "product.category = drink"}, "drinks"),
        ("paths", {"start": "Product Viewd"}, "Product Viewed"),
        ("paths", {"named_by": "path", "start": "/te"}, "/tea"),
        ("heatmap", {"page": "/te"}, "/tea"),
        ("activity", {"append": "last Product Addd ever: time"}, "Product Added"),
        ("activity", {"append": "last Product Added ever: paths"}, "path"),
        ("attribution", {"conversions": "Order Complete"}, "Order Completed"),
        ("compare", {"figures": "days,Product Viewd"}, "Product Viewed"),
        ("retention", {"zone": "Asia/Teheran"}, "Asia/Tehran"),
        ("timing", {"where": "any(channels = app, all(path = /tea, citi = قم))"}, "channel"),
    ],
)
def test_the_nearest_names_are_said(shop, name, words, near):
    mistake = refused(shop, name, words)
    assert near in mistake.advice("en")
    assert near in mistake.advice("fa")


@pytest.mark.parametrize(
    ("name", "words", "en", "fa"),
    [
        (
            "paths",
            {"since": "2024-02-01", "until": "2024-01-01"},
            "no day lies between",
            "هیچ روزی در آن نیست",
        ),
        ("paths", {"semantics": "amplitude"}, "ganj, posthog, mixpanel", "ganj, posthog, mixpanel"),
        ("paths", {"steps": "1000"}, "at most 20", "دست‌بالا ۲۰"),
        ("funnel", {"trend": "year"}, "one of: day, week, month", "برگزینید: day, week, month"),
        ("funnel", {"attribution_step": "9"}, "there are 2 steps", "۲ گام هست"),
        ("attribution", {"first_share": "2"}, "at most 1.", "دست‌بالا ۱ "),
        ("compare", {"support": "9" * 30}, "at most 1,000,000,000,000", "۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰"),
        ("compare", {"one": "same", "other": "same"}, "choose another", "بخش دیگری"),
        ("journey", {"events": "x" * 5_000}, "x…", "x…"),
    ],
)
def test_what_is_wrong_is_said_in_full_and_no_longer_than_that(shop, name, words, en, fa):
    mistake = refused(shop, name, words)
    assert en in mistake.message("en")
    assert fa in mistake.message("fa")
    assert max(len(mistake.message(language)) for language in ("en", "fa")) < 400


def test_what_must_be_given_is_asked_for_by_its_name(client):
    told = [client.get("/api/v1/mine/funnel", params={"steps": "", "language": one}) for one in ("en", "fa")]
    assert [answer.status_code for answer in told] == [422, 422]
    assert [answer.json()["title"] for answer in told] == [
        "The parameter 'steps' is missing.",
        "پارامتر «steps» داده نشده است.",
    ]
    assert [answer.json()["detail"] for answer in told] == [
        "Say which: Steps, in order.",
        "بگویید: گام‌ها به ترتیب.",
    ]


def test_where_no_name_comes_near_there_is_something_to_do(shop):
    mistake = refused(shop, "compare", {"one": "gold"})
    assert "imported or made" in mistake.advice("en")
    assert "—" not in mistake.advice("fa")


def test_an_empty_range_says_where_the_events_are(shop):
    mistake = refused(shop, "sessions", {"since": "2025-01-01"})
    assert "2024-01-01" in mistake.advice("en")
    assert "2024-01-09" in mistake.advice("fa")


@pytest.fixture(scope="module")
def one_order(tmp_path_factory):
    """The folder of a workspace with one order; nothing is written to it again."""
    here = tmp_path_factory.mktemp("one")
    workspace(here, [{"customer": "ali", "event": "Order Completed", "time": "2024-01-01"}]).close()
    return here / "shop"


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_it_is_refused_by_the_shell(one_order, capsys, monkeypatch, name):
    monkeypatch.setenv("LANG", "C")
    needed = ("--steps", "any", "Order Completed") if name == "funnel" else ()
    for language, wrong in (("en", "error"), ("fa", "خطا")):
        for asked in (("--since", "2030-01-01"), ("--where", "colour = red"), ("--zone", "Mars/Olympus")):
            line = ("-w", one_order, "--language", language, "mine", name, *needed, *asked)
            assert explained(shell, [str(word) for word in line]) == 2
            said = capsys.readouterr()
            assert said.err.startswith(wrong)
            assert not said.out
    line = ["-w", str(one_order), "--json", "mine", name, *needed, "--segment", "nobody"]
    assert explained(shell, line) == 2
    assert json.loads(capsys.readouterr().err)["status"] == 404


def test_a_workspace_without_events_refuses_no_range(tmp_path):
    with ganj.create(tmp_path / "empty") as empty:
        empty.mine(build(miners.find("sessions"), {"since": "2024-01-01"}))
