"""The map of customers: kinds that were planted stand apart, squares open, directions have words."""

import numpy as np
import pytest

from folding import as_read, behind, run, scores
from ganj.display import Display
from ganj.errors import BadParameter
from ganj.miners.landscape import Landscape
from ganj.views.landscape import GRID
from miners.kinds_of_people import UNTIL, opened_as_said, shop
from words import write


def asked(**more):
    return Landscape(until=UNTIL, zone="UTC", **more)


@pytest.fixture(scope="module")
def told():
    miner = asked(traits=("club",))
    read = as_read(miner, shop()[0])
    return run(miner, read), scores(miner, read)


def test_the_planted_kinds_stand_apart(told):
    _, kind = shop()
    place = np.column_stack([told[1][name].to_numpy() for name in ("map_x", "map_y")]) / GRID
    middle = np.array([place[kind == one].mean(axis=0) for one in range(3)])
    nearest = ((place[:, None] - middle[None]) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == kind).mean() > 0.95


def test_squares_open_as_many_customers_as_they_say(told):
    report, found = told
    assert opened_as_said(report, found, behind) > 10
    assert report.tables["squares"].values["customers"].sum() == 240


def test_the_directions_are_named_by_what_goes_with_them(told):
    report, _ = told
    rows = report.tables["directions"]
    assert np.abs(rows.values["likeness"]).max() <= 1
    across, up = (report.charts[0].options[name] for name in ("across", "up"))
    words = {word for text in (*across, *up) for word in text.en.split(", ")}
    assert {"large orders", "small orders"} & words
    assert {"many orders", "few orders"} & words
    said = Display(language="en", digits="latin").text(report.findings[0].text, **report.findings[0].evidence)
    assert said.startswith("The map shows ")


def test_one_figure_makes_a_line():
    miner = asked(figures=("orders",))
    found = scores(miner, as_read(miner, shop()[0]))
    assert len(set(found["map_y"].to_pylist())) == 1


def test_too_few_are_refused_and_nothing_to_liken_by_too():
    (only,) = run(asked(), as_read(asked(), write("order@1=10"))).findings
    assert "This needs 50 buyers" in only.text.en
    with pytest.raises(BadParameter):
        Landscape(figures=())
