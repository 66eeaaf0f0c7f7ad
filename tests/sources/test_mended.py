"""Every kind of source breaks, says so in both languages, and goes on when the cause is mended: nothing lost, others not held up."""

import gzip
import json
import os
import sqlite3
from contextlib import closing

import pytest

import ganj
from source_servers import wc_order, woocommerce
from stored import UTC_SETTINGS

LINE = '1.2.3.4 - u{n} [17/May/2015:10:00:{n:02d} +0000] "GET /{n} HTTP/1.1" 200 9 "-" "Mozilla/5.0 (X11) Firefox/115.0"\n'
FILE = "order id,customer email,order date,total,status\n{n},c{n}@x.ir,2024-01-0{n},100,completed\n"


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path / "keys" / "key"))


@pytest.fixture
def shop(tmp_path):
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=2) as made:
        yield made


def sql(file, *statements):
    with closing(sqlite3.connect(file)) as con, con:
        for statement in statements:
            con.execute(statement)


def database(break_, mend):
    """A table of orders; two rows, a fault, a third row, mended."""

    def acts(tmp):
        file = tmp / "crm.db"
        table = "create table orders (id integer primary key, customer text, order_date text, total real)"
        row = "insert into orders values ({0}, 'c{0}', '2024-01-0{0} 10:00:00', 10.0)"
        sql(file, table, row.format(1), row.format(2))
        parameters = {"url": f"sqlite:///{file}", "table": "orders", "cursor": "id"}
        yield {"type": "database", "parameters": parameters, "answers": {"currency": "USD"}}
        break_(file)
        yield
        mend(file)
        sql(file, row.format(3))

    return acts


def statement(*words):
    return lambda file: sql(file, *words)


def moved(file):
    file.rename(file.with_suffix(".away"))


def back(file):
    if file.is_dir():
        file.rmdir()
    file.unlink(missing_ok=True)
    file.with_suffix(".away").rename(file)


def garbage(file):
    moved(file)
    file.write_bytes(b"\x00\xffgarbage" * 2_000)


def folder(break_):
    """A folder with two files; a fault; a third file."""

    def acts(tmp):
        box = tmp / "box"
        box.mkdir()
        put(box / "1.csv", FILE.format(n=1))
        put(box / "2.csv", FILE.format(n=2))
        yield {"type": "folder", "parameters": {"path": str(box)}, "answers": {"currency": "USD"}}
        break_(box)
        yield
        back(box)
        put(box / "3.csv", FILE.format(n=3))

    return acts


def put(file, text):
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(file, (1_700_000_000, 1_700_000_000))


def weblog(break_, *, gone=True):
    """A log of two lines; a fault; a third line."""

    def acts(tmp):
        (tmp / "logs").mkdir()
        log = tmp / "logs" / "access.log"
        put(log, LINE.format(n=1) + LINE.format(n=2))
        yield {"type": "weblog", "parameters": {"path": str(tmp / "logs" / "*.log*")}}
        break_(log)
        yield
        if gone:
            back(log)
        for bad in (tmp / "logs").glob("*.gz"):
            bad.unlink()
        with log.open("a") as file:
            file.write(LINE.format(n=3))

    return acts


def half_packed(log):
    put(log.with_name("access.log.1.gz"), gzip.compress(LINE.format(n=9).encode() * 50)[:-20])


def shop_answers(status, body=None):
    """Two orders of a shop; it answers something else; a third order."""

    def acts(tmp):
        with woocommerce(orders=[wc_order(1), wc_order(2)]) as woo:
            keys = {"consumer_key": "ck_live", "consumer_secret": "cs_secret"}
            yield {"type": "woocommerce", "parameters": {"url": woo.url, "what": ["orders"], **keys}}
            woo.broken = [status if body is None else (status, body)] * 20
            yield
            woo.broken.clear()
            woo.things["orders"].append(wc_order(3, modified="2099-01-01T00:00:00"))
            yield

    return acts


