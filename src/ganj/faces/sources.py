"""Sources as JSON, for the API and the shell: secrets never, times as ISO."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from ganj.faces.plain import plain
from ganj.intake.sources import SECRET, feeds
from ganj.parameters import parameters
from ganj.text import Text
from ganj.workspace.sources import Known, Look, Reason, Report
from ganj.workspace.sources.kept import Definition

Json = dict[str, Any]
FIRST = 5  # rows of an example


def kinds(language: str) -> list[Json]:
    """Describe the kinds of sources with their parameters."""
    return [
        {
            "type": name,
            "label": kind.label.of(language),
            "says": kind.says.of(language),
            "every": kind.every,
            "parameters": [
                {
                    "name": p.name,
                    "label": p.label.of(language),
                    "help": p.help.of(language),
                    "kind": p.kind,
                    "default": None if p.of == SECRET else p.default,
                    "required": p.required,
                    "secret": p.of == SECRET,
                    "choices": [{"name": word, "label": label.of(language)} for word, label in p.choices],
                }
                for p in parameters(kind)
            ],
        }
        for name, kind in feeds().items()
    ]


def source(known: Known, language: str) -> Json:
    """Return a source as people see it."""
    told: Definition = known.definition
    return {
        "name": told.name,
        "type": told.type,
        "label": known.label.of(language),
        "address": known.address,
        "parameters": told.parameters,
        "secrets": list(known.secrets),
        "answers": told.answers,
        "every": told.every,
        "private": told.private,
        "paused": told.paused,
        "running": known.running,
        "tables": {
            name: {"kind": one["kind"], "mapping": one["mapping"]} for name, one in told.plans.items()
        },
        "last": report(known.report, language) if known.report else None,
    }


def report(told: Report, language: str) -> Json:
    """Return what a run brought."""
    said: Json = msgspec.to_builtins(told)
    for name in ("began", "ended", "next"):
        said[name] = _time(said[name])
    said["error"] = told.error.of(language) if told.error else ""
    said["advice"] = told.advice.of(language) if told.advice else ""
    return said | {"reasons": _reasons(told.reasons, language)}


def look(told: Look, language: str) -> Json:
    """Return what a source would bring."""
    tables = [
        {
            "name": seen.name,
            "kind": seen.table.kind,
            "mapping": seen.table.mapping,
            "samples": plain(seen.table.samples),
            "notes": [note.of(language) for note in seen.table.notes],
            "check": _check(plain(seen.check), language),
        }
        for seen in told.tables
    ]
    lines = [msgspec.to_builtins(line) | {"t": _time(line.t)} for line in told.lines]
    return {
        "address": told.address,
        "tables": tables,
        "events": told.count,
        "examples": lines,
        "reasons": _reasons(told.reasons, language),
    }


def _check(said: Json, language: str) -> Json:
    for one in said["reasons"]:
        one["reason"] = Text(**one["reason"]).of(language)
    said["examples"] = said["examples"][:FIRST]
    return said


def _reasons(reasons: list[Reason], language: str) -> list[Json]:
    return [{"reason": one.reason.of(language), "count": one.count, "first": one.first} for one in reasons]


def _time(moment: int) -> str | None:
    return datetime.fromtimestamp(moment / 1e6, UTC).isoformat() if moment else None
