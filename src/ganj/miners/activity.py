"""Activity: rows of one activity, and beside each what else its customer did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

import msgspec
import numpy as np
import pyarrow as pa

from ganj import breakdown
from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.filters import BadFilter, reading, selector
from ganj.histories import Array, Histories
from ganj.kernels.relations import AFTER, BEFORE, BETWEEN, EVER, related, sums
from ganj.miner import Asked, Miner, Reads, Report, Scores, column
from ganj.parameters import param
from ganj.sequences import naming
from ganj.text import Text
from ganj.views.activity import Appended, charts, put, value

RELATIONS = {"ever": EVER, "before": BEFORE, "after": AFTER, "in between": BETWEEN}
OF_ONE = ("time", "gap", "amount", "event")
OF_MANY = ("count", "amount", "mean")
SAMPLE = 50
"""Rows that a report shows."""
SHOWN = Text(
    "write it like: last Message Sent before: time, campaign · aggregate Order Completed after: count, amount.",
    "آن را مانند این‌ها بنویسید: \u2066last Message Sent before: time, campaign\u2069 · "
    "\u2066aggregate Order Completed after: count, amount\u2069.",
)
USUAL = ("aggregate Order Completed before: count",)
_APPEND = re.compile(
    r"(?P<which>first|last|aggregate)\s+(?P<event>.+?)\s+(?P<when>ever|before|after|in\s+between)"
    r"(?:\s*:\s*(?P<what>.+))?",
    re.IGNORECASE,
)


class Append(msgspec.Struct, frozen=True):
    """What is put beside each row: of which events, in which relation, and which of their values."""

    which: Literal["first", "last", "aggregate"]
    event: str
    when: str
    what: tuple[str, ...]

    def __str__(self) -> str:
        """Write it the way it is read, without its values."""
        return f"{self.which} {self.event} {self.when}"

    @property
    def words(self) -> Text:
        """What people read for it."""
        return put(self.which, self.event, self.when)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its columns."""
        return tuple(f"{self}: {what}" for what in self.what)


@lru_cache(maxsize=256)
def appends(texts: tuple[str, ...]) -> tuple[Append, ...]:
    """Read what is put beside; a text that names no relation adds a value to the one before it.

    What is named twice is put beside once, with the values of both.

    Raises
    ------
    BadParameter
        One cannot be read, or asks of many events what only one has.
    """
    told: list[str] = []
    for text in texts:
        if _APPEND.fullmatch(text.strip()) or not told:
            told.append(text.strip())
        else:
            told[-1] += ("," if ":" in told[-1] else ":") + text
    found: dict[str, Append] = {}
    for one in map(_append, told):
        before = found.get(str(one), one)
        found[str(one)] = msgspec.structs.replace(one, what=tuple(dict.fromkeys((*before.what, *one.what))))
    return tuple(found.values())


