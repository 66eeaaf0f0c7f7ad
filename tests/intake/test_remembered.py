"""A plan is plain JSON, and what was decided for a header once is taken again."""

import msgspec

from ganj import intake
from intake_files import ORDERS, SHOP_FA, column, rows_of, write


def test_a_plan_survives_json(tmp_path):
    plan = intake.detect(write(tmp_path / "o.csv", ORDERS), base="IRR")
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(plan.to_json())), intake.Plan) == plan


def test_answers_are_remembered_by_the_header(tmp_path):
    shop = SHOP_FA.replace(" (تومان)", "")
    kept = {}
    first = intake.detect(write(tmp_path / "first.csv", shop), base="IRR", currency="IRT")
    kept[first.fingerprint] = first.to_json()
    again = write(tmp_path / "again.csv", shop.replace("۱۰۰۱", "۲۰۰۱"))
    plan = intake.detect(again, base="IRR", recall=kept.get)
    assert (plan.currency, plan.mapping) == ("IRT", first.mapping)
    assert column(rows_of(again, recall=kept.get), "amount")[0] == 454_000.0


def test_a_mapping_is_remembered_and_can_be_changed(tmp_path):
    path = write(tmp_path / "o.csv", "a,b,c,d\n2026-03-21,x,5,q\n2026-03-22,y,6,r\n")
    mapping = {"time": "a", "customer_id": "b", "amount": "c"}
    first = intake.detect(path, kind="orders", mapping=mapping)
    kept = {first.fingerprint: first.to_json()}
    assert intake.detect(path, recall=kept.get).mapping == first.mapping
    changed = intake.detect(path, recall=kept.get, mapping={"customer_id": "d"})
    assert changed.mapping == mapping | {"customer_id": "d"}


def test_a_plan_of_another_version_is_made_anew(tmp_path):
    path = write(tmp_path / "o.csv", ORDERS)
    assert intake.detect(path, recall=lambda _: {"files": 3}).kind == "orders"
