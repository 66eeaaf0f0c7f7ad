"""Every page, in both languages: its question, its numbers that open, and nothing of a customer's that runs."""

import html
import json
import re
from urllib.parse import urlencode

import pytest

from ganj import miners
from ganj.parameters import build, dump, parameters

PAGES = {
    "": ("How is the business doing?", "حال کسب‌وکار چگونه است؟"),
    "customers": ("Who are your customers?", "مشتریان شما چه کسانی هستند؟"),
    "customers/3": ("What has this customer done", "این مشتری چه کرده"),
    "analyses": ("What do you want to know?", "چه می‌خواهید بدانید؟"),
    "analyses/overview": ("Who are our customers", "مشتریان ما کیستند"),
    "analyses/rfm": ("Who are our best customers", "بهترین مشتریان ما کیستند"),
    "analyses/retention": ("Who comes back", "چه کسانی برمی‌گردند"),
    "analyses/funnel": ("At which step", "در کدام گام"),
    "imports": ("What do you bring in?", "چه داده‌ای وارد می‌کنید؟"),
    "settings": ("How do you read numbers", "عدد، تاریخ و پول"),
    "settings/identity": ("By what is a customer known?", "مشتری با چه چیزی شناخته می‌شود؟"),
    "elements": ("What are the pages made of?", "صفحه‌ها از چه ساخته شده‌اند؟"),
}
EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize("place", PAGES)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_page_asks_its_question_in_the_language_of_its_address(client, place, language):
    answer = client.get(f"/{language}/{place}")
    assert answer.status_code == 200
    side = "rtl" if language == "fa" else "ltr"
    assert f'<html lang="{language}" dir="{side}"' in answer.text
    assert PAGES[place][language == "fa"] in answer.text
    other = "en" if language == "fa" else "fa"
    assert f'href="/{other}/{place}"' in answer.text  # the language switch keeps the page


@pytest.mark.parametrize("place", [p for p in PAGES if p != "elements"])
def test_what_a_customer_or_a_file_says_is_never_markup(client, place):
    assert EVIL not in client.get(f"/fa/{place}").text


@pytest.mark.parametrize("place", PAGES)
def test_there_is_no_script_in_a_page(client, place):
    body = client.get(f"/fa/{place}").text
    tags = re.findall(r"<script([^>]*)>", body)
    assert tags
    assert all("src=" in tag or "application/json" in tag for tag in tags)
    assert not re.findall(r"\son\w+=|javascript:", body)


def test_every_file_that_a_page_names_is_there(client):
    body = client.get("/fa/analyses/rfm").text + client.get("/fa/?edit=1").text
    named = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', body))
    assert len(named) > 8
    assert [name for name in named if client.get(html.unescape(name)).status_code != 200] == []


def test_every_icon_that_a_page_names_is_drawn(client):
    body = "".join(client.get(f"/fa/{place}").text for place in PAGES)
    drawn = set(re.findall(r'symbol id="(\w+)"', client.get("/static/icons.svg").text))
    assert set(re.findall(r"icons\.svg#(\w+)", body)) <= drawn


def opened(client, address, words):
    """Return how many customers a link leads to, as its page says."""
    answer = client.get(html.unescape(address))
    assert answer.status_code == 200
    return int(re.search(r"([\d,]+) customers", words(answer.text))[1].replace(",", ""))


def numbers(shop, name):
    """Yield every number of customers that a report opens, with its conditions."""
    cls = miners.find(name)
    for table in shop.mine(build(cls, cls.example)).report.tables.values():
        for column in table.columns:
            cells = table.opens.get(column.name, ()) if column.unit == "customers" else ()
            for where, value in zip(cells, table.values[column.name], strict=False):
                if where is not None:
                    yield [[one.column, one.op, one.value] for one in where], int(value)


