"""What channels cost comes in as a file, and stands against what they brought."""

from datetime import date

import ganj
from ganj.miners.attribution import Attribution
from stored import UTC_SETTINGS

EVENTS = """customer id,event,time,channel
1,Message Clicked,2024-01-01 10:00,sms
1,Order Completed,2024-01-02 10:00,
2,Message Clicked,2024-01-03 10:00,ad
2,Order Completed,2024-01-04 10:00,
"""
COSTS = """date,channel,cost
2024-01-01,sms,30
2024-01-02,sms,20
2024-01-02,ad,80
"""


def test_a_file_of_costs(tmp_path):
    for name, text in (("events.csv", EVENTS), ("costs.csv", COSTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with ganj.create(tmp_path / "shop", UTC_SETTINGS, buckets=2) as shop:
        shop.load(shop.plan(tmp_path / "events.csv"))
        loaded = shop.load(shop.plan(tmp_path / "costs.csv", kind="costs", currency=UTC_SETTINGS.currency))
        assert (loaded.imported, loaded.customers) == (3, 0)
        mined = shop.mine(Attribution(model="last", until=date(2024, 2, 1)))
        table = mined.table("channels").to_pandas().set_index("channel")
        assert table["cost"].to_dict() == {"sms": 50, "ad": 80}
        assert table["cpa"].to_dict() == {"sms": 50, "ad": 80}
