"""What an analysis is.

**A miner is a fold over customer histories.**  ``scan`` reads one part of the customers into a small
state, ``merge`` joins the states of two parts, ``learn`` turns the whole state into a model once,
``report`` turns the model into what people see once, and ``score`` says something of each customer.
So an analysis runs on a thread, on all cores or on a cluster, and gives the same answer; and **a
miner is a value**: a frozen class whose fields are its parameters, so two equal miners are one cache
entry, one URL, one form, one command line.

A file in ``ganj/miners`` with one miner in it is a feature: nothing else is edited.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeVar

import msgspec
import numpy as np

from ganj.calendar import Calendar, midnight
from ganj.histories import Array, Histories
from ganj.parameters import Abstract, param
from ganj.text import Text

State = TypeVar("State")
Model = TypeVar("Model")

Op = Literal["=", "!=", "<", "<=", ">", ">=", "in", "has"]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table or a score.

    ``unit`` tells a face how to write its values: ``count customers orders money percent ratio days
    duration number date period text category flag list``.  ``percent`` values are already in percent.
    A ``period`` is an ordinal of `ganj.calendar.buckets`; ``period`` and ``calendar`` say of what.
    A ``category`` holds codes into ``choices`` (name for programs, words for people).
    """

    name: str
    label: Text
    unit: str = "number"
    choices: tuple[tuple[str, Text], ...] = ()
    period: str = ""
    calendar: str = ""
    help: Text = Text("", "")


def column(name: str, en: str, fa: str, unit: str = "number", **more: Any) -> Column:
    """Describe a column in one line."""
    return Column(name=name, label=Text(en, fa), unit=unit, **more)


class Where(msgspec.Struct, frozen=True):
    """A condition on one score of the analysis it comes from, or on a trait: ``rfm_segment = champions``."""

    column: str
    op: Op
    value: Any


Opens = tuple[Where, ...]
"""All of these conditions together: the customers behind a number."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table of a report.

    Attributes
    ----------
    columns : the columns, in the order they are read
    values : by column name, arrays or lists of one length
    opens : by column name, for each row the customers behind that cell (None where there are none)
    title : what the table says
    """

    columns: tuple[Column, ...]
    values: Mapping[str, Any]
    opens: Mapping[str, tuple[Opens | None, ...]] = field(default_factory=dict)
    title: Text = field(default_factory=lambda: Text("", ""))

    @classmethod
    def of(
        cls, title: Text, *columns: tuple[Column, Any] | tuple[Column, Any, Sequence[Opens | None]]
    ) -> Table:
        """Write a table column by column: each with its values and, where cells open, what they open."""
        values = {column.name: given for column, given, *_ in columns}
        opens = {column.name: tuple(more[0]) for column, _, *more in columns if more}
        return cls(tuple(column for column, *_ in columns), values, opens, title)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.values[self.columns[0].name]) if self.columns else 0


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of one table; `ganj.charts` draws it.

    ``kind`` is a file of ``ganj/charts``.  ``x`` is the category or horizontal column, ``y`` the
    figures, ``series`` a column that splits rows into series, ``color`` a column that colours.
    """

    kind: str
    table: str
    title: Text
    x: str = ""
    y: tuple[str, ...] = ()
    series: str = ""
    color: str = ""
    options: dict[str, Any] = {}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence a report says, with its numbers as evidence.

    ``text`` has places such as ``{share:percent}`` that `ganj.display` fills from ``evidence``.
    ``weight`` orders findings, most important first.
    """

    text: Text
    evidence: dict[str, Any] = {}
    opens: Opens | None = None
    tone: Literal["good", "bad", "warn", "plain"] = "plain"
    weight: float = 0.0


