"""PostHog's own cases of its ordered funnel: same events, same counts, same times."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from folding import run
from ganj.histories import Histories
from ganj.miners.funnel import Funnel

FILE = Path(__file__).parents[3] / "shared/reference/posthog_cases.json"
PLAIN = {
    "insight",
    "events",
    "date_from",
    "date_to",
    "funnel_window_days",
    "funnel_window_interval",
    "funnel_window_interval_unit",
    "funnel_order_type",
    "display",
    "funnel_viz_type",
    "layout",
    "interval",
}
"""Words of a query that this analysis answers now: no filters, exclusions, breakdowns, groups."""
UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "month": 30 * 86_400}


def cases():
    if not FILE.exists():
        return
    for number, case in enumerate(json.loads(FILE.read_text(encoding="utf-8"))):
        if case["kind"] == "funnel_ordered" and answered(case):
            yield pytest.param(case, id=f"{number}-{case['test'].split('::')[-1]}")


def answered(case):
    query, result = case["query"], case["result"]
    steps = query.get("events", [])
    simple = all(set(step) <= {"id", "name", "type", "order", "custom_name"} for step in steps)
    dated = "date_from" in query and result and isinstance(result[0], dict) and "order" in result[0]
    return set(query) <= PLAIN and simple and len(steps) > 1 and dated


def moment(text, zone, *, end=False):
    found = datetime.fromisoformat(text)
    if end and len(text) <= 10:
        found += timedelta(days=1)
    return int(found.replace(tzinfo=found.tzinfo or ZoneInfo(zone)).timestamp()) * 1_000_000


def histories(case, names):
    """Write the events of the case inside its range; distinct ids of one person are one customer."""
    person = {known: p["id"] for p in case["persons"] for known in p["distinct_ids"]}
    zone, asked = case["timezone"], case["query"]
    since = moment(asked["date_from"], zone)
    until = moment(asked.get("date_to", "2100-01-01"), zone, end=True)
    rows = [
        (person.get(e["distinct_id"], e["distinct_id"]), exact(e["timestamp"]), names.index(e["event"]))
        for e in case["events"]
        if e["event"] in names
    ]
    rows = sorted(
        ((p, t, e) for p, t, e in rows if since <= t < until), key=lambda row: (str(row[0]), row[1])
    )
    people = list(dict.fromkeys(p for p, _, _ in rows))
    sizes = [sum(p == one for p, _, _ in rows) for one in people]
    columns = {
        "time": np.array([t for _, t, _ in rows], np.int64),
        "event": np.array([e for _, _, e in rows], np.int32),
    }
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    return Histories(np.arange(len(people), dtype=np.int32), offsets, columns, names={"event": names})


def exact(text):
    found = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return found // timedelta(microseconds=1)


def window(query):
    if "funnel_window_days" in query:
        return timedelta(days=query["funnel_window_days"])
    size = query.get("funnel_window_interval", 14)
    return timedelta(seconds=size * UNITS[query.get("funnel_window_interval_unit", "day")])


@pytest.mark.skipif(not FILE.exists(), reason="the cases are not here")
@pytest.mark.parametrize("case", list(cases()))
def test_it_answers_as_posthog_does(case):
    ordered = sorted(case["query"]["events"], key=lambda step: step.get("order", 0))
    steps = tuple(step["id"] for step in ordered)
    miner = Funnel(steps=steps, within=window(case["query"]))
    table = run(miner, histories(case, tuple(dict.fromkeys(steps)))).tables["steps"].values
    for at, said in enumerate(case["result"]):
        assert table["customers"][at] == said["count"]
        for name, column in (
            ("median_conversion_time", "median_time"),
            ("average_conversion_time", "mean_time"),
        ):
            if said.get(name) is not None:
                assert table[column][at] / 1e6 == pytest.approx(said[name], abs=1)
