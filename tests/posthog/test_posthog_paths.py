"""PostHog's paths cases, through the public API."""

import pytest

from ganj.miners.paths import Paths
from posthog_cases import cases, conditions, day, opened, until

KINDS = {
    "custom_event": r"any[event not matches ^\$]",
    "$screen": "$screen",
    "$pageview": "$pageview",
}


@pytest.mark.parametrize("case", cases("paths"))
def test_posthog_paths(tmp_path, case):
    query = case["query"]
    told = {name for event in case["events"] for name in event["properties"]}
    named_by = () if query.get("path_type") == "custom_event" else ("$current_url", "$screen_name")
    miner = Paths(
        semantics="posthog",
        events=(KINDS[query["path_type"]],) if "path_type" in query else (),
        named_by=tuple(name for name in named_by if name in told),
        since=day(query.get("date_from")),
        until=until(case),
        where=conditions(query.get("properties", ())),
        zone=case["timezone"],
        calendar="gregorian",
    )
    with opened(tmp_path, case) as shop:
        edges = shop.mine(miner).table("edges")
        found = edges.to_pandas()
        wanted = case["result"]
        assert list(zip(found["source"], found["target"], found["times"], strict=True)) == [
            (one["source"], one["target"], one["value"]) for one in wanted
        ]
        times = [one["average_conversion_time"] * 1000 for one in wanted]
        assert found["mean_time"].tolist() == pytest.approx(times)
        for count, where in zip(found["customers"], edges.table.opens["customers"], strict=True):
            assert len(shop.opens(miner, where)) == count
