"""The contract of an analysis, kept by every one that is found."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folding import as_read, behind, run, scores
from ganj import miners
from ganj.display import Display
from ganj.parameters import build, dump, parameters
from ganj.text import Text
from words import DAY_ZERO, write

DOCS = Path(__file__).parents[1] / "docs"


def there(name):
    """Tell whether an analysis can be imported; one that cannot fails its own test and no other's."""
    try:
        miners.find(name)
    except (ImportError, AttributeError):
        return False
    return True


NAMES = tuple(name for name in miners.names() if there(name))
EVERYONE = (
    "visit@0[device=phone] cart@0.1 order@0.2=120*2 visit@33 order@34=80*1 return@36=20 order@70=60",
    "visit@2[device=desk] visit@3 cart@9.5",
    "order@5=30*3[device=phone] order@5=30 ticket@80",
    "visit@1 order@61=900*1 visit@61",
    "visit@40 cart@40 order@40=15 order@41 return@60=15",
    "ticket@12",
    "cart@20 order@22=15 visit@25 cart@26 order@27=44.5",
)
CITIES = ["Rey", None, "Rey", "Qom", "Yazd", None, "Qom"]


def everyone():
    return write(
        *EVERYONE,
        traits={"city": CITIES, "age": [31.0, None, 45.0, 31.0, None, 28.0, 60.0]},
        nobody="order@3=70 order@50=5",
    )


def example(name):
    """The analysis as the demo's shop asks it, as of a day after all the events above."""
    return build(
        miners.find(name), {"until": "2024-04-15", "zone": "Asia/Tehran", **miners.find(name).example}
    )


@cache
def variants(name):
    """The example, and every choice of every parameter that has choices or breaks down."""
    return tuple(_variants(name))


def _variants(name):
    yield example(name)
    for parameter in parameters(miners.find(name)):
        for choice, _ in parameter.choices:
            if choice and choice != parameter.default:
                yield build(type(example(name)), {**dump(example(name)), parameter.name: choice})
        if parameter.name == "by":
            for by in ("city", "device", "age", "nothing"):
                yield msgspec.structs.replace(example(name), by=by)
        if parameter.name == "since":
            yield msgspec.structs.replace(example(name), since=DAY_ZERO + timedelta(days=30))


VARIANTS = [pytest.param(miner, id=f"{name}-{n}") for name in NAMES for n, miner in enumerate(variants(name))]
every_name = pytest.mark.parametrize("name", NAMES)
every_variant = pytest.mark.parametrize("miner", VARIANTS)


def test_there_are_analyses():
    assert {"overview", "rfm", "retention", "funnel"} <= set(NAMES)


@pytest.mark.parametrize("name", miners.names())
def test_it_can_be_found(name):
    assert there(name)


@st.composite
def people(draw):
    """Some customers with a few events each, many at the same moment."""
    event = st.sampled_from(["visit", "cart", "order", "return", "ticket"])
    day = st.sampled_from([0, 0.5, 1, 3, 3, 8, 31, 45, 60, 61, 90])
    one = st.lists(st.tuples(event, day, st.sampled_from(["", "=10", "=10", "=99.9"])), max_size=6)
    persons = draw(st.lists(one, max_size=6))
    cities = draw(
        st.lists(st.sampled_from(["Rey", "Qom", None]), min_size=len(persons), max_size=len(persons))
    )
    return write(
        *(" ".join(f"{e}@{d}{a}" for e, d, a in person) for person in persons), traits={"city": cities}
    )


@every_name
@given(whole=people(), cuts=st.lists(st.integers(0, 6), max_size=2), data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_where_the_customers_are_split_does_not_matter(name, whole, cuts, data):
    miner = data.draw(st.sampled_from(variants(name)))
    whole = as_read(miner, whole)
    at = sorted({0, len(whole), *(min(cut, len(whole)) for cut in cuts)})
    parts = [whole.part(a, b) for a, b in pairwise(at)] or [whole]
    shuffled = data.draw(st.permutations(parts))
    assert_same(run(miner, whole), run(miner, *shuffled))
    assert_same_scores(scores(miner, whole), scores(miner, *shuffled))


def assert_same(one, other):
    assert list(one.tables) == list(other.tables)
    for name, table in one.tables.items():
        assert table.columns == other.tables[name].columns, name
        assert table.opens == other.tables[name].opens, name
        for column in table.columns:
            same_values(
                table.values[column.name], other.tables[name].values[column.name], f"{name}.{column.name}"
            )
    assert [f.text for f in one.findings] == [f.text for f in other.findings]


def same_values(one, other, where):
    one, other = np.asarray(one), np.asarray(other)
    assert one.shape == other.shape, where
    if one.dtype.kind == "f":
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9, err_msg=where)
    else:
        np.testing.assert_array_equal(one, other, err_msg=where)


def assert_same_scores(one, other):
    assert one.schema == other.schema
    for column in one.column_names:
        if pa.types.is_floating(one[column].type):
            same_values(one[column].to_numpy(), other[column].to_numpy(), column)
        else:
            assert one[column].to_pylist() == other[column].to_pylist(), column


@every_variant
def test_it_is_deterministic(miner):
    assert_same(run(miner, as_read(miner, everyone())), run(miner, as_read(miner, everyone())))


@every_variant
def test_it_is_a_value_and_survives_json(miner):
    cls = type(miner)
    again = build(cls, msgspec.json.decode(msgspec.json.encode(dump(miner))))
    assert again == miner
    assert hash(again) == hash(miner)


