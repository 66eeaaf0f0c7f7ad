"""The shell on real workspaces: what a person or a script types, and what it says."""

import csv
import io
import json
import subprocess
import sys

import pytest
from python_calamine import CalamineWorkbook

from ganj.faces.cli import shell
from ganj.faces.cli.commands.mine import _spread
from ganj.faces.cli.commands.segment import condition
from ganj.faces.cli.failing import explained
from ganj.faces.cli.files import calm

ORDERS = """Order ID,Order Date,Customer ID,Customer Name,City,Product,Quantity,Price
1,2025-01-05,C1,Sara,Tehran,Tea,2,100
1,2025-01-05,C1,Sara,Tehran,Cup,1,300
2,2025-01-09,C2,Ali,Karaj,Tea,1,100
3,2025-02-11,C1,Sara,Tehran,Cup,1,300
4,2025-03-01,C3,Reza,Tehran,Tea,5,100
5,2025-03-05,,,,Tea,1,100
"""


@pytest.fixture
def ganj(capsys, monkeypatch):
    """Call the shell as from a terminal's pipe; returns exit code, output and errors."""
    for name in ("GANJ_WORKSPACE", "GANJ_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")

    def run(*args):
        capsys.readouterr()
        code = explained(shell, [str(arg) for arg in args])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def told(ganj):
    """Call the shell with --json and read what it printed."""

    def run(*args):
        code, out, err = ganj(*args, "--json")
        assert code == 0, err
        return json.loads(out)

    return run


