"""The tracking plan: what an event's properties must be, as JSON Schema; what is off the plan is flagged or blocked."""

from ganj.tracking.kept import Planned
from ganj.tracking.rule import BadSchema, Check, Rule, drafted

__all__ = ["BadSchema", "Check", "Planned", "Rule", "drafted"]
