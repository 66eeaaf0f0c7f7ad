"""Whatever a source holds or hides, the shell, the API and the page say what is wrong, and other sources go on."""

import gzip
import io
import json
import os
import sqlite3
import zipfile
from contextlib import closing, redirect_stderr, redirect_stdout

import pytest
from litestar.testing import TestClient

import ganj
from ganj.faces.cli import shell
from ganj.faces.cli.failing import explained
from ganj.faces.http.app import application
from source_servers import free_port
from stored import UTC_SETTINGS

ORDERS = "create table orders (id integer, customer text, order_date text, total text)"
CSV = "order id,customer email,order date,total\n"
VISIT = '1.2.3.4 - - [17/May/{year}:10:05:03 +0000] "GET /{path} HTTP/1.1" 200 5 "-" "Mozilla/5.0 (X11) Firefox/126.0"\n'


def table(*rows, sql=ORDERS, name="orders", cursor="id"):
    """A table of SQLite with rows written as SQL values."""

    def made(tmp):
        file = tmp / "crm.db"
        with closing(sqlite3.connect(file)) as con, con:
            con.execute(sql)
            for row in rows:
                con.execute(f"insert into orders values ({row})")
        return "database", {"url": f"sqlite:///{file}", "table": name, "cursor": cursor}

    return made


def file(data, name="one.csv"):
    """A folder with one file."""

    def made(tmp):
        (tmp / "box").mkdir()
        path = tmp / "box" / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        os.utime(path, (1_700_000_000, 1_700_000_000))
        return "folder", {"path": str(tmp / "box")}

    return made


