"""Personal data in the derived database and the runs: all of it follows from the log and the imported files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ganj.text import Text
from ganj.workspace.personal.place import Person, Place

MOST = 1 << 40
"""Of anything; nobody has so many."""


def _identifiers(person: Person) -> Iterator[dict[str, Any]]:
    profile = person.workspace.store.profile(person.customer) or {"identifiers": ()}
    for kind, value, first, last in profile["identifiers"]:
        yield {"kind": kind, "value": value, "first": first, "last": last}


def _traits(person: Person) -> Iterator[dict[str, Any]]:
    for name, value, source, time in person.workspace.store.trait_history(person.customer):
        yield {"name": name, "value": value, "source": source, "time": time}


def _events(person: Person) -> Iterator[dict[str, Any]]:
    yield from person.workspace.store.timeline(person.customer, MOST)


def _merges(person: Person) -> Iterator[dict[str, Any]]:
    persons = person.workspace.store.persons
    yield from (msgspec.to_builtins(merge) for merge in persons.merges(person.customer, MOST))
    yield from (msgspec.to_builtins(apart) for apart in persons.holding(person.customer).apart)


def _rejected(person: Person) -> Iterator[dict[str, Any]]:
    for one in person.workspace.rejected(limit=MOST):
        if person.named_in(one.line):
            yield msgspec.to_builtins(one)


def _names(person: Person) -> Iterator[dict[str, Any]]:
    yield from person.workspace.store.persons.held("names", origins=person.origins).to_pylist()


def _numbers(person: Person) -> Iterator[dict[str, Any]]:
    yield from person.workspace.store.persons.held("numbers", origins=person.origins).to_pylist()


def _examples(person: Person) -> Iterator[dict[str, Any]]:
    yield from person.workspace.store.persons.held("examples", words=person.words).to_pylist()


def _of(*tables: str) -> tuple[str, ...]:
    return tuple(f"duckdb:{name}" for name in tables)


PLACES = (
    Place(
        "identifiers",
        Text("What they are known by", "شناسه‌ها"),
        _of("customers", "identifiers"),
        _identifiers,
    ),
    Place("traits", Text("What is said of them", "ویژگی‌ها"), _of("traits"), _traits),
    Place("names", Text("Names by which lists are searched", "نام‌های جست‌وجو"), _of("known_as"), _names),
    Place(
        "events",
        Text(
            "Their events, orders, notes, consents and answers",
            "رویدادها، سفارش‌ها، یادداشت‌ها، رضایت‌ها و پاسخ‌ها",
        ),
        (
            *_of(
                "fresh", "fresh_lines", "fresh_files", "runs", "orders", "names", "whole_refunds", "waiting"
            ),
            "runs",
        ),
        _events,
    ),
    Place(
        "merges",
        Text("With whom they were made one or told apart, and why", "ادغام‌ها و جدا دانستن‌ها و دلیلشان"),
        _of("merges", "apart"),
        _merges,
    ),
    Place(
        "numbers",
        Text("The numbers they came under", "شماره‌هایی که با آن‌ها آمده‌اند"),
        _of("moved", "placed", "displaced"),
        _numbers,
    ),
    Place("rejected", Text("Messages that were refused", "پیام‌های ردشده"), _of("rejected"), _rejected),
    Place("examples", Text("Examples of values", "نمونهٔ مقدارها"), _of("event_schema"), _examples),
)
_CODES, _STATE = "codes of things, of nobody", "how far work has come"
NOTHING = {
    "duckdb:about": _STATE,
    "duckdb:properties": "names of fields",
    "duckdb:products": "what is sold",
    "duckdb:ledger": "hashes of rows",
    "duckdb:seen_files": "files of hashes of messages",
    "duckdb:replaced": "hashes of messages",
    "duckdb:preferred": "names of fields and sources",
    "duckdb:loaded": "counts",
    "duckdb:log_files": _STATE,
    "duckdb:collected_orders": _CODES,
    "duckdb:tallies": "counts",
    "duckdb:mended": "hashes of messages",
    "duckdb:damaged": "where damage lies; its bytes are in the log's folder",
}
