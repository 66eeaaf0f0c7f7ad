"""CSV in every dress it comes in: one file of orders, written in many ways, is the same rows."""

import pytest

from ganj.intake import sniff
from intake_files import ORDERS, SHOP_FA, column, gzipped, imported, rows_of, write, zip_bytes, zipped

TSV = ORDERS.replace(",", "\t")
SEMICOLON = ORDERS.replace(",", ";")
TITLED = "Report of the shop\n\nspring,,,,,\n" + ORDERS
REPEATED = ORDERS + ORDERS  # daily exports put together with their headers
SPACED = ORDERS.replace(",", " , ").replace("tea", "\u00a0tea\u00a0")
QUOTED = ORDERS.replace("tea", '"tea"')


@pytest.fixture
def plain(tmp_path):
    return rows_of(write(tmp_path / "plain.csv", ORDERS))


def same(table, plain):
    return column(table, "content") == column(plain, "content") and column(table, "amount") == column(
        plain, "amount"
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "latin-1"]
)
def test_the_encoding_does_not_matter(tmp_path, plain, encoding):
    assert same(rows_of(write(tmp_path / "o.csv", ORDERS, encoding)), plain)


@pytest.mark.parametrize(
    "text",
    [TSV, SEMICOLON, ORDERS.replace(",", "|"), ORDERS.replace(",", "||"), ORDERS.replace(",", "،"), TITLED, SPACED, QUOTED,
     ORDERS.replace("\n", "\r\n"), ORDERS.replace("\n", "\r"), ORDERS.replace("\n", "\n\n")],
    ids=["tab", "semicolon", "bar", "two bars", "Persian comma", "titled", "spaced", "quoted", "crlf", "cr", "blank lines"],
)  # fmt: skip
def test_the_dress_does_not_matter(tmp_path, plain, text):
    assert same(rows_of(write(tmp_path / "o.csv", text)), plain)


def test_the_wrapping_does_not_matter(tmp_path, plain):
    junk = {"__MACOSX/._orders.csv": b"\0\1", ".DS_Store": b"\0", "orders.csv": ORDERS}
    assert same(rows_of(gzipped(tmp_path / "o.csv.gz", ORDERS)), plain)
    assert same(rows_of(zipped(tmp_path / "o.zip", junk)), plain)
    assert same(rows_of(zipped(tmp_path / "twice.zip", {"inner.zip": zip_bytes(junk)})), plain)
    assert same(rows_of(write(tmp_path / "wrong.xlsx", ORDERS)), plain)


def test_repeated_headers_are_set_aside_and_their_rows_kept(tmp_path):
    _, table, rejects = imported(write(tmp_path / "o.csv", REPEATED))
    assert len(table) == 6
    assert {code: reject.count for code, reject in rejects.reasons.items()} == {"header": 1}


def test_newlines_within_quotes_are_part_of_the_value(tmp_path):
    text = ORDERS.replace("cup", '"cup\nwith saucer"')
    assert "cup with saucer" in column(rows_of(write(tmp_path / "o.csv", text)), "product")


def test_ragged_rows_are_set_aside_with_their_neighbours_kept(tmp_path):
    text = ORDERS + "1003,2026-03-23\n1004,2026-03-24,9,tea,1,10.5,what,else\n1005,2026-03-25,9,tea,1,10.5\n"
    _, table, rejects = imported(write(tmp_path / "o.csv", text))
    assert column(table, "order")[-1] == "1005"
    assert rejects.reasons["ragged"].count == 2


def test_a_persian_shop_from_persian_windows(tmp_path):
    # cp1256 has no Persian digits: such a file writes ASCII ones
    ascii_digits = SHOP_FA.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹٬", "0123456789,"))
    plan, table, _ = imported(write(tmp_path / "shop.csv", ascii_digits.replace("ی", "ي"), "cp1256"))
    assert (plan.encoding, plan.delimiter, plan.calendar, plan.currency) == ("cp1256", ";", "jalali", "IRT")
    assert column(table, "phone")[0] == "+989123456789"
    assert column(table, "amount")[:2] == [454_000.0, 80_000.0]  # rials of a workspace that counts rials
    assert set(column(table, "product")) == {"چای", "قند"}


def test_rows_past_the_sample_with_other_bytes_do_not_end_the_import(tmp_path):
    text = ORDERS.encode() + b"1009,2026-03-29,7,caf\xe9,1,3\n"
    assert len(rows_of(write(tmp_path / "o.csv", text))) == 4


def test_a_file_without_a_header_can_be_mapped(tmp_path):
    bare = "\n".join(ORDERS.splitlines()[1:])
    mapping = {"order": "column 1", "time": "column 2", "customer_id": "column 3", "product": "column 4",
               "quantity": "column 5", "price": "column 6"}  # fmt: skip
    assert len(rows_of(write(tmp_path / "o.csv", bare), kind="orders", mapping=mapping)) == 3


@pytest.mark.parametrize("time", ["1998-02-09T12:0{}:00+00:00", "1998-02-09 12:0{}"])
def test_the_colons_of_times_are_no_delimiter(tmp_path, time):
    rows = "".join(f"{1000 + n},{time.format(n)}\n" for n in range(9))
    assert sniff.delimiter_of("user,time\n" + rows) == ","