MENDED = {
    "the table is gone": (
        database(
            statement("alter table orders rename to old"), statement("alter table old rename to orders")
        ),
        "NoSuchTable",
    ),
    "the cursor is gone": (
        database(
            statement("alter table orders rename column id to number"),
            statement("alter table orders rename column number to id"),
        ),
        "NoSuchTableColumn",
    ),
    "the database is gone": (database(moved, back), "BadAddress"),
    "the database is garbage": (database(garbage, back), "Unreachable"),
    "the folder is gone": (folder(moved), "NotAFolder"),
    "the log is gone": (weblog(moved), "BadAddress"),
    "a packed log is cut off": (weblog(half_packed, gone=False), "UnreadableLog"),
    "the shop refuses the key": (shop_answers(401), "SignInRefused"),
    "the shop fails": (shop_answers(500), "Unreachable"),
    "the shop says rubbish": (shop_answers(200, b"<html>oops"), "BadAnswer"),
}


@pytest.mark.parametrize("name", MENDED)
def test_a_source_that_breaks_says_why_and_goes_on(shop, tmp_path, name):
    acts, code = MENDED[name]
    (tmp_path / "beside").mkdir()
    put(tmp_path / "beside" / "1.csv", FILE.format(n=8))
    beside = {
        "type": "folder",
        "parameters": {"path": str(tmp_path / "beside")},
        "answers": {"currency": "USD"},
    }
    going = acts(tmp_path)
    shop.sources.add({"name": "one", "private": True, **next(going)}, look=False)
    shop.sources.add({"name": "other", **beside}, look=False)
    assert shop.sources.run("one").error is None
    next(going)
    report = shop.sources.run("one")
    assert (report.code, report.failures) == (code, 1)
    assert all(len(words) > 10 for text in (report.error, report.advice) for words in (text.en, text.fa))
    assert "hunter2" not in report.error.en
    assert shop.sources.run("other").imported == 1
    assert count(shop) == 3
    next(going, None)
    report = shop.sources.run("one")
    assert (report.error, report.failures) == (None, 0)
    assert count(shop) == 4
    assert shop.verify() == ()


def count(shop):
    shop.store.absorb()
    (row,) = shop.sql("select count(distinct coalesce(order_id, event || time)) n from events").to_pylist()
    return row["n"]


GARBAGE = {
    "binary": bytes(range(256)) * 40,
    "a NUL": b'1.2.3.4 - - [17/May/2015:10:00:00 +0000] "GET /\x00 HTTP/1.1" 200 9\n',
    "a very long line": b"x" * 3_000_000 + b"\n",
    "a very long address": b'1.2.3.4 - - [17/May/2015:10:00:00 +0000] "GET /'
    + b"y" * 100_000
    + b' HTTP/1.1" 200 9\n',
    "a script": b'1.2.3.4 - - [17/May/2015:10:00:00 +0000] "GET /<script>alert(1)</script> HTTP/1.1" 200 9 "-" "x"\n',
}


@pytest.mark.parametrize("first", [True, False])
def test_garbage_in_a_log_is_set_aside_and_the_lines_around_it_are_read(shop, tmp_path, first):
    log = tmp_path / "access.log"
    rubbish = b"".join(text if text.endswith(b"\n") else text + b"\n" for text in GARBAGE.values())
    before = b"" if first else LINE.format(n=1).encode()
    put(log, before + rubbish + LINE.format(n=2).encode())
    shop.sources.add({"name": "log", "type": "weblog", "parameters": {"path": str(log)}}, look=False)
    report = shop.sources.run("log")
    assert report.error is None
    shop.store.absorb()
    pages = [row["path"] for row in shop.sql("select properties->>'path' as path from events").to_pylist()]
    assert {"/2"} <= set(pages)
    assert ("/1" in pages) == (not first)
    refused = shop.rejected("log", 100)
    assert refused
    assert all(len(one.line) < 20_000 for one in refused)
    assert shop.sources.run("log").lines == 0
    assert json.dumps([one.code for one in refused])
