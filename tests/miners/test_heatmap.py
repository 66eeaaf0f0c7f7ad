"""Where on a page customers click, and how far down they read."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folding import behind, run, scores
from ganj import charts
from ganj.display import Display
from ganj.histories import Histories
from ganj.miners.heatmap import Heatmap
from reference import heatmap as slow
from stored import workspace

NAMES = {"event": ("Page Clicked", "Page Scrolled"), "property:path": ("/a", "/b?x")}


def page_of(*people):
    """Histories of clicks (x, y, width) and scrolls (depth,), each person a list; all on the page ``/a``."""
    flat = [event for person in people for event in person]
    columns = {
        "time": np.arange(len(flat)),
        "event": np.array([len(event) == 1 for event in flat], np.int32),
        "property:path": np.zeros(len(flat), np.int32),
    }
    for place, name in enumerate(("x", "y", "width")):
        told = [event[place] if len(event) == 3 and event[place] is not None else np.nan for event in flat]
        columns[f"number:{name}"] = np.array(told, np.float64)
    columns["number:scroll"] = np.array(
        [event[0] if len(event) == 1 else np.nan for event in flat], np.float64
    )
    offsets = np.concatenate(([0], np.cumsum([len(person) for person in people]))).astype(np.int64)
    return Histories(np.arange(len(people), dtype=np.int32), offsets, columns, names=NAMES)


def cells(report):
    values = report.tables["grid"].values
    rows = zip(values["row"] - 1, values["column"] - 1, values["events"], values["customers"], strict=True)
    return {(int(r), int(c)): (int(n), int(k)) for r, c, n, k in rows if n}


def test_windows_of_any_width_are_laid_upon_each_other():
    report = run(Heatmap(columns=10), page_of([(500, 250, 1000)], [(160, 80, 320), (161, 81, 320)]))
    assert cells(report) == {(2, 5): (3, 2)}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_left_of_a_page_is_at_the_left_whoever_reads(language):
    report = run(Heatmap(columns=4), page_of([(5, 5, 100)]))
    drawn = charts.option(report.charts[0], report.tables["grid"], Display(language=language))
    assert drawn["xAxis"]["inverse"] is False


@pytest.mark.parametrize(
    ("click", "cell"),
    [
        ((0, 0, 100), (0, 0)),
        ((99.999, 0, 100), (0, 9)),
        ((100, 0, 100), None),  # the right edge is the next page's left
        ((-1, 0, 100), None),
        ((5, -1, 100), None),
        ((5, 299.9, 100), (29, 0)),
        ((5, 300, 100), None),  # below three widths
        ((5, 5, 0), None),
        ((None, 5, 100), None),
    ],
)
def test_edges(click, cell):
    report = run(Heatmap(columns=10), page_of([click]))
    assert report.tables["pages"].values["lost"].tolist() == [int(cell is None)]
    assert ("grid" in report.tables and cells(report) == {cell: (1, 1)}) is (cell is not None)


def test_how_far_down_a_customer_read_is_his_greatest_depth():
    histories = page_of([(1, 1, 9), (25,), (60,), (10,)], [(1, 1, 9), (100,)], [(1, 1, 9)], [(120,), (0,)])
    table = run(Heatmap(), histories).tables["scroll"]
    assert table.values["customers"].tolist() == [3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2]
    assert table.values["share"][-1] == pytest.approx(200 / 3)
    found = scores(Heatmap(), histories)
    for row, opens in enumerate(table.opens["customers"]):
        assert len(behind(found, opens)) == table.values["customers"][row]


number = st.sampled_from([None, -1, 0, 1, 49.5, 50, 99, 100, 250, 299, 300, 1000])


@given(
    st.lists(st.lists(st.tuples(number, number, number), max_size=6), min_size=1, max_size=4),
    st.integers(4, 30),
    st.integers(1, 4),
)
@settings(max_examples=120, deadline=None)
def test_it_agrees_with_counting_clicks(people, columns, lengths):
    asked = Heatmap(columns=columns, lengths=lengths)
    histories = page_of(*people)
    clicks = [(who, *click) for who, person in enumerate(people) for click in person]
    wanted, lost = slow.grid(clicks, columns, lengths)
    report, found = run(asked, histories), scores(asked, histories)
    if wanted:
        assert cells(report) == {cell: (n, len(who)) for cell, (n, who) in wanted.items()}
        table = report.tables["grid"]
        for row, opens in enumerate(table.opens["customers"]):
            cell = int(table.values["row"][row]) - 1, int(table.values["column"][row]) - 1
            assert set(behind(found, opens).tolist()) == wanted.get(cell, (0, set()))[1]
    if clicks:
        assert report.tables["pages"].values["lost"].tolist() == [lost]


def test_stored_clicks_on_two_pages(tmp_path):
    rng = random.Random(7)
    clicks = [(n % 40, rng.uniform(0, 1200), rng.uniform(0, 3000), rng.choice([360, 1200, 1440]), "/a" if n % 3 else "/b?q=1")
              for n in range(2_500)]  # fmt: skip
    rows = [
        {"customer": f"c{who}", "event": "Page Clicked", "time": f"2024-01-01T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}",
         "properties": {"x": x, "y": y, "width": width, "path": path}}
        for n, (who, x, y, width, path) in enumerate(clicks)
    ]  # fmt: skip
    with workspace(tmp_path, rows) as shop:
        assert {"x", "y"} <= set(shop.store.snapshot.wide_properties())
        assert "width" in shop.store.properties()
        for page in ("/a", "/b"):
            asked = Heatmap(page=page, columns=12)
            mined = shop.mine(asked)
            wanted, _ = slow.grid([c[:4] for c in clicks if c[4].startswith(page)], 12, 3)
            assert cells(mined.report) == {cell: (n, len(who)) for cell, (n, who) in wanted.items()}
            table = mined.report.tables["grid"]
            for row in (0, 7, 100):
                opened = shop.opens(asked, table.opens["customers"][row])
                assert len(opened) == table.values["customers"][row]
        narrow = shop.mine(Heatmap(page="/a", columns=12, where=("width <= 360",))).report
        assert sum(n for n, _ in cells(narrow).values()) < sum(n for n, _ in cells(mined.report).values())
