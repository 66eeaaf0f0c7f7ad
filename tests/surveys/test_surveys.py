"""Surveys: scales, sealed links, the page customers answer on, and answers in their histories."""

import pytest
from litestar.testing import TestClient

from ganj.errors import GanjError
from ganj.faces.http.app import application
from ganj.surveys import KINDS, BadMark, BrokenLink, LinkTooOld, Survey
from ganj.surveys.links import read, token
from stored import workspace


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path / "key"))


@pytest.fixture
def shop(tmp_path):
    bought = {"event": "Order Completed", "time": "2026-01-01", "amount": 5.0, "order": "1"}
    with workspace(
        tmp_path,
        [
            {"customer": "c1", "phone": "+989121234567", **bought},
            {"email": "ali@example.com", **bought, "order": "2"},
        ],
    ) as made:
        made.surveys.save(Survey(name="autumn", language="en"))
        yield made


def browser(shop):
    return TestClient(application(shop, insecure=True))


def answers(shop):
    shop.store.absorb()
    rows = shop.sql("select customer, properties from events where event = 'Survey Answered'").to_pylist()
    return [(row["customer"], row["properties"]) for row in rows]


# ---- links


def test_a_link_tells_whom_it_asks_and_hides_it():
    said = token("autumn", ("phone", "+989121234567"), 5)
    asked = read(said)
    assert (asked.survey, asked.kind, asked.value) == ("autumn", "phone", "+989121234567")
    assert "9121234567" not in said


@pytest.mark.parametrize("wrong", ["", "x", "Zm9v", "%", "é", "A" * 4_000])
def test_what_is_no_link_says_so(wrong):
    with pytest.raises(BrokenLink):
        read(wrong)


def test_a_changed_link_is_none():
    said = token("autumn", ("phone", "1"), 5)
    for place in range(0, len(said), 9):
        changed = said[:place] + ("A" if said[place] != "A" else "B") + said[place + 1 :]
        with pytest.raises(BrokenLink):
            read(changed)


def test_a_link_ends():
    with pytest.raises(LinkTooOld):
        read(token("autumn", ("phone", "1"), -1))


def test_each_customer_gets_a_link_by_the_first_identifier_he_has(shop):
    rows = list(shop.surveys.links("autumn", "", "https://ganj.example/"))
    whom = [read(row["link"].removeprefix("https://ganj.example/s/")) for row in rows]
    assert {(asked.kind, asked.value) for asked in whom} == {
        ("customer_id", "c1"),
        ("email", "ali@example.com"),
    }


# ---- scales


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.scale])
def test_marks_on_the_scale_are_read_and_others_refused(kind):
    survey, (low, high) = Survey(name="s", kind=kind.name), kind.scale
    assert [survey.score(str(mark)) for mark in range(low, high + 1)] == list(range(low, high + 1))
    for wrong in ("", "-1", str(high + 1), "۵", "5.0", "1e3", "9" * 5_000):
        with pytest.raises(BadMark):
            survey.score(wrong)


# ---- the page


def test_opening_the_link_answers_nothing_and_sending_the_form_does(shop):
    link = "/s/" + token("autumn", ("customer_id", "c1"), 5)
    with browser(shop) as page:
        assert "How likely are you to recommend us" in page.get(link, params={"score": "9"}).text
        assert answers(shop) == []
        done = page.post(link, data={"score": "9", "words": "quick <b>and</b> kind"})
    assert "Thank you" in done.text
    ((customer, told),) = answers(shop)
    assert customer == shop.store.search("c1", 1)[0]
    assert '"score":9' in told.replace(" ", "")


def test_a_second_answer_by_the_same_link_does_not_count(shop):
    link = "/s/" + token("autumn", ("email", "ali@example.com"), 5)
    with browser(shop) as page:
        for mark in ("9", "2"):
            assert page.post(link, data={"score": mark, "words": ""}).status_code == 200
    assert len(answers(shop)) == 1


@pytest.mark.parametrize("mark", ["", "11", "x"])
def test_a_wrong_mark_is_said_and_the_words_stay(shop, mark):
    link = "/s/" + token("autumn", ("customer_id", "c1"), 5)
    with browser(shop) as page:
        answer = page.post(link, data={"score": mark, "words": "<i>kept</i>"})
    assert answer.status_code == 422
    assert "Choose a number from 0 to 10" in answer.text
    assert "&lt;i&gt;kept" in answer.text


def test_a_link_to_nothing_says_nothing_of_what_there_is(shop):
    with browser(shop) as page:
        for said in ("nonsense", token("winter", ("phone", "1"), 5)):
            answer = page.get(f"/s/{said}")
            assert answer.status_code == 404
            assert "autumn" not in answer.text
        assert page.get(f"/s/{token('autumn', ('phone', '1'), -1)}").status_code == 410


def test_an_unknown_survey_names_the_nearest(shop):
    with pytest.raises(GanjError) as wrong:
        shop.surveys.find("autum")
    assert "autumn" in str(wrong.value) + wrong.value.advice("en")
