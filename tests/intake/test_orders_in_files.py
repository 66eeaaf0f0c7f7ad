"""What the lines of a file of orders become: paid, free, cancelled, returned, adjusted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganj.errors import NeedsAnswer, UnknownName
from ganj.intake import check, detect
from ganj.intake.errors import NoSuchColumn
from intake_files import ORDERS, SHOP_FA, column, imported, rows_of, workbook, write

RETAIL = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,HEART HOLDER,6,12/1/2010 8:26,2.55,17850,United Kingdom
536365,22752,FREE SAMPLE,1,12/1/2010 8:26,0,17850,United Kingdom
536366,22752,FREE SAMPLE,2,12/1/2010 8:28,0,12583,France
C536379,85123A,HEART HOLDER,-1,12/13/2010 9:41,2.55,17850,United Kingdom
536381,21730,LANTERN,-2,12/14/2010 9:41,3.00,17850,United Kingdom
536390,POST,STOCK TAKE,-5,12/14/2010 9:41,0,,United Kingdom
A563185,B,Adjust bad debt,1,12/15/2010 14:50,11062.06,,United Kingdom
A563186,B,Adjust bad debt,1,12/15/2010 14:51,-11062.06,,United Kingdom
"""

STATUSES = """\
order_id,order_date,status,order_total,billing_email,refund_total
1,2026-03-21,completed,100,a@x.ir,0
2,2026-03-21,refunded,40,b@x.ir,40
3,2026-03-22,cancelled,70,c@x.ir,0
4,2026-03-22,wc-failed,30,c@x.ir,0
5,2026-03-23,completed,90,a@x.ir,25
"""


def told(table, *names):
    return list(zip(*(column(table, name) for name in names), strict=True))


def test_online_retail_in_eight_lines(tmp_path):
    plan, table, _ = imported(write(tmp_path / "retail.csv", RETAIL), base="GBP")
    assert plan.preset == "online_retail"
    assert sorted(told(table, "row", "event", "amount")) == [
        (0, "Order Completed", pytest.approx(15.3)),
        (1, "Order Completed", 0.0),  # a free line of a paid order stays in it
        (2, "Free Order Completed", 0.0),
        (3, "Order Refunded", -2.55),  # C cancels an invoice
        (4, "Order Refunded", -6.0),  # so does a negative quantity
        (5, "Order Adjusted", 0.0),  # a stock take is no sale
        (6, "Order Adjusted", 11062.06),
        (7, "Order Adjusted", -11062.06),
    ]


def test_statuses_are_netted(tmp_path):
    table = rows_of(write(tmp_path / "woo.csv", STATUSES), base="USD")
    net = {}
    for order, event, amount in told(table, "order", "event", "amount"):
        net.setdefault(order, []).append((event, amount))
    assert net == {
        "1": [("Order Completed", 100.0)],
        "2": [("Order Completed", 40.0), ("Order Refunded", -40.0)],
        "3": [("Order Cancelled", 0.0)],  # never paid: worth nothing, and no order
        "4": [("Order Cancelled", 0.0)],
        "5": [("Order Completed", 90.0), ("Order Refunded", -25.0)],  # a part given back
    }


def test_a_later_export_that_knows_of_the_refund_adds_only_the_refund(tmp_path):
    before = rows_of(
        write(tmp_path / "a.csv", STATUSES.replace("refunded,40,b@x.ir,40", "completed,40,b@x.ir,0")),
        base="USD",
    )
    after = rows_of(write(tmp_path / "b.csv", STATUSES), base="USD")
    news = set(column(after, "content")) - set(column(before, "content"))
    assert [row["event"] for row in after.to_pylist() if row["content"] in news] == ["Order Refunded"]


def test_persian_statuses_and_both_digits(tmp_path):
    plan, table, _ = imported(write(tmp_path / "shop.csv", SHOP_FA))
    assert (plan.currency, plan.calendar) == ("IRT", "jalali")
    assert told(table, "order", "event", "amount") == [
        ("1001", "Order Completed", 454_000.0),
        ("1001", "Order Completed", 80_000.0),
        ("1002", "Order Cancelled", 0.0),
        ("1003", "Order Completed", 681_000.0),
        ("1003", "Order Refunded", -681_000.0),
    ]
    assert set(column(table, "phone")) == {"+989123456789", "+989351112233"}


def test_rial_or_toman_is_asked_never_guessed(tmp_path):
    path = write(tmp_path / "shop.csv", SHOP_FA.replace(" (تومان)", ""))
    with pytest.raises(NeedsAnswer) as asked:
        detect(path, base="IRR")
    assert "قیمت واحد" in asked.value.message("fa")
    assert sum(a for a in column(rows_of(path, currency="IRR"), "amount") if a > 0) == 121_500.0
    assert sum(a for a in column(rows_of(path, currency="IRT"), "amount") if a > 0) == 1_215_000.0


def test_a_latin_file_without_a_sign_counts_the_workspace_s_money_and_says_so(tmp_path):
    plan, table, _ = imported(write(tmp_path / "o.csv", ORDERS))
    assert column(table, "amount") == [21.0, 4.0, 10.5]
    assert any("rials" in note.en for note in plan.notes)


