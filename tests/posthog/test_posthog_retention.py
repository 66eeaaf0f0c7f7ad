"""PostHog's retention cases, through the public API."""

import json
from datetime import datetime

import pandas as pd
import pytest

from ganj.miners.retention import Retention
from posthog_cases import _selectors, cases, conditions, opened, until

FIRST = "retention_first_time"
VIEWED = {"id": "$pageview", "type": "events"}


@pytest.mark.parametrize("case", cases("retention"))
def test_posthog_retention(tmp_path, case):
    query, wanted = case["query"], case["result"]
    hourly = query.get("period") == "Hour"
    last = datetime.fromisoformat(query.get("date_to", case["now"]))
    miner = Retention(
        semantics="posthog",
        start=_entity(case, "target_entity")[0],
        returns=_entity(case, "returning_entity"),
        cohorts="first" if query.get("retention_type") == FIRST else "recurring",
        period=query.get("period", "Day").lower(),
        ages=query.get("total_intervals", 11) - 1,
        since=last.date() if hourly else None,  # a report begins and ends with days
        until=until({"query": query, "now": case["now"]}),
        where=_where(case),
        zone=case["timezone"],
        calendar="gregorian",
    )
    with opened(tmp_path, case) as shop:
        mined = shop.mine(miner)
        table = mined.table("triangle").to_pandas()
        began = sorted(table["cohort"].unique())
        if hourly:  # a report ends with a day, PostHog's with the hour asked: what is beyond it is empty
            beyond = table[~table["cohort"].isin([_hour(one) for one in wanted])]
            assert not beyond["customers"].any()
            began = [when for when in began if when not in set(beyond["cohort"])]
            assert began == [_hour(one) for one in wanted]
        else:  # PostHog labels a month with the day asked, not with its first
            monthly = query.get("period") == "Month"
            days = [one["date"][:8] + "01" if monthly else one["date"][:10] for one in wanted]
            assert [str(when)[:10] for when in began] == days
        for cohort, one in zip(began, wanted, strict=True):
            row = table[table["cohort"] == cohort].sort_values("age")["customers"].tolist()
            told = [cell["count"] for cell in one["values"]]
            rest = [0] * (len(row) - len(told)) if hourly else []
            assert row == told + rest, one["date"]
        for count, opens in zip(
            table["customers"], mined.table("triangle").table.opens["customers"], strict=True
        ):
            assert len(shop.opens(miner, opens)) == count


def _entity(case, name):
    """The selectors of an entity that the query names, in JSON or not; else its actions, else pageviews."""
    told = case["query"].get(name) or case["query"].get("actions", [VIEWED])[0]
    return tuple(_selectors(case, json.loads(told) if isinstance(told, str) else told))


def _where(case):
    asked = conditions(case["query"].get("properties", ()))
    own = conditions(case["test_account_filters"]) if case["query"].get("filter_test_accounts") else ()
    return (*asked, *own)


def _hour(one):
    return pd.Timestamp(one["date"]).value // 1000
