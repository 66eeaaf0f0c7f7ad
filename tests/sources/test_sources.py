"""Sources of a workspace: their secrets, their clock, and what a crash leaves."""

import os
import sqlite3
import threading
import time
from importlib import import_module

import pytest

import ganj
from ganj.access import sealing
from ganj.errors import BadParameter, NeedsAnswer, UnknownName
from ganj.intake.sources import feeds
from ganj.intake.sources.database import Database
from ganj.workspace.sources import SourceBusy, SourceExists, pulling
from ganj.workspace.sources.runner import Runner
from stored import UTC_SETTINGS

CANARY = "hunter2canary"


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    path = tmp_path / "keys" / "key"
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(path))
    return path


@pytest.fixture
def shop(tmp_path):
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=4) as made:
        yield made


@pytest.fixture
def db(tmp_path):
    path = tmp_path / "crm.db"
    with sqlite3.connect(path) as con:
        con.execute(
            "create table orders (id integer primary key, customer text, order_date text, total real, status text)"
        )
    con.close()
    return path


def sell(db, *numbers):
    with sqlite3.connect(db) as con:
        rows = [
            (n, f"c{n % 5}", f"2024-01-{n % 28 + 1:02d} 10:00:00", 10.0 * n, "completed") for n in numbers
        ]
        con.executemany("insert into orders values (?, ?, ?, ?, ?)", rows)
    con.close()


def change(db, words):
    with sqlite3.connect(db) as con:
        con.execute(f"update orders set {words}")
    con.close()


def told(db, **words):
    parameters = {"url": f"sqlite:///{db}", "table": "orders", "cursor": "id"}
    return {
        "name": "crm",
        "type": "database",
        "parameters": parameters,
        "answers": {"currency": "USD"},
        **words,
    }


def stored(shop):
    return shop.sql("select order_id, amount from events order by order_id::int").to_pylist()


def expected(*numbers):
    return [{"order_id": str(n), "amount": 10.0 * n} for n in numbers]


# ---- set up


def test_a_source_is_tried_before_it_is_kept(shop, db):
    sell(db, *range(1, 31))
    with pytest.raises(UnknownName):
        shop.sources.add({"name": "x", "type": "oracle"})
    with pytest.raises(BadParameter):
        shop.sources.add({"name": "x", "type": "database", "parameters": {"table": "orders"}})
    with pytest.raises(BadParameter):
        shop.sources.add(told(db, name="../x"))
    with pytest.raises(BadParameter):
        shop.sources.add(told(db, every="now and then"))
    with pytest.raises(ganj.errors.GanjError):
        shop.sources.add(told(db, parameters={"url": f"sqlite:///{db}", "table": "nope"}))
    assert shop.sources.list() == ()
    look = shop.sources.look(told(db))
    assert (look.tables[0].table.kind, look.tables[0].check.good) == ("orders", 30)
    assert shop.sources.list() == ()
    assert stored(shop) == []
    shop.sources.add(told(db))
    with pytest.raises(SourceExists):
        shop.sources.add(told(db))


def test_rial_or_toman_is_asked_before_a_source_is_kept(shop, tmp_path):
    db = tmp_path / "fa.db"
    with sqlite3.connect(db) as con:
        con.execute(
            'create table "سفارش‌ها" ("شماره سفارش" integer primary key, "موبایل" text, "تاریخ سفارش" text, "مبلغ" int)'
        )
        con.executemany(
            'insert into "سفارش‌ها" values (?, ?, ?, ?)',
            [(n, f"0912123{n:04d}", f"1403/01/{n:02d}", n) for n in range(1, 9)],
        )
    con.close()
    shop.save_settings(ganj.workspace.Display(currency="IRR"))
    said = {"name": "فروش", "type": "database", "parameters": {"url": f"sqlite:///{db}", "table": "سفارش‌ها"}}
    with pytest.raises(NeedsAnswer):
        shop.sources.add(said)
    shop.sources.add({**said, "answers": {"currency": "IRT"}})
    assert shop.sources.run("فروش").imported == 8
    assert shop.sql("select sum(amount) a from events").to_pylist()[0]["a"] == 10 * sum(range(1, 9))


# ---- secrets


