"""Where collected events go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ganj.identity.rules import Rules
from ganj.tracking import Check


@dataclass(frozen=True)
class Place:
    """Where collected events go.

    Attributes
    ----------
    log, runs : folders
    buckets : parts of the workspace
    currency : of the workspace, asked at each load
    rules : what makes identifiers one person's, asked at each load
    plan : what events must say, asked at each load
    """

    log: Path
    runs: Path
    buckets: int
    currency: Callable[[], str]
    rules: Callable[[], Rules]
    plan: Callable[[], Check]
