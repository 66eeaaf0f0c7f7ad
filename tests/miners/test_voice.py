"""What customers say: figures by hand, planted waits found, every number open, nothing to read refused."""

from datetime import date

import numpy as np
import pytest

from folding import behind, learn, scores
from ganj.errors import BadParameter
from ganj.miners.voice import Voice
from ganj.surveys import Survey
from ganj.surveys.links import token
from ganj.views import voice_fold
from reference import voice as slow
from stored import workspace

GOOD, BAD = (
    ("عالی بود", "خیلی راضی‌ام", "ارسال سریع بود"),
    ("افتضاح بود", "ارسال خیلی دیر بود", "اصلاً راضی نیستم"),
)
DAYS = 300


def told(customer, event, day, **properties):
    moment = 1_700_000_000_000_000 + round(day * 86_400_000_000)
    return {"customer": customer, "event": event, "time": moment, "properties": properties}


def people(rng):
    """Customers who answer, review and write tickets; the mark after a ticket falls by 0.4 with each doubling of the wait."""
    for n in range(150):
        who, day = f"c{n}", rng.uniform(0, DAYS)
        happy = rng.random() < 0.6
        yield told(
            who,
            "Survey Answered",
            day,
            survey="NPS",
            score=int(rng.integers(9, 11) if happy else rng.integers(0, 9)),
        )
        words = f"{rng.choice(GOOD if happy else BAD)} {rng.integers(999)}"
        yield told(who, "Product Reviewed", day + 1, score=5 if happy else 1, words=words)
        hours = float(rng.lognormal(2.5, 1))
        topic = str(rng.choice(["دیرکرد", "پرداخت"]))
        yield told(who, "Ticket Opened", day + 2, record=f"t{n}", topic=topic, words="بستهٔ من کجاست؟")
        if n % 3 == 0:
            yield told(
                who, "Ticket Replied", day + 2 + hours / 48, record=f"t{n}", by="team", words="پیگیری می‌کنیم"
            )
        if n != 7:
            yield told(who, "Ticket Solved", day + 2 + hours / 24, record=f"t{n}", topic=topic)
            mark = int(np.clip(round(5.2 - 0.4 * np.log2(1 + hours) + rng.normal(0, 0.3)), 1, 5))
            yield told(who, "Survey Answered", day + 2 + (hours + 1) / 24, survey="CSAT", score=mark)
    for n in range(150, 200):
        yield told(f"c{n}", "Product Viewed", 5)


@pytest.fixture(scope="module")
def rows():
    return list(people(np.random.default_rng(11)))


@pytest.fixture(scope="module")
def shop(tmp_path_factory, rows):
    with workspace(tmp_path_factory.mktemp("voice"), rows) as made:
        yield made


@pytest.fixture(scope="module")
def mined(shop):
    return shop.mine(Voice(label="topic", period="year"))


def evidence(mined, name):
    return next(said.evidence for said in mined.findings if name in said.evidence)


# ---- figures


def test_the_nps_is_counted_as_by_hand(mined, rows):
    marks = [row["properties"]["score"] for row in rows if row["properties"].get("survey") == "NPS"]
    surveys = mined.table("surveys").to_arrow().to_pylist()
    first = next(row for row in surveys if row["scale"] == "nps")
    assert first["figure"] == pytest.approx(slow.nps(marks))
    assert first["low"] < first["figure"] < first["high"]
    assert first["answers"] == len(marks) == 150
    assert {row["scale"] for row in surveys} == {"nps", "csat", "stars"}


def test_what_waiting_costs_is_found(mined):
    found = evidence(mined, "loss")
    assert (
        found["low"] < 0.4 < found["high"] + 0.05
    )  # marks end at 5 and 1, which flattens the slope a little
    assert found["low"] > 0.2


def test_complaints_about_waiting_are_told_apart_and_open_their_customers(mined):
    """Every ticket asks where the parcel is; reviews complain of lateness or of all."""
    waiting, others = mined.table("impatience").to_arrow().to_pylist()
    assert (waiting["about"], others["about"]) == ("waiting", "others")
    assert waiting["customers"] == 150
    assert waiting["hours"] == pytest.approx(12, rel=0.35)  # the middle of what was planted, exp 2.5
    assert waiting["share"] + others["share"] == pytest.approx(100)
    assert len(behind(mined.scores(), mined.report.tables["impatience"].opens["customers"][0])) == 150


