"""Conditions on traits and scores → a set of customers.

A segment is a value: all of some conditions.  A condition names a trait (``city = تهران``), a score of
an analysis under its parameters (``rfm_segment = champions``), or another segment.
"""

from __future__ import annotations

from ganj.segments.condition import Condition, Segment
from ganj.segments.explaining import Reason, explain
from ganj.segments.matching import Answers, match, members

__all__ = ["Answers", "Condition", "Reason", "Segment", "explain", "match", "members"]