@dataclass(frozen=True, eq=False)
class Report:
    """What an analysis tells people: tables, pictures of them, and sentences."""

    tables: Mapping[str, Table]
    charts: tuple[Chart, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class Scores:
    """What an analysis says of each customer, one row each.

    Attributes
    ----------
    customer : int32[n], ascending
    values : by column name of ``Miner.scored``, [n]; a ``list`` column is a pyarrow ListArray
    """

    customer: Array
    values: Mapping[str, Any]


class Reads(msgspec.Struct, frozen=True, kw_only=True):
    """What an analysis reads; the store brings no more than this.

    ``events`` None means every event.  A property or trait the store has not got is left out, so a
    breakdown may ask for both of one name.  ``segments`` come as traits ``segment:NAME``, float64[customers],
    1 for members.  ``numbers`` are properties read as numbers, columns ``number:NAME``, float64[events], nan
    where an event has none.  ``products`` are traits of products, such as ``category``; they come as
    ``names["product.NAME"]``, by the product's code, empty where there is none.  ``nobody`` also brings the events without a known customer,
    as one history of customer `ganj.histories.NOBODY`.  ``lots`` brings what draws go by, for analyses that draw
    customers: `ganj.histories.Histories.lots`.
    """

    events: tuple[str, ...] | None = None
    columns: tuple[str, ...] = ("time", "event")
    lines: bool = False
    properties: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    nobody: bool = False
    lots: bool = False


class Asked(msgspec.Struct, frozen=True):
    """A name that a parameter holds inside words of its own, such as the event of an append.

    Attributes
    ----------
    name : as written; of an event it may be a selector
    of : what it may be, each a kind of `ganj.parameters.Parameter.of` or ``value:PROPERTY``
    besides : names it may be that no workspace needs to know
    """

    name: str
    of: tuple[str, ...]
    besides: tuple[str, ...] = ()


class Miner(msgspec.Struct, Generic[State, Model], metaclass=Abstract, frozen=True, kw_only=True):
    """Base of every analysis; see the module's text.

    Class variables say what people read and what is scored; fields are parameters.  The fields below
    are common to all: empty ones are filled from the workspace's settings before a run, so a miner
    that runs always says exactly what it computes.
    """

    title: ClassVar[Text]
    """Two or three words for a menu."""
    question: ClassVar[Text]
    """The page's title."""
    family: ClassVar[Literal["descriptive", "diagnostic", "predictive", "prescriptive"]] = "descriptive"
    scored: ClassVar[tuple[Column, ...]] = ()
    """Columns that ``score`` gives; they become traits of each customer."""
    rows_as: ClassVar[tuple[str, ...]] = ()
    """What files ``rows`` can be given as, of ``csv``, ``arrow`` and ``xes``; none where there are no rows."""
    at_home: ClassVar[int] = 0
    """Its place on the first page, from 1; 0 is on no first page."""
    of_one: ClassVar[bool] = False
    """Whether a customer's page shows its scores, though it is on no first page: what is foreseen of one person."""
    place: ClassVar[str] = ""
    """The page of its own that shows it best; empty where the page of every analysis does."""
    example: ClassVar[dict[str, Any]] = {}
    """Parameters that make sense on the demo's shop; used by docs, first visits and contract tests."""

    since: Annotated[date | None, param("From", "از تاریخ")] = None
    until: Annotated[
        date | None,
        param(
            "As of",
            "تا تاریخ",
            help=Text("Events before this day count.", "رویدادهای پیش از این روز شمرده می‌شوند."),
        ),
    ] = None
    segment: Annotated[str, param("Segment", "بخش", of="segment")] = ""
    where: Annotated[
        tuple[str, ...],
        param(
            "Only where",
            "تنها جایی که",
            of="condition",
            help=Text(
                "Conditions on events or customers, all true: channel = app, amount > 100. One of several is "
                "enough: any(city = Qom, city = Rey).",
                "شرط‌هایی بر رویداد یا مشتری که همه درست باشند: \u2066channel = app\u2069، \u2066amount > 100\u2069. "
                "یکی از چند شرط کافی است: \u2066any(city = قم\u200e, city = ری\u200e)\u2069.",
            ),
        ),
    ] = ()
    calendar: Annotated[
        Literal["", "gregorian", "jalali"],
        param(
            "Calendar",
            "تقویم",
            advanced=True,
            choices={
                "": Text("As in settings", "مطابق تنظیمات"),
                "gregorian": Text("Gregorian", "میلادی"),
                "jalali": Text("Jalali", "شمسی"),
            },
        ),
    ] = ""
    zone: Annotated[str, param("Time zone", "منطقهٔ زمانی", of="zone", advanced=True)] = ""
    week_start: Annotated[
        int,
        param(
            "First day of the week (0 Monday … 6 Sunday, -1 as in settings)",
            "روز آغاز هفته (۰ دوشنبه … ۶ یکشنبه، ۱- مطابق تنظیمات)",
            advanced=True,
            ge=-1,
            le=6,
        ),
    ] = -1

    def reads(self) -> Reads:
        """Say what the analysis reads."""
        return Reads()

    def asks(self) -> tuple[Asked, ...]:
        """Name what must be there, beside the parameters that say themselves what they name."""
        return ()

    def knowing(self, traits: Mapping[str, str]) -> Self:
        """Fill what was left open from the traits there are, kinds by name; the default fills nothing."""
        del traits
        return self

    def window(self) -> tuple[int | None, int | None]:
        """Return the µs between which events are read: ``since`` to ``until``, local midnights."""
        return self.instant(self.since), self.instant(self.until)

    @abstractmethod
    def scan(self, histories: Histories) -> State:
        """Read one part of the customers into a small state."""

    def merge(self, left: State, right: State) -> State:
        """Join what two parts found; the default adds."""
        total: State = left + right  # type: ignore[operator] # states that add have __add__
        return total

    def learn(self, state: State) -> Model:
        """Turn the whole state into a model, once; the default is the state itself."""
        return state  # type: ignore[return-value] # Model is State where learn is not written

    @abstractmethod
    def report(self, model: Model) -> Report:
        """Turn the model into what people see."""

    def score(self, histories: Histories, model: Model) -> Scores:
        """Say something of each customer of a part; the default says nothing."""
        del histories, model
        return Scores(np.zeros(0, np.int32), {})

    def rows(self, histories: Histories, model: Model) -> Any:
        """Lay out what there is to say of a part row by row: a pyarrow Table, or None where there is nothing.

        Where `score` says one row a customer, this may say any number; it is streamed part by part and never
        held whole, so it is no state.  Its first column is ``customer``, int32.
        """
        del histories, model

    def instant(self, day: date | None) -> int | None:
        """Return the µs UTC at which a day begins in the miner's zone."""
        return None if day is None else midnight(day, self.zone or "UTC")

    @property
    def bucketing(self) -> tuple[Calendar, str, int]:
        """Calendar, zone and first weekday, as `ganj.calendar.buckets` takes them."""
        return (
            self.calendar or "gregorian",
            self.zone or "UTC",
            max(self.week_start, 0),
        )
