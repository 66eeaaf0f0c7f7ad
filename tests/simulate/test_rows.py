"""The files are rows as every source hands them to the store, and the same arguments give the same bytes."""

import json
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganj.events import CANCEL, ORDER, REFUND, ROWS, STANDARD
from ganj.histories import DAY
from ganj.persian.identifiers import mobile
from ganj.simulate import shop
from ganj.simulate.told import TOLD
from ganj.store import Store

TEHRAN = 12_600_000_000  # µs


def instant(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000 - TEHRAN


def test_same_arguments_give_the_same_bytes(tmp_path):
    def written(name, seed):
        made = shop(seed=seed, customers=120, until=date(2026, 3, 1))
        return [path.read_bytes() for path in made.write(tmp_path / name)]

    assert written("a", 3) == written("b", 3)
    assert all(one != other for one, other in zip(written("a", 3), written("c", 4), strict=True))


def test_rows_have_the_schema_and_count_from_zero(small):
    for source in TOLD:
        table = small.table(source)
        assert table.schema == ROWS
        assert table["row"].to_pylist() == list(range(len(table)))
        table.validate(full=True)


def test_every_row_is_different(small):
    contents = pa.chunked_array([chunk for name in TOLD for chunk in small.table(name)["content"].chunks])
    assert len(pc.unique(contents)) == len(contents)


def test_rows_of_another_seed_are_other_rows(small):
    other = shop(seed=8, customers=50, until=date(2026, 11, 21))
    mine = {chunk for name in TOLD for chunk in small.table(name)["content"].to_pylist()}
    assert not mine & {chunk for name in TOLD for chunk in other.table(name)["content"].to_pylist()}


def test_batches_are_the_tables_cut(small):
    batches = list(small.rows("orders", "care"))
    both = pa.concat_tables([small.table("orders"), small.table("care")])
    assert pa.Table.from_batches(batches).equals(both)


@settings(max_examples=6, deadline=None)
@given(
    customers=st.integers(1, 60),
    days=st.integers(1, 900),
    until=st.dates(date(2018, 1, 1), date(2030, 1, 1)),
    seed=st.integers(0, 2**40),
)
def test_any_shop_stays_within_its_period(customers, days, until, seed):
    made = shop(seed=seed, customers=customers, until=until, days=days)
    times = np.concatenate([made.table(name)["time"].drop_null().to_numpy() for name in TOLD])
    end = instant(until)
    assert abs(made.time.last - end) <= 3600 * 1_000_000  # daylight saving until 1401
    assert made.time.first <= times.min()
    assert times.max() < made.time.last
    json.dumps(made.truth)


def test_nobody_orders_before_the_card_is_made(full):
    cards = full.table("customers").filter(pc.equal(full.table("customers")["event"], "Signed Up"))
    made = dict(zip(cards["customer_id"].to_pylist(), cards["time"].to_pylist(), strict=True))
    orders = full.table("orders")
    signed_up = np.array([made[card] for card in orders["customer_id"].to_pylist()])
    assert (orders["time"].to_numpy() >= signed_up).all()


def test_lines_add_up(full):
    orders = full.table("orders")
    event, amount = np.array(orders["event"].to_pylist()), orders["amount"].to_numpy()
    worth = orders["quantity"].to_numpy() * orders["price"].to_numpy()
    paid = np.isin(event, [ORDER, REFUND])
    assert set(event) == {ORDER, REFUND, CANCEL}
    np.testing.assert_allclose(amount[paid], worth[paid])
    assert (amount[event == CANCEL] == 0).all()
    assert (amount[event == ORDER] > 0).all()
    assert (amount[event == REFUND] < 0).all()
    assert (orders["price"].to_numpy() % 10_000 == 0).all()  # whole thousands of toman


def test_an_order_is_one_event_of_one_card(full, frame):
    orders = frame("orders")
    done = orders[orders.event == ORDER].groupby("order")
    assert (done[["time", "customer_id", "channel", "properties"]].nunique() == 1).all().all()
    assert done.size().between(1, 10).all()


def test_goods_come_back_after_they_were_bought(full, frame):
    orders = frame("orders")
    bought, back = (orders[orders.event == name] for name in (ORDER, REFUND))
    joined = back.merge(bought, on=["order", "product"], how="left", suffixes=("", "_bought"))
    assert (joined.time >= joined.time_bought + DAY).all()
    assert (joined.amount == -joined.amount_bought).all()


def test_phones_are_mobiles_and_each_its_own(full):
    cards = full.table("customers").slice(len(full.goods.name), len(full.crowd))
    phones = [phone for phone in full.table("customers")["phone"].to_pylist() if phone]
    assert all(mobile(phone) == phone for phone in phones[:500])
    shared = sum(twin["same_phone"] for twin in full.truth["twins"])
    assert len(phones) - len(set(phones)) == shared
    assert len(cards) == len(full.crowd)


def test_twins_are_written_otherwise(full, frame):
    cards = frame("customers").dropna(subset=["customer_id"])
    cards = cards[cards.event == "Signed Up"].set_index("customer_id")
    for twin in full.truth["twins"]:
        one, other = cards.loc[twin["card"]], cards.loc[twin["twin"]]
        assert (one.phone == other.phone) == twin["same_phone"]
        assert json.loads(one.traits)["city"] == json.loads(other.traits)["city"]
    names = [
        json.loads(cards.loc[t[k]].traits)["name"] for t in full.truth["twins"] for k in ("card", "twin")
    ]
    assert sum(a != b for a, b in zip(names[::2], names[1::2], strict=True)) > 0.9 * len(names) / 2


def test_properties_and_traits_are_json_objects(small):
    for source in TOLD:
        for column in ("properties", "traits", "product_traits"):
            for text in small.table(source)[column].drop_null().to_pylist():
                assert isinstance(json.loads(text), dict)


def test_names_of_events_are_standard(full):
    names = {name for source in TOLD for name in pc.unique(full.table(source)["event"]).to_pylist() if name}
    assert names <= set(STANDARD)
    assert len(names) >= 20


def test_a_visit_follows_the_funnel(small):
    visits = small.table("visits").to_pandas()
    last_page = visits[visits.event == "Page Viewed"].groupby("customer_id").time.min()
    others = visits[visits.event != "Page Viewed"].groupby("customer_id").time.min()
    assert (others >= last_page.reindex(others.index)).all()


@pytest.mark.parametrize("customers", [1, 200])
def test_a_store_takes_the_files_as_they_are(tmp_path, customers):
    made = shop(seed=2, customers=customers, until=date(2026, 11, 21))
    files = made.write(tmp_path / "files")
    with Store.create(tmp_path / "shop") as store:
        loaded = {}
        for path, source in zip(files, TOLD, strict=True):
            batch = store.begin("rows", {}, [path])
            for rows in made.rows(source):
                store.stage(batch, rows)
            loaded[source] = store.commit(batch, 0)
        assert all(counts.read == counts.imported == len(made.table(name)) for name, counts in loaded.items())
        people = customers + len(
            made.truth["twins"]
        )  # two customer numbers are two people, whatever phone they share
        assert loaded["customers"].customers == people
        assert loaded["visits"].without_customer == 0
