"""Lifetime value of the customers of CDNOW: published parameters, half held out, tracking."""

import csv
import gzip
from datetime import date, timedelta

import numpy as np
import pytest

import ganj
from ganj.miners.clv import Clv
from models.cdnow import FILE, customers, needs_file
from stored import UTC_SETTINGS


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory):
    """The shop of the published tables, from a file of its orders."""
    folder = tmp_path_factory.mktemp("cdnow")
    with gzip.open(FILE, "rt") as lines, (folder / "orders.csv").open("w", newline="") as out:
        told = csv.writer(out)
        told.writerow(["order_id", "customer_id", "date", "amount"])
        for number, line in enumerate(lines):
            _, who, day, _, value = line.split()
            told.writerow([f"o{number}", f"c{who}", f"{day[:4]}-{day[4:6]}-{day[6:]}", value])
    with ganj.create(folder / "shop", UTC_SETTINGS, buckets=4) as made:
        made.load(made.plan(folder / "orders.csv"))
        yield made


PUBLISHED = {  # Fader, Hardie, Lee 2005; lifetimes' and CLVTools' tests
    "bg-nbd": ({"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}, -9582.429),
    "mbg-nbd": ({"r": 0.52484, "alpha": 6.18309, "a": 0.89136, "b": 1.61400}, -9582.136),
    "pareto-nbd": ({"r": 0.55315, "alpha": 10.57633, "s": 0.60625, "beta": 11.67150}, -9594.976),
    "ggom-nbd": ({"r": 0.553, "alpha": 10.578, "s": 0.606}, -9594.976),  # b goes to 0 here: Pareto/NBD again
}


@needs_file
@pytest.mark.parametrize("model", PUBLISHED)
def test_cdnow_has_the_published_parameters(cdnow, model):
    asks = Clv(model=model, until=date(1997, 10, 1), unit="week")
    told = cdnow.mine(asks).table("parameters").to_arrow().to_pylist()
    found = {row["parameter"]: row["value"] for row in told}
    published, height = PUBLISHED[model]
    assert {name: found[name] for name in published} == pytest.approx(published, rel=1e-3)
    assert found["log_likelihood"] == pytest.approx(height, abs=2e-3)
    spend = {"p": 6.25, "q": 3.74, "gamma": 15.44, "spend_log_likelihood": -4055.9177}
    assert {name: found[name] for name in spend} == pytest.approx(spend, abs=0.01)


@needs_file
def test_cdnow_s_held_out_half_is_as_the_walkthrough_has_it(cdnow):
    asks = Clv(until=date(1998, 7, 1), unit="week", holdout=timedelta(days=273))
    table = cdnow.mine(asks).table("holdout").to_arrow().to_pydict()
    assert table["customers"] == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert table["actual"] == pytest.approx(
        [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359], abs=1e-3
    )
    assert table["expected"] == pytest.approx(
        [0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157], abs=2e-3
    )
    assert sum(np.array(table["actual"]) * table["customers"]) == pytest.approx(customers()[3].sum())


@needs_file
def test_cdnow_is_tracked_as_the_walkthrough_has_it(cdnow):
    asks = Clv(until=date(1998, 7, 1), unit="week", holdout=timedelta(days=273), week_start=2)
    table = cdnow.mine(asks).table("tracking").to_arrow().to_pydict()  # its weeks begin on Wednesdays
    assert table["held"].index(True) == 39
    assert table["actual"][19:25] == [73, 55, 70, 33, 56, 99]
    assert table["so_far"][19:25] == [1359, 1414, 1484, 1517, 1573, 1672]
    assert table["expected"][19:25] == pytest.approx(
        [76.865, 74.888, 73.046, 71.322, 69.704, 68.182], rel=0.03
    )
    fitted = [
        1312.458,
        1387.346,
        1460.392,
        1531.713,
        1601.418,
        1669.6,
    ]  # its births are a day or so apart from ours
    assert table["fitted"][19:25] == pytest.approx(fitted, rel=0.03)
