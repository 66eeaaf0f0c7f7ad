"""A rule of the plan, and checking events against the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import jsonschema_rs
import msgspec

from ganj.errors import GanjError
from ganj.text import Text

LONGEST = 64_000
"""Bytes of a schema."""
MOST_WORDS = 300
TYPES = {"text": "string", "number": "number", "flag": "boolean", "list": "array", "object": "object"}


class BadSchema(GanjError):
    """A schema that is none. Facts: ``event``, ``why``."""

    status = 422
    says = Text("The schema of {event} cannot be used: {why}", "طرح رویداد {event} پذیرفتنی نیست: {why}")
    hint = Text(
        "Write a JSON Schema of the event's properties, without references to other addresses.",
        "یک JSON Schema برای ویژگی‌های رویداد بنویسید؛ بدون ارجاع به نشانی‌های دیگر.",
    )


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the properties of an event must be.

    ``blocks``: what breaks the rule is set aside with the reason; otherwise it is stored and counted.
    """

    event: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    schema: dict[str, Any]
    blocks: bool = False

    def validator(self) -> Any:
        """Return what checks values; it never asks the network, and its patterns run in linear time.

        Raises
        ------
        BadSchema
            The schema is none.
        """
        if len(msgspec.json.encode(self.schema)) > LONGEST:
            raise BadSchema(event=self.event, why=f"> {LONGEST} B")
        try:
            return jsonschema_rs.validator_for(
                self.schema, offline=True, pattern_options=jsonschema_rs.RegexOptions()
            )
        except ValueError as wrong:
            raise BadSchema(event=self.event, why=str(wrong).splitlines()[0][:MOST_WORDS]) from wrong


class Check:
    """Checks events against a plan.

    Parameters
    ----------
    rules : of different events
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = {rule.event: rule for rule in rules}
        self._validators = {event: rule.validator() for event, rule in self._rules.items()}

    def __bool__(self) -> bool:
        """Tell whether there is anything to check."""
        return bool(self._rules)

    @property
    def events(self) -> tuple[str, ...]:
        """The events that have a rule."""
        return tuple(self._rules)

    def wrong(self, event: str, properties: Any) -> str | None:
        """Say what breaks an event's rule, in the words of the schema; None where nothing does."""
        validator = self._validators.get(event)
        if validator is None:
            return None
        found = next(iter(validator.iter_errors(properties if properties is not None else {})), None)
        if found is None:
            return None
        place = ".".join(str(part) for part in found.instance_path)
        return f"{place}: {found.message}"[:MOST_WORDS] if place else found.message[:MOST_WORDS]

    def blocks(self, event: str) -> bool:
        """Tell whether what breaks an event's rule is set aside."""
        return self._rules[event].blocks


def drafted(event: str, seen: Iterable[tuple[str, str, int]], total: int) -> Rule:
    """Draft a rule from what was seen of an event: what every one of them had is required.

    Parameters
    ----------
    seen : property, type (as people call it), how often
    total : how often the event was seen
    """
    types: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    for name, kind, count in seen:
        if kind in TYPES:
            types.setdefault(name, set()).add(TYPES[kind])
        counts[name] = counts.get(name, 0) + count
    properties: Mapping[str, Any] = {
        name: {"type": sorted(kinds) if len(kinds) > 1 else next(iter(kinds))}
        for name, kinds in sorted(types.items())
    }
    required = sorted(name for name in properties if counts[name] >= total > 0)
    return Rule(event=event, schema={"type": "object", "properties": dict(properties), "required": required})
