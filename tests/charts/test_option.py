"""One option for a page, a notebook and a mail: plain JSON with every word already written."""

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_tables import HOSTILE, KINDS, chart, table
from ganj import charts
from ganj.charts import theme as themes
from ganj.charts.frame import round_ticks
from ganj.charts.kinds.network import laid_out
from ganj.charts.placed import placed
from ganj.display import Display
from ganj.errors import UnknownName
from ganj.miner import Chart, Column, Table
from ganj.text import Text, same

FA = Display()
EN = Display(language="en", calendar="gregorian", digits="latin")
LETTERS = re.compile(r"[A-Za-z0-9]")


def parts(option, found=None):
    """Walk through everything an option holds."""
    yield option
    inside = option.values() if isinstance(option, dict) else option if isinstance(option, list) else ()
    for part in inside:
        yield from parts(part)


def items(option):
    return [part for part in parts(option) if isinstance(part, dict) and "tip" in part]


def axes(option):
    found = [option.get("xAxis", []), option.get("yAxis", [])]
    return [axis for part in found for axis in (part if isinstance(part, list) else [part])]


def exchanged(part, colours):
    if isinstance(part, dict):
        return {name: exchanged(one, colours) for name, one in part.items()}
    if isinstance(part, list | tuple):
        return [exchanged(one, colours) for one in part]
    return colours.get(part, part) if isinstance(part, str) else part


def test_every_kind_is_tried_here():
    assert charts.kinds() == tuple(sorted(KINDS))


@pytest.mark.parametrize("display", [FA, EN], ids=["fa", "en"])
@pytest.mark.parametrize("rows", [0, 1, 2, 20])
@pytest.mark.parametrize("kind", KINDS)
def test_an_option_is_plain_json_of_any_number_of_rows(kind, rows, display):
    option = charts.option(chart(kind), table(rows), display)
    assert json.loads(json.dumps(option, allow_nan=False))["ganj"]["kind"] == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_rows_are_no_trouble(kind):
    assert charts.option(chart(kind), table(1000), FA)["ganj"]["height"] < 40_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_dark_picture_is_the_light_one_with_colours_exchanged(kind):
    light, dark = (charts.option(chart(kind), table(20), FA, scheme) for scheme in ("light", "dark"))
    swap = light.pop("ganj")["exchange"]
    dark.pop("ganj")
    assert exchanged(light, swap) == exchanged(dark, {})


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"spark"}))
def test_every_mark_tells_its_figures_and_says_which_cell_it_opens(kind):
    source = table(20)
    marks = [item for item in items(charts.option(chart(kind), source, FA)) if "row" in item]
    assert marks
    for mark in marks:
        assert mark["tip"]["rows"]
        assert source.opens[mark["column"]][mark["row"]] is not None


@pytest.mark.parametrize("kind", ["line", "bar", "stacked", "histogram", "scatter", "pareto"])
def test_persian_runs_from_right_to_left_and_english_from_left(kind):
    for display, side in ((FA, "right"), (EN, "left")):
        across, upright = axes(charts.option(chart(kind), table(20), display))[:2]
        assert across["inverse"] is display.rtl
        assert upright["position"] == side


@pytest.mark.parametrize("kind", ["line", "bar", "stacked", "scatter", "pareto", "histogram"])
def test_axes_have_at_most_six_words_in_the_readers_digits(kind):
    for axis in axes(charts.option(chart(kind), table(20), FA)):
        words = axis["axisLabel"].get("words")
        if words:
            assert len(words) <= 7
            assert not any(LETTERS.search(word) for word in words)


def test_a_sankey_runs_the_other_way_in_persian():
    links = [charts.option(chart("sankey"), table(20), d)["series"][0]["links"] for d in (FA, EN)]
    assert [(link["target"], link["source"]) for link in links[0]] == [
        (link["source"], link["target"]) for link in links[1]
    ]


def test_a_sankey_of_flows_in_a_circle_keeps_its_sides_apart():
    """ECharts refuses a circle; moves between segments are one."""
    links = charts.option(chart("sankey"), table(20), EN)["series"][0]["links"]
    assert {link["source"][0] for link in links} == {"0"}
    assert {link["target"][0] for link in links} == {"1"}


def test_in_a_network_what_is_tied_lies_nearer_than_what_is_not():
    places = laid_out([(0, 1), (1, 2), (3, 4)], 5)
    far = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    assert max(far[0, 1], far[1, 2], far[3, 4]) < min(far[0, 2], far[:3, 3:].min())
    assert np.array_equal(places, laid_out([(0, 1), (1, 2), (3, 4)], 5))


