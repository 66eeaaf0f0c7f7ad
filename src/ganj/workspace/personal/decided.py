"""Personal data in the control database: what people set up, and what was found of pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

from ganj.text import Text
from ganj.workspace.personal.place import Person, Place

SET_UP = (
    *("settings", "presets", "segments", "surveys", "tracking_plan"),
    *("sources", "source_runs", "source_records"),
)
"""What people set up."""


def _naming(*tables: str) -> Callable[[Person], Iterator[dict[str, Any]]]:
    """Return what finds the rows of tables that name somebody anywhere: the row's key, and in which columns."""

    def find(person: Person) -> Iterator[dict[str, Any]]:
        engine = person.workspace.store.control.engine
        for name in tables:
            known = sa.Table(name, sa.MetaData(), autoload_with=engine)
            keys = [column.name for column in known.primary_key]
            with engine.connect() as con:
                for row in con.execute(sa.select(known)).mappings():
                    columns = [column for column, value in row.items() if person.named_in(_text(value))]
                    if columns:
                        yield {
                            "table": name,
                            "key": {key: _text(row[key]) for key in keys},
                            "columns": columns,
                        }

    return find


def _text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _forget_pairs(person: Person) -> int:
    return person.workspace.duplicates.forget(person.links)


def _forget_samples(person: Person) -> int:
    return person.workspace.hooks.forget(person.named_in)


PLACES = (
    Place(
        "duplicates",
        Text("Pairs that may be one person, and households", "زوج‌های شاید تکراری، و خانوارها"),
        ("control:duplicates", "control:households"),
        _naming("duplicates", "households"),
        _forget_pairs,
    ),
    Place(
        "webhook samples",
        Text("The last document of each webhook", "آخرین سندِ هر وب‌هوک"),
        ("control:hooks",),
        _naming("hooks"),
        _forget_samples,
    ),
    Place(
        "set up by people",
        Text(
            "Segments, rules, mappings, plans and sources that name somebody",
            "بخش‌ها، قاعده‌ها، نگاشت‌ها، طرح‌ها و منبع‌هایی که کسی را نام می‌برند",
        ),
        tuple(f"control:{name}" for name in SET_UP),
        _naming(*SET_UP),
    ),
    Place(
        "pictures",
        Text("Pictures of pages", "تصویر صفحه‌ها"),
        ("control:page_pictures",),
        lambda _: (),
        searched=False,
    ),
)
NOTHING = {
    "control:keys": "hashes of programs' keys",
    "control:alembic_version": "the version of the tables",
}
