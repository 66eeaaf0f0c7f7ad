"""What the shell says of sources."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from ganj.errors import BadParameter
from ganj.faces.cli import showing
from ganj.faces.cli.asking import call
from ganj.faces.cli.road import Json
from ganj.intake.sources import SECRET
from ganj.parameters import Parameter
from ganj.text import Text

NOT_SET = Text("the environment has no such variable.", "چنین متغیری در محیط نیست.")
NO_FILE = Text("there is no such file.", "چنین فایلی نیست.")
HEADS = (("Name", "نام"), ("Kind", "نوع"), ("From", "از"), ("When", "زمان"), ("Last", "آخرین بار"))


def secret(parameter: Parameter, value: str | None) -> str | None:
    """Return a secret: ``env:NAME``, ``file:PATH``, or asked for where a person can answer."""
    if value is None:
        if not parameter.required:
            return None
        return str(click.prompt(parameter.label.of(call().tongue), hide_input=True))
    if value.startswith("env:"):
        if value[4:] not in os.environ:
            raise BadParameter(parameter=parameter.name, value=value, why=NOT_SET)
        return os.environ[value[4:]]
    if value.startswith("file:"):
        path = Path(value[5:])
        if not path.is_file():
            raise BadParameter(parameter=parameter.name, value=value, why=NO_FILE)
        return path.read_text(encoding="utf-8").strip()
    return value


def given(kind: tuple[Parameter, ...], words: Json) -> Json:
    """Return the parameters that were given, secrets fetched from where they lie."""
    found: Json = {}
    for parameter in kind:
        value: Any = words.get(parameter.name)
        if parameter.of == SECRET:
            value = secret(parameter, value)
        if isinstance(value, tuple):
            value = (value[0] if len(value) == 1 else list(value)) if value else None
        if value is not None:
            found[parameter.name] = value
    return found


def show_all(sources: list[Json]) -> None:
    """List sources."""
    if not sources:
        showing.say("There is no source yet.", "هنوز منبعی نیست.")
        return
    heads = [Text(*head).of(call().tongue) for head in HEADS]
    rows = [(one["name"], one["label"], one["address"], _when(one), _last(one)) for one in sources]
    showing.table(heads, rows)


def _when(one: Json) -> str:
    return Text("paused", "ایستاده").of(call().tongue) if one["paused"] else str(one["every"])


def _last(one: Json) -> str:
    last = one["last"]
    if one["running"]:
        return Text("running", "در حال خواندن").of(call().tongue)
    if not last:
        return "—"
    return str(last["error"] or f"{last['imported'] + last['lines']:,} · {last['ended'][:16]}")


def show_report(name: str, told: Json) -> None:
    """Say what a run brought."""
    showing.say(
        "{name}: {imported} rows and {lines} events new, {duplicates} known before, {rejected} set aside.",
        "«{name}»: {imported} سطر و {lines} رویداد تازه، {duplicates} تکراری، {rejected} کنار گذاشته.",
        name=name,
        **{word: told[word] for word in ("imported", "lines", "duplicates", "rejected")},
    )
    _show_reasons(told["reasons"])
    if told["error"]:
        showing.say("{error}\n{advice}", "{error}\n{advice}", error=told["error"], advice=told["advice"])


def show_look(told: Json) -> None:
    """Say what a source would bring."""
    showing.say("{address}", "{address}", address=told["address"])
    for table in told["tables"]:
        check = table["check"]
        showing.say(
            "{name}: {kind}; of the first {read} rows {good} are good, {rejected} would be set aside.",
            "«{name}»: {kind}؛ از {read} سطر نخست {good} سطر خوب است و {rejected} سطر کنار گذاشته می‌شود.",
            name=table["name"],
            kind=table["kind"],
            **{word: check[word] for word in ("read", "good", "rejected")},
        )
        for field, column in table["mapping"].items():
            showing.say("  {field} = {column}", "  {field} = {column}", field=field, column=column)
        for note in table["notes"]:
            showing.say("  {note}", "  {note}", note=note)
        _show_reasons(check["reasons"])
    if told["events"]:
        showing.say("{events} events", "{events} رویداد", events=told["events"])
    _show_reasons(told["reasons"])


def _show_reasons(reasons: list[Json]) -> None:
    for one in reasons:
        showing.say("  {count} × {reason}", "  {count} × {reason}", count=one["count"], reason=one["reason"])