def log(data, name="access.log"):
    def made(tmp):
        (tmp / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return "weblog", {"path": str(tmp / name)}

    return made


def closed_port(kind, **parameters):
    """A server where nothing listens."""

    def made(_tmp):
        port = free_port()
        return kind, {name: value.format(port=port) for name, value in parameters.items()}

    return made


def half(data):
    return data[: len(data) // 2]


def workbook():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>" * 200)
    return packed.getvalue()


GOOD = "1, 'c1', '2024-01-01', '10'"
WRONG = {
    "database: no such file": (lambda tmp: ("database", {"url": f"sqlite:///{tmp}/none.db", "table": "orders"}), "cannot be used"),
    "database: nobody listens": (closed_port("database", url="postgresql://u:hunter2@127.0.0.1:{port}/x", table="orders"), "nothing listens"),
    "database: no such table": (table(GOOD, name="ordres"), "no table"),
    "database: no such cursor": (table(GOOD, cursor="moment"), "no column"),
    "database: text that is no UTF-8": (table("1, cast(x'ff41' as text), '2024-01-01', '5'"), "does not answer"),
    "folder: a path that is none": (lambda tmp: ("folder", {"path": str(tmp / "none")}), "cannot be watched"),
    "folder: half a workbook": (file(half(workbook()), "one.xlsx"), "cannot be read"),
    "folder: binary rubbish": (file(bytes(range(256)) * 40), "cannot be read"),
    "folder: an empty file": (file(b""), "cannot be read"),
    "web log: no such file": (lambda tmp: ("weblog", {"path": str(tmp / "none.log")}), "cannot be used"),
    "web log: half a packed file": (log(half(gzip.compress(VISIT.format(year=2017, path="a").encode() * 90)), "access.log.gz"), ""),
    "shop: nobody listens": (closed_port("woocommerce", url="http://127.0.0.1:{port}", consumer_key="a", consumer_secret="hunter2"), "nothing listens"),
    "shop: no such machine": (lambda _: ("woocommerce", {"url": "https://no-such-machine.invalid", "consumer_key": "a", "consumer_secret": "hunter2"}), "no machine"),
    "mailbox: nobody listens": (closed_port("mailbox", host="127.0.0.1", user="a", password="hunter2", port="{port}"), "nothing listens"),
}  # fmt: skip
"""What cannot be read at all, and a part of what is said."""
ODD = {
    "database: no rows": (table(), 0),
    "database: a huge cell": (table(GOOD, f"2, '{'x' * 1_000_000}', '2024-01-02', '5'"), 1),
    "database: a date that is none": (table(GOOD, "2, 'c2', 'yesterday-ish', '5'"), 1),
    "database: tomorrow in a hundred years": (table(GOOD, "2, 'c2', '2126-01-01', '5'"), 1),
    "database: one id twice": (table(GOOD, "1, 'c2', '2024-01-02', '5'"), 1),
    "folder: a heading and nothing under it": (file(CSV), 0),
    "folder: Persian of Windows": (file((CSV + "1,a@x.ir,2024-01-01,5\n2,سارا@x.ir,2024-01-02,7\n").encode("cp1256", "replace")), 1),
    "folder: a last line cut off": (file(CSV + "1,a@x.ir,2024-01-01,5\n2,b@x.ir,2024-0"), 1),
    "folder: a huge cell": (file(CSV + f"1,a@x.ir,2024-01-01,5\n2,{'y' * 1_000_000}@x.ir,2024-01-02,7\n"), 1),
    "web log: nothing yet": (log(b""), 0),
    "web log: a clock ahead": (log(VISIT.format(year=2126, path="a") + VISIT.format(year=2017, path="b")), 1),
    "web log: binary between lines": (log(VISIT.format(year=2017, path="a").encode() + bytes(range(256)) + b"\n"), 1),
}  # fmt: skip
"""What can be read in part, and how many events come of it at least."""
ODDLY = {"name": "odd", "private": True, "answers": {"currency": "USD"}}


@pytest.fixture(scope="module")
def site(shop):
    with TestClient(application(shop, insecure=True), base_url="http://127.0.0.1:8765") as opened:
        yield opened


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """Another workspace, for the shell."""
    folder = tmp_path_factory.mktemp("beside") / "shop"
    ganj.create(folder, UTC_SETTINGS, buckets=2).close()
    return folder


@pytest.fixture
def other(shop, tmp_path):
    """A source that is well, beside the one that is not."""
    (tmp_path / "well").mkdir()
    path = tmp_path / "well" / "1.csv"
    path.write_text(CSV + f"w{os.urandom(4).hex()},w@x.ir,2024-01-03,9\n")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    told = {"type": "folder", "parameters": {"path": str(tmp_path / "well")}, "answers": {"currency": "USD"}}
    shop.sources.add({"name": "well", **told})
    yield
    assert shop.sources.run("well").imported == 1
    for one in shop.sources.list():
        shop.sources.remove(one.definition.name)


def by_shell(folder, kind, parameters, language):
    words = [word for name, value in parameters.items() for word in (f"--{name.replace('_', '-')}", value)]
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        asked = ["-w", folder, "source", "add", kind, "odd", *words, "--allow-private", "--check"]
        code = explained(shell, [*map(str, asked), "--language", language])
    return code, out.getvalue() + err.getvalue()


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_read_is_said_by_every_face(site, shop, beside, other, tmp_path, case):
    making, words = WRONG[case]
    kind, parameters = making(tmp_path)
    told = {**ODDLY, "type": kind, "parameters": parameters}
    answer = site.post("/api/v1/sources/check", json=told)
    assert answer.status_code in {200, 403, 422, 502}, answer.text
    said = json.dumps(answer.json())
    assert words in said
    form = {**parameters, "name": "odd", "private": "true", "only": "true", "currency": "USD"}
    for language in ("en", "fa"):
        page = site.post(f"/{language}/sources/new/{kind}", data=form)
        assert page.status_code == answer.status_code, page.text
        code, text = by_shell(beside, kind, parameters, language)
        assert (code == 0) == (answer.status_code == 200), text
        assert len(text) > 20
        for shown in (page.text, text, said):
            assert "hunter2" not in shown
            assert "Traceback" not in shown
    shop.sources.add(told, look=False)
    assert site.post("/api/v1/sources/odd/run").status_code in {200, 422, 502}
    report = shop.sources.known("odd").report
    reasons = [report.error] if report.error else [one.reason for one in report.reasons]
    assert reasons
    assert all(len(text.en) > 10 and len(text.fa) > 10 for text in reasons)
    assert site.get("/fa/sources").status_code == 200


@pytest.mark.parametrize("case", ODD)
def test_what_is_odd_takes_nothing_else_down(site, shop, other, tmp_path, case):
    making, least = ODD[case]
    kind, parameters = making(tmp_path)
    told = {**ODDLY, "type": kind, "parameters": parameters}
    assert site.post("/api/v1/sources/check", json=told).status_code in {200, 422}
    form = {**parameters, "name": "odd", "only": "true", "currency": "USD"}
    for language in ("en", "fa"):
        assert site.post(f"/{language}/sources/new/{kind}", data=form).status_code in {200, 422}
    shop.sources.add(told, look=False)
    assert site.post("/api/v1/sources/odd/run").status_code in {200, 422}
    report = shop.sources.known("odd").report
    assert report.imported + report.duplicates + report.lines >= least
    assert site.get("/fa/sources").status_code == 200
    assert site.get("/en/sources/of", params={"name": "odd"}).status_code == 200