def test_waits_are_until_the_first_answer_and_the_solution(mined):
    trend = mined.table("waits_trend").to_arrow().to_pylist()
    assert sum(row["tickets"] for row in trend) == 150
    assert sum(row["solved"] for row in trend) == 149
    assert all(row["answer"] <= row["end"] for row in trend)
    waits = mined.table("waits").to_arrow().to_pylist()
    assert waits[-1]["tickets"] == waits[-1]["customers"] == 1  # the one not solved
    happy = [row["satisfied"] for row in waits if row["marks"] > 10]
    assert happy == sorted(happy, reverse=True)


def test_everyone_who_spoke_has_a_mood_and_its_quality_is_told(mined):
    scored = mined.scores().to_pylist()
    classes = {row["customer"]: row["sentiment"] for row in scored if row["heard"]}
    assert len(classes) == 150
    assert len(mined.table("quality")) == 2  # moods and labels
    assert sum(row["nps_class"] == "promoter" for row in scored) > 60


def test_every_number_of_customers_is_who_it_opens(mined):
    found, opened = mined.scores(), 0
    for table in mined.report.tables.values():
        for column in table.columns:
            for row, opens in enumerate(table.opens.get(column.name, ())):
                if opens is not None and column.unit == "customers":
                    opened += 1
                    assert len(behind(found, opens)) == table.values[column.name][row], (column.name, row)
    assert opened > 40


def test_who_never_spoke_is_counted(mined):
    heard = mined.table("heard").to_arrow().to_pylist()
    assert [row["customers"] for row in heard] == [150, 150, 150, 50]


def test_an_open_complaint_is_urgent_until_it_is_old(shop):
    opened = next(
        row["time"].date() for row in shop.sql(
            "select e.time from events e where event = 'Ticket Opened' and properties like '%\"t7\"%'"
        ).to_pylist()
    )  # fmt: skip
    until = date.fromordinal(opened.toordinal() + 5)
    urgent = shop.mine(Voice(until=until)).table("urgent").to_arrow().to_pylist()
    asking = [row for row in urgent if row["words"] == "بستهٔ من کجاست؟"]
    assert [(row["why"], row["customers"]) for row in asking] == [("waiting", 1)]
    late = shop.mine(Voice(until=date.fromordinal(opened.toordinal() + 40)))
    shown = late.table("urgent").to_arrow().to_pylist() if "urgent" in late.tables else []
    assert "بستهٔ من کجاست؟" not in {row["words"] for row in shown}


# ---- where texts come from


def test_answers_to_a_survey_of_ours_are_heard(tmp_path, monkeypatch):
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path / "key"))
    with workspace(tmp_path, [told("c1", "Product Viewed", 0)]) as made:
        made.surveys.save(Survey(name="autumn", language="fa"))
        link = token("autumn", ("customer_id", "c1"), 60)
        made.surveys.answer(link, "2", "<b>خیلی بد بود</b>")
        made.store.absorb()
        mined = made.mine(Voice())
        row = mined.scores().to_pylist()[0]
        assert (row["nps_class"], row["sentiment"]) == ("detractor", "negative")


def test_a_mailbox_s_letters_are_heard(tmp_path):
    letters = [
        told(
            "c1",
            "Ticket Opened",
            0,
            ticket="a",
            subject="Parcel",
            text="My parcel hasn't arrived",
            by="customer",
        ),
        told("c1", "Ticket Replied", 0.25, ticket="a", text="We are on it", by="team"),
        told("c1", "Ticket Replied", 0.5, ticket="a", text="Still waiting, terrible", by="customer"),
    ]
    with workspace(tmp_path, letters) as made:
        mined = made.mine(Voice())
        trend = mined.table("waits_trend").to_arrow().to_pylist()
        assert trend[0]["answer"] == pytest.approx(6)
        assert trend[0]["solved"] == 0
        shown = [row["words"] for row in mined.table("urgent").to_arrow().to_pylist()]
        assert "We are on it" not in shown
        assert len(shown) == 2