@every_name
def test_under_which_numbers_customers_come_does_not_matter(name):
    miner, here = example(name), everyone()
    lots = np.random.default_rng(1).integers(1 << 60, size=len(here)).astype(np.uint64)
    numbers = np.where(here.customer < 0, here.customer, here.customer * 3 + 5).astype(np.int32)
    one, other = (as_read(miner, replace(here, lot=lots, customer=who)) for who in (here.customer, numbers))
    assert_same(without_numbers(run(miner, one)), without_numbers(run(miner, other)))


def without_numbers(report):
    """A report whose tables do not say who a customer is."""
    tables = {
        name: replace(table, columns=tuple(one for one in table.columns if one.name != "customer"))
        for name, table in report.tables.items()
    }
    return replace(report, tables=tables)


@every_variant
def test_it_leaves_histories_untouched(miner):
    histories = as_read(miner, everyone())
    for array in (histories.customer, histories.offsets, *histories.columns.values()):
        array.flags.writeable = False
    scores(miner, histories)
    run(miner, histories)


@every_variant
def test_it_reads_no_more_than_it_asked_for(miner):
    full, slim = everyone(), as_read(miner, everyone())
    assert set(slim.columns) <= set(full.columns)
    assert_same(run(miner, slim), run(miner, as_read(miner, full)))


@every_variant
def test_tables_have_the_columns_they_declare(miner):
    report = run(miner, as_read(miner, everyone()))
    assert report.tables
    for name, table in report.tables.items():
        assert set(table.values) == {column.name for column in table.columns}, name
        assert {len(values) for values in table.values.values()} == {len(table)}, name
        for column, opens in table.opens.items():
            assert len(opens) == len(table), (name, column)


@every_variant
def test_charts_show_columns_that_are_there(miner):
    for histories in (everyone(), everyone().part(0, 0)):
        report = run(miner, as_read(miner, histories))
        for chart in report.charts:
            named = {c.name for c in report.tables[chart.table].columns}
            assert {name for name in (chart.x, *chart.y, chart.series, chart.color) if name} <= named, chart


@every_variant
def test_scores_have_the_columns_they_declare_and_each_customer_once(miner):
    found = scores(miner, as_read(miner, everyone()))
    assert found.column_names == ["customer", *(column.name for column in miner.scored)]
    customers = found["customer"].to_pylist()
    assert len(set(customers)) == len(customers)
    assert set(customers) <= set(range(len(EVERYONE)))


@every_variant
def test_what_a_cell_says_is_what_it_opens(miner):
    histories = as_read(miner, everyone())
    report, found = run(miner, histories), scores(miner, histories)
    opened = 0
    for name, table in report.tables.items():
        for column in table.columns:
            for row, opens in enumerate(table.opens.get(column.name, ())):
                if opens is not None and column.unit == "customers":
                    opened += 1
                    said = table.values[column.name][row]
                    assert len(behind(found, opens)) == said, (name, column.name, row, opens)
    assert opened


@every_variant
def test_findings_open_and_read_in_both_languages(miner):
    histories = as_read(miner, everyone())
    found = scores(miner, histories)
    for finding in run(miner, histories).findings:
        for language, digits in (("en", "latin"), ("fa", "persian")):
            said = Display(language=language, digits=digits).text(finding.text, **finding.evidence)
            assert said.strip()
            assert "{" not in said
        if finding.opens is not None:
            assert len(behind(found, finding.opens))


@every_variant
def test_one_customer_and_nobody_work(miner):
    for histories in (everyone().part(1, 2), everyone().part(0, 0), everyone().part(0, 1)):
        read = as_read(miner, histories)
        report = run(miner, read)
        assert report.tables
        assert report.findings or len(read)
        assert_same_scores(scores(miner, read), scores(miner, read))


@every_variant
def test_an_empty_store_says_that_there_is_nothing_yet(miner):
    nothing = as_read(miner, everyone().part(0, 0))
    findings = run(miner, nothing).findings
    assert findings
    assert findings[0].tone == "warn"
    assert run(msgspec.structs.replace(miner, until=None), nothing).findings


@every_name
def test_it_speaks_both_languages(name):
    cls = miners.find(name)
    report = run(example(name), as_read(example(name), everyone()))
    said = [
        cls.title,
        cls.question,
        *(p.label for p in parameters(cls)),
        *(column.label for column in cls.scored),
    ]
    said += [text for p in parameters(cls) for _, text in p.choices]
    said += [chart.title for chart in report.charts] + [finding.text for finding in report.findings]
    for table in report.tables.values():
        said += [table.title, *(column.label for column in table.columns)]
        said += [text for column in table.columns for _, text in column.choices]
    assert [
        text for text in said if not isinstance(text, Text) or not text.en.strip() or not text.fa.strip()
    ] == []


@every_name
@pytest.mark.parametrize("folder", ["analyses", "fa/analyses"])
def test_it_has_a_page(name, folder):
    assert (DOCS / folder / f"{name}.md").exists()


@every_name
def test_it_states_its_state(name):
    assert "State:" in (miners.find(name).__doc__ or "")


@every_name
def test_its_name_is_found_again(name):
    assert miners.name_of(miners.find(name)) == name


def test_a_miner_that_scores_within_a_part_is_caught():
    """The contract bites: ranks among the customers of one part are no fold."""
    from ganj.miners.rfm import Rfm

    class Hasty(Rfm, frozen=True, kw_only=True):
        def score(self, histories, model):
            del model
            return super().score(histories, self.learn(self.scan(histories)))

    miner, whole = Hasty(until=date(2024, 4, 15)), as_read(Rfm(), everyone())
    split = scores(miner, whole.part(0, 3), whole.part(3, len(whole)))
    assert split["rfm_r"].to_pylist() != scores(miner, whole)["rfm_r"].to_pylist()
