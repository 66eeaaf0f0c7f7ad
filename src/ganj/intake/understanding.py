"""Making sense of one table: its kind, the meaning of its columns, and everything a person should be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from ganj.events import REFUND
from ganj.intake.columns import Column
from ganj.intake.currency import money_of
from ganj.intake.errors import NotUnderstood
from ganj.intake.fields import header_form
from ganj.intake.grouping import Group
from ganj.intake.kinds import Kind, kind_named, kinds
from ganj.intake.levels import levels
from ganj.intake.mapping import complete, mapped, settle_amounts
from ganj.intake.plan import Answers, Dates, Level, Table
from ganj.intake.presets import Given, Preset, chosen, preset_for
from ganj.intake.rejects import REASONS_HEADER
from ganj.intake.showing import WHO, notes_of, samples_of
from ganj.intake.typed import NUMBER

ORDER_OF_TRUST = ("orders", "deals", "tickets", "answers", "events", "products", "customers")
"""Of kinds with the same score the first."""
ENOUGH = 1.6  # one sure column and a hint; less is chance


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A table as far as it is understood."""

    kind: Kind
    mapping: dict[str, str]
    preset: Preset | None = None
    given: Given | None = None
    event: str = ""


def understood(group: Group, answers: Answers, before: Table | None) -> Table:
    """Make sense of a table from its sample.

    Parameters
    ----------
    group
        Its sources, of one header, and their sample.
    before
        What was decided for the same header once; taken again unless answers say otherwise.

    Raises
    ------
    NotUnderstood, NeedsAnswer
    """
    columns = [
        Column(name, group.cells.column(at), answers)
        for at, name in enumerate(group.columns)
        if name != REASONS_HEADER  # a file of rows once set aside comes back mended
    ]
    by_name = {column.name: column for column in columns}
    persian = any(column.persian for column in columns)
    seen = _again(before, answers) if before else _first_look(group, columns, answers, persian=persian)
    dates, unsure = _dates(seen, by_name, answers, before, persian=persian)
    money_columns = [
        seen.mapping[f.name] for f in seen.kind.all_fields if f.type == "money" and f.name in seen.mapping
    ]
    money = money_of(money_columns, by_name, dates.values(), _told_of_money(seen, answers, before))
    extras = dict(before.extras) if before else _extras(seen, columns)
    table = Table(
        sources=group.sources,
        columns=group.own,
        lookups=group.lookups,
        kind=seen.kind.name,
        event=seen.event or (before.event if before else ""),
        preset=seen.preset.name if seen.preset else before.preset if before else "",
        mapping=seen.mapping,
        extras=extras,
        numbers=tuple(
            name for name, level in extras.items() if level != "left out" and by_name[name].measure
        ),
        dates=dates,
        decimal=_decimal([by_name[name] for name in money_columns]),
        currency=money.code,
        factor=money.factor,
        prefixes=_prefixes(seen, by_name, before),
    )
    return msgspec.structs.replace(
        table, samples=samples_of(table, by_name), notes=notes_of(table, money, unsure, by_name)
    )


def _again(before: Table, answers: Answers) -> Seen:
    """Take what was decided before, mended by what is answered now."""
    kind = kind_named(before.kind)
    mapping = {
        field: column for field, column in before.mapping.items() if column not in answers.mapping.values()
    }
    return Seen(kind=kind, mapping=mapping | _mine(answers.mapping, before.columns))