def test_secrets_lie_nowhere_in_the_folder(shop, key):
    parameters = {"url": f"postgresql://crm:{CANARY}@db.example/x", "table": "orders"}
    known = shop.sources.add({"name": "far", "type": "database", "parameters": parameters}, look=False)
    assert CANARY not in repr(known)
    assert known.address == "postgresql+psycopg://crm:***@db.example/x › orders"
    shop.sources.run("far")  # fails: nobody knows the host
    report = shop.sources.known("far").report
    assert report.code in ("Unreachable", "PrivateAddress")
    for path in shop.folder.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes()
    assert shop.folder not in key.parents
    assert key.stat().st_mode & 0o077 == 0
    assert shop.sources.kept.feed(known.definition).url.count(CANARY) == 1


def test_secrets_open_with_their_key_only(tmp_path, monkeypatch):
    sealed = sealing.seal({"password": CANARY}, "a")
    assert CANARY.encode() not in sealed
    assert sealing.unseal(sealed, "a") == {"password": CANARY}
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for wrong, about in ((sealed, "b"), (flipped, "a")):
        with pytest.raises(sealing.KeyLost):
            sealing.unseal(wrong, about)
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path / "other"))
    with pytest.raises(sealing.KeyLost):
        sealing.unseal(sealed, "a")
    (tmp_path / "other").write_text("not a key")
    with pytest.raises(sealing.KeyUnreadable):
        sealing.seal({}, "a")


def test_a_lost_key_hides_no_source(shop, tmp_path, monkeypatch):
    parameters = {"url": "postgresql://crm@db.example/x", "table": "orders"}
    shop.sources.add({"name": "far", "type": "database", "parameters": parameters}, look=False)
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path / "other"))
    assert [one.definition.name for one in shop.sources.list()] == ["far"]
    assert shop.sources.run("far").code == "KeyLost"


# ---- crashes


class PowerCut(BaseException):
    """The process ends here."""


PLACES = {
    "before the import": ("ganj.store.store", "Store", "begin", "before"),
    "after its files are kept": ("ganj.store.store", "Store", "begin", "after"),
    "before the commit": ("ganj.store.store", "Store", "commit", "before"),
    "after the commit": ("ganj.store.store", "Store", "commit", "after"),
    "after the state": ("ganj.workspace.sources.kept", "Kept", "save_run", "after"),
}


def cut_at(place):
    """Let the power fail at a place; nothing that tidies up after a mistake runs then."""
    module, kind, name, when = PLACES[place]
    owner = getattr(import_module(module), kind)
    usual = getattr(owner, name)

    def cut(*args, **words):
        if when == "after":
            usual(*args, **words)
        raise PowerCut

    power = pytest.MonkeyPatch()
    power.setattr(owner, name, cut)
    power.setattr("ganj.store.store.Store.abandon", lambda *_: None)
    power.setattr("ganj.workspace.sources.kept.Kept.unlearn", lambda *_: None)
    return power


@pytest.mark.parametrize("place", PLACES)
def test_a_crash_neither_loses_nor_doubles(tmp_path, db, place):
    sell(db, *range(1, 8))
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=2) as shop:
        shop.sources.add(told(db))
        shop.sources.run("crm")
        sell(db, *range(8, 15))
        power = cut_at(place)
        with pytest.raises(PowerCut):
            shop.sources.run("crm")
        power.undo()
    with ganj.open(tmp_path / "shop") as shop:
        sell(db, 15)
        assert shop.sources.run("crm").error is None
        assert stored(shop) == expected(*range(1, 16))
        assert all(batch.status == "loaded" for batch in shop.batches())
        change(db, "total = 0.5 where id = 9")  # of what the crash brought, it is known what it came to
        shop.sources.run("crm")
        assert (
            shop.sql("select sum(amount) a from events").to_pylist()[0]["a"] == 10 * sum(range(1, 16)) - 89.5
        )
        assert shop.verify() == ()


