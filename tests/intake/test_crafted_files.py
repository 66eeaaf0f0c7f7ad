"""Files made to hurt: each gets a clear error in both languages, before a row of it is stored."""

import gzip
import io
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ganj import intake
from ganj.errors import BadFile
from ganj.intake import errors
from intake_files import ORDERS, imported, workbook, write, zip_bytes, zipped

SMALL = intake.Limits(
    unpacked=8 << 20, sheet=4 << 20, ratio=50, fair=1 << 20, columns=500, cells=10_000, line=1 << 20, files=20
)


def nul(folder):
    return write(folder / "o.csv", ORDERS.encode().replace(b"tea", b"t\0a"))


def late_nul(folder):
    return write(
        folder / "o.csv", ORDERS.encode() + b"1002,2026-03-22,8,tea,1,10.5\n" * 60_000 + b"1,2,\0,3,4,5\n"
    )


def endless_line(folder):
    return write(folder / "o.csv", b"a," * (2 << 20))


def late_endless_line(folder):
    return write(folder / "o.csv", ORDERS.encode() * 20_000 + b"x" * (6 << 20))


def endless_line_packed(folder):
    return write(folder / "o.csv.gz", gzip.compress(b"x" * (30 << 20)))


def many_columns(folder):
    return write(folder / "o.csv", ",".join(f"c{n}" for n in range(100_000)) + "\n1\n")


def empty(folder):
    return write(folder / "o.csv", b"")


def only_blank(folder):
    return write(folder / "o.csv", b"\n\n  \n,,,\n")


def only_a_header(folder):
    return write(folder / "o.csv", ORDERS.splitlines()[0] + "\n")


def empty_folder(folder):
    (folder / "nothing").mkdir()
    write(folder / "nothing/.DS_Store", b"\0")
    return folder / "nothing"


def nowhere(folder):
    return folder / "not there.csv"


def dense_gzip(folder):
    return write(folder / "o.csv.gz", gzip.compress(ORDERS.encode() + b"1,2026-03-21,7,tea,2,10\n" * 400_000))


def dense_zip(folder):
    return zipped(folder / "o.zip", {"o.csv": ORDERS + "1,2026-03-21,7,tea,2,10\n" * 400_000})


def zip_in_zip_in_zip(folder):
    inner = {"o.csv": ORDERS}
    for _ in range(4):
        inner = {"again.zip": zip_bytes(inner)}
    return zipped(folder / "o.zip", inner)


def zip_of_many(folder):
    return zipped(folder / "o.zip", {f"{n}.csv": ORDERS for n in range(50)})


def workbook_of_zeros(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (16 << 20))
    return write(folder / "o.xlsx", buffer.getvalue())


def corners_far_apart(folder):
    path = workbook(folder / "o.xlsx", {"one": [["Order ID", "Date", "Amount"], [1, "2026-03-21", 5]]})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].decode()
    far = '<row r="1000000"><c r="CZ1000000" t="n"><v>1</v></c></row></sheetData>'
    members["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", far)
    return zipped(path, members)


def torn_workbook(folder):
    path = workbook(folder / "o.xlsx", {"one": [["Order ID", "Date", "Amount"], [1, "2026-03-21", 5]]})
    return write(path, path.read_bytes()[:-300])


def torn_gzip(folder):
    return write(folder / "o.csv.gz", gzip.compress((ORDERS * 50_000).encode())[:-2000])


def torn_parquet(folder):
    pq.write_table(pa.table({"a": [1]}), folder / "o.parquet")
    return write(folder / "o.parquet", (folder / "o.parquet").read_bytes()[:-20])


def picture(folder):
    return write(folder / "o.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))


def database(folder):
    return write(folder / "o.csv", b"SQLite format 3\0" + b"\0" * 100)


def recipes(folder):
    return write(folder / "o.csv", "dish,taste\nsoup,good\nrice,fine\n")


CRAFTED = {
    nul: errors.NotText,
    late_nul: errors.NotText,
    endless_line: errors.LineTooLong,
    late_endless_line: errors.LineTooLong,
    endless_line_packed: (errors.LineTooLong, errors.TooDense),
    many_columns: errors.TooManyColumns,
    empty: errors.NothingToRead,
    only_blank: errors.NothingToRead,
    only_a_header: errors.NothingToRead,
    empty_folder: errors.NothingToRead,
    nowhere: errors.NoSuchFile,
    dense_gzip: errors.TooDense,
    dense_zip: errors.TooDense,
    zip_in_zip_in_zip: errors.NotRows,
    zip_of_many: errors.TooManyFiles,
    workbook_of_zeros: (errors.TooDense, errors.TooBig),
    corners_far_apart: errors.TooManyCells,
    torn_workbook: errors.Damaged,
    torn_gzip: errors.Damaged,
    torn_parquet: errors.Damaged,
    picture: errors.NotRows,
    database: errors.NotRows,
    recipes: errors.NotUnderstood,
}


def read(path):
    plan = intake.detect(path, limits=SMALL)
    rejects = intake.Rejects(None)
    return sum(
        map(len, intake.rows(plan, plan.paths, progress=lambda _: None, rejects=rejects, limits=SMALL))
    )


@pytest.mark.parametrize("make", CRAFTED, ids=lambda make: make.__name__)
def test_a_crafted_file_is_refused_with_its_reason(tmp_path, make):
    path = make(tmp_path)
    with pytest.raises(CRAFTED[make]) as caught:
        read(path)
    wrong = caught.value
    assert isinstance(wrong, BadFile)
    assert path.name in wrong.message("en")
    assert wrong.facts["why"].en
    assert wrong.facts["why"].fa
    assert "{" not in wrong.message("fa")


def test_ten_million_columns_take_no_time(tmp_path):
    path = write(tmp_path / "o.csv", b"a" + b",a" * 9_999_999 + b"\n")
    with pytest.raises((errors.TooManyColumns, errors.LineTooLong)):
        intake.detect(path)


def test_a_folder_says_what_is_left_out_and_why(tmp_path):
    write(tmp_path / "orders.csv", ORDERS)
    write(tmp_path / "copy of orders.csv", ORDERS)
    write(tmp_path / "logo.png", b"\x89PNG\r\n\x1a\n")
    write(tmp_path / "empty.csv", b"")
    plan, table, _ = imported(tmp_path)
    assert len(table) == 3
    assert {left.name for left in plan.left_out} == {"orders.csv", "logo.png", "empty.csv"}
    assert all(left.why.fa for left in plan.left_out)
