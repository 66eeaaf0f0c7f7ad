"""A table of a database: what is new comes once, whatever its cursor, its ties and its changes."""

import random

import msgspec
import pytest
import sqlalchemy as sa

import ganj
from ganj.intake.sources import addresses
from ganj.intake.sources.database import Database
from ganj.intake.sources.errors import (
    BadAddress,
    NoSuchTable,
    NoSuchTableColumn,
    PrivateAddress,
    SignInRefused,
)
from ganj.intake.sources.reach import Reach
from source_servers import mariadb, postgresql
from stored import UTC_SETTINGS

HERE = Reach(private=True)


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path / "keys" / "key"))


@pytest.fixture(scope="module")
def pg():
    with postgresql() as url:
        yield url


@pytest.fixture(scope="module")
def my():
    with mariadb() as url:
        yield url


@pytest.fixture
def shop(tmp_path):
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=4) as made:
        yield made


def does(url, *words):
    """Change a database, as its own program does."""
    engine = sa.create_engine(addresses.read(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as con:
        for word in words:
            con.exec_driver_sql(word)
    engine.dispose()


def pulled(feed, state=None):
    """Everything new, and the state after it."""
    state, rows = state or {}, []
    for part in feed.pull(state, HERE):
        state = part.state
        rows += [row for records in part.records for row in records.rows]
    return rows, state


def sums(shop):
    found = shop.sql("select event, count(*) n, sum(amount) amount from events group by event order by event")
    return {row["event"]: (row["n"], row["amount"]) for row in found.to_pylist()}


# ---- the cursor


@pytest.fixture
def lite(tmp_path):
    return f"sqlite:///{tmp_path / 'shop.db'}"


def test_only_what_is_new_is_read(lite):
    does(lite, "create table visits (id integer primary key, who text)")
    does(lite, "insert into visits values (1, 'a'), (2, 'b')")
    feed = Database(url=lite, table="visits", cursor="id")
    rows, state = pulled(feed)
    assert [row["id"] for row in rows] == [1, 2]
    does(lite, "insert into visits values (5, 'c')")
    rows, state = pulled(feed, state)
    assert [row["id"] for row in rows] == [5]
    # number 4 was taken before 5 and committed after it
    does(lite, "insert into visits values (4, 'late')")
    rows, state = pulled(feed, state)
    assert [row["id"] for row in rows] == [4]
    assert pulled(feed, state)[0] == []


@pytest.mark.parametrize("seed", range(5))
def test_ties_are_neither_lost_nor_doubled(lite, seed, monkeypatch):
    """Rows come in any order within the last minutes, many of one time, parts end anywhere, runs break off."""
    monkeypatch.setattr("ganj.intake.sources.database.FIRST", 7)
    monkeypatch.setattr("ganj.intake.sources.database.MOST", 3)
    chance = random.Random(seed)
    does(lite, "create table visits (id integer, at integer)")
    feed = Database(url=lite, table="visits", cursor="at")
    state, got, there, now = {}, [], [], 0
    for _ in range(12):
        now += chance.randrange(3)
        new = [(len(there) + n, now - chance.randrange(4)) for n in range(chance.randrange(6))]
        there += new
        for row in new:
            does(lite, f"insert into visits values {row}")
        breaks = chance.randrange(1, 4)
        for number, part in enumerate(feed.pull(state, HERE), 1):
            state = part.state
            got += [(row["id"], row["at"]) for records in part.records for row in records.rows]
            if number == breaks:
                break
    rest, _ = pulled(feed, state)
    assert sorted(got + [(row["id"], row["at"]) for row in rest]) == sorted(there)


def test_rows_without_a_cursor_are_told(lite):
    does(
        lite,
        "create table visits (id integer, at integer)",
        "insert into visits values (1, 5), (2, null), (3, null)",
    )
    (part,) = Database(url=lite, table="visits", cursor="at").pull({}, HERE)
    assert [row["id"] for row in part.records[0].rows] == [1]
    assert "2 rows" in part.refused[0].reason.en


# ---- what a database refuses


def test_wrong_addresses_are_told_without_their_passwords(tmp_path):
    for url in ("nonsense", "oracle://a:hunter2@host/x", "postgresql://a:hunter2@host/x?service=other",
                "mysql://a:hunter2@host/x?read_default_file=/etc/passwd", "sqlite:////nowhere.db"):  # fmt: skip
        with pytest.raises(BadAddress) as wrong:
            list(Database(url=url, table="t").pull({}, HERE))
        assert "hunter2" not in wrong.value.message("en") + wrong.value.message("fa")


def test_a_database_inside_needs_leave():
    with pytest.raises(PrivateAddress):
        list(Database(url="postgresql://a@127.0.0.1/x", table="t").pull({}, Reach()))
    with pytest.raises(PrivateAddress):  # without a host a driver would take the local socket
        list(Database(url="postgresql:///x", table="t").pull({}, Reach()))


def test_the_workspace_s_own_files_are_not_read(shop):
    feed = Database(url=f"sqlite:///{shop.folder}/control.sqlite", table="settings")
    with pytest.raises(BadAddress, match="workspace itself"):
        list(feed.pull({}, Reach(private=True, own=shop.folder)))


def test_unknown_tables_and_columns_name_those_there(lite):
    does(lite, "create table visits (id integer)")
    with pytest.raises(NoSuchTable) as wrong:
        list(Database(url=lite, table="orders").pull({}, HERE))
    assert wrong.value.facts["tables"] == "visits"
    for words in ({"cursor": "nope"}, {"columns": ("nope",)}, {"key": ("nope",)}):
        with pytest.raises(NoSuchTableColumn):
            list(Database(url=lite, table="visits", **words).pull({}, HERE))


def test_a_name_is_never_a_query(lite):
    does(lite, "create table visits (id integer)", "insert into visits values (1)")
    for table in ("visits; drop table visits", 'visits" where 1=1 --', "(select 1)"):
        with pytest.raises(NoSuchTable):
            list(Database(url=lite, table=table).pull({}, HERE))
    assert pulled(Database(url=lite, table="visits", cursor="id"))[0] == [{"id": 1}]


# ---- a whole shop, in each database

TABLES = (
    "create table orders (id integer primary key, customer_email varchar(80), order_date timestamp not null, total numeric(10,2), status varchar(20), updated_at timestamp not null)",
    "insert into orders select n, 'c' || mod(n, 7) || '@x.ir', timestamp '2024-01-01 10:00:00' + n * interval '1 hour', 100 + n, 'completed', timestamp '2024-02-01 00:00:00' + (n / 10) * interval '1 second' from generate_series(1, 60) n",
)


def change_and_look(shop, url, update):
    """The life of a table of orders: first reading, nothing new, changes of every kind, again from the start."""
    shop.sources.add(
        {"name": "db", "type": "database", "parameters": {"url": url, "table": "orders", "cursor": "updated_at"},
         "answers": {"currency": "USD"}, "private": True}
    )  # fmt: skip
    first = shop.sources.run("db")
    assert (first.error, first.imported) == (None, 60)
    whole = 60 * 100 + sum(range(1, 61))
    assert sums(shop) == {"Order Completed": (60, whole)}
    assert shop.sources.run("db").batches == []
    update("status = 'refunded'", 3)
    update("total = 500", 4)
    update("status = 'cancelled'", 5)
    assert shop.sources.run("db").error is None
    after = {
        "Order Completed": (60, whole),
        "Order Refunded": (1, -103.0),
        "Order Adjusted": (1, 396.0),
        "Order Cancelled": (1, -105.0),
    }
    assert sums(shop) == after
    shop.sources.again("db")
    again = shop.sources.run("db")
    assert (again.error, again.batches) == (None, [])


def test_what_was_taken_back_comes_again(shop, lite):
    does(lite, "create table orders (id integer primary key, customer text, order_date text, total real)")
    does(lite, "insert into orders values (1, 'a', '2024-01-01', 10), (2, 'b', '2024-01-02', 20)")
    told = {"url": lite, "table": "orders"}
    shop.sources.add({"name": "db", "type": "database", "parameters": told, "answers": {"currency": "USD"}})
    shop.sources.run("db")
    does(
        lite,
        "update orders set total = 15 where id = 1",
        "insert into orders values (3, 'c', '2024-01-03', 30)",
    )
    shop.sources.run("db")
    both = {"Order Completed": (3, 60.0), "Order Adjusted": (1, 5.0)}
    assert sums(shop) == both
    shop.undo(2)
    assert sums(shop) == {"Order Completed": (2, 30.0)}
    shop.sources.again("db")
    shop.sources.run("db")
    assert sums(shop) == both


def test_postgresql(shop, pg):
    does(pg, "drop table if exists orders", *TABLES)

    def update(what, number):
        does(pg, f"update orders set {what}, updated_at = '2024-03-01' where id = {number}")

    change_and_look(shop, pg, update)


def test_a_wrong_password_is_told_apart_from_a_silent_server(pg, my):
    for url in (pg.replace("p%40ss", "wrong"), my.replace("geheim", "wrong")):
        with pytest.raises(SignInRefused) as wrong:
            list(Database(url=url, table="orders").pull({}, HERE))
        assert "wrong" not in wrong.value.message("en")


def test_nothing_can_be_written(pg, my):
    for url, words in ((pg, "create table mine (a int)"), (my, "create table mine (a int)")):
        engine = addresses.engine(addresses.read(url), HERE)
        with engine.connect() as con, pytest.raises(sa.exc.SQLAlchemyError):
            con.exec_driver_sql(words)
        engine.dispose()


ENCRYPTED = {
    "pg": "select ssl::int from pg_stat_ssl where pid = pg_backend_pid()",
    "my": "select length(variable_value) > 0 from information_schema.session_status where variable_name = 'Ssl_cipher'",
}


@pytest.mark.parametrize("name", ENCRYPTED)
def test_out_in_the_world_the_connection_is_encrypted(name, request, monkeypatch):
    url = request.getfixturevalue(name)
    monkeypatch.setattr(addresses, "is_public", lambda _: True)
    engine = addresses.engine(addresses.read(url), HERE)
    with engine.connect() as con:
        assert con.exec_driver_sql(ENCRYPTED[name]).scalar_one() == 1
    engine.dispose()


def test_views_schemas_and_odd_types_of_postgresql(pg):
    does(
        pg,
        "drop schema if exists crm cascade",
        "create schema crm",
        "create table crm.people (id uuid primary key, name text, tags text[], about jsonb, born date, score numeric, photo bytea, at timestamptz)",
        "insert into crm.people values ('6f1c3b9e-0000-4000-8000-000000000001', 'سارا', '{a,b}', '{\"city\": \"تهران\"}', '1990-01-02', 12.50, '\\x00ff', '2024-01-01 10:00+03:30')",
        'create view crm."all people" as select * from crm.people',
    )
    (row,), _ = pulled(Database(url=pg, table="crm.all people", cursor="at"))
    assert row["id"] == "6f1c3b9e-0000-4000-8000-000000000001"
    assert (row["name"], row["tags"], row["about"]) == ("سارا", ["a", "b"], {"city": "تهران"})
    assert (row["born"], row["score"], row["photo"]) == ("1990-01-02", "12.50", "00ff")
    assert row["at"].startswith("2024-01-01T06:30:00") or row["at"].endswith(("+03:30", "+00:00"))


def test_a_late_commit_is_not_missed(pg):
    """A transaction takes its time, another overtakes it, and what the slow one wrote is older when it is seen."""
    does(pg, "drop table if exists late", "create table late (id int primary key, at timestamptz)")
    feed = Database(url=pg, table="late", cursor="at")
    slow = sa.create_engine(addresses.read(pg)).connect()
    slow.exec_driver_sql("insert into late values (1, '2024-01-01 10:00:00+00')")
    does(pg, "insert into late values (2, '2024-01-01 10:00:05+00')")
    rows, state = pulled(feed)
    assert [row["id"] for row in rows] == [2]
    slow.commit()
    slow.close()
    slow.engine.dispose()
    rows, state = pulled(feed, state)
    assert [row["id"] for row in rows] == [1]
    assert pulled(feed, state)[0] == []


def test_mariadb(shop, my):
    rows = ", ".join(
        f"({n}, 'c{n % 7}@x.ir', '2024-01-{n % 28 + 1:02d} 10:00:00', {100 + n}, 'completed', '2024-02-01 00:00:0{n // 10}')"
        for n in range(1, 61)
    )
    does(
        my,
        "drop table if exists orders",
        TABLES[0].replace("timestamp", "datetime"),
        f"insert into orders values {rows}",
    )

    def update(what, number):
        does(my, f"update orders set {what}, updated_at = '2024-03-01' where id = {number}")

    change_and_look(shop, my, update)


@pytest.mark.parametrize("server", ["pg", "my"])
def test_numbers_times_and_ties_in_a_real_server(server, request):
    """What shares the last value and comes later, comes late or is gone: each is read once, whatever counts."""
    url = request.getfixturevalue(server)
    does(
        url,
        "drop table if exists ties",
        "create table ties (id int primary key, n bigint, at timestamp(3) null, day date, paid decimal(12,3))",
        "insert into ties values (1, 10, '2024-01-01 10:00:00.500', '2024-01-01', 1.5), "
        "(2, 10, '2024-01-01 10:00:00.500', '2024-01-01', 1.5), (3, null, null, null, null)",
    )
    states = {}
    for cursor in ("id", "n", "at", "day", "paid"):
        rows, states[cursor] = pulled(Database(url=url, table="ties", cursor=cursor))
        assert [row["id"] for row in rows] == ([1, 2, 3] if cursor == "id" else [1, 2]), cursor
    assert rows[0]["at"] == "2024-01-01T10:00:00.500000"  # no zone is made up: the question is answered once
    assert (rows[0]["day"], rows[0]["paid"]) == ("2024-01-01", "1.500")
    does(
        url,
        "delete from ties where id = 2",  # what is gone is not read again, nor does it hide what is new
        "insert into ties values (4, 10, '2024-01-01 10:00:00.500', '2024-01-01', 1.5)",  # a tie, later
        "insert into ties values (5, 9, '2024-01-01 09:59:00', '2024-01-01', 1.2)",  # committed late
        "insert into ties values (6, 11, '2024-01-02 00:00:00', '2024-01-02', 1001.6)",
    )
    for cursor, state in states.items():
        rows, after = pulled(Database(url=url, table="ties", cursor=cursor), state)
        assert sorted(row["id"] for row in rows) == [4, 5, 6], cursor
        assert pulled(Database(url=url, table="ties", cursor=cursor), after)[0] == [], cursor


def test_times_without_a_zone_are_of_the_zone_that_is_said(tmp_path, my):
    """MariaDB's ``datetime`` knows no zone; its ``timestamp`` is told in the session's: both as the workspace says."""
    does(
        my,
        "drop table if exists calls",
        "create table calls (id int primary key, customer_id int, called_at datetime, event varchar(20))",
        "insert into calls values (1, 7, '2024-03-20 23:30:00', 'Call Made'), (2, 8, '2024-03-21 00:30:00', 'Call Made')",
    )
    tehran = msgspec.structs.replace(UTC_SETTINGS, zone="Asia/Tehran")
    with ganj.create(tmp_path / "shop", tehran, buckets=2) as shop:
        told = {"url": my, "table": "calls", "cursor": "id"}
        mapping = {"time": "called_at"}
        shop.sources.add(
            {
                "name": "db",
                "type": "database",
                "parameters": told,
                "answers": {"mapping": mapping},
                "private": True,
            }
        )
        shop.sources.run("db")
        times = shop.sql("select time from events order by time").to_pylist()
    assert [row["time"].isoformat()[:16] for row in times] == ["2024-03-20T20:00", "2024-03-20T21:00"]


def test_a_database_is_read_by_the_clock(shop, my):
    """The schedule asks it by itself; a run that fails waits longer each time, and goes on when the cause is mended."""
    does(
        my,
        "drop table if exists seen",
        "create table seen (id int primary key, customer_id int, event varchar(9), at datetime)",
    )
    does(my, "insert into seen values (1, 7, 'Seen', '2024-01-01 10:00:00')")
    told = {"url": my, "table": "seen", "cursor": "id"}
    shop.sources.add({"name": "db", "type": "database", "parameters": told, "every": "5m", "private": True})
    first = shop.sources.run("db")
    assert (first.imported, first.next - first.ended) == (1, 300_000_000)
    does(my, "rename table seen to gone")
    waits = []
    for _ in range(3):
        failed = shop.sources.run("db")
        assert failed.code == "NoSuchTable"
        waits.append(failed.next - failed.ended)
    assert waits == sorted(waits)
    assert shop.sources.due(failed.next - 1) == ()
    assert shop.sources.due(failed.next) == ("db",)
    does(my, "rename table gone to seen", "insert into seen values (2, 8, 'Seen', '2024-01-02 10:00:00')")
    mended = shop.sources.run("db")
    assert (mended.error, mended.imported, mended.failures) == (None, 1, 0)