def _mine(mapping: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    return {field: column for field, column in mapping.items() if column in columns}


def _first_look(group: Group, columns: Sequence[Column], answers: Answers, *, persian: bool) -> Seen:
    names = group.columns
    hit = preset_for(group.own, answers.preset)
    preset, given = hit or (None, None)
    told = (chosen(given, names) if given else {}) | _mine(answers.mapping, names)
    if given and given.skip:
        raise NotUnderstood(path=group.name, why=given.skip)
    wanted = answers.kind or (given.kind if given else "")
    event = given.event if given else ""
    if wanted:
        kind = kind_named(wanted)
        for field in told:
            kind.field(field)
        mapping = mapped(kind, columns, told, persian=persian).mapping
    else:
        kind, mapping = _best(group, columns, told, persian=persian)
    if kind.name == "events" and "event" not in mapping and not event:
        event = _event_of(group)
    if not _usable(kind, mapping, event, asked=bool(wanted)):
        raise NotUnderstood.at(group.name, columns=", ".join(names[:12]))
    if kind.name == "orders":
        mapping = settle_amounts(mapping, {c.name: c for c in columns}, fixed=told)
    return Seen(kind=kind, mapping=mapping, preset=preset, given=given, event=event)


def _usable(kind: Kind, mapping: dict[str, str], event: str, *, asked: bool) -> bool:
    """Tell whether rows can come of it; where the kind was said, without all that tells it from others."""
    if not asked:
        return complete(kind, mapping, event)
    if kind.name == "customers" and not set(WHO) & set(mapping):
        mapping["customer_id"] = NUMBER
    have = {
        *mapping,
        *(("event",) if event else ()),
        *(("begun",) if {"time", "closed"} & set(mapping) else ()),
    }
    return set(kind.required) <= have


def _event_of(group: Group) -> str:
    """Name the events of a table without names after its file: ``coupon_redemptions`` are Coupon Redemptions."""
    stem = (
        re.split(r"[./]", group.sources[0].found.name)[0]
        if not group.sources[0].sheet
        else group.sources[0].sheet
    )
    return header_form(stem).title() or "Event"


def _best(
    group: Group, columns: Sequence[Column], told: Mapping[str, str], *, persian: bool
) -> tuple[Kind, dict[str, str]]:
    """Choose the kind whose needs are met and for which most columns speak."""
    best: tuple[float, Kind, dict[str, str]] | None = None
    for name in ORDER_OF_TRUST:
        kind = kinds()[name]
        found = mapped(kind, columns, told, persian=persian)
        named = any(sign in group.sources[0].found.name.lower() for sign in kind.signs.split("|")[:3])
        score = found.score + 0.5 * named - _against(kind, found.mapping, columns)
        if complete(kind, found.mapping) and (best is None or score > best[0]):
            best = (score, kind, found.mapping)
    if best is None or best[0] < ENOUGH:
        return _fallback(group, columns, told, persian=persian)
    return best[1], best[2]


def _against(kind: Kind, mapping: Mapping[str, str], columns: Sequence[Column]) -> float:
    """Weigh what speaks against a kind: customers that come many times, orders of nobody and without a number."""
    by_name = {column.name: column for column in columns}
    if kind.name == "customers" and mapping.get("customer_id") in by_name:
        return 4.0 if by_name[mapping["customer_id"]].different < 0.6 else 0.0
    if kind.name == "orders" and not {"order", *WHO} & set(mapping) and mapping.get("product") in by_name:
        return 4.0 if by_name[mapping["product"]].different > 0.9 else 0.0
    return 0.0


def _fallback(
    group: Group, columns: Sequence[Column], told: Mapping[str, str], *, persian: bool
) -> tuple[Kind, dict[str, str]]:
    """Take who and when for events; take a table about people without a number for customers, one a row."""
    people = kinds()["customers"]
    each = mapped(people, columns, told, persian=persian).mapping
    if any(column.different > 0.95 and column.name in _who(each) for column in columns):
        return people, each
    events = kinds()["events"]
    found = mapped(events, columns, told, persian=persian)
    if complete(events, found.mapping, "named after the file"):
        return events, found.mapping
    told_by = sum(bool(set(people.signs.split("|")) & set(column.form.split())) for column in columns)
    found = mapped(people, columns, told, persian=persian)
    if told_by >= 3 and not set(WHO) & set(found.mapping) and len(columns) >= 6:
        return people, found.mapping | {"customer_id": NUMBER}
    raise NotUnderstood.at(group.name, columns=", ".join(group.columns[:12]))


def _who(mapping: Mapping[str, str]) -> set[str]:
    return {mapping[field] for field in WHO if field in mapping}


def _dates(
    seen: Seen, columns: Mapping[str, Column], answers: Answers, before: Table | None, *, persian: bool
) -> tuple[dict[str, Dates], list[str]]:
    """Return how each field of times is written, and the fields where another reading was possible."""
    found, unsure = {}, []
    for field in seen.kind.all_fields:
        if field.type != "time" or field.name not in seen.mapping:
            continue
        times = columns[seen.mapping[field.name]].times(persian=persian, named=True)
        dates, sure = times or (Dates(zone=answers.zone or "UTC"), True)
        earlier = before.dates.get(field.name) if before else None
        if not sure and earlier and not answers.order:
            dates, sure = msgspec.structs.replace(dates, order=earlier.order), True
        found[field.name] = dates
        unsure += [] if sure else [field.name]
    return found, unsure


def _told_of_money(seen: Seen, answers: Answers, before: Table | None) -> Answers:
    """Return the answers with the currency that was decided before or that the preset knows."""
    known = before.currency if before else seen.given.currency if seen.given else ""
    return answers if answers.currency or not known else msgspec.structs.replace(answers, currency=known)


def _extras(seen: Seen, columns: Sequence[Column]) -> dict[str, Level]:
    found = levels(seen.kind.name, seen.mapping, columns)
    given = seen.given.levels if seen.given else {}
    return {column: given.get(column, level) for column, level in found.items()}


def _decimal(amounts: Sequence[Column]) -> str:
    signs = [column.decimal for column in amounts]
    return max(set(signs), key=signs.count) if signs else "."


def _prefixes(seen: Seen, columns: Mapping[str, Column], before: Table | None) -> dict[str, str]:
    """Letters before order numbers: C cancels where numbers are the rule (Online Retail and its kin)."""
    if before:
        return before.prefixes
    if seen.given and seen.given.prefixes:
        return seen.given.prefixes
    if "order" not in seen.mapping or "quantity" not in seen.mapping:
        return {}
    texts = columns[seen.mapping["order"]].texts.to_pylist()
    figures = sum(text.isdigit() for text in texts)
    return {"C": REFUND} if figures > 0.5 * len(texts) else {}
