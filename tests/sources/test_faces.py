"""Sources through the shell and over HTTP: the same words, never a secret, no mistake without its reason."""

import io
import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout

import pytest
from litestar.testing import TestClient

from ganj.faces.cli import shell
from ganj.faces.cli.failing import explained
from ganj.faces.http.app import application
from source_servers import dovecot, letter, put

CANARY = "hunter2canary"
PAGE = '1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET {} HTTP/1.1" 200 5 "-" "Mozilla/5.0 (X11) Gecko/2010 Firefox/126.0"\n'


@pytest.fixture(autouse=True)
def no_sources(request):
    """Each test begins without sources, in one workspace."""
    yield
    if "shop" in request.fixturenames:
        made = request.getfixturevalue("shop")
        for one in made.sources.list():
            made.sources.remove(one.definition.name)


@pytest.fixture
def db(tmp_path):
    with sqlite3.connect(tmp_path / "crm.db") as con:
        con.execute(
            "create table orders (id integer primary key, customer text, order_date text, total real)"
        )
        rows = [(n, f"c{n % 5}", f"2024-01-{n:02d}", 10.0 * n) for n in range(1, 21)]
        con.executemany("insert into orders values (?, ?, ?, ?)", rows)
    con.close()
    return f"sqlite:///{tmp_path / 'crm.db'}"


def shell_says(*words):
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = explained(shell, [*map(str, words), "--language", "en"])
    return code, out.getvalue(), err.getvalue()


def test_the_shell(tmp_path, db, monkeypatch):
    monkeypatch.setenv("CRM_URL", db)
    folder = tmp_path / "work"
    assert shell_says("init", folder, "--currency", "USD")[0] == 0
    add = (
        "-w",
        folder,
        "source",
        "add",
        "database",
        "crm",
        "--url",
        "env:CRM_URL",
        "--table",
        "orders",
        "--cursor",
        "id",
    )
    code, out, _ = shell_says(*add, "--check")
    assert code == 0
    assert "orders; of the first 20 rows 20 are good" in out
    assert shell_says("-w", folder, "source", "list")[1].strip() == "There is no source yet."
    made = json.loads(shell_says(*add, "--every", "daily 03:00", "--json")[1])
    assert (made["every"], made["secrets"], made["parameters"]["cursor"]) == ("daily 03:00", ["url"], "id")
    ran = json.loads(shell_says("-w", folder, "source", "run", "crm", "--json")[1])
    assert (ran["imported"], ran["error"]) == (20, "")
    assert "20" in shell_says("-w", folder, "source", "list")[1]
    assert (
        json.loads(shell_says("-w", folder, "source", "check", "crm", "--json")[1])["tables"][0]["kind"]
        == "orders"
    )
    assert json.loads(shell_says("-w", folder, "source", "pause", "crm", "--json")[1])["paused"]
    assert not json.loads(shell_says("-w", folder, "source", "resume", "crm", "--json")[1])["paused"]
    code, _, err = shell_says("-w", folder, "source", "run", "crn")
    assert (code != 0, "crm" in err) == (True, True)
    assert shell_says("-w", folder, "source", "remove", "crm", "--json")[0] == 0
    assert json.loads(shell_says("-w", folder, "source", "list", "--json")[1]) == []


@pytest.fixture(scope="module")
def client(shop):
    with TestClient(application(shop), base_url="http://127.0.0.1") as asked:
        yield asked


def test_the_api(client, db):
    kinds = {one["type"]: one for one in client.get("/api/v1/sources/kinds").json()}
    assert set(kinds) == {"database", "folder", "mailbox", "weblog", "woocommerce"}
    assert [p["name"] for p in kinds["mailbox"]["parameters"] if p["secret"]] == ["password"]
    told = {"name": "crm", "type": "database", "parameters": {"url": db, "table": "orders", "cursor": "id"}}
    looked = client.post("/api/v1/sources/check", json=told).json()
    assert looked["tables"][0]["check"]["good"] == 20
    assert client.post("/api/v1/sources", json=told).status_code == 201
    assert client.post("/api/v1/sources", json=told).status_code == 409
    assert client.post("/api/v1/sources/crm/run").json()["imported"] == 20
    assert client.post("/api/v1/sources/crm/run?again=1").json()["imported"] == 0
    (one,) = client.get("/api/v1/sources").json()
    assert one["tables"]["orders"]["mapping"]["amount"] == "total"
    assert one["last"]["rows"] == 0
    assert client.patch("/api/v1/sources/crm", json={"every": "1h"}).json()["every"] == "1h"
    assert client.delete("/api/v1/sources/crm").json() == {"removed": "crm"}
    assert client.get("/api/v1/sources/crm").status_code == 404


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"name": "x"},
        {"name": "x", "type": "oracle"},
        {"name": "x", "type": "database", "parameters": []},
        {"name": "x", "type": "database", "parameters": {"url": f"postgresql://a:{CANARY}@127.0.0.1/x", "table": "t"}},
        {"name": "x", "type": "database", "parameters": {"url": CANARY, "table": "t"}},
        {"name": "x", "type": "database", "parameters": {"url": {"a": CANARY}, "table": "t"}},
        {"name": "x" * 99, "type": "folder", "parameters": {"path": "/"}},
        {"name": "x", "type": "folder", "parameters": {"path": "/nowhere"}},
        {"name": "x", "type": "folder", "parameters": {"path": "\0"}},
        {"name": "x", "type": "weblog", "parameters": {"path": "/nowhere/*"}},
        {"name": "x", "type": "woocommerce", "parameters": {"url": "file:///etc/passwd", "consumer_key": "a", "consumer_secret": "b"}},
        {"name": "x", "type": "woocommerce", "parameters": {"url": "https://localhost", "consumer_key": "a", "consumer_secret": "b"}},
        {"name": "x", "type": "mailbox", "parameters": {"host": "localhost", "user": "a", "password": CANARY, "port": 99999}},
        {"name": "x", "type": "mailbox", "parameters": {"host": "bad host", "user": "a", "password": CANARY}},
        {"name": "x", "type": "folder", "parameters": {"path": "/tmp"}, "every": "never"},
        {"name": "x", "type": "folder", "parameters": {"path": "/tmp"}, "answers": {"currency": 5}, "plans": {"a": 1}},
    ],
)  # fmt: skip
def test_no_bad_input_breaks_the_api(client, told):
    for path in ("/api/v1/sources", "/api/v1/sources/check"):
        answer = client.post(path, json=told)
        assert 400 <= answer.status_code < 500 or answer.status_code == 502, answer.text
        assert answer.json()["title"]
        assert CANARY not in answer.text
    assert client.get("/api/v1/sources").json() == []


