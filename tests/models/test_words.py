"""Words of customers: n-grams, what is learned from them, and what a list of words says."""

import csv
import gzip
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganj.models.words import lexicon, moods, quotes, terms, urgency
from ganj.models.words.grams import Rows, counted
from ganj.models.words.linear import Linear, learned, tallied, weighed
from ganj.models.words.masking import quoted
from ganj.persian import match_forms
from reference import voice as slow

DATA = Path(__file__).parents[3] / "shared" / "data"
SENTIPERS = DATA / "persian_text"
TWEETS = DATA / "tweets_airline" / "Tweets_6col.csv.gz"
BANK = DATA / "banking77" / "train.csv.gz"

words = st.text(alphabet="ab ابک\u200cيى!۱😊", max_size=12)


def dense(rows, size):
    """The rows as a matrix, by the places of their features."""
    out = np.zeros((len(rows), size))
    np.add.at(out, (rows.owner, rows.feature), rows.value)
    return out


# ---- n-grams


@given(st.lists(words, max_size=6))
@settings(max_examples=25, deadline=None)
def test_n_grams_are_those_counted_by_slicing(texts):
    rows, wanted = counted(texts), [slow.grams(text) for text in texts]
    assert len(rows) == len(texts)
    for row, grams in enumerate(wanted):
        mine = rows.some(np.array([row]))
        assert sorted(mine.value) == sorted(grams.values())
    for row in range(1, len(texts)):
        a, b = (set(rows.some(np.array([one])).feature.tolist()) for one in (row - 1, row))
        assert len(a & b) == len(wanted[row - 1].keys() & wanted[row].keys())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كيفيت عالي", "کیفیت عالی"),  # letters of Arabic keyboards
        ("می‌رود", "میرود"),  # the half-space
        ("عالییییییی", "عالیی"),  # stretched
        ("GOOD", "good"),
        ("۱۲", "12"),
    ],
)
def test_spellings_of_one_word_are_one(one, other):
    a, b = counted([one]), counted([other])
    assert a.feature.tolist() == b.feature.tolist()
    assert a.value.tolist() == b.value.tolist()


def test_long_columns_are_laid_out_in_portions(monkeypatch):
    texts = ["خیلی خوب بود", "", "not good", "x"] * 5
    whole = counted(texts)
    monkeypatch.setattr("ganj.models.words.grams.PORTION", 20)
    parts = counted(texts)
    assert parts.offsets.tolist() == whole.offsets.tolist()
    assert parts.feature.tolist() == whole.feature.tolist()


# ---- learning


def some_rows(rng, rows=40, features=12):
    offsets = np.arange(rows + 1) * 3
    feature = np.concatenate([np.sort(rng.choice(features, 3, replace=False)) for _ in range(rows)])
    return Rows(offsets, feature.astype(np.int32), rng.uniform(1, 3, 3 * rows).round())


def test_what_is_learned_is_where_the_loss_is_lowest():
    rng = np.random.default_rng(3)
    rows, classes = some_rows(rng), rng.integers(0, 3, 40)
    model = learned(rows, classes, 3, pull=0.7)
    x = dense(weighed(rows, model.feature, model.rarity), len(model.feature))
    chance = model.chances(rows)
    np.testing.assert_allclose(chance.sum(axis=1), 1)
    off = chance - np.eye(3)[classes]
    np.testing.assert_allclose(x.T @ off + 0.7 * model.weights, 0, atol=2e-3)
    np.testing.assert_allclose(off.sum(axis=0), 0, atol=2e-3)


def test_words_and_letters_each_have_length_one():
    rng = np.random.default_rng(4)
    rows = some_rows(rng)
    given_ = weighed(rows, np.arange(12, dtype=np.int32), np.ones(12))
    squares = dense(given_, 12) ** 2
    for kind in (0, 1):
        length = squares[:, kind::2].sum(axis=1)
        np.testing.assert_allclose(length[length > 0], 1)


