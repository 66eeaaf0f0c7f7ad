"""What breaks readers, put into every source: it is refused in words or stored as text, and the source beside it is read."""

import csv
import io
import os
import sqlite3
from contextlib import ExitStack, closing

import pytest

import ganj
from hostile import CORPUS, NAMES
from source_servers import letter, wc_order, woocommerce
from stored import UTC_SETTINGS

SUFFIXES = (".csv", ".json", ".ndjson", ".xlsx", ".parquet", ".xes", ".csv.gz")
PLAIN = tuple(name for name in NAMES if "\0" not in name)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path / "keys" / "key"))
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=2) as made:
        yield made


def put(file, data):
    file.write_bytes(data)
    os.utime(file, (1_700_000_000, 1_700_000_000))


def orders(names):
    """A file of orders, one for each name, which is product, city and status."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["order id", "customer email", "order date", "total", "product", "city"])
    writer.writerows([n, f"c{n}@x.ir", "2024-01-02", 100, name, name] for n, name in enumerate(names))
    return text.getvalue().encode()


def rubbish(box, some):
    """Bodies of the corpus as files, and one good file among them."""
    box.mkdir()
    for number, body in enumerate([*CORPUS.values()][some]):
        if len(body) < 450_000:
            put(box / f"{number}{SUFFIXES[number % len(SUFFIXES)]}", body)
    put(box / "good.csv", orders(["shoe"]))


def database(file):
    with closing(sqlite3.connect(file)) as con, con:
        con.execute(
            "create table orders (id integer primary key, customer text, order_date text, total real, product text)"
        )
        rows = [(n, name, "2024-01-02 10:00:00", 10.0, name) for n, name in enumerate(PLAIN)]
        con.executemany("insert into orders values (?, ?, ?, ?, ?)", rows)


def bought(number, name):
    return wc_order(number, lines=[(number, name, name, 1, "5.00")])


@pytest.mark.parametrize(
    "some", [slice(0, None, 6), pytest.param(slice(None), marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_every_source_is_given_what_breaks_readers(shop, tmp_path, some):
    """Each is read to its end or says in both languages why not; afterwards the good one is read all the same."""
    (tmp_path / "beside").mkdir()
    put(tmp_path / "beside" / "good.csv", orders(["hat"]))
    put(tmp_path / "access.log", b"\n".join(body.replace(b"\n", b" ") for body in CORPUS.values()) + b"\n")
    rubbish(tmp_path / "box", some)
    (tmp_path / "names").mkdir()
    put(tmp_path / "names" / "names.csv", orders(PLAIN))
    database(tmp_path / "crm.db")
    money = {"answers": {"currency": "USD"}}
    with ExitStack() as stack:
        woo = stack.enter_context(woocommerce(orders=[bought(n, name) for n, name in enumerate(NAMES, 1)]))
        keys = {"consumer_key": "ck_live", "consumer_secret": "cs_secret"}
        told = {
            "box": ("folder", {"path": str(tmp_path / "box")}, money),
            "names": ("folder", {"path": str(tmp_path / "names")}, money),
            "log": ("weblog", {"path": str(tmp_path / "access.log")}, {}),
            "crm": ("database", {"url": f"sqlite:///{tmp_path / 'crm.db'}", "table": "orders", "cursor": "id"}, money),
            "woo": ("woocommerce", {"url": woo.url, "what": ["orders"], **keys}, money),
            "beside": ("folder", {"path": str(tmp_path / "beside")}, money),
        }  # fmt: skip
        for name, (kind, parameters, more) in told.items():
            about = {"name": name, "type": kind, "parameters": parameters, "private": True, **more}
            shop.sources.add(about, look=False)
        reports = {name: shop.sources.run(name) for name in told}
    for report in reports.values():
        why = [report.error, report.advice] if report.error else []
        why += [one.reason for one in report.reasons]
        assert all(text.en and text.fa for text in why)
    shop.store.absorb()
    assert reports["beside"].imported == 1
    assert reports["names"].imported == reports["crm"].imported == len(PLAIN)
    products = {row["product"] for row in shop.sql("select distinct product from order_lines").to_pylist()}
    assert {"shoe", "hat", *(name.strip() for name in PLAIN)} <= products
    assert shop.verify() == ()


def test_letters_of_hostile_words_are_tickets_of_plain_text():
    from ganj.intake.sources.letters import read

    for number, name in enumerate(NAMES):
        line = " ".join(name.split())  # a header is one line
        found = read(letter(f"h{number}", "a@x.ir", line, name).as_bytes())
        assert found.author == "a@x.ir"
        assert "\0" not in found.subject + found.text
    for body in CORPUS.values():
        read(body)
        read(b"From: a@x.ir\r\nContent-Type: text/html; charset=nonsense\r\n\r\n" + body)
