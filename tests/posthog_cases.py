"""PostHog's own cases: persons, events, a query, and what PostHog answers; each as a real workspace.

The file lies beside the checkout; without it the tests are skipped.
"""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from stored import workspace

FILE = Path(__file__).parents[2] / "shared/reference/posthog_cases.json"
CREATED = "created_at"
OPERATORS = {
    "exact": "=",
    "is_not": "!=",
    "icontains": "contains",
    "not_icontains": "not contains",
    "regex": "matches",
    "not_regex": "not matches",
    "is_set": "is set",
    "is_not_set": "is not set",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
}


def cases(*kinds):
    """The cases of some kinds, ready for ``pytest.mark.parametrize``."""
    if not FILE.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"{FILE.name} is not here"), id="posthog")]
    told = [case for case in json.loads(FILE.read_text(encoding="utf-8")) if case["kind"] in kinds]
    names = [case["test"].split("::")[-1] for case in told]
    return [
        pytest.param(case, id=f"posthog-{name}-{names[:n].count(name) + 1}")
        for n, (name, case) in enumerate(zip(names, told, strict=True))
    ]


def opened(folder, case, known=()):
    """A workspace that holds a case's persons and events, a customer being known by the person's number.

    What is ``known`` are events and properties that occur, of nobody, so that a query may name them.
    """
    person = {one: _named(p) for p in case["persons"] for one in p["distinct_ids"]}
    rows = [{"customer": _named(p), "traits": _traits(p)} for p in case["persons"]]
    rows += [
        {
            "customer": person.get(event["distinct_id"], event["distinct_id"]),
            "event": event["event"],
            "time": event["timestamp"],
            "properties": event["properties"],
        }
        for event in case["events"]
    ]
    rows += [{"time": case["now"], **one} for one in known]
    return workspace(folder, rows)


def _named(person):
    return f"person {person['id']}"  # a bare 0 is nobody


def _traits(person):
    told = {key: value for key, value in person["properties"].items() if value is not None}
    return {**told, CREATED: person["created_at"]}


def condition(one):
    """Write one of PostHog's filters as a condition."""
    side = "customer." if one.get("type") == "person" else "event."
    op = OPERATORS[one.get("operator") or "exact"]
    name = f'"{side}{one["key"]}"'
    if op.endswith("set"):
        return f"{name} {op}"
    value = one["value"]
    if isinstance(value, list):
        words = ", ".join(f'"{v}"' for v in value)
        return f"{name} {'not in' if op == '!=' else 'in'} ({words})"
    return f'{name} {op} "{value}"'


def conditions(filters):
    if isinstance(filters, dict) and {"type", "values"} == set(filters):
        return (_group(filters),)
    if isinstance(filters, dict):
        filters = [{"key": key, "value": value} for key, value in filters.items()]
    return tuple(condition(one) for one in filters)


def _group(told):
    """Write nested groups joined by AND and OR."""
    if "values" not in told:
        return condition(told)
    return f"{'any' if told['type'] == 'OR' else 'all'}({', '.join(map(_group, told['values']))})"


def selectors(case):
    """Write the query's events and actions as selectors, in their order."""
    query = case["query"]
    told = [{"type": kind, **one} for kind in ("events", "actions") for one in query.get(kind, ())]
    named = sorted(told, key=lambda one: one.get("order", 0))
    return [one for entity in named for one in _selectors(case, entity)]


def _selectors(case, entity):
    own = conditions(entity.get("properties", ()))
    if entity["type"] == "events":
        return [_selector(entity["id"], own)]
    action = next(one for one in case["actions"] if one["id"] == entity["id"])
    return [_selector(event, (*conditions(filters), *own)) for event, filters in action["steps"]]


def _selector(event, where):
    return (event or "any") + (f"[{', '.join(where)}]" if where else "")


def day(text):
    """The day of an ISO time, or None for all time."""
    return None if text in (None, "all") else date.fromisoformat(text[:10])


def until(case):
    """The day after the last day of a case's range."""
    last = case["query"].get("date_to") or case["now"]
    return datetime.fromisoformat(last).date() + timedelta(days=1)