def test_scales_of_unnamed_surveys_are_read_from_their_marks(tmp_path):
    rows = [told(f"c{n}", "Survey Answered", n, survey="پاییز", score=n % 11) for n in range(22)]
    rows += [told(f"c{n}", "Survey Answered", n, survey="دوم", score=1 + n % 5) for n in range(10)]
    rows += [told(f"c{n}", "Survey Answered", n, kind="ces", score=1 + n % 5) for n in range(10)]
    with workspace(tmp_path, rows) as made:
        surveys = made.mine(Voice()).table("surveys").to_arrow().to_pylist()
    assert {row["scale"]: row["answers"] for row in surveys} == {"nps": 22, "csat": 10, "ces": 10}


def test_moods_set_by_hand_are_learned(tmp_path):
    rng = np.random.default_rng(2)
    rows = [
        told(f"c{n}", "Survey Answered", n / 10, words=f"{'گزارش کبود' if n % 2 else 'گزارش سرخ'} {rng.integers(9_999)}",
             mood="منفی" if n % 2 else "positive")
        for n in range(400)
    ]  # fmt: skip
    with workspace(tmp_path, rows) as made:
        mined = made.mine(Voice(mood="mood"))
        scored = mined.scores().to_pylist()
    assert [row["sentiment"] for row in scored[:4]] == ["positive", "negative", "positive", "negative"]
    assert evidence(mined, "listed")["right"] > 95 > evidence(mined, "listed")["naive"]


# ---- nothing, too much, wrong


def test_a_workspace_that_nobody_spoke_to_says_so(tmp_path):
    with workspace(tmp_path, [told("c1", "Product Viewed", 0)]) as made:
        mined = made.mine(Voice())
        assert mined.tables == ("heard",)
        assert mined.findings[0].finding.tone == "warn"


STRANGE = (
    "😊👍🔥",
    "😡" * 40,
    "سلام hello 你好 مرحبا",
    "\u200c\u200c",
    " ",
    "x" * 1_000_000,
    "بد " * 300_000,
    "<script>alert(1)</script>",
    "a\nb\tc",
    "٪$%^&",
    "\u202eبرعکس\u202c",
)


def test_strange_words_stay_words(tmp_path):
    """Only emoji, many scripts at once, nothing but half-spaces, a million letters: read, judged, shown short, or left out."""
    rows = [
        told(f"c{n}", "Product Reviewed", n, words=words, score=1 + n % 5) for n, words in enumerate(STRANGE)
    ]
    with workspace(tmp_path, rows) as made:
        mined = made.mine(Voice())
        moods = {row["sentiment"] for row in mined.scores().to_pylist()}
        shown = [
            row["words"]
            for name in ("quotes", "urgent")
            if name in mined.tables
            for row in mined.table(name).to_arrow().to_pylist()
        ]
    assert moods <= {"positive", "neutral", "negative", None}
    assert all(len(words) < 400 for words in shown)


def test_a_time_of_no_length_is_refused():
    with pytest.raises(BadParameter):
        Voice(recent=Voice().recent * 0)


def heard(shop):
    return list(shop.store.histories(Voice(label="topic").reads()))


def test_of_too_much_customers_are_drawn_whole_and_in_any_order(shop, monkeypatch):
    monkeypatch.setattr(voice_fold.Heard.fitted, "__defaults__", (300, voice_fold.LETTERS))
    miner, parts = Voice(label="topic", until=date(2025, 1, 1)), heard(shop)
    one, other = learn(miner, *parts), learn(miner, *parts[::-1])
    assert one.level == other.level == 2
    assert one.told.book.customer.tolist() == other.told.book.customer.tolist()
    assert 100 < len(one.told.book) <= 300
    report = miner.report(one)
    assert all(
        cell is None for table in report.tables.values() for row in table.opens.values() for cell in row
    )
    everyone = scores(miner, *parts)
    assert everyone.num_rows == 200  # each customer is scored, drawn or not


def test_a_mark_is_about_a_ticket_only_soon_after_it(shop):
    found = learn(Voice(until=date(2025, 1, 1)), *heard(shop))
    cases = found.told.book.cases
    marks = cases.marks(found.told.book, found.told.scale, 1)
    assert (~np.isnan(marks)).sum() == 149
