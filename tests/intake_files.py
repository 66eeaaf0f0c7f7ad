"""Files written for tests, and the short way from a file to its rows."""

import gzip
import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter

from ganj import intake

DATA = Path(__file__).parents[1] / "../shared/data"

ORDERS = """\
Order ID,Order Date,Customer ID,SKU,Quantity,Unit Price
1001,2026-03-21,7,tea,2,10.5
1001,2026-03-21,7,cup,1,4
1002,2026-03-22,8,tea,1,10.5
"""

SHOP_FA = """\
شماره سفارش;تاریخ سفارش;موبایل;نام کالا;تعداد;قیمت واحد (تومان);وضعیت سفارش
۱۰۰۱;۱۴۰۵/۰۱/۱۵;۰۹۱۲۳۴۵۶۷۸۹;چای;۲;۲۲٬۷۰۰;تکمیل شده
۱۰۰۱;۱۴۰۵/۰۱/۱۵;۰۹۱۲۳۴۵۶۷۸۹;قند;۱;۸٬۰۰۰;تکمیل شده
۱۰۰۲;۱۴۰۵/۰۱/۱۶;۰۹۳۵۱۱۱۲۲۳۳;چاي;۱;۲۲٬۷۰۰;لغو شده
۱۰۰۳;۱۴۰۵/۰۲/۳۱;۹۱۲۳۴۵۶۷۸۹;چای;۳;۲۲٬۷۰۰;مرجوعی
"""


def write(path, text, encoding="utf-8"):
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def gzipped(path, text):
    return write(path, gzip.compress(text.encode()))


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def zip_bytes(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def workbook(path, sheets):
    """Write sheets of rows: numbers as numbers, datetimes as dates, the rest as text."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def imported(path, **answers):
    """Read a path; returns the plan, the rows as a table, and the rows set aside."""
    plan = intake.detect(path, **({"base": "IRR"} | answers))
    rejects = intake.Rejects(None)
    files = [Path(file) for file in plan.files]
    batches = list(intake.rows(plan, files, progress=lambda _: None, rejects=rejects))
    return plan, pa.Table.from_batches(batches, intake.ROWS), rejects


def rows_of(path, **answers):
    return imported(path, **answers)[1]


def column(table, name):
    return table[name].to_pylist()


def real(name):
    """Return a real file or folder, or skip the test where it is not at hand."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return path
