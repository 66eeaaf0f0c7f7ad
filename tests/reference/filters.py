"""Conditions, one event at a time, in plain Python."""

import re


def true(op, value, wanted):
    """Whether one value (None where there is none) fits."""
    if op.startswith("not ") or op in {"!=", "is not set"}:
        positive = {"!=": "=", "is not set": "is set"}.get(op, op.removeprefix("not "))
        return not true(positive, value, wanted)
    if value is None:
        return False
    if op == "is set":
        return True
    if op in {"<", "<=", ">", ">="}:
        try:
            number = float(value)
        except ValueError:
            return False
        limit = float(wanted[0])
        return {"<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit}[op]
    return _text(op, value, wanted)


def _text(op, value, wanted):
    if op in {"=", "in"}:
        return value in wanted
    part = wanted[0].lower()
    if op == "contains":
        return part in value.lower()
    if op == "starts with":
        return value.lower().startswith(part)
    if op == "ends with":
        return value.lower().endswith(part)
    return re.search(wanted[0], value) is not None


def fits(told, true):
    """Whether a group of conditions, nested tuples ("any", …) and ("all", …), is true; ``true`` says it of one."""
    if not isinstance(told, tuple):
        return true(told)
    how, *parts = told
    return (any if how == "any" else all)([fits(part, true) for part in parts])


def written(told):
    """Write nested tuples as a group is written."""
    return told if not isinstance(told, tuple) else f"{told[0]}({', '.join(map(written, told[1:]))})"