def test_a_model_survives_its_file(tmp_path):
    rng = np.random.default_rng(5)
    rows = some_rows(rng)
    model = learned(rows, rng.integers(0, 2, 40), 2)
    model.write(tmp_path / "model.npz")
    again = Linear.read(tmp_path / "model.npz")
    np.testing.assert_allclose(again.chances(rows), model.chances(rows), atol=5e-3)


def test_nothing_is_learned_from_few_texts_or_from_one_class():
    texts = [f"متن شماره {n}" for n in range(moods.FEW)]
    assert moods.taught(texts[:-1], np.arange(moods.FEW - 1) % 2, 2) == (None, None)
    assert moods.taught(texts, np.zeros(moods.FEW, np.int64), 2) == (None, None)
    assert moods.judge([], np.zeros(0, np.int64)).source == "list"


def test_marks_that_say_nothing_of_words_are_not_believed():
    """Negative control: shuffled marks beat neither the list of words nor the most frequent class."""
    rng = np.random.default_rng(6)
    texts = [f"{'خیلی خوب' if n % 2 else 'افتضاح'} بود {rng.integers(9_999)}" for n in range(600)]
    judge = moods.judge(texts, rng.integers(0, 3, 600))
    assert judge.source == "list"
    assert judge.tried is not None


@cache
def sentipers(name):
    with gzip.open(SENTIPERS / f"deepsentipers_{name}.csv.gz", "rt", encoding="utf-8") as file:
        rows = [(text, int(mood)) for text, mood in csv.reader(file)]
    texts = [text for text, _ in rows]
    return moods.told(texts, lexicon.judged(texts)), np.array([mood for _, mood in rows])


def weighted_f1(truth, found):
    return sum(moods.f1(truth, found, one) * float((truth == one).mean()) for one in np.unique(truth))


needs_sentipers = pytest.mark.skipif(not SENTIPERS.exists(), reason="the Persian reviews are not here")


def folded(texts):
    return [" ".join(text.split()) for text in match_forms(pa.array(texts)).to_pylist()]


def apart(*names):
    """The training sets together, without any text that the test set, or a set before, has too."""
    seen, texts, marks = set(folded(sentipers("test")[0])), [], []
    for name in names:
        rows = [
            (text, mood)
            for text, key, mood in zip(
                sentipers(name)[0], folded(sentipers(name)[0]), sentipers(name)[1], strict=True
            )
            if key not in seen
        ]
        seen |= set(folded(sentipers(name)[0]))
        texts += [text for text, _ in rows]
        marks += [mood for _, mood in rows]
    return texts, np.array(marks)


def polar_right(texts, mood):
    """How often praise and complaint of the test set are told apart."""
    others, truth = sentipers("test")
    polar, sought = np.flatnonzero(mood), np.flatnonzero(truth)
    model = learned(counted([texts[place] for place in polar]), (mood[polar] > 0).astype(np.int64), 2)
    found = model.chances(counted([others[place] for place in sought])).argmax(axis=1)
    assert (len(sought), round(float((truth[sought] > 0).mean()), 3)) == (1_111, 0.824)  # always praise
    return float((found == (truth[sought] > 0)).mean())


@needs_sentipers
def test_praise_and_complaint_of_deep_senti_pers():
    """ParsBERT v2 states .924 (its README).  Learned from both published training sets.

    261 texts of the test set are also in the balanced one, and 98 in the original one; here none that was learned
    from is tried.
    """
    texts, mood = apart("balanced", "original")
    assert not set(folded(texts)) & set(folded(sentipers("test")[0]))
    assert polar_right(texts, mood) >= 0.925  # .932


@needs_sentipers
@pytest.mark.slow
def test_praise_and_complaint_of_deep_senti_pers_as_published():
    """The balanced set alone, with the texts it shares with the test set (.931); without them it is .918."""
    assert polar_right(*sentipers("balanced")) >= 0.925
    assert polar_right(*apart("balanced")) >= 0.91


@needs_sentipers
@pytest.mark.slow
@pytest.mark.parametrize(
    ("names", "least"), [(("balanced",), 0.70), (("balanced", "original"), 0.72)], ids=["balanced", "both"]
)
def test_five_classes_of_deep_senti_pers(names, least):
    """ParsBERT v2 states .713, DeepSentiPers .693; no text that is tried was learned from: .701 and .728."""
    (texts, mood), (others, truth) = apart(*names), sentipers("test")
    model = learned(counted(texts), mood + 2, 5)
    assert weighted_f1(truth, model.chances(counted(others)).argmax(axis=1) - 2) >= least


