"""Personas: sides as defined, planted ties said and others not, every cell opens."""

from datetime import timedelta

import numpy as np
import pytest

from folding import as_read, behind, run, scores
from ganj.errors import BadParameter
from ganj.miners.personas import Personas, banded
from ganj.views.personas import surprises
from miners.kinds_of_people import UNTIL, opened_as_said, shop
from words import DAY_ZERO, write


def asked(**more):
    return Personas(**{"until": UNTIL, "zone": "UTC", **more})


def told(**more):
    miner = asked(**more)
    read = as_read(miner, shop()[0])
    return run(miner, read), scores(miner, read)


def test_what_customers_do_is_the_first_that_is_true():
    miner = asked(until=DAY_ZERO + timedelta(days=200))
    histories = write(
        "order@10=1 order@20=1",  # silent
        "order@150=1 order@190=1",  # new: the first order is fifty days old
        "order@120=1",  # bought once, eighty days ago
        "order@10=1 order@150=1",  # comes back
        "visit@190",
    )
    found = scores(miner, as_read(miner, histories))
    assert found["persona_behaviour"].to_pylist() == ["lapsed", "new", "once", "regular", "none"]
    assert found["persona_who"].to_pylist() == ["—"] * 5


def test_equal_revenue_counts_equally_and_a_fifth_is_of_high_value():
    miner = asked()
    histories = write(*(f"order@1={amount}" for amount in (1, 1, 1, 2, 2, 3, 3, 3, 9, 9)))
    found = scores(miner, as_read(miner, histories))
    assert found["persona_value"].to_pylist() == ["low"] * 5 + ["middle"] * 3 + ["high"] * 2


def test_a_trait_tied_to_value_is_said_and_one_that_is_not_is_no_ground():
    tied, _ = told(traits=("club",))
    assert any(
        "more than chance" in one.text.en and one.evidence["who"].en == "gold" for one in tied.findings
    )
    free, _ = told(traits=("city",))
    assert any("no ground for different treatment" in one.text.en for one in free.findings)


def test_every_cell_opens_as_many_customers_as_it_says():
    for traits in (("club", "city"), ("age", "club")):
        report, found = told(traits=traits, least=5)
        assert opened_as_said(report, found, behind) > 20
        assert report.tables["people"].values["customers"].sum() == 240


def test_a_number_is_cut_into_bands_of_equally_many():
    report, found = told(traits=("age",))
    assert np.ptp(report.tables["people"].values["customers"]) <= 2
    assert banded(np.array([1.0, 5.0, 7.0, np.nan]), (5.0, 7.0)).tolist() == ["< 5", "5 – 7", "≥ 7", "—"]
    assert len(set(found["persona_who"].to_pylist())) == 3


def test_surprises_of_a_table_by_hand():
    table = np.array([[30.0, 10.0], [20.0, 40.0]])
    # χ² of a two by two table is the square of its adjusted residual: 100 (30·40 − 10·20)² / (40·60·50·50)
    assert surprises(table)[0, 0] ** 2 == pytest.approx(100 * 1000**2 / (40 * 60 * 50 * 50))
    assert surprises(np.zeros((2, 3))).tolist() == [[0] * 3] * 2


def test_no_time_is_refused():
    with pytest.raises(BadParameter):
        Personas(quiet=timedelta(0))


def test_a_trait_named_twice_is_refused():
    with pytest.raises(BadParameter, match="named twice"):
        asked(traits=("gender", "gender"))
