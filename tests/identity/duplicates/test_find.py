"""Doubles are found without labels: counted on public sets whose answer is known, and on Persian ones."""

from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from bench.duplicate_sets import many, persian, real
from bench.duplicate_sets.measuring import measure, right, true_pairs

from ganj.identity.duplicates import NothingToCompare, Options, find

pytest.importorskip("splink")
on_real_sets = pytest.mark.skipif(not real.there(), reason="the public sets are not beside this checkout")


@cache
def customers():
    return many.many(3_000)


@cache
def found_among_customers():
    return find(customers().table)


@on_real_sets
@pytest.mark.parametrize(
    "number", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
def test_febrl_is_linked(number):
    assert measure(real.febrl(number)).f1 >= 0.97


@on_real_sets
def test_what_is_merged_by_itself_is_right():
    assert measure(real.fake_1000()).merged >= 0.95


@on_real_sets
@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 3])
def test_febrl_in_persian_is_linked(number):
    assert measure(persian.febrl_in_persian(number)).f1 >= 0.97


@on_real_sets
def test_relatives_under_one_roof_are_not_one_person():
    pairs = found_among_customers().pairs
    likely = pairs.filter(pa.array(pairs["probability"].to_numpy() >= 0.5))
    hits = right(likely, customers().truth)
    assert hits.mean() >= 0.97
    assert hits.sum() >= 0.9 * true_pairs(customers().truth)


@on_real_sets
def test_people_of_one_household_are_found_together():
    found, truth = found_among_customers(), customers().truth
    groups = found.households()
    assert len(groups) > 50
    lines = customers().table["خیابان"].to_pylist()
    families = [{lines[row][-14:] for row in group if lines[row]} for group in groups]
    assert np.mean([len(streets) <= 2 for streets in families]) > 0.9
    assert np.mean([len({truth[row] for row in group}) > 1 for group in groups]) > 0.9


@on_real_sets
def test_probabilities_keep_what_they_promise():
    found = found_among_customers()
    probability = found.pairs["probability"].to_numpy()
    hits = right(found.pairs, customers().truth)
    for low, high in ((0.3, 0.9), (0.9, 1.01)):
        inside = (probability >= low) & (probability < high)
        assert abs(hits[inside].mean() - probability[inside].mean()) < 0.2
    assert abs(found.doubles - true_pairs(customers().truth)) < 0.1 * found.doubles


@on_real_sets
def test_the_steps_of_a_waterfall_add_up_to_the_pair_s_weight():
    found = found_among_customers()
    for at in (0, found.pairs.num_rows // 2, found.pairs.num_rows - 1):
        total = sum(step.weight for step in found.waterfall(at))
        assert total == pytest.approx(found.pairs["weight"][at].as_py(), abs=1e-6)
        odds = 2.0 ** found.pairs["weight"][at].as_py()
        assert odds / (1 + odds) == pytest.approx(found.pairs["probability"][at].as_py(), abs=1e-9)


@on_real_sets
def test_the_same_people_give_the_same_pairs():
    again, before = find(customers().table).pairs, found_among_customers().pairs
    assert again.schema == before.schema
    for name in before.column_names:  # sums over threads differ in their last bits
        if pa.types.is_floating(before[name].type):
            np.testing.assert_allclose(again[name], before[name], rtol=1e-9, atol=1e-12)
        else:
            assert again[name].equals(before[name]), name


@on_real_sets
def test_a_learned_model_finds_the_same_again_without_learning():
    first = found_among_customers()
    again = find(customers().table, None, Options(model=first.model))
    both = len(set(_named(first.pairs)) & set(_named(again.pairs)))
    assert both >= 0.98 * max(first.pairs.num_rows, again.pairs.num_rows)


def _named(pairs):
    return zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True)


PEOPLE = [
    ("مریم", "یوسفی", "0912 345 6789", "1370/01/05"),
    ("Maryam", "Yousefi", "9123456789", "1991-03-25"),  # Latin, the zero lost, Gregorian
    ("lvdl", "یوسفی", "۰۹۱۲۳۴۵۶۷۸۹", None),  # typed on the other keyboard
    ("یوسفی", "مريم", "09123456788", "1370/01/05"),  # exchanged; one digit off
    ("رضا", "کریمی", "09351112233", "1365/05/05"),
    ("مریم", "احمدی", "09361112233", "1350/05/05"),
]


def few():
    columns = zip(*PEOPLE, strict=True)
    return pa.table(
        dict(zip(("نام کوچک", "نام خانوادگی", "موبایل", "تاریخ تولد"), map(list, columns), strict=True))
    )


def test_among_few_people_experience_decides():
    found = find(few())
    likely = found.pairs.filter(pa.array(found.pairs["probability"].to_numpy() > 0.9))
    assert set(_named(likely)) == {(0, 1), (0, 2), (0, 3)}
    assert found.model.learned == ()


def test_a_pair_says_in_words_why():
    found = find(few())
    at = list(_named(found.pairs)).index((0, 1))
    said = {step.column: step.says.en for step in found.waterfall(at)}
    assert said["given"] == said["family"] == "sounds the same"
    assert said["phone"] == said["birthday"] == "the same"


def test_a_different_first_name_is_never_merged_unseen():
    people = pa.table(
        {
            "first name": ["Sara", "Reza"] * 2,
            "last name": ["Karimi"] * 2 + ["Ahmadi"] * 2,
            "phone": ["02188881234"] * 2 + ["02177771234"] * 2,
            "birthday": ["1370/01/05"] * 2 + ["1360/01/05"] * 2,
        }
    )
    found = find(people, None, Options(least=0.5))
    assert set(_named(found.pairs)) == {(0, 1), (2, 3)}
    assert found.certain(0.0).num_rows == 0


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_nobody_and_one_person_have_no_doubles(rows):
    found = find(few().slice(3, rows))
    assert found.pairs.num_rows == 0
    assert np.isfinite(found.model.prior)


def test_people_of_whom_nothing_is_known_are_refused():
    with pytest.raises(NothingToCompare):
        find(pa.table({"city": ["تهران"] * 3, "colour": ["red"] * 3}))


HOSTILE = [
    "'); drop table people; --",
    '"',
    "\x00",
    "=HYPERLINK()",
    "{x}",
    "%s",
    "\ud7ff" * 50,
    "<script>",
    "' || 1",
    "۱" * 999,
]


def test_hostile_values_are_only_values():
    columns = ("first name", "last name", "phone", "email", "national code", "birthday", "address", "city")
    found = find(pa.table(dict.fromkeys(columns, HOSTILE * 2)))
    assert set(_named(found.pairs)) >= {(at, at + len(HOSTILE)) for at in (0, 3, 4)}
