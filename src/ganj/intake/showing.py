"""What a person is shown of a plan: values as written and as read, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from ganj.calendar import DAY, from_days
from ganj.intake import dates as times
from ganj.intake.columns import Column
from ganj.intake.currency import Money
from ganj.intake.kinds import kind_named
from ganj.intake.normal import values
from ganj.intake.plan import Dates, Sample, Table
from ganj.text import Text

SHOWN = 3  # values of each column
AMBIGUOUS = Text(
    "In «{column}» day and month could be either way round; read as {order}. If that is wrong: --order {other}.",
    "در «{column}» روز و ماه جابه‌جا هم خوانده می‌شود؛ {order} گرفته شد. اگر نادرست است: ‎--order {other}",
)
NOBODY = Text(
    "No column says who the customer is: sales are counted, customers are not. If one does: --map customer_id=COLUMN.",
    "هیچ ستونی مشتری را نمی‌شناساند: فروش شمرده می‌شود و مشتری نه. اگر ستونی هست: ‎--map customer_id=COLUMN",
)
LEFT = Text("Not kept: {columns}.", "نگه داشته نمی‌شود: {columns}.")
WHO = ("customer_id", "email", "phone", "national_code", "contact_id", "lead_id", "account_id", "account")


def samples_of(table: Table, columns: Mapping[str, Column]) -> tuple[Sample, ...]:
    """Return some values of every mapped column."""
    kind = kind_named(table.kind)
    found: list[Sample] = []
    for field in kind.all_fields:
        name = table.mapping.get(field.name)
        if name is None or name not in columns:
            continue
        texts = _telling(columns[name].texts)
        if field.type == "time":
            found += _times(field.name, name, texts, table.dates[field.name])
        else:
            read = values(texts, field.type, table.decimal).to_pylist()
            shown = zip(texts.to_pylist(), read, strict=True)
            found += [Sample(field.name, name, written, _said(value)) for written, value in shown]
    return tuple(found)


def _telling(texts: pa.Array) -> pa.Array:
    """Choose the first, one from the middle and the last."""
    at = sorted({0, len(texts) // 2, len(texts) - 1}) if len(texts) else []
    return texts.take(pa.array(at[:SHOWN], pa.int64()))


def _said(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 and not float(value).is_integer() else f"{value:.0f}"
    return "" if value is None else str(value)


def _times(field: str, name: str, texts: pa.Array, dates: Dates) -> list[Sample]:
    wall = np.asarray(times.read(texts, dates)[1].fill_null(times.NEVER))
    shown = []
    for written, at in zip(texts.to_pylist(), wall, strict=True):
        if at == times.NEVER:
            shown.append(Sample(field, name, written, ""))
        else:
            shown.append(Sample(field, name, written, _date(int(at), "gregorian"), _date(int(at), "jalali")))
    return shown


def _date(wall: int, calendar: str) -> str:
    year, month, day = (int(part) for part in from_days(wall // DAY, calendar))  # type: ignore[arg-type]  # one of two
    minutes = wall % DAY // 60_000_000
    clock = f" {minutes // 60:02d}:{minutes % 60:02d}" if minutes else ""
    sign = "/" if calendar == "jalali" else "-"
    return f"{year:04d}{sign}{month:02d}{sign}{day:02d}{clock}"


def notes_of(
    table: Table, money: Money, unsure: Sequence[str], columns: Mapping[str, Column]
) -> tuple[Text, ...]:
    """Return what was decided and a person may want otherwise."""
    notes = [
        _filled(AMBIGUOUS, column=table.mapping[field], **_orders(table.dates[field].order))
        for field in unsure
    ]
    if money.note is not None and any(
        columns[name].numeric for name in table.mapping.values() if name in columns
    ):
        notes.append(money.note)
    if table.kind == "orders" and not set(WHO) & set(table.mapping):
        notes.append(NOBODY)
    lost = [name for name, level in table.extras.items() if level == "left out" and not columns[name].empty]
    if lost:
        notes.append(_filled(LEFT, columns=", ".join(lost)))
    return tuple(notes)


def _orders(order: str) -> dict[str, str]:
    return {"order": order, "other": "mdy" if order == "dmy" else "dmy"}


def _filled(text: Text, **words: str) -> Text:
    return Text(text.en.format(**words), text.fa.format(**words))
