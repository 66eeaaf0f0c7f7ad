"""Settings of customers' pages: values kept in the workspace by name."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from ganj import kept
from ganj.parameters import build, dump
from ganj.store.control import SETTINGS, Control

T = TypeVar("T", bound=msgspec.Struct)


def value(control: Control, name: str, kind: type[T]) -> T:
    """Return a kept value, or its defaults where none is kept."""
    told = raw(control, name)
    return kind() if told is None else build(kind, told)


def keep(control: Control, name: str, new: msgspec.Struct) -> None:
    """Keep a value under a name."""
    put(control, name, dump(new))


def raw(control: Control, name: str) -> Any:
    """Return the JSON kept under a name, or None."""
    with control.engine.connect() as con:
        row = con.execute(sa.select(SETTINGS.c.value).where(SETTINGS.c.name == name)).first()
    return None if row is None else row[0]


def put(control: Control, name: str, told: Any) -> None:
    """Keep JSON under a name."""
    kept.put(control.engine, SETTINGS, {"name": name, "value": json.loads(json.dumps(told))})