@needs_sentipers
def test_the_list_of_words_hears_persian_better_than_always_praise():
    texts, truth = sentipers("test")
    found = np.sign(lexicon.judged([text[:-2] for text in texts]))
    assert moods.macro_f1(np.sign(truth), found) > 0.55
    assert moods.macro_f1(np.sign(truth), np.ones(len(truth))) < 0.25


@pytest.mark.skipif(not TWEETS.exists(), reason="the tweets to airlines are not here")
def test_the_list_of_words_hears_english_better_than_always_complaint():
    with gzip.open(TWEETS, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::5]
    truth = np.array(
        [("negative", "neutral", "positive").index(row["airline_sentiment"]) - 1 for row in rows]
    )
    found = np.sign(lexicon.judged([row["text"] for row in rows]))
    assert moods.macro_f1(truth, found) > 0.55
    assert moods.macro_f1(truth, np.full(len(truth), -1)) < 0.27


@pytest.mark.skipif(not BANK.exists(), reason="the bank's questions are not here")
def test_kinds_of_a_bank_s_questions():
    with gzip.open(BANK, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    order = np.random.default_rng(0).permutation(len(rows))
    names = sorted({row["category"] for row in rows})
    rows = [rows[place] for place in order]
    classes = np.array([names.index(row["category"]) for row in rows])
    model, tried = moods.taught([row["text"] for row in rows], classes, len(names))
    assert model is not None
    assert tried.size == len(rows) // 5
    assert tried.right / tried.size > 0.86
    assert tried.naive / tried.size < 0.03


def test_naive_bayes_knows_what_each_class_says():
    rows = counted(["red apple", "red cherry", "blue sky", "blue sea"] * 2)
    model = tallied(rows, np.array([0, 0, 1, 1] * 2), 2)
    assert model.chances(counted(["red sea red", "blue"])).argmax(axis=1).tolist() == [0, 1]


# ---- the list of words


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("خیلی خوب بود", 1),
        ("خوب نبود", -1),
        ("اصلاً راضی نیستم", -1),
        ("پیشنهاد نمی‌کنم", -1),
        ("پیشنهاد می‌کنم", 1),
        ("جنسش حرف ندارد", 1),
        ("هیچ مشکلی نداشت", 1),
        ("كيفيتش عاليه", 1),  # Arabic letters, an ending
        ("افتضاح", -1),
        ("بستهٔ من کجاست؟", -1),  # no polar word, but it has not come
        ("رنگ آبی", 0),
        ("This is good", 1),
        ("not good at all", -1),
        ("I can't recommend it", -1),
        ("no problem", 1),
        ("The parcel is blue", 0),
        ("", 0),
    ],
)
def test_the_list_of_words_hears_praise_complaint_and_negation(text, sound):
    assert np.sign(lexicon.judged([text])[0]) == sound


# ---- topics, urgency, quotations


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=8))
@settings(max_examples=25, deadline=None)
def test_keyness_is_the_log_odds_of_the_paper(counts):
    left, right = (np.array(side, float) for side in zip(*counts, strict=True))
    if left.sum() + right.sum() == 0:
        return
    np.testing.assert_allclose(
        terms.keyness(left, right, 20.0), slow.keyness(left.tolist(), right.tolist(), 20.0), atol=1e-9
    )


def test_topics_are_what_is_spoken_of_in_one_form():
    texts = [f"قیمتش خوب بود {n}" for n in range(6)] + [f"قیمت بالا بود {n}" for n in range(6)]
    texts += [f"پشتیبانی تلفنی عالی {n}" for n in range(8)] + ["delivery was late"] * 9
    found = terms.topics(texts, np.ones(len(texts), np.int64))
    assert set(found.shown) >= {"قیمت", "پشتیبانی تلفنی", "delivery"}
    assert not {"خوب", "عالی", "بود", "was", "late", "پشتیبانی"} & set(
        found.shown
    )  # dull, polar, or told by a pair
    text, topic = found.spoken(["قيمتش و قیمت", "نه"])
    assert text.tolist() == [0]
    assert found.shown[topic[0]] == "قیمت"


