"""What to offer next, against slow ways of saying the same and purchases that were planted."""

import numpy as np
import pytest

from ganj.histories import DAY
from ganj.models.offers import Bought, Tastes, best_new, last_basket, tried

EVERYTHING = np.ones(5)


def bought(*people):
    """Customers, each a list of (day, product)."""
    offsets = np.concatenate(([0], np.cumsum([len(one) for one in people]))).astype(np.int64)
    flat = [step for one in people for step in one]
    item = np.array([product for _, product in flat], np.int64)
    return Bought(offsets, item, np.array([day * DAY for day, _ in flat], np.int64))


def tastes(some, worth=EVERYTHING):
    return Tastes.of(some, np.arange(len(some.offsets) - 1, dtype=np.uint64), worth, 90.0)


PEOPLE = bought([(0, 0), (10, 0), (20, 1)], [(0, 0), (5, 1)], [(0, 2), (9, 3)], [(3, 2)], [(1, 4)])


def test_what_is_bought_together_is_near():
    known = tastes(PEOPLE)
    assert known.near[0, 0] == 1
    assert known.weight[0, 0] == pytest.approx(1.0)
    assert known.near[2, 0] == 3
    assert known.weight[2, 0] == pytest.approx(1 / np.sqrt(2))
    assert known.near[4, 0] == -1


def test_own_products_come_first_then_what_is_new_by_how_probable_it_is():
    """Few buyers of 2 say little of 3, so best sellers come before it; what they say lifts it above its equal, 4."""
    offered, own = tastes(PEOPLE).ranked(PEOPLE, 30 * DAY, 5)
    assert offered[3].tolist() == [2, 0, 1, 3, 4]
    assert own[3].tolist() == [True, False, False, False, False]
    assert set(offered[0, :2].tolist()) == {0, 1}
    assert tastes(PEOPLE).without_own(PEOPLE, 30 * DAY, 5)[3].tolist() == [0, 1, 3, 4, -1]


def test_what_goes_with_own_products_outdoes_best_sellers_where_many_say_so():
    pair, seller = [(0, 2), (9, 3)], [(0, 0)]
    many = bought(*[pair] * 40, *[seller] * 60, [(3, 2)])
    assert tastes(many).without_own(many, 30 * DAY, 2)[100].tolist() == [3, 0]
    # of 41 with product 2, 40 have 3, drawn to the 40 of 101 by 20: (40 + 20 · 40/101) / (41 + 20) > 60/101


def test_an_offer_does_not_depend_on_who_else_is_asked():
    known = tastes(PEOPLE)
    alone = bought([(3, 2)])
    assert known.ranked(alone, 30 * DAY, 5)[0].tolist() == [known.ranked(PEOPLE, 30 * DAY, 5)[0][3].tolist()]


def test_best_sellers_that_are_new_leave_out_what_was_bought():
    assert best_new(PEOPLE, tastes(PEOPLE).sold, 3).tolist()[:2] == [[2, 3, 4], [2, 3, 4]]


def test_what_must_not_be_offered_is_not():
    worth = np.array([1, 0, 1, 0, 1.0])
    offered, _ = tastes(PEOPLE, worth).ranked(PEOPLE, 30 * DAY, 5)
    assert not np.isin(offered, [1, 3]).any()


def test_offers_are_compared_with_the_next_basket():
    came = bought([(40, 1), (40, 4)], [(40, 2)])
    before = bought([(0, 1)], [(0, 0)])
    found = tried(np.array([[1, 0], [3, 2]]), came, before)
    assert found.hit == 1.0
    assert found.recall == pytest.approx((1 / 2 + 1) / 2)
    ideal = 1 + 1 / np.log2(3)
    assert found.ndcg == pytest.approx((1 / ideal + 1 / np.log2(3)) / 2)
    assert (found.repeat, found.explore) == (1.0, 0.5)


def test_the_last_basket_is_filled_up():
    assert last_basket(PEOPLE, np.array([1, 2, 0]), 3).tolist()[0] == [1, 2, 0]
    assert last_basket(PEOPLE, np.array([1, 2, 0]), 3).tolist()[4] == [4, 1, 2]
