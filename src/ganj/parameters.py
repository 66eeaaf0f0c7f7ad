"""Parameters of a value class: declared once, read by the shell, the API, the form and the docs.

A field says what it is in its annotation::

    within: Annotated[Duration, param("Time allowed", "مهلت", ge=Duration(hours=1))] = Duration(days=14)

`parameters` lists a class's fields with label, kind, default and choices; `build` makes a value
out of words (strings from a URL, a form, or a command line) or JSON; `dump` writes it back.  Types,
ranges and lengths are checked by msgspec; this module only phrases what it finds.
"""

from __future__ import annotations

import re
from abc import ABCMeta
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from math import isfinite
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from ganj.calendar import parse_date
from ganj.errors import BadParameter, MissingParameter, UnknownName
from ganj.misread import phrase
from ganj.text import Text

Duration = timedelta
"""A length of time, written ``7d``, ``12h``, ``30m``, ``45s`` or sums such as ``1d12h``."""

T = TypeVar("T")

LONGEST = timedelta(days=73_000)
MOST = 1_000_000_000_000
"""No count asked for is larger; what is larger does not fit where it is counted."""
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class Abstract(msgspec.StructMeta, ABCMeta):
    """The class of value classes that leave methods to others: what still lacks one of them cannot be made."""


class Parameter(msgspec.Struct, frozen=True):
    """One field of a value class, as faces need it.

    ``kind`` is one of ``text, texts, count, number, flag, choice, choices, duration, date``.
    ``of`` says what a text names, so that a form offers the right list: ``event``, ``property``,
    ``trait``, ``segment``, ``product``, ``zone``, ``fact`` (an event or a trait), ``figure`` (money,
    purchases, or a trait that is a number) or nothing.
    """

    name: str
    label: Text
    help: Text
    kind: str
    default: Any
    required: bool
    choices: tuple[tuple[str, Text], ...] = ()
    unit: str = ""
    of: str = ""
    advanced: bool = False


_NOTHING = Text("", "")


def param(  # noqa: PLR0913 - each word is named at the call
    en: str,
    fa: str,
    *,
    help: Text = _NOTHING,  # noqa: A002 - the word a form uses
    unit: str = "",
    of: str = "",
    choices: Mapping[str, Text] | None = None,
    advanced: bool = False,
    **limits: Any,
) -> msgspec.Meta:
    """Describe a field: its label in both languages and its limits (``ge``, ``le``, ``min_length`` …)."""
    said = {
        "label": Text(en, fa),
        "help": help,
        "unit": unit,
        "of": of,
        "choices": choices or {},
        "advanced": advanced,
    }
    return msgspec.Meta(extra={"param": said}, **limits)


@cache
def parameters(cls: type) -> tuple[Parameter, ...]:
    """List the parameters of a value class, in the order they are declared."""
    hints = get_type_hints(cls, include_extras=True)
    return tuple(_parameter(field, hints[field.name]) for field in msgspec.structs.fields(cls))


def build(cls: type[T], words: Mapping[str, Any]) -> T:
    """Make a value from words or JSON.

    Raises
    ------
    UnknownName
        A word names no parameter.
    BadParameter
        A value has the wrong type or is out of range.
    """
    known = {p.name: p for p in parameters(cls)}  # type: ignore[arg-type] # a class is hashable
    for name in words:
        if name not in known:
            raise UnknownName.among(Text("parameter", "پارامتر"), name, known)
    plain = {name: _read(known[name], value) for name, value in words.items() if value is not None}
    try:
        made = msgspec.convert(plain, cls, strict=False)
    except msgspec.ValidationError as wrong:
        name = _field_of(str(wrong)) or next((p for p in known if known[p].required and p not in plain), "")
        if name in known and known[name].required and name not in plain:
            raise MissingParameter(parameter=name, label=known[name].label) from wrong
        choices = ", ".join(choice for choice, _ in known[name].choices if choice) if name in known else ""
        told = phrase(str(wrong).split(" - at ")[0], choices)
        raise BadParameter(parameter=name, value=words.get(name), why=told) from wrong
    for name in plain:
        _sane(name, getattr(made, name))
    return made


