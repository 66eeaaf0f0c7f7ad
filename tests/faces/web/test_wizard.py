"""A file's whole way in through the pages: question, columns, check, run, result, undo."""

import re
import time

import pytest

ORDERS = (
    "شماره سفارش,تاریخ,موبایل,نام کالا,تعداد,مبلغ کل\n"
    + "".join(
        f"{1000 + n},1404/0{1 + n % 6}/1{n % 9},0912100{n % 9:04},کالای {n % 4},1,{120_000 * (1 + n % 3)}\n"
        for n in range(40)
    )
    + "2000,نامعلوم,09121000001,کالای ۱,1,120000\n"
)


def upload(client, text=ORDERS, name="orders.csv"):
    """Drop a file; return the address of its draft."""
    answer = client.post("/fa/imports/files", files={"files": (name, text.encode("utf-8-sig"), "text/csv")})
    assert answer.history[0].status_code == 303
    return str(answer.url).removeprefix("http://127.0.0.1:8765")


def wait(client, draft):
    """Ask how far it is until it is through, as the page does; return where the result is."""
    for _ in range(200):
        answer = client.get(f"{draft}/progress", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        if "hx-redirect" in answer.headers:
            return answer.headers["hx-redirect"]
        assert "انجام نشد" not in answer.text
        time.sleep(0.05)
    pytest.fail("the import did not end")


def test_a_persian_file_comes_in_with_one_question(empty, words):
    draft = upload(empty)
    question = empty.get(draft)
    assert "ریال است یا تومان" in words(question.text)
    assert "data-redirect" not in question.text

    columns = empty.post(f"{draft}/answers", data={"currency": "IRT"})
    said = words(columns.text)
    assert "فایل را این‌گونه بخوانیم؟" in said
    assert "شمسی" in said
    assert re.search(r"1404/0\d/1\d", said)  # a sample, as written and in both calendars

    check = words(empty.get(f"{draft}/check").text)
    assert "۴۰ درست" in check
    assert "۱ کنارگذاشته" in check
    assert empty.get("/fa/imports").text.count("orders.csv") == 1  # it waits, and nothing came in yet
    assert "هنوز داده‌ای وارد نشده است" in words(empty.get("/fa/").text)

    running = empty.post(f"{draft}/run")
    assert running.status_code == 200
    result = empty.get(wait(empty, draft))
    assert "۴۰ واردشده" in words(result.text)
    rejected = empty.get(re.search(r'href="([^"]+/rejected)"', result.text)[1])
    assert "نامعلوم" in rejected.text

    front = words(empty.get("/fa/customers").text)
    assert "۹ مشتری" in front

    batch = re.search(r'action="([^"]+/undo)"', result.text)[1]
    assert "ورود داده واگرد شد" in empty.post(batch).text
    assert "۹ مشتری" not in words(empty.get("/fa/customers").text)


def test_another_column_is_chosen_and_kept(empty):
    draft = upload(
        empty, "Order ID,Order Date,Customer ID,Total,Other\n1,2024-03-01,7,10.5,99\n2,2024-03-02,8,20,98\n"
    )
    page = empty.get(draft)
    assert 'name="map.amount"' in page.text
    empty.post(f"{draft}/answers", data={"map.amount": "Other", "kind": "orders"})
    again = empty.get(draft).text
    chosen = re.search(r'name="map\.amount".*?</select>', again, re.DOTALL)[0]
    assert re.search(r'value="Other" selected', chosen)


def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(empty, words):
    draft = upload(empty, "\x00\x01\x02" * 100, "picture.csv")
    answer = empty.get(draft)
    assert answer.status_code == 422
    assert "فضای کار دست‌نخورده" in words(answer.text)
    empty.post(f"{draft}/forget")
    assert "picture.csv" not in empty.get("/fa/imports").text


def test_a_path_is_taken_and_a_wrong_one_refused(empty, tmp_path, words):
    (tmp_path / "سفارش.csv").write_text(ORDERS, encoding="utf-8")
    answer = empty.post("/en/imports/path", data={"path": str(tmp_path / "سفارش.csv")})
    assert "imports/draft/" in str(answer.url)
    wrong = empty.post("/en/imports/path", data={"path": str(tmp_path / "none.csv")})
    assert wrong.status_code == 422
    assert "no file or folder" in words(wrong.text)


def test_a_name_with_a_path_in_it_stays_in_its_draft(empty, tmp_path):
    draft = upload(empty, name="../../../evil.csv")
    assert empty.get(draft).status_code == 200
    assert [path.name for path in tmp_path.rglob("evil.csv")] == ["evil.csv"]
    assert "drafts" in str(next(tmp_path.rglob("evil.csv")))


@pytest.mark.parametrize("number", ["..%2F..", "zzzz", "00"])
def test_a_draft_that_is_none_is_not_looked_for(empty, number):
    assert empty.get(f"/fa/imports/draft/{number}").status_code == 404