@pytest.fixture
def orders(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    return file


@pytest.fixture
def shop(tmp_path, ganj, orders):
    folder = tmp_path / "shop"
    assert ganj("--language", "en", "init", folder)[0] == 0
    code, _, err = ganj("import", orders, "-w", folder, "--as", "orders", "--currency", "IRR", "--json")
    assert code == 0, err
    return folder


def test_help_is_quick_because_nothing_heavy_is_imported():
    heavy = "{'numpy', 'pyarrow', 'duckdb', 'rich', 'litestar', 'numba', 'sqlalchemy'}"
    script = (
        "import sys\nfrom ganj.faces.cli import shell\n"
        "try: shell.main(['--help'])\nexcept SystemExit: pass\n"
        f"print(sorted({heavy} & sys.modules.keys()))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "[]"
    assert "import" in said.stdout


def test_help_is_in_both_languages(ganj):
    assert "Begin a workspace" in ganj("--help")[1]
    assert "ساختن یک فضای کار" in ganj("--language", "fa", "--help")[1]
    assert "تقویم تاریخ‌های فایل" in ganj("import", "--language", "fa", "--help")[1]


def test_one_import_and_what_its_json_says(tmp_path, ganj, orders):
    ganj("init", tmp_path / "w")
    code, out, _ = ganj("import", orders, "--currency", "IRR", "-w", tmp_path / "w", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["read"] == said["imported"] == 6
    assert (said["orders"], said["without_customer"], said["rejected"]) == (5, 1, 0)
    assert {
        "batch",
        "kind",
        "duplicates",
        "cancelled",
        "customers",
        "events",
        "amount",
        "first",
        "last",
    } <= said.keys()
    assert said["first"].startswith("2025-01-0")


def test_the_same_file_twice_changes_nothing_and_undo_takes_it_back(shop, told, orders):
    again = told("import", orders, "-w", shop, "--as", "orders", "--currency", "IRR")
    assert (again["imported"], again["duplicates"]) == (0, 6)
    assert [batch["status"] for batch in told("import", "list", "-w", shop)] == ["loaded", "loaded"]
    told("import", "undo", again["batch"], "-w", shop)
    told("-w", shop, "import", "undo", "1")
    assert {batch["status"] for batch in told("batches", "-w", shop)} == {"undone"}
    assert told("sql", "select count(*) n from orders", "-w", shop)["rows"] == [[0]]


def test_rial_or_toman_is_asked_and_never_guessed(tmp_path, ganj):
    orders = tmp_path / "orders.csv"
    rows = "".join(f"{n},1404/0{n}/11,مشتری {n},{n}۵۰۰۰۰\n" for n in range(1, 7))
    orders.write_text("شماره سفارش,تاریخ,مشتری,مبلغ\n" + rows, encoding="utf-8")
    ganj("init", tmp_path / "w")
    code, _, err = ganj("import", orders, "-w", tmp_path / "w", "--json")
    assert code == 2
    assert json.loads(err)["type"] == "errors#NeedsAnswer"
    assert "--currency" in json.loads(err)["detail"]


def test_a_dry_run_writes_nothing(tmp_path, ganj, told, orders):
    ganj("init", tmp_path / "w")
    told("import", orders, "--dry-run", "--currency", "IRR", "-w", tmp_path / "w")
    assert told("batches", "-w", tmp_path / "w") == []


@pytest.mark.parametrize("name", ["overview", "rfm", "retention"])
def test_an_analysis_prints_its_contract(shop, told, name):
    said = told("mine", name, "-w", shop)
    assert said.keys() == {"miner", "parameters", "data_version", "tables", "findings"}
    assert said["miner"] == name
    for table in said["tables"].values():
        assert table.keys() == {"columns", "rows"}
        assert all(column.keys() == {"name", "label", "unit"} for column in table["columns"])
        assert all(len(row) == len(table["columns"]) for row in table["rows"])


def test_an_analysis_for_people(shop, ganj):
    code, out, _ = ganj("mine", "overview", "-w", shop)
    assert code == 0
    assert "•" in out


def test_many_values_after_one_flag(shop, told):
    said = told(
        "mine", "funnel", "--steps", "Order Completed", "Order Completed", "--within", "90d", "-w", shop
    )
    assert said["parameters"]["steps"] == ["Order Completed", "Order Completed"]
    assert said["parameters"]["within"] == "90d"


def test_tables_as_csv_for_spreadsheets(shop, ganj, tmp_path):
    assert ganj("mine", "overview", "-w", shop, "--csv", tmp_path / "out")[0] == 0
    written = sorted((tmp_path / "out").glob("overview-*.csv"))
    assert written
    assert written[0].read_bytes().startswith(b"\xef\xbb\xbf")


def test_wrong_names_are_told_with_the_nearest(shop, ganj):
    code, _, err = ganj("mine", "funel", "-w", shop)
    assert (code, "funnel" in err) == (2, True)
    code, _, err = ganj("mine", "funnel", "--step", "a", "-w", shop)
    assert (code, "--steps" in err) == (2, True)
    code, _, err = ganj("mine", "funnel", "--steps", "--within", "7d", "-w", shop)
    assert (code, "--steps needs" in err) == (2, True)
    code, _, err = ganj("settings", "get", "langage", "-w", shop)
    assert (code, "language" in err) == (2, True)


def test_errors_speak_the_workspace_s_language(tmp_path, ganj):
    ganj("init", tmp_path / "w", "--language", "fa")
    _, _, err = ganj("segment", "show", "بهترین", "-w", tmp_path / "w")
    assert "خطا" in err
    _, _, err = ganj("segment", "show", "best", "-w", tmp_path / "w", "--language", "en")
    assert "There is no segment named 'best'." in err


def test_not_a_workspace_and_already_one(tmp_path, ganj, shop):
    assert ganj("batches", "-w", tmp_path / "nothing")[0] == 2
    assert ganj("init", shop)[0] == 2


def test_a_segment_of_a_trait_that_is_not_there_is_a_slip(shop, ganj):
    code, _, err = ganj("segment", "save", "capital", "Citi = Tehran", "-w", shop)
    assert (code, "City" in err) == (2, True)


def test_segments_are_saved_listed_exported_and_removed(shop, told, ganj, tmp_path):
    assert told("segment", "save", "capital", "City = Tehran", "-w", shop)["size"] == 2
    assert [s["name"] for s in told("segment", "list", "-w", shop)] == ["capital"]
    assert told("segment", "export", "capital", tmp_path / "c.csv", "-w", shop)["customers"] == 2
    rows = list(csv.DictReader(io.StringIO((tmp_path / "c.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == 2
    assert told("segment", "export", "capital", tmp_path / "c.xlsx", "-w", shop)["customers"] == 2
    sheet = CalamineWorkbook.from_path(tmp_path / "c.xlsx").get_sheet_by_index(0).to_python()
    assert sheet[0][0] == "customer"
    assert len(sheet) == 3
    assert told("segment", "remove", "capital", "-w", shop)["removed"]
    assert told("segment", "list", "-w", shop) == []
    assert ganj("segment", "remove", "capital", "-w", shop)[0] == 2


def test_settings(shop, told):
    assert told("settings", "-w", shop)["language"] == "en"
    assert told("settings", "set", "language=fa", "digits=persian", "-w", shop)["language"] == "fa"
    assert told("settings", "get", "digits", "-w", shop) == {"digits": "persian"}


def test_verify_rebuild_and_doctor(shop, told, ganj):
    assert told("verify", "-w", shop) == {"whole": True, "problems": []}
    before = told("mine", "overview", "-w", shop)
    told("rebuild", "-w", shop)
    assert told("mine", "overview", "-w", shop) == before
    _, out, _ = ganj("doctor", "-w", shop, "--json")
    assert {check["check"] for check in json.loads(out)["checks"]} >= {"python", "disk", "workspace"}


def test_sql_reads_from_standard_input_and_never_writes(shop, told, ganj, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("select count(*) as n from orders"))
    assert told("sql", "-", "-w", shop)["columns"] == ["n"]
    assert ganj("sql", "drop table orders", "-w", shop)[0] == 2


def test_an_address_others_can_reach_needs_a_word(shop, ganj):
    code, _, err = ganj("serve", "--host", "0.0.0.0", "-w", shop)
    assert (code, "--insecure" in err) == (2, True)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("city = Tehran", {"column": "city", "op": "=", "value": "Tehran"}),
        ("city in Tehran, Karaj", {"column": "city", "op": "in", "value": ["Tehran", "Karaj"]}),
        ("rfm.rfm_segment != lost", {"column": "rfm_segment", "op": "!=", "value": "lost", "miner": "rfm"}),
        ("overview.orders>=3", {"column": "orders", "op": ">=", "value": 3, "miner": "overview"}),
        ('plan = "3"', {"column": "plan", "op": "=", "value": "3"}),  # a quoted number is text
        ("نام شهر = تهران", {"column": "نام شهر", "op": "=", "value": "تهران"}),
    ],
)
def test_conditions_of_a_segment(words, read):
    assert condition(words) == read


@pytest.mark.parametrize(
    ("args", "read"),
    [
        (["--steps", "A", "B", "--within", "7d"], ["--steps", "A", "--steps", "B", "--within", "7d"]),
        (["--steps", "-1", "-2.5"], ["--steps", "-1", "--steps", "-2.5"]),  # negative numbers are values
        (["--steps=A", "--by", "x"], ["--steps=A", "--by", "x"]),
    ],
)
def test_many_values_are_spread(args, read):
    assert list(_spread(args, {"--steps"})) == read


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@cmd", "'@cmd"),
        ("+989121234567", "+989121234567"),  # a phone runs nothing
        ("-12.5", "-12.5"),
        (-12.5, -12.5),
        (None, ""),
    ],
)
def test_no_cell_becomes_a_formula(value, written):
    assert calm(value) == written
