"""A watched folder: a file is taken once, when it is whole, and told apart from those that cannot be read."""

import os
import time

import pytest

import ganj
from ganj.intake.sources.errors import NotAFolder
from ganj.intake.sources.folder import Folder
from ganj.intake.sources.reach import Reach
from stored import UTC_SETTINGS

ORDERS = "order id,customer email,order date,total,status\n"
LONG_AGO = 1_700_000_000


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch):
    monkeypatch.setenv("GANJ_SECRET_KEY_FILE", str(tmp_path / "keys" / "key"))


@pytest.fixture
def shop(tmp_path):
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=4) as made:
        yield made


@pytest.fixture
def box(tmp_path):
    (tmp_path / "box").mkdir()
    return tmp_path / "box"


def put(box, name, text, at=LONG_AGO):
    path = box / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at, at))
    return path


def orders(*numbers):
    return ORDERS + "".join(f"{n},c{n}@x.ir,2024-01-0{n},{n}00,completed\n" for n in numbers)


def watch(shop, box, **words):
    told = {"path": str(box), **words}
    shop.sources.add(
        {"name": "box", "type": "folder", "parameters": told, "answers": {"currency": "USD"}}, look=False
    )
    return lambda: shop.sources.run("box")


def count(shop):
    return shop.sql("select count(*) n from events").to_pylist()[0]["n"]


def test_files_come_once(shop, box):
    run = watch(shop, box)
    put(box, "january.csv", orders(1, 2))
    assert run().imported == 2
    assert run().batches == []
    put(box, "copy of january.csv", orders(1, 2))  # the same bytes under another name
    assert run().batches == []
    put(box, "january.csv", orders(1, 2, 3))  # written anew, with all that was there
    report = run()
    assert (report.imported, report.duplicates) == (1, 2)
    assert count(shop) == 3
    assert sorted(path.name for path in box.iterdir()) == ["copy of january.csv", "january.csv"]


def test_a_file_that_is_being_written_waits(shop, box):
    run = watch(shop, box)
    put(box, "orders.csv", orders(1), at=time.time())
    assert run().batches == []
    os.utime(box / "orders.csv", (LONG_AGO, LONG_AGO))
    assert run().imported == 1


def test_files_are_moved_and_the_bad_one_says_why(shop, box):
    run = watch(shop, box, after="move", pattern="*.csv")
    put(box, "good.csv", orders(1, 2))
    put(box, "empty.csv", "")
    put(box, "picture.csv", "\x89PNG\r\n")
    put(box, "notes.txt", "hello")
    report = run()
    assert (report.error, report.imported) == (None, 2)
    names = sorted(str(path.relative_to(box)) for path in box.rglob("*") if path.is_file())
    assert names == [
        "done/good.csv", "failed/empty.csv", "failed/empty.csv.why.txt", "failed/picture.csv", "failed/picture.csv.why.txt",
        "notes.txt",
    ]  # fmt: skip
    assert "سطر" in (box / "failed/empty.csv.why.txt").read_text(encoding="utf-8")
    put(box, "good.csv", orders(3))
    assert run().imported == 1
    assert (box / "done/good-2.csv").exists()


def test_a_question_waits_for_its_answer(shop, box):
    """Rial or toman is never guessed; once it is answered, the file comes in."""
    told = {"path": str(box)}
    shop.save_settings(ganj.workspace.Display(**{**vars_of(shop.settings), "currency": "IRR"}))
    shop.sources.add({"name": "box", "type": "folder", "parameters": told}, look=False)
    put(
        box,
        "سفارش‌ها.csv",
        "شماره سفارش,موبایل,تاریخ سفارش,مبلغ\n1,09121234567,1403/01/02,1200\n2,09121234568,1403/01/03,800\n",
    )
    report = shop.sources.run("box")
    assert report.batches == []
    assert any("rial" in one.reason.en.lower() for one in report.reasons)
    shop.sources.change("box", {"answers": {"currency": "IRT"}})
    assert shop.sources.run("box").imported == 2
    assert shop.sql("select sum(amount) a from events").to_pylist()[0]["a"] == 20_000


def vars_of(settings):
    return {name: getattr(settings, name) for name in settings.__struct_fields__}


def test_what_must_not_be_watched(shop, tmp_path):
    with pytest.raises(NotAFolder):
        list(Folder(path=str(tmp_path / "nowhere")).pull({}, Reach()))
    with pytest.raises(NotAFolder, match="workspace itself"):
        list(Folder(path=str(shop.folder / "imports")).pull({}, Reach(own=shop.folder)))
