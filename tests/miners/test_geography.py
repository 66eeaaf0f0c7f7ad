"""Geography: places however they are spelt, none guessed, every cell opens, facts against the list of cities."""

import csv
from pathlib import Path

import numpy as np
import pytest

from folding import as_read, behind, run, scores
from ganj.miners.geography import Geography
from ganj.simulate.places import CITIES
from ganj.views.iran import ELSEWHERE, PEOPLE, PROVINCES, UNTOLD, plain, province_of
from miners.kinds_of_people import opened_as_said
from words import write

LIST = Path(__file__).parents[3] / "shared/data/persian_ref"
PEOPLE_TOLD = {
    "province": ["تهران", None, "استان فارس", None, None, "Qom Province", "خوزستان", None],
    "city": ["ری", "مشهد", "شيراز", "Karaj", "London", None, "اهواز", None],
}
BOUGHT = ("order@1=100 order@2=50", "order@1=30", "visit@1", "", "order@3=10", "", "order@9=5", "order@4=1")


def told(**more):
    miner = Geography(zone="UTC", **more)
    read = as_read(miner, write(*BOUGHT, traits=PEOPLE_TOLD))
    return run(miner, read), scores(miner, read)


def named(name):
    return next(at for at, one in enumerate(PROVINCES) if one.name == name)


def test_the_provinces_are_those_of_the_census():
    assert len(PROVINCES) == 31
    assert PEOPLE == 79_926_270  # Statistical Centre of Iran, census of 1395
    assert len({one.tile for one in PROVINCES}) == 31
    assert len({one.name for one in PROVINCES}) == 31


@pytest.mark.parametrize(
    ("province", "city", "expected"),
    [
        ("فارس", "", "fars"),
        ("استان فارس", "تهران", "fars"),  # the province that was told comes first
        ("كرمان", "", "kerman"),  # Arabic kaf
        ("آذربایجان‌شرقی", "", "east_azerbaijan"),
        ("Sistan & Baluchestan", "", "sistan_baluchestan"),
        ("TEHRAN province", "", "tehran"),
        ("نامعلوم", "نجف آباد", "isfahan"),  # one that is not known does not hide the city
        ("", "خرم آباد", "lorestan"),
        ("", "شهر ری", "tehran"),
        ("", "شهریار", "tehran"),
        ("", "شهرکرد", "chaharmahal"),
        ("", "Ahwaz", "khuzestan"),
    ],
)
def test_spellings_of_a_place_are_one(province, city, expected):
    assert province_of(province, city) == named(expected)


@pytest.mark.parametrize(
    "city", ["London", "نورآباد", "حاجی‌آباد", "x", "؟"]
)  # two of these are in several provinces
def test_no_place_is_guessed(city):
    assert province_of("", city) == ELSEWHERE
    assert province_of("", "") == UNTOLD


def test_the_demo_s_cities_are_known():
    for one in CITIES:
        assert PROVINCES[province_of("", one.city)].label.fa == one.province


@pytest.mark.skipif(not LIST.exists(), reason="the list of cities is not here")
def test_cities_lie_in_the_provinces_of_the_list():
    def rows(name):
        with (LIST / f"iran_{name}.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    province = {row["id"]: row["name"] for row in rows("provinces")}
    lies: dict[str, set[str]] = {}
    for row in rows("cities") + rows("counties"):
        lies.setdefault(plain(row["name"]), set()).add(province[row["province_id"]])
    assert {one.label.fa for one in PROVINCES} == set(province.values())
    wrong = [
        (one.label.fa, city)
        for one in PROVINCES
        for city in one.cities
        if one.label.fa not in lies.get(plain(city), {one.label.fa})
    ]
    assert wrong == []


def test_figures_of_provinces_are_added_up():
    report, _ = told()
    rows = report.tables["provinces"].values
    at = {name: list(rows["province"]).index(named(name)) for name in ("tehran", "alborz")}
    assert [
        rows[name][at["tehran"]] for name in ("customers", "buyers", "orders", "revenue", "per_buyer")
    ] == [1, 1, 2, 150, 150]
    assert np.isnan(rows["per_buyer"][at["alborz"]])
    assert rows["density"][at["tehran"]] == pytest.approx(1e5 / 13_267_637)
    assert rows["customers"].sum() == 8
    assert report.tables["unrecognised"].values["city"] == ["London"]


def test_every_cell_opens_as_many_customers_as_it_says():
    report, found = told()
    assert opened_as_said(report, found, behind) > 20
    assert found["home_province"].to_pylist().count("untold") == 1


def test_the_map_has_every_province_and_opens_those_with_customers():
    table = told(measure="density")[0].tables["map"]
    assert len(table) == 31
    assert sum(one is not None for one in table.opens["customers"]) == 6


def test_a_city_told_with_and_without_its_province_is_one_row():
    miner = Geography(zone="UTC")
    read = as_read(miner, write("", "", traits={"province": ["یزد", None], "city": ["یزد", "یزد"]}))
    report, found = run(miner, read), scores(miner, read)
    assert report.tables["cities"].values["customers"].tolist() == [2]
    assert opened_as_said(report, found, behind)