def test_the_unfinished_period_is_dashed_or_hatched():
    line = charts.option(chart("line"), table(5), FA)["series"]
    assert line[0]["data"][-1] is None
    assert line[1]["lineStyle"]["type"] == [5, 4]
    bars = charts.option(chart("bar"), table(5), FA)["series"][0]["data"]
    assert ["decal" in bar.get("itemStyle", {}) for bar in bars] == [False] * 4 + [True]


@pytest.mark.parametrize("kind", ["hbar", "treemap", "funnel", "pareto", "scatter"])
def test_a_customers_own_words_are_no_template_and_no_style(kind):
    option = charts.option(chart(kind), table(3), FA)
    del option["aria"], option["ganj"]  # read out, not drawn
    drawn = [part for part in parts(option) if isinstance(part, str)]
    told = [item["tip"] for item in items(option)]
    tips = [words for tip in told for pair in [[tip["title"]], *tip["rows"]] for words in pair]
    assert HOSTILE in tips  # tables show it as it is, as text
    for words in set(drawn) - set(tips):
        assert "{b}" not in words
        assert "{a|x}" not in words


def test_the_first_of_many_bars_are_drawn_and_the_rest_counted():
    option = charts.option(chart("hbar"), table(1000), EN)
    assert option["yAxis"]["data"][-1] == "and 979 more"  # one of them has no figure


def test_rows_below_the_least_have_no_bar():
    told = Table.of(
        same("t"),
        (Column(name="what", label=same("what"), unit="text"), ["none", "two", "five"]),
        (Column(name="n", label=same("n"), unit="count"), np.array([0, 2, 5])),
    )
    asked = Chart(kind="hbar", table="t", title=same(""), x="what", y=("n",), options={"least": 1})
    assert charts.option(asked, told, EN)["yAxis"]["data"] == ["five", "two"]


def test_words_are_read_instead_of_the_picture():
    option = charts.option(chart("bar"), table(3), EN)
    assert option["aria"]["label"]["description"].startswith("Revenue by month. 3 rows; Revenue: lowest ")


def test_an_unknown_kind_says_which_there_are():
    with pytest.raises(UnknownName, match="line"):
        charts.option(Chart(kind="lines", table="t", title=same("")), table(1), EN)


def test_reports_may_say_a_squares_number_as_its_colour():
    said = Chart(kind="heatmap", table="t", title=same(""), x="age", y=("cohort",), color="share")
    assert placed(said).series == "cohort"
    assert placed(said).y == ("share",)


def test_a_column_keeps_its_colour_whatever_else_is_drawn():
    some = table(20)
    all_of = charts.option(chart("scatter"), some, EN)["series"]
    few = Table(some.columns, {name: list(values)[2:3] for name, values in some.values.items()})
    alone = charts.option(chart("scatter"), few, EN)["series"]
    assert alone[0]["itemStyle"]["color"] == all_of[2]["itemStyle"]["color"]


@given(
    st.floats(-1e13, 1e13, allow_nan=False).filter(lambda x: abs(x) > 1e-6 or x == 0),
    st.floats(1e-6, 1e13),
    st.booleans(),
)
def test_ticks_are_round_few_and_reach_around_the_values(low, span, whole):
    high = low + span
    ticks = round_ticks(low, high, whole=whole)
    step = ticks[1] - ticks[0]
    assert 2 <= len(ticks) <= 7
    assert ticks[0] <= low + 1e-6 * step + abs(low) * 1e-9
    assert ticks[-1] >= high - 1e-6 * step - abs(high) * 1e-9
    assert np.allclose(np.diff(ticks), step, rtol=1e-6, atol=abs(high) * 1e-9)


def test_counts_have_no_half_ticks():
    columns = (
        Column(name="x", label=same("x"), unit="text"),
        Column(name="n", label=Text("n", "n"), unit="count"),
    )
    option = charts.option(
        Chart(kind="bar", table="t", title=same(""), x="x", y=("n",)),
        Table(columns, {"x": ["a"], "n": [1]}),
        EN,
    )
    assert option["yAxis"]["axisLabel"]["words"] == ["0", "1"]


def test_an_options_colours_are_all_in_the_table():
    known = set(themes.exchange("light"))
    for kind in KINDS:
        option = charts.option(chart(kind), table(20), FA)
        option.pop("ganj")
        used = {
            part for part in parts(option) if isinstance(part, str) and re.fullmatch("#[0-9a-fA-F]{6}", part)
        }
        assert used <= known