def _append(text: str) -> Append:
    found = _APPEND.fullmatch(text)
    if found is None:
        raise BadParameter(parameter="append", value=text, why=SHOWN)
    which = found["which"].lower()
    default = "count" if which == "aggregate" else "time"
    what = tuple(part.strip() for part in (found["what"] or default).split(",") if part.strip())
    if which == "aggregate" and set(what) - set(OF_MANY):
        why = Text(
            "of many events there are count, amount and mean.",
            "از چند رویداد تنها count و amount و mean هست.",
        )
        raise BadParameter(parameter="append", value=text, why=why)
    try:
        event = str(selector(found["event"]))
    except BadFilter as wrong:
        raise BadParameter(parameter="append", value=text, why=wrong.facts["why"]) from wrong
    return Append(which, event, " ".join(found["when"].lower().split()), what)  # type: ignore[arg-type] # matched


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """What was found.

    Attributes
    ----------
    rows, customers : rows of the cohort, and customers who have one
    found : float64[appends, 8]: events there are, rows with a match, customers with one, matches, µs between and
        rows that have it, money and rows that have it
    sample : the rows of the first customers
    """

    rows: int
    customers: int
    found: Array
    sample: pa.Table

    def __add__(self, other: Beside) -> Beside:
        both = pa.concat_tables([self.sample, other.sample], promote_options="permissive")
        first = both.sort_by([("customer", "ascending"), ("row", "ascending")]).slice(0, SAMPLE)
        return Beside(
            self.rows + other.rows, self.customers + other.customers, self.found + other.found, first
        )


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The events of one append: ``others`` int64[m] positions, of row k ``others[lo[k]:hi[k]]``."""

    others: Array
    lo: Array
    hi: Array

    @property
    def some(self) -> Array:
        """bool[rows]: whether there is a match."""
        found: Array = self.hi > self.lo
        return found

    def one(self, which: str) -> Array:
        """int64[rows]: position of the first or last match; 0 where there is none."""
        at = self.lo if which == "first" else self.hi - 1
        if not len(self.others):
            return np.zeros(len(self.lo), np.int64)
        found: Array = self.others[np.clip(at, 0, len(self.others) - 1)]
        return np.where(self.some, found, 0)


class Activity(Miner[Beside, Beside], frozen=True, kw_only=True):
    """Take the events of one activity as rows, and put beside each values of other events of the same customer.

    Rows are all events of ``cohort``, or each customer's first or last, between ``since`` and ``until``.  An append is the
    first, the last or the aggregate of some events *ever*, *before* the row, *after* it, or *in between* it and the
    customer's next row; earlier and later are strict.  Appending never drops or doubles a row.

    The rows are no state: ``mined.rows()`` is an Arrow table of all of them and ``mined.parts()`` streams them, part by
    part; the report counts and shows the first fifty.

    Notes
    -----
    State: eight sums an append and fifty rows; independent of the number of customers.  One pass for each append,
    O(events + rows).
    Source: Activity Schema, specification 2.0 (relationships).
    """

    title = Text("Activity query", "پرس‌وجوی فعالیت")
    question = Text(
        "What did customers do before, after and in between?", "مشتریان پیش، پس و در میان چه کردند؟"
    )
    scored = (
        column("activity_rows", "Rows", "سطرها", "count"),
        column("found", "Found beside", "یافته‌های کنار سطر", "list"),
    )
    rows_as = ("csv", "arrow")
    example: ClassVar[dict[str, Any]] = {
        "cohort": ORDER,
        "append": ("last Product Viewed before: time, gap", "aggregate Order Completed after: count, amount"),
    }

    cohort: Annotated[str, param("Rows are", "هر سطر یک", of="event")] = ORDER
    which: Annotated[
        Literal["all", "first", "last"],
        param(
            "Of each customer",
            "از هر مشتری",
            choices={
                "all": Text("Every one", "همه"),
                "first": Text("The first", "نخستین"),
                "last": Text("The last", "آخرین"),
            },
        ),
    ] = "all"
    own: Annotated[
        tuple[str, ...],
        param(
            "Values of the row itself",
            "مقدارهای خود سطر",
            of="column",
            help=Text("amount, channel, a property.", "amount، channel یا یک ویژگی."),
        ),
    ] = ("amount",)
    append: Annotated[
        tuple[str, ...], param("Put beside", "آنچه کنار هر سطر می‌آید", help=SHOWN, max_length=30)
    ] = USUAL

    def __post_init__(self) -> None:
        """Refuse what cannot be read."""
        appends(self.append)

    def reads(self) -> Reads:
        told = appends(self.append)
        wanted = {what for one in told if one.which != "aggregate" for what in one.what} | set(self.own)
        names = tuple(sorted(wanted - set(OF_ONE)))
        base = Reads(columns=("time", "event", "amount"))
        return naming(reading(base, (self.cohort, *(one.event for one in told))), names)

    def asks(self) -> tuple[Asked, ...]:
        told = appends(self.append) if self.append != USUAL else ()
        values = [what for one in told if one.which != "aggregate" for what in one.what]
        events = [Asked(one.event, ("event",)) for one in told]
        return (*events, *(Asked(what, ("item",), OF_ONE) for what in (*values, *self.own)))

    def window(self) -> tuple[int | None, int | None]:
        return None, self.instant(self.until)  # what was before may lie before `since`

    def scan(self, histories: Histories) -> Beside:
        at = self._rows(histories)
        owner = histories.owner[at]
        told = [self._match(histories, at, one) for one in appends(self.append)]
        found = np.array([_summed(histories, at, owner, one, match) for one, match in told]).reshape(
            len(told), 8
        )
        first = histories.part(0, int(owner[:SAMPLE].max(initial=-1)) + 1)
        return Beside(len(at), len(np.unique(owner)), found, self._laid_out(first).slice(0, SAMPLE))

    def report(self, model: Beside) -> Report:
        view = Appended(
            cohort=self.cohort,
            names={str(one): one.words for one in appends(self.append)},
            events=tuple(one.event for one in appends(self.append)),
            labels={
                name: value(what, one.words)
                for one in appends(self.append)
                for name, what in zip(one.names, one.what, strict=True)
            },
            rows=model.rows,
            customers=model.customers,
            found=model.found,
            sample=model.sample,
        )
        return Report(
            {"appends": view.appends_table(), "rows": view.sample_table()}, charts(), tuple(view.findings())
        )

    def score(self, histories: Histories, model: Beside) -> Scores:
        del model
        at, size = self._rows(histories), len(histories)
        owner = histories.owner[at]
        has = [(str(one), np.unique(owner[match.some])) for one, match in self._matches(histories, at)]
        names: list[list[str]] = [[] for _ in range(size)]
        for name, customers in sorted(has, key=lambda one: one[0]):
            for customer in customers:
                names[int(customer)].append(name)
        found = pa.array([sorted(set(one)) for one in names], pa.list_(pa.string()))
        return Scores(
            histories.customer, {"activity_rows": np.bincount(owner, minlength=size), "found": found}
        )

    def rows(self, histories: Histories, model: Beside) -> pa.Table:
        """Lay out every row: customer, row (1 …), time, its own values, then what is put beside."""
        del model
        return self._laid_out(histories)

    # ---- inside

    def _rows(self, histories: Histories) -> Array:
        """int64[rows]: positions of the events that are rows."""
        fits = selector(self.cohort).events(histories)
        since = self.instant(self.since)
        at = np.flatnonzero(fits)
        if self.which != "all":
            owner = histories.owner[at]
            edge = np.ones(len(at), bool)
            same = owner[1:] == owner[:-1]
            edge[(slice(1, None) if self.which == "first" else slice(None, -1))] = ~same
            at = at[edge]
        return at if since is None else at[histories.time[at] >= since]

    def _match(self, histories: Histories, at: Array, one: Append) -> tuple[Append, Matched]:
        others = np.flatnonzero(selector(one.event).events(histories))
        lo, hi = related(histories.offsets, histories.time, at, others, RELATIONS[one.when])
        return one, Matched(others, lo, hi)

    def _matches(self, histories: Histories, at: Array) -> Iterable[tuple[Append, Matched]]:
        return (self._match(histories, at, one) for one in appends(self.append))

    def _laid_out(self, histories: Histories) -> pa.Table:
        at = self._rows(histories)
        owner = histories.owner[at]
        before = np.searchsorted(owner, owner, side="left")
        columns: dict[str, pa.Array] = {
            "customer": pa.array(histories.customer[owner], pa.int32()),
            "row": pa.array(np.arange(1, len(at) + 1) - before, pa.int64()),
            "time": pa.array(histories.time[at], pa.timestamp("us", "UTC")),
        }
        every = np.ones(len(at), bool)
        columns |= {name: _value(histories, at, at, every, name) for name in self.own}
        for one, match in self._matches(histories, at):
            columns |= dict(zip(one.names, _columns(histories, at, one, match), strict=True))
        return pa.table(columns)


def _columns(histories: Histories, at: Array, one: Append, match: Matched) -> Sequence[pa.Array]:
    if one.which != "aggregate":
        place = match.one(one.which)
        return [_value(histories, place, at, match.some, what) for what in one.what]
    total, size = _money(histories, one, match)
    told = {
        "count": pa.array(match.hi - match.lo, pa.int64()),
        "amount": pa.array(total, pa.float64()),
        "mean": pa.array(total / np.maximum(size, 1), pa.float64(), mask=size == 0),
    }
    return [told[what] for what in one.what]


def _money(histories: Histories, one: Append, match: Matched) -> tuple[Array, Array]:
    found: tuple[Array, Array] = sums(histories.amount[match.others], match.lo, match.hi, RELATIONS[one.when])
    return found


def _value(histories: Histories, place: Array, at: Array, some: Array, what: str) -> pa.Array:
    """Return a value of some events, null where there is no event or no value."""
    if not len(at):
        kinds = {"time": pa.timestamp("us", "UTC"), "gap": pa.duration("us"), "amount": pa.float64()}
        return pa.array([], kinds.get(what, pa.string()))
    if what == "time":
        return pa.array(histories.time[place], pa.timestamp("us", "UTC"), mask=~some)
    if what == "gap":
        return pa.array(np.abs(histories.time[place] - histories.time[at]), pa.duration("us"), mask=~some)
    if what == "amount":
        money = histories.amount[place]
        return pa.array(money, pa.float64(), mask=~some | np.isnan(money))
    if what == "event":
        codes, labels = histories.event, tuple(histories.names.get("event", ()))
    else:
        told = breakdown.of_events(histories, what)
        codes, labels = (np.full(len(histories.time), -1), ()) if told is None else (told.codes, told.labels)
    chosen = codes[place]
    return pa.array(labels, pa.string()).take(pa.array(chosen, mask=~some | (chosen < 0)))


def _summed(histories: Histories, at: Array, owner: Array, one: Append, match: Matched) -> list[float]:
    """Return the sums of one append, see `Beside`."""
    some = match.some
    place = match.one("last" if one.which == "last" else "first")
    gap = np.abs(histories.time[place] - histories.time[at])[some] if len(at) else np.zeros(0)
    if one.which == "aggregate":
        total, size = _money(histories, one, match)
        money, with_money, gap = total[size > 0].sum(), (size > 0).sum(), gap[:0]
    else:
        worth = histories.amount[place][some] if len(at) else np.zeros(0)
        money, with_money = np.nansum(worth), (~np.isnan(worth)).sum()
    matches = (match.hi - match.lo).sum()
    return [
        len(match.others),
        some.sum(),
        len(np.unique(owner[some])),
        matches,
        gap.sum(),
        len(gap),
        money,
        with_money,
    ]
