"""PostHog's funnel cases, through the public API: counts, times, groups, and who is behind each number."""

from datetime import timedelta

import pytest

from ganj.filters import selector
from ganj.miners.funnel import Funnel
from ganj.workspace.resolving import EmptyRange
from posthog_cases import cases, conditions, day, opened, selectors, until

UNITS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
ATTRIBUTIONS = {"first_touch": "first", "last_touch": "last", "all_events": "all", "step": "step"}
ORDERS = {"funnel_ordered": "ordered", "funnel_strict": "strict", "funnel_unordered": "unordered"}


def asked(case, **more):
    """Write PostHog's query as ours."""
    query = case["query"]
    where = list(conditions(query.get("properties", ())))
    if query.get("filter_test_accounts"):
        where += conditions(case["test_account_filters"])
    return Funnel(
        semantics="posthog",
        steps=tuple(selectors(case)),
        within=window(query),
        order=query.get("funnel_order_type") or ORDERS.get(case["kind"], "ordered"),
        exclusions=tuple(exclusion(case, one) for one in query.get("exclusions", ())),
        between=tuple(
            f"{one['funnel_from_step'] + 1}-{one['funnel_to_step'] + 1}"
            for one in query.get("exclusions", ())
        ),
        since=day(query["date_from"]) if "date_from" in query else day(case["now"]) - timedelta(days=7),
        until=until(case),
        where=tuple(where),
        zone=case["timezone"],
        calendar="gregorian",
        **{**broken_down(query), **more},
    )


def known(miner):
    """Events that PostHog knows of, though nobody here has any."""
    told = {name: "nobody's" for name in (miner.by, *miner.and_by) if name}
    names = [selector(words).event for words in (*miner.steps, *miner.exclusions)]
    return [{"event": name, "properties": told} for name in names]


def window(query):
    if "funnel_window_days" in query and "funnel_window_interval" not in query:
        return timedelta(days=query["funnel_window_days"])
    size = query.get("funnel_window_interval", 14)
    return timedelta(seconds=size * UNITS[query.get("funnel_window_interval_unit", "day")])


def exclusion(case, one):
    kind = "events" if one["type"] == "events" else "actions"
    return selectors({**case, "query": {kind: [one]}})[0]


def broken_down(query):
    if "breakdown" not in query:
        return {}
    names = query["breakdown"] if isinstance(query["breakdown"], list) else [query["breakdown"]]
    return {
        "by": names[0],
        "and_by": tuple(names[1:]),
        "attribution": ATTRIBUTIONS[query.get("breakdown_attribution_type", "first_touch")],
        "attribution_step": int(query.get("breakdown_attribution_value", 0)) + 1,
        "groups": query.get("breakdown_limit", 25),
    }


@pytest.mark.parametrize("case", cases(*ORDERS))
def test_posthog_funnel(tmp_path, case):
    miner = asked(case)
    with opened(tmp_path, case, known(miner)) as shop:
        try:
            mined = shop.mine(miner)
        except EmptyRange:  # days without any event are refused by name; PostHog answers zeros
            assert not any(step["count"] for step in case["result"])
            return
        if "breakdown" in case["query"]:
            check_groups(mined, case)
        else:
            check_steps(mined.table("steps").to_pandas(), case["result"])
        check_customers(shop, miner, mined)


def check_steps(found, wanted):
    assert found["customers"].tolist() == [one["count"] for one in wanted]
    for mine, theirs in (("median_time", "median_conversion_time"), ("mean_time", "average_conversion_time")):
        for at, one in enumerate(wanted):
            if one.get(theirs) is not None:
                assert found[mine][at] / 1e6 == pytest.approx(one[theirs], abs=1), mine


def check_groups(mined, case):
    wanted = {told(group[0]["breakdown_value"]): group for group in case["result"]}
    if not wanted:
        assert "group_steps" not in mined.report.tables
        return
    found = mined.table("group_steps").to_pandas()
    groups = dict(list(found.groupby("group", observed=True, sort=False)))
    assert {names.get(label, label) for label in groups for names in [NAMES]} == set(wanted)
    for label, rows in groups.items():
        check_steps(rows.reset_index(), wanted[NAMES.get(label, label)])


NAMES = {"…": "Other", "": ""}


def told(values):
    """Write a group's values as one label."""
    if len(values) > 1 and any(values):
        return " · ".join(value or "—" for value in values)
    return values[0]


def check_customers(shop, miner, mined):
    for table in mined.report.tables.values():
        for name, opens in table.opens.items():
            for count, where in zip(table.values[name], opens, strict=True):
                if where is not None and name in {"customers", "dropped", "entered", "converted"}:
                    assert len(shop.opens(miner, where)) == count


@pytest.mark.parametrize("case", cases("time_to_convert"))
def test_posthog_time_to_convert(tmp_path, case):
    query = case["query"]
    between = {
        "from_step": query.get("funnel_from_step", 0) + 1,
        "to_step": query.get("funnel_to_step", len(query["events"]) - 1) + 1,
    }
    miner = asked(case, bins=query.get("bin_count", 0), **between)
    with opened(tmp_path, case) as shop:
        mined = shop.mine(miner)
        table = mined.table("times").to_pandas()
        found = [
            [int(time / 1e6), count] for time, count in zip(table["time"], table["customers"], strict=True)
        ]
        assert found == case["result"]["bins"]
        assert round(table["mean"][0] / 1e6, 2) == case["result"]["average_conversion_time"]
        check_customers(shop, miner, mined)