def test_identical_lines_are_all_kept(tmp_path):
    line = ORDERS.splitlines()[1] + "\n"
    plan, table, _ = imported(write(tmp_path / "o.csv", ORDERS + line))
    assert len(table) == 4
    assert check(plan).identical == 1


def test_a_workbook_s_lines_are_known_as_those_of_the_csv(tmp_path):
    lines = [line.split(",") for line in ORDERS.splitlines()]
    typed = [[int(a), d, int(c), p, int(q), float(u)] for a, d, c, p, q, u in lines[1:]]
    notes = [["Our shop"], [], ["spring", "", "", "", "", 1405]]
    path = workbook(
        tmp_path / "o.xlsx", {"orders": [*notes, lines[0], *typed[:2]], "more": [lines[0], typed[2]]}
    )
    plan, table, _ = imported(path)
    assert plan.sheets == ("orders", "more")
    assert column(table, "content") == column(rows_of(write(tmp_path / "o.csv", ORDERS)), "content")


def test_a_total_that_stands_on_every_line_is_counted_once(tmp_path):
    lines = "".join(f"{n},2026-03-21,7,p{line},{line},10,{60}\n" for n in range(10) for line in (1, 2, 3))
    path = write(
        tmp_path / "o.csv", "order_id,order date,customer id,sku,quantity,item price,order total\n" + lines
    )
    assert sum(column(rows_of(path), "amount")) == 600.0


@pytest.mark.parametrize(
    ("name", "unit"), [("قیمت", True), ("مبلغ", False), ("amount", True), ("price", False)]
)
def test_a_unit_price_and_a_line_total_are_told_by_how_they_move(tmp_path, name, unit):
    lines = "".join(
        f"{n},2026-03-{n % 20 + 1:02d},{n % 5},p{n % 7},{n % 3 + 1},{(n % 7 + 1) * 5 * (1 if unit else n % 3 + 1)}\n"
        for n in range(60)
    )
    path = write(tmp_path / "o.csv", f"order_id,order date,customer id,sku,quantity,{name}\n" + lines)
    expected = sum((n % 7 + 1) * 5 * (n % 3 + 1) for n in range(60))
    assert sum(column(rows_of(path, currency="IRR"), "amount")) == expected


def test_a_mapping_is_taken_as_given(tmp_path):
    path = write(tmp_path / "o.csv", "a,b,c\n2026-03-21,x,5\n2026-03-22,y,6\n")
    table = rows_of(path, kind="orders", mapping={"time": "a", "customer_id": "b", "amount": "c"})
    assert told(table, "customer_id", "amount") == [("x", 5.0), ("y", 6.0)]
    with pytest.raises(NoSuchColumn):
        detect(path, kind="orders", mapping={"time": "when"})
    with pytest.raises(UnknownName):
        detect(path, kind="orders", mapping={"tyme": "a"})
    with pytest.raises(UnknownName):
        detect(path, kind="odrers")


def test_rows_without_a_date_or_with_a_broken_amount_are_set_aside(tmp_path):
    text = ORDERS + "1003,,9,tea,1,10.5\n1004,2026-03-24,9,tea,one,10.5\n1005,2026-02-30,9,tea,1,10.5\n"
    plan, table, rejects = imported(write(tmp_path / "o.csv", text))
    assert len(table) == 3
    assert {code: r.count for code, r in rejects.reasons.items()} == {
        "missing:time": 1, "unreadable:quantity": 1, "unreadable:time": 1,
    }  # fmt: skip
    shown = check(plan)
    assert (shown.read, shown.good, shown.rejected) == (6, 3, 3)
    assert shown.reasons[0].first[0][0] == "1003"


def test_where_a_column_belongs_is_seen_in_the_sample(tmp_path):
    lines = "".join(
        f"{n},2026-03-{n % 28 + 1:02d},c{n % 30},p{n % 9},1,5,city{n % 30 % 7},brand{n % 9 % 4},gate{n % 11},0060495219\n"
        for n in range(400)
    )
    header = "order_id,order date,customer id,sku,quantity,price,city,brand,gate,کد ملی معرف\n"
    plan = detect(write(tmp_path / "o.csv", header + lines), base="IRR", currency="IRR")
    assert plan.main.extras == {
        "city": "trait",
        "brand": "product",
        "gate": "property",
        "کد ملی معرف": "left out",
    }


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(-3, 3), st.integers(0, 4)), min_size=1, max_size=30))
def test_money_is_neither_made_nor_lost(tmp_path_factory, lines):
    text = "order_id,order date,customer id,sku,quantity,unit price\n" + "".join(
        f"{order},2026-03-21,7,p,{quantity},{price}\n" for order, quantity, price in lines
    )
    table = rows_of(write(tmp_path_factory.mktemp("o") / "o.csv", text), kind="orders")
    assert sum(column(table, "amount")) == sum(quantity * price for _, quantity, price in lines)
    paid = {str(order) for order, quantity, price in lines if quantity * price > 0}
    done = {row["order"] for row in table.to_pylist() if row["event"] == "Order Completed"}
    free = {row["order"] for row in table.to_pylist() if row["event"] == "Free Order Completed"}
    assert done == paid
    assert not free & paid