def test_verbs_are_no_topics_and_nouns_that_begin_like_verbs_are():
    texts = [f"باز هم می‌خرم و می‌زنم {n} میز خوبی بود، میخش نه" for n in range(20)]
    shown = set(terms.topics(texts, np.ones(len(texts), np.int64)).shown)
    assert {"میز", "میخش"} <= shown or "میز میخش" in shown
    assert not {"می‌خرم", "می‌زنم"} & shown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("دو بار پول کم شده و سفارش ثبت نشد", "money"),
        ("شارژر آتش گرفت", "danger"),
        ("از شما شکایت می‌کنم", "law"),
        ("یک هفته است منتظرم", "waiting"),
        ("I was charged twice", "money"),
        ("My bag still hasn't arrived", "waiting"),
        ("ممنون، خیلی خوب بود", None),
    ],
)
def test_urgency_says_what_it_saw(text, why):
    fits = urgency.seen([text])
    names = [name for (name, _), there in zip(urgency.NAMES, fits[0], strict=True) if there]
    assert names[:1] == ([why] if why else [])
    assert (urgency.urgency(fits, np.array([-0.5]))[0] >= 40) == bool(why)
    assert urgency.urgency(fits, np.array([0.9]))[0] == 0  # praise is not urgent


def test_quotations_stand_for_their_group_and_not_for_each_other():
    texts = [
        "ارسال خیلی دیر بود و پاسخ ندادند",
        "ارسال خیلی دیر بود و پاسخی ندادند",
        "ارسال دیر بود",
        "قهوه تلخ و سرد بود",
    ]
    chosen = quotes.central(texts, np.array([5, 4, 3, 1]), 2)
    assert texts[chosen[0]].startswith("ارسال")
    assert len(chosen) == 2
    assert chosen[1] not in (0, 1)
    assert quotes.central([], np.zeros(0, np.int64), 3) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("آقای رضایی بدقول بود", "آقای ••• بدقول بود"),
        ("من محمد احمدی هستم", "من ••• ••• هستم"),
        ("خانم دکتر سارا حسینی‌پور", "خانم دکتر ••• •••"),
        ("اسم من آرزو کریمی است", "اسم من ••• ••• است"),
        ("شیرین محمدزاده زنگ زد", "••• ••• زنگ زد"),  # a word, but not before a family name
        ("آرزو می‌کنم شیرین باشد", "آرزو می‌کنم شیرین باشد"),
        ("پیک آقای محترمی نبود، رضایت ندارم", "پیک آقای ••• نبود، رضایت ندارم"),  # better too much
        ("این آقا گفت نمی‌آید", "این آقا گفت نمی‌آید"),
        ("My name is Jack Brown and I am angry", "My name is ••• ••• and I am angry"),
        ("Mr. Smith was rude", "Mr. ••• was rude"),
        ("A good cheap lamp", "A good cheap lamp"),
    ],
)
def test_names_of_persons_are_hidden(text, shown):
    assert quoted(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("زنگ بزنید ۰۹۱۲ ۳۴۵ ۶۷۸۹ لطفاً", "زنگ بزنید ••• لطفاً"),
        ("mail ali@example.com or @ali_r", "mail ••• or •••"),
        ("کارت 6037-9911-2233-4455", "کارت •••"),
        ("سفارش 123456", "سفارش •••"),
        ("see https://x.example/a?b=1", "see •••"),
        ("ساعت ۱۰ و ۲۰ دقیقه", "ساعت ۱۰ و ۲۰ دقیقه"),
        ("<b>بد</b>", "<b>بد</b>"),  # stays text; a page escapes it
    ],
)
def test_quotations_hide_personal_data(text, shown):
    assert quoted(text) == shown


def test_long_quotations_end_at_a_word():
    assert quoted("واژه " * 100).endswith("واژه …")
    assert len(quoted("واژه " * 100)) < 290
