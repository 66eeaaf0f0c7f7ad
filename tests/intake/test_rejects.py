"""Rows set aside: in their own columns, with the reason, to be mended and imported again."""

import csv

import python_calamine as calamine

from ganj import intake
from ganj.intake.rejects import workbook
from intake_files import ORDERS, column, imported, rows_of, write

BROKEN = ORDERS + "1003,soon,9,tea,1,10.5\n1004,2026-03-24,9,=cmd(),one,-4\n"


def kept(folder):
    plan = intake.detect(write(folder / "o.csv", BROKEN), base="IRR")
    rejects = intake.Rejects(folder / "rejected.csv")
    list(intake.rows(plan, plan.paths, progress=lambda _: None, rejects=rejects))
    return folder / "rejected.csv"


def test_rows_keep_their_columns_and_get_a_reason(tmp_path):
    with kept(tmp_path).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [
        "Order ID",
        "Order Date",
        "Customer ID",
        "SKU",
        "Quantity",
        "Unit Price",
        "دلیل | Reason",
    ]
    assert rows[0][:2] == ["1003", "soon"]
    assert rows[0][-1] == "«Order Date» خواندنی نیست. | «Order Date» cannot be read."
    assert rows[1][3:6] == ["'=cmd()", "one", "-4"]  # no formula, and numbers stay


def test_a_workbook_of_them_holds_only_text(tmp_path):
    workbook(kept(tmp_path), tmp_path / "rejected.xlsx")
    rows = calamine.CalamineWorkbook.from_path(tmp_path / "rejected.xlsx").get_sheet_by_index(0).to_python()
    assert rows[2][3] == "=cmd()"
    assert len(rows) == 3


def test_the_mended_file_goes_in(tmp_path):
    file = kept(tmp_path)
    mended = file.read_text(encoding="utf-8-sig").replace("soon", "2026-03-23").replace("one", "1")
    table = rows_of(write(tmp_path / "mended.csv", mended))
    assert column(table, "order") == ["1003", "1004"]


def test_nothing_set_aside_leaves_no_file(tmp_path):
    plan = intake.detect(write(tmp_path / "o.csv", ORDERS), base="IRR")
    rejects = intake.Rejects(tmp_path / "rejected.csv")
    list(intake.rows(plan, plan.paths, progress=lambda _: None, rejects=rejects))
    assert not (tmp_path / "rejected.csv").exists()


def test_progress_runs_from_nothing_to_all(tmp_path):
    told = []
    plan = intake.detect(
        write(tmp_path / "o.csv", ORDERS + f"1002,2026-03-22,8,{'tea' * 80},1,10.5\n" * 100_000), base="IRR"
    )
    list(intake.rows(plan, plan.paths, progress=told.append, rejects=intake.Rejects(None)))
    assert told == sorted(told)
    assert 0 < told[0] <= told[-1] == 1.0  # a busy machine may have read everything before it first tells


def test_an_abandoned_reading_closes_its_files(tmp_path):
    plan, _, _ = imported(write(tmp_path / "o.csv", BROKEN))
    rejects = intake.Rejects(tmp_path / "rejected.csv")
    reading = intake.rows(plan, plan.paths, progress=lambda _: None, rejects=rejects)
    next(reading)
    reading.close()
    assert rejects._file is None
