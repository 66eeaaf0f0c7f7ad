"""What a condition says, and how it is read from words."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, get_args

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ganj.breakdown import PRODUCT, parted
from ganj.errors import GanjError
from ganj.parameters import listed
from ganj.persian import ascii_digits
from ganj.text import Text

Op = Literal[
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "not in",
    "contains",
    "not contains",
    "starts with",
    "ends with",
    "matches",
    "not matches",
    "is set",
    "is not set",
]
Side = Literal["", "customer", "event"]

NUMBERS: tuple[Op, ...] = ("<", "<=", ">", ">=")
LISTS: tuple[Op, ...] = ("in", "not in")
ALONE: tuple[Op, ...] = ("is set", "is not set")
OF_NUMBERS: tuple[Op, ...] = ("=", "!=", *NUMBERS, *LISTS, *ALONE)
OPPOSITE: dict[Op, Op] = {
    "!=": "=",
    "not in": "in",
    "not contains": "contains",
    "not matches": "matches",
    "is not set": "is set",
}
"""Denials and what they deny; where a value is missing, the denial is true."""

CODED = ("channel", "source", "event")
COLUMNS = (*CODED, "amount", PRODUCT)
"""Names that every event has; they are no properties."""

_WORDS = sorted((op for op in get_args(Op) if op[0].isalpha()), key=len, reverse=True)
_WORD = "|".join(op.replace(" ", r"\s+") + (r"(?=\s*\()" if op in LISTS else r"(?=\s|$)") for op in _WORDS)
_OPERATOR = re.compile(rf"(?P<sign>!=|<=|>=|==|=|<|>)|(?<=[\s\"])(?P<word>{_WORD})", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"]*)"')


class BadFilter(GanjError):
    """A condition or selector that cannot be read. Facts: ``words``, ``why`` (`Text`)."""

    status = 422
    says = Text("The condition {words!r} cannot be used: {why.en}", "شرط «{words}» به کار نمی‌آید: {why.fa}")
    hint = Text(
        "Write it like: city = Tehran · amount > 100 · device in (app, site) · utm_source is set · "
        "path contains /blog · any(city = Qom, city = Rey)",
        "آن را مانند این‌ها بنویسید: city = تهران · amount > 100 · device in (app, site) · utm_source is set · "
        "path contains /blog · any(city = Qom, city = Rey)",
    )


class Needs(NamedTuple):
    """What must be read for a condition to be told true or false."""

    properties: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    lines: bool = False
    products: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()


class Condition(msgspec.Struct, frozen=True):
    """One condition.

    Attributes
    ----------
    name : what it is about
    op : how it is compared
    values : with what, as written; none for ``is set``, several for ``in``
    side : whether the name is a customer's trait or an event's property; empty: whichever there is
    """

    name: str
    op: Op
    values: tuple[str, ...] = ()
    side: Side = ""

    @property
    def about_column(self) -> bool:
        """Whether it speaks of what every event has."""
        return self.side != "customer" and self.name in COLUMNS

    @property
    def about_product(self) -> bool:
        """Whether it speaks of products, or of a trait of theirs such as ``product.category``."""
        return self.side != "customer" and parted(self.name)[0] == PRODUCT

    def needs(self) -> Needs:
        """Say what must be read."""
        if self.about_product:
            _, name = parted(self.name)
            return Needs(columns=(PRODUCT,), lines=True, products=(name,) if name else ())
        if self.about_column:
            return Needs(columns=(self.name,))
        names = (self.name,)
        return Needs(
            properties=() if self.side == "customer" else names, traits=() if self.side == "event" else names
        )

    def number(self) -> float:
        """Return the number it compares with."""
        return as_number(self.values[0], str(self))

    def __str__(self) -> str:
        """Write it the way it is read."""
        name = _told(f"{self.side}.{self.name}" if self.side else self.name)
        if self.op in ALONE:
            return f"{name} {self.op}"
        told = ", ".join(_told(value) for value in self.values)
        return f"{name} {self.op} ({told})" if self.op in LISTS else f"{name} {self.op} {told}"


def condition(words: str) -> Condition:
    """Read a condition.

    Raises
    ------
    BadFilter
        It has no operator, no name, no value, or a value its operator cannot take.
    """
    start = quoted.end() if (quoted := _QUOTED.match(words.strip())) else 0
    text = words.strip()
    found = _OPERATOR.search(text, start)
    if found is None:
        why = Text("there is no comparison in it.", "سنجشی در آن نیست.")
        raise BadFilter(words=words, why=why)
    side, name = _name(text[: found.start()])
    op = _op(found.group())
    made = Condition(name, op, _values(op, text[found.end() :].strip()), side)
    _check(made, words)
    return made


def as_number(text: str, words: str) -> float:
    """Read a number with digits of either alphabet.

    Raises
    ------
    BadFilter
        It is none.
    """
    plain = ascii_digits(text).replace(",", "").replace("٬", "").replace("٫", ".").strip()
    try:
        found = float(plain)
    except ValueError:
        found = float("nan")
    if found != found:  # noqa: PLR0124 - nan is not itself
        why = Text(f"{text!r} is not a number.", f"«{text}» عدد نیست.")
        raise BadFilter(words=words, why=why)
    return found


def _name(text: str) -> tuple[Side, str]:
    text = text.strip()
    if quoted := _QUOTED.fullmatch(text):
        text = quoted.group(1)
    for side in ("customer", "event"):
        if text.startswith(f"{side}."):
            return side, text.removeprefix(f"{side}.")
    return "", text


def _op(text: str) -> Op:
    plain = " ".join(text.lower().split())
    return next(op for op in get_args(Op) if op == ("=" if plain == "==" else plain))


def _values(op: Op, text: str) -> tuple[str, ...]:
    if op in ALONE:
        return (text,) if text else ()
    if op in LISTS:
        text = text[1:-1] if text.startswith("(") and text.endswith(")") else ""
        return tuple(_unquoted(value) for value in listed(text))
    return (_unquoted(text),) if text else ()


def _unquoted(text: str) -> str:
    quoted = _QUOTED.fullmatch(text.strip())
    return quoted.group(1) if quoted else text.strip()


def _told(text: str) -> str:
    plain = text and not re.search(
        r'[,()\[\]<>=!"]|^\s|\s$|\s(in|is|not|contains|matches|starts|ends)\s', text
    )
    return text if plain else f'"{text}"'


def _check(made: Condition, words: str) -> None:
    why = _wrong(made)
    if why is not None:
        raise BadFilter(words=words, why=why)
    for value in made.values:
        if made.op in NUMBERS or (made.about_column and made.name == "amount"):
            as_number(value, words)
        if made.op in {"matches", "not matches"}:
            _compile(value, words)


def _wrong(made: Condition) -> Text | None:
    if not made.name:
        return Text("it does not say what is compared.", "نگفته است چه چیزی سنجیده شود.")
    if made.op in ALONE and made.values:
        return Text("nothing may follow “is set”.", "پس از is set چیزی نمی‌آید.")
    if made.op not in ALONE and not made.values:
        return Text("it does not say with what to compare.", "نگفته است با چه چیزی سنجیده شود.")
    if made.about_column and made.name == "amount" and made.op not in OF_NUMBERS:
        return Text("an amount is a number, not a text.", "مبلغ عدد است، نه متن.")
    return None


def _compile(pattern: str, words: str) -> None:
    """Refuse what is no pattern; RE2 reads patterns in linear time, so none can take for ever."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern=pattern)
    except pa.ArrowInvalid as mistake:
        told = str(mistake)
        raise BadFilter(words=words, why=Text(f"{told}.", f"الگو خوانده نشد ({told}).")) from mistake
