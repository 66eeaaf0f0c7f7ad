"""One customer as JSON: everything a page says, with times as ISO 8601 and identifiers as privacy allows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from math import isnan
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from ganj.access.consent import Consent
from ganj.access.masking import Privacy, kind_of
from ganj.display import Display
from ganj.store.persons import Merge
from ganj.workspace.profiles import merges
from ganj.workspace.profiles.scores import Said
from ganj.workspace.profiles.timeline import Timeline
from ganj.workspace.profiles.why import Membership

if TYPE_CHECKING:
    from ganj.workspace import Profile, Workspace


TIMES = ("first", "last", "first_order", "last_order", "next_order")
PARTS = ("who", "figures", "stage", "scores", "segments", "timeline", "notes", "merges", "household")
"""What is known of a customer, part by part."""


def whole(
    workspace: Workspace,
    profile: Profile,
    display: Display,
    privacy: Privacy | None = None,
    parts: tuple[str, ...] = PARTS,
) -> dict[str, Any]:
    """Return what is known of a customer, all of it or some parts."""
    privacy = workspace.profiles.privacy if privacy is None else privacy
    make: dict[str, Callable[[], dict[str, Any]]] = {
        "who": lambda: who(profile, privacy),
        "figures": lambda: {"figures": _dated(msgspec.to_builtins(profile.figures), TIMES)},
        "stage": lambda: {"stage": stage(profile)},
        "scores": lambda: scores(workspace, profile, display),
        "segments": lambda: {
            "segments": [membership(one, display) for one in workspace.profiles.why(profile.number)]
        },
        "timeline": lambda: timeline(profile.timeline, privacy),
        "notes": lambda: {"notes": [note(one) for one in profile.notes]},
        "merges": lambda: {"merges": [merge(one, privacy) for one in profile.merges]},
        "household": lambda: {"household": workspace.duplicates.households.of(profile.number)},
    }
    told: dict[str, Any] = {"customer": profile.number, "name": profile.name}
    for part in parts:
        told |= make[part]()
    return told


def who(profile: Profile, privacy: Privacy) -> dict[str, Any]:
    """Return identifiers, traits with their sources and history, and consent."""
    traits = profile.traits.items()
    return {
        "identifiers": [identifier(row, privacy) for row in profile.identifiers],
        "traits": privacy.values({name: value for name, (value, *_) in traits}),
        "sources": {
            name: {"source": source, "time": iso(time), "history": _history(profile, name, privacy)}
            for name, (_, source, time) in traits
        },
        "consents": {name: consent(one) for name, one in profile.consents.items()},
    }


def stage(profile: Profile) -> dict[str, Any]:
    """Return the stage, since when, and every change."""
    changes = [{"time": iso(one.time), "from": one.left, "to": one.entered} for one in profile.stage.changes]
    return {"name": profile.stage.name, "since": iso(profile.stage.since), "changes": changes}


def scores(workspace: Workspace, profile: Profile, display: Display) -> dict[str, Any]:
    """Return what each analysis says, and for those that say nothing, why."""
    said = workspace.profiles.scores_of(profile.number, buyer=profile.figures.orders > 0)
    return {
        "scores": {one.analysis: _scores(one) for one in said if one.why is None},
        "absent": {one.analysis: one.why.of(display.language) for one in said if one.why is not None},
    }


def named(workspace: Workspace, words: str) -> dict[str, Any]:
    """Return the customers that have one whole identifier, in the shape of a list of customers."""
    privacy = workspace.profiles.privacy
    rows = workspace.store.people(workspace.store.named(words)).to_pylist()
    return {"total": len(rows), "offset": 0, "rows": [privacy.values(row) for row in rows]}


def identifier(row: Any, privacy: Privacy) -> dict[str, Any]:
    """Return an identifier with its kind and the days on which it was seen first and last."""
    kind, value, first, last, *rest = row
    said = {"kind": kind, "value": privacy.given(kind, value), "first": day(first), "last": day(last)}
    return said | ({"source": rest[0]} if rest else {})


def consent(one: Consent) -> dict[str, Any]:
    """Return what holds for a channel, since when, and every word before."""
    history = [_dated(msgspec.to_builtins(said), ("time",)) for said in one.history]
    return {"given": one.given, "since": history[0]["time"], "source": one.last.source, "history": history}


def membership(one: Membership, display: Display) -> dict[str, Any]:
    """Return whether a customer is in a segment, and each condition in words and values."""
    return {
        "name": one.segment,
        "inside": one.inside,
        "conditions": [
            {
                **msgspec.to_builtins(reason.condition),
                "sentence": reason.sentence(display),
                "now": plain(reason.value),
                "true": reason.true,
                "needed": reason.needed(display),
                **({"mistake": reason.mistake.message(display.language)} if reason.mistake else {}),
            }
            for reason in one.reasons
        ],
    }


def note(one: Any) -> dict[str, Any]:
    """Return a note."""
    return _dated(msgspec.to_builtins(one), ("time", "changed"))


def merge(one: Merge, privacy: Privacy) -> dict[str, Any]:
    """Return a merge with what was said for it, and whether it was taken back."""
    return _dated(merges.told(one, privacy), ("time", "undone"))


def timeline(page: Timeline, privacy: Privacy) -> dict[str, Any]:
    """Return a page of a timeline: its events, how many fit, and where the next page begins."""
    return {
        "total": page.total,
        "next": page.next,
        "timeline": [entry(one, privacy) for one in page.entries],
    }


def entry(one: dict[str, Any], privacy: Privacy) -> dict[str, Any]:
    """Return one entry of a timeline; what its lines or properties hold of identifiers as privacy allows."""
    lines = [{**line, "properties": privacy.values(line["properties"])} for line in one.get("lines", ())]
    told = {**one, "time": iso(one["time"]), "properties": privacy.values(one.get("properties") or {})}
    return told | ({"lines": lines} if "lines" in one else {})


def table(entries: list[dict[str, Any]], privacy: Privacy) -> pa.Table:
    """Return entries as a table: a row each, properties as JSON."""
    given = [entry(one, privacy) for one in entries]
    texts = ("id", "lane", "event", "product", "order", "channel", "source")
    columns: dict[str, Any] = {
        "time": pa.array([one["time"] for one in entries], pa.timestamp("us", "UTC")),
        **{name: pa.array([one.get(name) for one in given], pa.string()) for name in texts},
        "amount": pa.array([one.get("amount") for one in given], pa.float64()),
        "properties": pa.array(
            [msgspec.json.encode(one["properties"]).decode() for one in given], pa.string()
        ),
    }
    return pa.table(columns)


def plain(value: Any) -> Any:
    """Return a score as JSON."""
    if isinstance(value, float) and isnan(value):
        return None
    return [plain(one) for one in value] if isinstance(value, list) else value


def iso(time: int | None) -> str | None:
    """Return µs UTC as ISO 8601."""
    return None if time is None else datetime.fromtimestamp(time / 1e6, UTC).isoformat()


def day(time: int | None) -> str | None:
    """Return the day of µs UTC as ISO 8601."""
    return None if time is None else datetime.fromtimestamp(time / 1e6, UTC).date().isoformat()


def _scores(said: Said) -> dict[str, Any]:
    return {
        column.name: iso(value) if column.unit == "date" else plain(value)
        for column, value in said.scores
        if column.unit not in {"list", "period"}  # what only drill-down reads
    }


def _history(profile: Profile, name: str, privacy: Privacy) -> list[dict[str, Any]]:
    kind = kind_of(name)
    return [
        {"value": privacy.given(kind, value) if kind else value, "source": source, "time": iso(time)}
        for value, source, time in profile.history.get(name, ())
    ]


def _dated(told: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: iso(value) if name in names else value for name, value in told.items()}