def _sane(name: str, value: Any) -> None:
    """Refuse a number that no machine counts with."""
    if isinstance(value, float) and not isfinite(value):
        raise BadParameter(parameter=name, value=value, why=phrase("Number out of range"))
    if isinstance(value, int) and abs(value) > MOST:
        why = phrase(f"Expected `int` <= {MOST}")
        raise BadParameter(parameter=name, value=value, why=why)


def dump(value: Any) -> dict[str, Any]:
    """Write a value as plain JSON, defaults included, durations and dates in words."""
    return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}


def duration(text: str) -> timedelta:
    """Read ``7d``, ``12h``, ``1d12h``; a bare number counts days."""
    words = text.strip().lower()
    if re.fullmatch(r"\d+(\.\d+)?", words):
        words += "d"
    parts = re.findall(r"(\d+(?:\.\d+)?)([wdhms])", words)
    if not parts or "".join(n + u for n, u in parts) != words:
        why = Text("write it like 7d, 12h or 30m.", "آن را مانند 7d یا 12h یا 30m بنویسید.")
        raise BadParameter(parameter="duration", value=text, why=why)
    try:
        found = sum((timedelta(**{_UNITS[unit]: float(number)}) for number, unit in parts), timedelta(0))
    except OverflowError:
        found = timedelta.max
    if found > LONGEST:
        why = Text("no history is longer than 200 years.", "هیچ سابقه‌ای بلندتر از ۲۰۰ سال نیست.")
        raise BadParameter(parameter="duration", value=text, why=why)
    return found


def _duration(name: str, text: str) -> timedelta:
    try:
        return duration(text)
    except BadParameter as wrong:
        raise BadParameter(**{**wrong.facts, "parameter": name}) from wrong


def listed(text: str) -> list[str]:
    """Split at commas that are not inside brackets, parentheses or double quotes."""
    parts, depth, quoted = [""], 0, False
    for letter in text:
        quoted ^= letter == '"'
        depth += 0 if quoted else (letter in "([") - (letter in ")]")
        if letter == "," and depth <= 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def in_words(length: timedelta) -> str:
    """Write a duration the way `duration` reads it."""
    seconds, out = int(length.total_seconds()), ""
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        out += f"{count}{unit}" if count else ""
    return out or "0s"


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return in_words(value)
    return msgspec.json.decode(msgspec.json.encode(value))


def _read(parameter: Parameter, value: Any) -> Any:
    many = parameter.kind in {"texts", "choices", "numbers"}
    if many and isinstance(value, str):
        value = listed(value)
    if parameter.kind == "duration" and isinstance(value, str):
        return _duration(parameter.name, value)
    if parameter.kind == "date" and isinstance(value, str):
        return parse_date(value) if value.strip() else None
    if isinstance(value, list | tuple) and not many:
        value = value[-1] if value else None
    return value


def _parameter(field: msgspec.structs.FieldInfo, hint: Any) -> Parameter:
    said: dict[str, Any] = {}
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        for note in notes:
            if isinstance(note, msgspec.Meta) and note.extra:
                said = note.extra.get("param", {})
    kind, names = _kind(hint)
    labels = said.get("choices", {})
    default = None if field.default is msgspec.NODEFAULT else field.default
    return Parameter(
        name=field.name,
        label=said.get("label", Text(field.name, field.name)),
        help=said.get("help", Text("", "")),
        kind=kind,
        default=_plain(default),
        required=field.required,
        choices=tuple((name, labels.get(name, Text(name, name))) for name in names),
        unit=said.get("unit", ""),
        of=said.get("of", ""),
        advanced=said.get("advanced", False),
    )


def _kind(hint: Any) -> tuple[str, tuple[str, ...]]:
    args = [a for a in get_args(hint) if a is not type(None)]
    if get_origin(hint) is Literal:
        return "choice", tuple(args)
    if get_origin(hint) is tuple:
        inner, names = _kind(args[0])
        return ("choices" if inner == "choice" else "texts" if inner == "text" else "numbers"), names
    if args:  # Optional[X]
        return _kind(args[0])
    kinds = {str: "text", bool: "flag", int: "count", float: "number", date: "date", timedelta: "duration"}
    return kinds.get(hint, "text"), ()


def _field_of(message: str) -> str:
    found = re.search(r"`\$\.(\w+)|missing required field `(\w+)`", message)
    return (found.group(1) or found.group(2)) if found else ""