def test_no_secret_is_ever_answered(client, shop):
    password = {"host": "mail.example", "user": "a", "password": CANARY}
    shop.sources.add({"name": "post", "type": "mailbox", "parameters": password}, look=False)
    for path in ("/api/v1/sources", "/api/v1/sources/post"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert CANARY not in answer.text
    changed = client.patch("/api/v1/sources/post", json={"parameters": {"user": "b"}})
    assert changed.json()["parameters"]["user"] == "b"
    assert shop.sources.kept.feed(shop.sources.kept.definition("post")).password == CANARY


# ---- events that are collected


def events(shop, source):
    shop.store.absorb()
    found = shop.sql("select event, source, properties from events order by time").to_pylist()
    return [one for one in found if one["source"] == source]


def test_page_views_of_a_log_are_events_once(shop, tmp_path):
    log = tmp_path / "access.log"
    log.write_text(PAGE.format("/a") + "nonsense\n" + PAGE.format("/b"))
    shop.sources.add({"name": "web", "type": "weblog", "parameters": {"path": str(log)}})
    report = shop.sources.run("web")
    assert (report.lines, report.rejected) == (2, 1)
    assert [(one["event"], one["source"]) for one in events(shop, "web")] == [("Page Viewed", "web")] * 2
    shop.sources.again("web")
    assert shop.sources.run("web").lines == 2
    assert len(events(shop, "web")) == 2
    with log.open("a") as stream:
        stream.write(PAGE.format("/c"))
    assert shop.sources.run("web").lines == 1
    assert len(events(shop, "web")) == 3


def test_letters_are_tickets_of_the_customer_who_wrote(shop):
    with dovecot() as mails:
        put(mails.box, mails.uid, letter("t1", "Sara <sara@x.ir>", "کجاست؟", "سفارش ۱۲").as_bytes())
        parameters = {
            "host": "127.0.0.1",
            "port": mails.port,
            "user": "support@shop.ir",
            "password": "گذر123",
            "security": "none",
        }
        shop.sources.add({"name": "post", "type": "mailbox", "parameters": parameters, "private": True})
        assert shop.sources.run("post").lines == 2  # the letter and the name of who wrote it
        put(
            mails.box,
            mails.uid,
            letter(
                "t2",
                "sara@x.ir",
                "Re: کجاست؟",
                "رسید",
                In_Reply_To="<t1@mail.ir>",
                date="Sat, 01 Nov 2025 11:00:00 +0330",
            ).as_bytes(),
        )
        assert shop.sources.run("post").lines == 1
    assert [one["event"] for one in events(shop, "post")] == ["Ticket Opened", "Ticket Replied"]
    assert {json.loads(one["properties"])["ticket"] for one in events(shop, "post")} == {"t1@mail.ir"}
    assert shop.customer(shop.find("sara@x.ir")).traits["name"][0] == "Sara"


def test_sources_run_while_ganj_serves(tmp_path, db, monkeypatch):
    """The real program: added by the shell, read by the clock of the server."""
    monkeypatch.setenv("CRM_URL", db)
    folder = tmp_path / "work"
    shell_says("init", folder, "--currency", "USD")
    shell_says(
        "-w",
        folder,
        "source",
        "add",
        "database",
        "crm",
        "--url",
        "env:CRM_URL",
        "--table",
        "orders",
        "--every",
        "10s",
    )
    words = [sys.executable, "-m", "ganj", "-w", folder, "serve", "--port", "0", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        server.stdout.readline()
        end = time.monotonic() + 60
        found = {}
        while not found.get("last") and time.monotonic() < end:
            time.sleep(0.3)
            (found,) = json.loads(shell_says("-w", folder, "source", "list", "--json")[1])
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
    assert found["last"]["imported"] == 20