def test_what_came_before_a_mistake_stays(shop, db, monkeypatch):
    monkeypatch.setattr("ganj.intake.sources.database.FIRST", 5)
    monkeypatch.setattr("ganj.intake.sources.database.MOST", 5)
    monkeypatch.setattr(pulling, "MOST", 5)
    sell(db, *range(1, 21))
    shop.sources.add(told(db))
    usual, count = Database.pull, []

    def broken(self, state, reach):
        for part in usual(self, state, reach):
            count.append(1)
            if len(count) == 3:
                raise ganj.errors.DiskFull(path="x")
            yield part

    monkeypatch.setattr(Database, "pull", broken)
    report = shop.sources.run("crm")
    assert (report.code, report.imported, report.failures) == ("DiskFull", 10, 1)
    report = shop.sources.run("crm")
    assert (report.error, report.imported, report.failures) == (None, 10, 0)
    assert stored(shop) == expected(*range(1, 21))


# ---- the clock


def test_a_new_source_goes_on_from_nothing_of_one_that_had_its_name(shop, db, tmp_path):
    sell(db, 1, 2, 3)
    shop.sources.add(told(db))
    assert shop.sources.run("crm").imported
    shop.sources.remove("crm")
    (tmp_path / "box").mkdir()
    file = tmp_path / "box" / "1.csv"
    file.write_text("order id,customer email,order date,total\nz1,z@x.ir,2024-01-05,7\n")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    other = {"type": "folder", "parameters": {"path": str(tmp_path / "box")}, "answers": {"currency": "USD"}}
    shop.sources.add({"name": "crm", **other})
    assert shop.sources.run("crm").imported == 1


def test_a_source_runs_once_at_a_time(shop, db, monkeypatch):
    sell(db, 1)
    shop.sources.add(told(db))
    inside, go = threading.Event(), threading.Event()
    usual = Database.pull

    def slow(self, state, reach):
        inside.set()
        go.wait(30)
        return usual(self, state, reach)

    monkeypatch.setattr(Database, "pull", slow)
    first = threading.Thread(target=shop.sources.run, args=("crm",))
    first.start()
    inside.wait(30)
    with pytest.raises(SourceBusy):
        shop.sources.run("crm")
    assert shop.sources.known("crm").running
    assert shop.sources.due(time.time_ns() // 1000) == ()
    go.set()
    first.join()
    assert stored(shop) == expected(1)


def test_the_clock_runs_what_is_due(shop, db):
    sell(db, 1)
    shop.sources.add(told(db, every="10s"))
    with shop.sources.running():
        end = time.monotonic() + 30
        while not stored(shop) and time.monotonic() < end:
            time.sleep(0.1)
    assert stored(shop) == expected(1)
    shop.sources.change("crm", {"paused": True})
    assert shop.sources.due(time.time_ns() // 1000 + 3_600_000_000) == ()


def test_a_long_reading_ends_where_it_is_when_the_server_stops(shop, db, monkeypatch):
    monkeypatch.setattr("ganj.intake.sources.database.FIRST", 5)
    monkeypatch.setattr("ganj.intake.sources.database.MOST", 5)
    sell(db, *range(1, 21))
    shop.sources.add(told(db))
    shop.sources._stopping.set()
    assert shop.sources.run("crm").imported == 5
    shop.sources._stopping.clear()
    assert shop.sources.run("crm").imported == 15
    assert stored(shop) == expected(*range(1, 21))


def test_a_runner_outlives_what_fails():
    ran, both = [], threading.Event()

    def run(name):
        ran.append(name)
        if {"a", "b"} <= set(ran):
            both.set()
        raise ganj.errors.DiskFull(path=name)

    runner = Runner(run, lambda _: ("a", "b"), tick=0.01)
    runner.start()
    assert both.wait(10)
    runner.stop()


def test_every_kind_of_source_speaks_both_languages():
    from ganj.parameters import parameters

    for name, kind in feeds().items():
        assert kind.label.fa != kind.label.en or name == "", name
        assert all(p.label.en and p.label.fa for p in parameters(kind)), name


@pytest.mark.parametrize("name", ["پوشهٔ حسابداری", "وب‌سرور ۲", "shop-1 (a)"])
def test_names_of_sources_are_words_of_any_language(shop, tmp_path, name):
    told = {"name": name, "type": "folder", "parameters": {"path": str(tmp_path)}, "private": True}
    if "(" in name:
        with pytest.raises(BadParameter, match="60 letters"):
            shop.sources.add(told)
    else:
        assert shop.sources.add(told).definition.name == name
