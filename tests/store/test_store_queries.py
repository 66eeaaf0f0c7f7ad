"""Analysts' queries: read only, limited, and blind to everything but the views."""

import pytest

from ganj.store import BadQuery, QueryTooHeavy, Store
from store_words import load

SHOP = """
ali&mail:ali@x order@3 O1 apple*2@1000 ~city=Tehran ~age=30
ali            order@3 O1 pear*1@500
sara           return@5 O2 apple*1@-1000
-              order@6 O3 apple*1@900
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.create(tmp_path_factory.mktemp("sql") / "shop", buckets=2) as made:
        load(made, SHOP)
        made.seal()
        load(made, "sara order@8 O4 fig*1@70")  # one part sealed, one fresh
        yield made


def test_views_tell_what_is_stored(store):
    one = store.sql(
        "select count(*) as events, (select count(*) from customers) as customers, "
        "(select sum(amount) from orders) as amount, (select count(*) from order_lines) as lines, "
        "(select count(*) from products) as products from events",
        10,
    )
    assert one.to_pylist() == [{"events": 4, "customers": 2, "amount": 2470.0, "lines": 5, "products": 3}]


def test_customers_have_their_traits_as_columns(store):
    found = store.sql("select customer_id, email, city, age from customers order by customer", 10)
    assert found.to_pylist()[0] == {"customer_id": "ali", "email": "ali@x", "city": "Tehran", "age": 30.0}


def test_the_answer_is_no_longer_than_asked(store):
    assert store.sql("select * from range(1000000)", 7).num_rows == 7


@pytest.mark.parametrize(
    "escape",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "select * from read_parquet('{runs}/*.parquet')",
        "copy (select 1) to '{runs}/x.csv'",
        "attach '{runs}/../ganj.duckdb'",
        "install httpfs",
        "load json",
        "set memory_limit = '100GB'",
        "pragma database_list",
        "create table t as select 1",
        "select 1; select 2",
        "delete from stored_events",
        "export database '{runs}'",
        "",
        "selekt",
    ],
)
def test_no_way_out(store, escape):
    before = {path.name for path in (store.folder / "runs").iterdir()}
    with pytest.raises(BadQuery):
        store.sql(escape.format(runs=store.folder / "runs"), 10)
    assert {path.name for path in (store.folder / "runs").iterdir()} == before


@pytest.mark.parametrize(
    "bomb", ["select repeat('x', 3000000000)", "select list(range) from range(3000000000)"]
)
def test_memory_is_limited(store, bomb):
    with pytest.raises(QueryTooHeavy):
        store.sql(bomb, 10)


def test_time_is_limited(store):
    long = "select sum(a.range * b.range) from range(10000000) a, range(1000000) b"
    with pytest.raises(QueryTooHeavy, match="3 seconds"):
        store._asking.ask(long, 10, seconds=3)
