"""While a server holds the folder the shell asks it, and says exactly the same."""

import io
import json
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest

from ganj.faces.cli import shell
from ganj.faces.cli.failing import explained

ORDERS = "Order ID,Order Date,Customer ID,City,Product,Quantity,Price\n" + "".join(
    f"{n},2025-0{1 + n % 6}-1{n % 9},C{n % 17},{('Tehran', 'Karaj')[n % 17 % 2]},P{n % 5},{1 + n % 3},{100 + n}\n"
    for n in range(1, 120)
)
QUESTIONS = (
    ("mine", "rfm", "--json"),
    ("mine", "overview"),
    ("mine", "funnel", "--steps", "Order Completed", "Order Completed", "--within", "60d", "--json"),
    ("import", "list", "--json"),
    ("segment", "list", "--json"),
    ("segment", "customers", "capital", "--json"),
    ("settings", "--json"),
    ("sql", "select count(*) as n from orders", "--json"),
    ("verify", "--json"),
    ("mine", "rfm", "--segment", "capitol", "--json"),  # a mistake: the nearest name is offered
)


def ganj(*args):
    """Call the shell in this process; returns exit code, output and errors."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = explained(shell, [*map(str, args), "--language", "en"])
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("far") / "shop"
    file = folder.with_name("orders.csv")
    file.write_text(ORDERS, encoding="utf-8")
    assert ganj("init", folder)[0] == 0
    assert ganj("-w", folder, "import", file, "--currency", "IRR", "--yes")[0] == 0
    assert ganj("-w", folder, "segment", "save", "capital", "City = Tehran")[0] == 0
    return folder


@pytest.fixture(scope="module")
def near(shop):
    """What the shell says of the folder itself, before a server holds it."""
    return {question: ganj("-w", shop, *question) for question in QUESTIONS}


@pytest.fixture(scope="module")
def server(shop, near):
    del near  # asked first
    command = [sys.executable, "-m", "ganj", "-w", str(shop), "serve", "--port", "0", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    yield json.loads(process.stdout.readline())["url"]
    process.send_signal(signal.SIGINT)
    process.wait(30)
    process.stdout.close()


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_both_roads_say_the_same(question, near, server, shop):
    assert server.startswith("http://127.0.0.1:")
    assert ganj("-w", shop, *question) == near[question]


def test_a_file_is_imported_and_undone_through_the_server(server, shop, tmp_path):
    del server
    file = tmp_path / "more.csv"
    file.write_text(ORDERS.splitlines()[0] + "\n900,2025-06-20,C99,Qom,P1,1,50\n", encoding="utf-8")
    code, out, err = ganj("-w", shop, "import", file, "--currency", "IRR", "--json")
    assert code == 0, err
    assert json.loads(out)["imported"] == 1
    code, _, err = ganj("-w", shop, "import", "undo", json.loads(out)["batch"])
    assert code == 0, err


def test_a_second_server_is_refused_and_told_where_the_first_is(server, shop):
    code, _, err = ganj("-w", shop, "serve", "--port", "0")
    assert code == 2
    assert server.rstrip("/") in err
