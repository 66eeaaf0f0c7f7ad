"""PostHog's life-cycle cases, through the public API."""

import pytest

from ganj.miners.lifecycle import Lifecycle
from posthog_cases import CREATED, cases, conditions, day, opened, selectors, until

STATES = ("new", "returning", "resurrecting", "dormant")


@pytest.mark.parametrize("case", cases("lifecycle"))
def test_posthog_lifecycle(tmp_path, case):
    query = case["query"]
    asked = conditions(query.get("properties", ()))
    where = conditions(case["test_account_filters"]) if query.get("filter_test_accounts") else ()
    activity = tuple(_narrowed(words, asked) for words in selectors(case))
    miner = Lifecycle(
        semantics="posthog",
        activity=activity,
        created=CREATED,
        period=query.get("interval", "day"),
        since=day(query["date_from"]),
        until=until(case),
        where=where,
        zone=case["timezone"],
        calendar="gregorian",
    )
    with opened(tmp_path, case) as shop:
        mined = shop.mine(miner)
        table = mined.table("periods").to_pandas()
        wanted = {one["status"]: one for one in case["result"]}
        assert [str(when) for when in table["period"]] == wanted["new"]["days"]
        for state in STATES:
            sign = -1 if state == "dormant" else 1
            assert (sign * table[state]).tolist() == wanted[state]["data"], state
        for state, opens in mined.table("periods").table.opens.items():
            for count, where in zip(table[state], opens, strict=True):
                assert len(shop.opens(miner, where)) == count


def _narrowed(words, asked):
    """A filter of the whole query, put on each of its events: it does not change when a person was made."""
    return f"{words}[{', '.join(asked)}]" if asked and "[" not in words else words