@pytest.mark.parametrize("name", ["overview", "rfm", "retention", "funnel"])
def test_a_number_opens_as_many_customers_as_it_says(client, shop, words, name):
    example = dump(build(miners.find(name), miners.find(name).example))
    told = list(numbers(shop, name))
    assert told
    for where, count in told[:: max(len(told) // 5, 1)]:
        asked = {
            **{k: v for k, v in example.items() if v not in (None, "")},
            "of": name,
            "opens": json.dumps(where),
        }
        assert opened(client, "/en/customers?" + urlencode(asked, doseq=True), words) == count
    assert f"customers?of={name}&amp;" in client.get(f"/en/analyses/{name}").text


def test_what_comes_late_brings_its_period_and_its_files(client):
    """A result that takes long is filled in when it is there, and with it what stands above it."""
    late = client.get("/en/analyses/timing/result?by=city").text
    lead = re.search(r'<p class="lead" id="lead" hx-swap-oob="true">([^<]+)</p>', late)[1]
    files = late.partition('id="exports" hx-swap-oob="true"')[2]
    page = client.get("/en/analyses/timing?by=city").text
    assert lead.count("140") == 2
    assert f'<p class="lead" id="lead">{lead}</p>' in page
    assert "/tables/hours_by" in files
    assert "/tables/hours_by" in page.partition('id="exports"')[2]


def test_a_finding_opens_its_customers(client, words):
    body = client.get("/en/analyses/overview").text
    address, said = re.search(r'<a href="([^"]*customers\?[^"]*)">([^<]*only once[^<]*)</a>', body).groups()
    once = int(re.search(r"([\d,]+) only once", said)[1])
    assert once == 15  # every fourth customer
    assert opened(client, address, words) == once


def test_the_figures_of_home_are_those_of_the_last_whole_period(client, words):
    said = words(client.get("/en/?period=month").text)
    assert re.search(r"Buyers · \w+ 1402|Buyers · \w+ 1403", said)
    assert "What changed" in said


def test_a_list_is_searched_filtered_sorted_and_paged(client, words):
    assert "60 customers" in words(client.get("/en/customers").text)
    assert "۶۰ مشتری" in words(client.get("/fa/customers").text)
    found = words(client.get("/en/customers?q=+989121000007").text)
    assert "1 customers" in found
    second = words(client.get("/en/customers?leaf=2").text)
    assert "51 to 60 of 60" in second
    first = re.search(
        r"customers/(\d+)", client.get("/en/customers?sort=revenue&up=1").text.split("<tbody>")[1]
    )
    last = re.search(r"customers/(\d+)", client.get("/en/customers?sort=revenue").text.split("<tbody>")[1])
    assert first[1] != last[1]


def test_a_sentence_becomes_a_condition_and_a_segment(client, words):
    asked = urlencode({"key": "overview|orders", "op": ">=", "value": "۴"})
    answer = client.get(f"/en/customers?{asked}")
    assert "cond=" in str(answer.url)
    assert "15 customers" in words(answer.text)
    definition = html.unescape(re.search(r'name="segment" value="([^"]+)"', answer.text)[1])
    saved = client.post("/en/segments", data={"name": "وفاداران ما", "segment": definition})
    assert "15 customers" in words(saved.text)
    assert "وفاداران ما" in client.get("/en/analyses/rfm").text  # it can be chosen above an analysis
    removed = client.post("/en/segments/remove", data={"name": "وفاداران ما"})
    assert "15 customers" in words(removed.text)  # what it said is kept, to be taken back


BEHAVIOUR = {
    "funnel": {
        "steps": ("Product Viewed", "Product Added", "Order Completed"),
        "by": "city",
        "trend": "month",
    },
    "retention": {"by": "city"},
    "lifecycle": {"by": "city"},
    "stickiness": {"by": "city", "interval": "month", "intervals": 12},
    "sessions": {"events": ("any",), "by": "city"},
    "timing": {"by": "city"},
    "paths": {"by": "city"},
    "journey": {"by": "city", "events": ()},
    "attribution": {},
    "compare": {"fewest": 2, "support": 1, "traits": ("city",)},
    "activity": {"append": ("last Product Viewed before: time",)},
    "heatmap": {"events": ("Product Viewed",)},
}


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_the_customers_behind_a_number_are_kept_as_a_segment(client, shop, words, name):
    """From a cell to its customers, and from them to a segment of just as many."""
    mined = shop.mine(build(miners.find(name), BEHAVIOUR[name]))
    asked = {k: v for k, v in dump(mined.miner).items() if v not in (None, "")}
    told = [
        [
            (opens, int(table.values[column.name][row]))
            for column in table.columns
            if column.unit == "customers"
            for row, opens in enumerate(table.opens.get(column.name, ()))
            if opens and table.values[column.name][row] > 0
        ]
        for table in mined.report.tables.values()
    ]
    opening = [cells for cells in told if cells]
    for opens, count in (opening[0][-1], opening[-1][-1]):
        where = json.dumps([[one.column, one.op, one.value] for one in opens])
        page = client.get("/en/customers?" + urlencode({**asked, "of": name, "opens": where}, doseq=True))
        definition = html.unescape(re.search(r'name="segment" value="([^"]+)"', page.text)[1])
        saved = client.post("/en/segments", data={"name": "kept", "segment": definition})
        assert f"{count} customers" in words(saved.text), (opens, count)
        assert len(shop.members("kept")) == count
        client.post("/en/segments/remove", data={"name": "kept"})


def test_money_is_asked_in_the_unit_it_is_shown_in(client, words):
    """Customer k spends 100,000 × (k + 1) rials an order: of k = 59, 4 × 6 million rials = 2.4 million tomans."""
    asked = urlencode({"key": "overview|revenue", "op": ">=", "value": "2,400,000"})
    assert "1 customers" in words(client.get(f"/en/customers?{asked}").text)


def test_when_nobody_fits_the_page_names_the_condition_that_removes_most(client, words):
    conditions = [
        '{"column":"orders","op":">=","value":4,"miner":"overview"}',
        '{"column":"orders","op":"<=","value":0,"miner":"overview"}',
    ]
    said = words(client.get("/en/customers?" + urlencode({"cond": conditions}, doseq=True)).text)
    assert "No customers match" in said
    assert "is at most 0" in said


def test_an_exported_list_cannot_run_in_a_spreadsheet(client):
    answer = client.get("/fa/customers/export")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK(1)" in answer.text
    assert ",=HYPERLINK" not in answer.text
    assert ',"=HYPERLINK' not in answer.text
    assert "national_code" not in answer.text
    assert len(answer.text.strip().splitlines()) == 61


def test_a_customer_is_shown_with_masked_identifiers(client, words):
    body = client.get("/fa/customers/7").text
    assert "0012345607" not in body  # a national code is never shown in full
    assert "+98912•••0007" in body
    assert "خط زمان" in words(body)


def test_a_customer_that_is_not_there_is_a_page_that_says_so(client, words):
    answer = client.get("/fa/customers/9999")
    assert answer.status_code == 404
    assert "مشتری" in words(answer.text)
    assert "خانه" in words(answer.text)


def test_an_unknown_page_and_an_unknown_analysis_are_pages_that_say_so(client, words):
    assert client.get("/fa/nowhere").status_code == 404
    answer = client.get("/en/analyses/retentoin")
    assert answer.status_code == 404
    assert "retention" in words(answer.text)


def test_a_wrong_parameter_is_said_under_its_field(client, words):
    answer = client.get("/en/analyses/funnel?steps=Product+Viewed&steps=Order+Completed&within=soon")
    assert answer.status_code == 422
    assert "write it like 7d" in words(answer.text)
    assert client.get("/en/analyses/rfm?bins=1000").status_code == 422


@pytest.mark.parametrize(
    ("asked", "offered", "near"),
    [
        ("churn?label=citi", ("Order Completed", "city"), "city"),
        ("response?outcome=Order+Complete", ("Product Viewed", "city"), "Order Completed"),
        ("value?figure=mony", ("money", "purchases"), "money"),
        ("contracts?label=Order+Complet", ("Order Completed", "city"), "Order Completed"),
    ],
)
def test_what_is_foreseen_is_picked_and_a_name_that_is_not_there_names_the_nearest(
    client, words, asked, offered, near
):
    answer = client.get(f"/en/analyses/{asked}")
    assert answer.status_code == 404
    for name in offered:
        assert f'<option value="{name}"' in answer.text, name
    assert f"Closest names: {near}" in words(answer.text)


def test_an_empty_workspace_says_what_to_do(empty, words):
    said = words(empty.get("/fa/").text)
    assert "هنوز داده‌ای وارد نشده است" in said
    assert "دیدن نمونه" in said
    for place in ("customers", "analyses/rfm", "analyses/retention", "imports"):
        assert empty.get(f"/fa/{place}").status_code == 200


def test_settings_are_saved_one_by_one_and_a_wrong_zone_is_refused(empty, words):
    kept = empty.post("/fa/settings", data={"language": "en", "digits": "latin", "calendar": "gregorian"})
    assert str(kept.url).endswith("/en/settings?done=settings")
    assert "21 November 2026" in words(kept.text)
    assert "1,234,567,800 tomans" in words(kept.text)  # the money's unit was not touched
    wrong = empty.post("/en/settings", data={"zone": "Asia/Nowhere"})
    assert 400 <= wrong.status_code < 500
    assert "Asia/Nowhere" in wrong.text


def test_downloads_are_what_they_say(client):
    csv = client.get("/fa/analyses/rfm/tables/segments")
    assert csv.headers["content-type"].startswith("text/csv")
    assert client.get("/fa/analyses/rfm/charts/0?kind=png").content.startswith(b"\x89PNG")
    assert "<svg" in client.get("/fa/analyses/rfm/charts/0?kind=svg").text
    assert client.get("/fa/analyses/rfm/charts/99").status_code == 404


def test_how_it_is_computed_is_told_in_the_readers_language(client, words):
    assert "recency" in words(client.get("/en/analyses/rfm/method").text)
    assert "تازگی" in words(client.get("/fa/analyses/rfm/method").text)


def test_the_palette_finds_pages_analyses_and_customers(client, words):
    assert (
        "RFM" in words(client.get("/fa/palette?q=rfm").text)
        or "بهترین" in client.get("/fa/palette?q=rfm").text
    )
    assert "سارا محمدی" in words(client.get("/fa/palette?q=سارا").text)
    assert EVIL not in client.get("/fa/palette?q=alert").text


@pytest.mark.parametrize("name", miners.names())
def test_no_parameter_hides_a_word_of_the_address(name):
    from ganj.faces.web.selection import OURS

    assert not OURS & {parameter.name for parameter in parameters(miners.find(name))}
