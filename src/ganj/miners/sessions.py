"""Sessions: how do customers visit, where do they come in and go out, and do they buy?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.breakdown import of_customers, spread
from ganj.breakdown import pages as pages_of
from ganj.calendar import buckets
from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.filters import coded, divided, marks, reading
from ganj.histories import DAY, Array, Category, Histories
from ganj.kernels.pairs import distinct
from ganj.kernels.pairs import sums as by_key
from ganj.kernels.sessions import CLICKED, OPENED, SENT, answered, split
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.parameters import Duration, in_words, param
from ganj.sketches import Groups, Largest, Rows, Tally
from ganj.text import Text
from ganj.views.sessions import PERIODS, Visited, charts
from ganj.views.sessions_fold import BINS, folded

MICROSECOND = timedelta(microseconds=1)
FIRST = int(np.iinfo(np.int64).min)
BROWSING = (
    "Page Viewed",
    "Product Searched",
    "Product Viewed",
    "Product Added",
    "Product Removed",
    "Checkout Started",
)
MESSAGES = ("Message Sent", "Message Opened", "Message Clicked")
FIGURES = 6
"""Of a group of sessions: sessions, customers, bounced, pages, µs, sessions with a purchase."""


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """What is known of all sessions together.

    Attributes
    ----------
    total : float64[6], see `FIGURES`
    lengths : how long sessions took (µs)
    pages : how many pages they had
    periods : by period in which sessions begin: the six figures
    groups : by label: the six figures
    entries : by page: the six figures of the sessions that began there
    exits : by page: times seen, sessions that ended there, customers who did
    messages : by channel: sent, opened, clicked, and the customers of each
    """

    total: Array
    lengths: Rows
    pages: Rows
    periods: Tally
    groups: Groups
    entries: Largest
    exits: Largest
    messages: Groups

    def __add__(self, other: Visits) -> Visits:
        return Visits(
            self.total + other.total,
            self.lengths + other.lengths,
            self.pages + other.pages,
            self.periods + other.periods,
            self.groups + other.groups,
            self.entries + other.entries,
            self.exits + other.exits,
            self.messages + other.messages,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Sessions of a part.

    Attributes
    ----------
    owner : int64[sessions], position of the customer
    edges : int64[sessions, 4], see `ganj.kernels.sessions.split`
    counts : int64[sessions, 3]
    session : int64[events], -1 for events of none
    shown : bool[events], pages of sessions
    """

    owner: Array
    edges: Array
    counts: Array
    session: Array
    shown: Array

    @property
    def figures(self) -> Array:
        """float64[sessions, 6], customers not counted."""
        bounced = (self.counts[:, 0] == 1) & (self.counts[:, 2] == 0)
        ones = np.ones(len(self.owner))
        length = self.edges[:, 1] - self.edges[:, 0]
        return np.column_stack((ones, 0 * ones, bounced, self.counts[:, 1], length, self.counts[:, 2] > 0))

    def by(self, key: Array, labels: tuple[str, ...]) -> dict[str, Array]:
        """Add the figures up by label, float64[6] each: ``key`` int64[sessions], -1 for sessions in no group."""
        keep = key >= 0
        sums = by_key(key[keep], self.figures[keep], len(labels))
        pairs = distinct(key[keep], self.owner[keep])
        sums[:, 1] = np.bincount(pairs[:, 0], minlength=len(labels))
        return {label: row for label, row in zip(labels, sums, strict=True) if row[0]}


class Sessions(Miner[Visits, Visits], frozen=True, kw_only=True):
    """Count visits: how many, how long, where they begin and end, how many bounce and how many bring an order.

    A session is a run of ``events`` of one customer in which less than ``gap`` passes between one and the next.
    It lasts from its first to its last event; it *bounced* if it has a single event and no purchase; it
    *converted* if a purchase falls into it, or less than ``gap`` after its end.  A session belongs to the
    period in which it begins.  Its group is the customer's trait ``by``, or the first value that the property
    ``by`` has in it.

    A message is opened, or clicked, if the customer does so at most ``answer`` after it was sent and before the
    next one by the same channel; a click is an opening too.

    Notes
    -----
    State: a few sums by period, group, page and channel, and two distributions of at most 16,384 values;
    independent of the number of customers.  At most 16,384 pages are told apart, see
    `ganj.sketches.Largest`; up to as many all is exact.  One pass, O(events).
    """

    title = Text("Sessions", "نشست‌ها")
    question = Text("How do customers visit, and do they buy?", "مشتریان چگونه بازدید می‌کنند و آیا می‌خرند؟")
    scored = (
        column("sessions", "Sessions", "نشست‌ها", "count"),
        column("bounced_sessions", "Bounced sessions", "نشست‌های پریده", "count"),
        column("converted_sessions", "Sessions with a purchase", "نشست‌های با خرید", "count"),
        column("pages_seen", "Pages seen", "صفحه‌های دیده", "count"),
        column("time_spent", "Time spent", "زمان صرف‌شده", "duration"),
        column("visited_in", "Visited in", "بازدید در", "list"),
        column("session_groups", "Groups of sessions", "گروه‌های نشست", "list"),
        column("entered_at", "Came in at", "صفحه‌های ورود", "list"),
        column("left_at", "Went out at", "صفحه‌های خروج", "list"),
        column("messaged_by", "Messages sent by", "پیام فرستاده با", "list"),
        column("clicked_by", "Messages clicked by", "پیام کلیک‌شده با", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"gap": "30m", "period": "month", "by": "device"}

    events: Annotated[
        tuple[str, ...],
        param("What a visit is made of", "رویدادهای نشست", of="event", min_length=1, max_length=40),
    ] = BROWSING
    gap: Annotated[Duration, param("A new session after a pause of", "نشست تازه پس از وقفهٔ")] = Duration(
        minutes=30
    )
    views: Annotated[
        tuple[str, ...],
        param("Pages", "رویدادهای نمایش صفحه", of="event", min_length=1, max_length=20, advanced=True),
    ] = ("Page Viewed", "Product Viewed")
    page: Annotated[
        str, param("Property that names the page", "ویژگیِ نشانی صفحه", of="item", advanced=True)
    ] = "path"
    purchases: Annotated[
        tuple[str, ...], param("Purchases", "رویدادهای خرید", of="event", max_length=20, advanced=True)
    ] = (ORDER,)
    period: Annotated[
        Literal["day", "week", "month", "quarter"], param("Period", "دوره", choices=PERIODS)
    ] = "month"
    by: Annotated[str, param("Break down by", "تفکیک بر پایهٔ", of="part")] = ""
    answer: Annotated[Duration, param("A message is answered within", "مهلت پاسخ به پیام", advanced=True)] = (
        Duration(days=7)
    )
    top: Annotated[int, param("Pages shown", "شمار صفحه‌ها", ge=1, le=1000, advanced=True)] = 50

    def __post_init__(self) -> None:
        """Refuse lengths of time that nothing fits in."""
        for name in ("gap", "answer"):
            if getattr(self, name) <= timedelta(0):
                why = Text("it must be longer than nothing.", "باید بیشتر از صفر باشد.")
                raise BadParameter(parameter=name, value=in_words(getattr(self, name)), why=why)

    def reads(self) -> Reads:
        read = reading(Reads(), (*self.events, *self.views, *self.purchases, *MESSAGES))
        return divided(divided(read, "channel", self.by), self.page, traits=False)

    def window(self) -> tuple[int | None, int | None]:
        since = self.instant(self.since)  # a visit of last night that goes on after midnight began last night
        return None if since is None else since - DAY, self.instant(self.until)

    def scan(self, histories: Histories) -> Visits:
        roles = coded(histories, (self.events, self.views, self.purchases))
        since = self.instant(self.since) if self.since else None
        periods, gap = (self.period, *self.bucketing), self.gap // MICROSECOND
        given = periods, FIRST if since is None else since, gap
        sums = None if self.by else folded(histories, roles, self.page, *given)
        sums = self._slowly(histories) if sums is None else {"groups": Groups(), **sums}
        return Visits(messages=Groups(self._messages(histories)), **sums)

    def _slowly(self, histories: Histories) -> dict[str, Any]:
        """Return the sums where sessions are in groups."""
        found = self._found(histories)
        figures = found.figures
        pages = pages_of(histories, self.page)
        key, labels = self._group(histories, found)
        period = buckets(found.edges[:, 0], self.period, *self.bucketing)
        total = figures.sum(axis=0)
        total[1] = len(np.unique(found.owner))
        return {
            "total": total,
            "lengths": Rows.of(figures[:, 4:5], BINS),
            "pages": Rows.of(figures[:, 3:4], BINS),
            "periods": _tally(found, period),
            "groups": Groups(found.by(key, labels) if self.by else {}),
            "entries": Largest.of(found.by(_page_of(pages, found.edges[:, 2]), pages.labels)),
            "exits": Largest.of(_exits(found, pages)),
        }

    def report(self, model: Visits) -> Report:
        view = Visited(self.period, self.bucketing[0], self.top, model)
        tables = {"figures": view.figures(), "periods": view.periods()}
        if model.groups.values:
            tables["groups"] = view.groups()
        tables |= {"entries": view.entries(), "exits": view.exits()}
        if model.messages.values:
            tables["messages"] = view.messages()
        return Report(tables, charts(tables), tuple(view.findings()))

    def score(self, histories: Histories, model: Visits) -> Scores:
        del model  # how one customer visits does not depend on others
        found, size = self._found(histories), len(histories)
        pages, figures = pages_of(histories, self.page), found.figures
        key, labels = self._group(histories, found)
        sums = by_key(found.owner, figures, size)
        period = buckets(found.edges[:, 0], self.period, *self.bucketing)
        at, channels, outcome = self._answers(histories)
        sender, way = histories.owner[at], (channels.codes[at] + 1).astype(np.int64)
        names = ("", *channels.labels)
        clicked = outcome == CLICKED
        values = {
            "sessions": sums[:, 0].astype(np.int64),
            "bounced_sessions": sums[:, 2].astype(np.int64),
            "converted_sessions": sums[:, 5].astype(np.int64),
            "pages_seen": sums[:, 3].astype(np.int64),
            "time_spent": sums[:, 4].astype(np.int64),
            "visited_in": _lists(found.owner, period, size),
            "session_groups": _worded(found.owner, key, labels, size),
            "entered_at": _worded(found.owner, _page_of(pages, found.edges[:, 2]), pages.labels, size),
            "left_at": _worded(found.owner, _page_of(pages, found.edges[:, 3]), pages.labels, size),
            "messaged_by": _worded(sender, way, names, size),
            "clicked_by": _worded(sender[clicked], way[clicked], names, size),
        }
        return Scores(histories.customer, values)

    def _found(self, histories: Histories) -> Found:
        fits, page, bought = (
            marks(histories, names) > 0 for names in (self.events, self.views, self.purchases)
        )
        gap = self.gap // MICROSECOND
        session, owner, edges, counts = split(histories.offsets, histories.time, fits, page, bought, gap)
        keep = edges[:, 0] >= (self.instant(self.since) if self.since else np.iinfo(np.int64).min)
        number = np.append(np.where(keep, np.cumsum(keep) - 1, -1), -1)
        session = number[session]
        return Found(owner[keep], edges[keep], counts[keep], session, page & (session >= 0))

    def _group(self, histories: Histories, found: Found) -> tuple[Array, tuple[str, ...]]:
        """Return the group of each session, and the groups' labels; the first is of those that have none."""
        trait = of_customers(histories, self.by) if self.by else None
        if trait is not None and trait.labels:
            return trait.codes[found.owner].astype(np.int64) + 1, ("", *trait.labels)
        key = np.zeros(len(found.owner), np.int64)
        if not self.by:
            return key, ("",)
        told = spread(histories, self.by, np.flatnonzero(found.session >= 0))
        at = np.flatnonzero(told.codes >= 0)[::-1]
        key[found.session[told.event[at]]] = told.codes[at] + 1  # written backwards, the first value stays
        return key, ("", *told.labels)

    def _answers(self, histories: Histories) -> tuple[Array, Category, Array]:
        """Return the places of messages sent, the channels of all events, and what became of each message."""
        role = np.zeros(len(histories.names.get("event", ())) + 1, np.int8)
        for kind, code in zip((SENT, OPENED, CLICKED), histories.codes(MESSAGES), strict=True):
            if code >= 0:
                role[code] = kind
        kinds = role[histories.event]
        channel = histories.columns.get("channel", np.full(len(kinds), -1, np.int32))
        outcome = answered(histories.offsets, histories.time, kinds, channel, self.answer // MICROSECOND)
        since = self.instant(self.since) if self.since else np.iinfo(np.int64).min
        at = np.flatnonzero((kinds == SENT) & (histories.time >= since))
        return at, Category(channel, tuple(histories.names.get("channel", ()))), outcome[at]

    def _messages(self, histories: Histories) -> dict[str, Array]:
        if histories.codes(MESSAGES).max() < 0:
            return {}
        at, channels, outcome = self._answers(histories)
        labels, key, owner = ("", *channels.labels), channels.codes[at] + 1, histories.owner[at]
        sums = np.zeros((len(labels), 6))
        for n, hit in enumerate((outcome >= 0, outcome >= OPENED, outcome == CLICKED)):
            sums[:, n] = np.bincount(key[hit], minlength=len(labels))
            pairs = distinct(key[hit], owner[hit])
            sums[:, 3 + n] = np.bincount(pairs[:, 0], minlength=len(labels))
        return {label: row for label, row in zip(labels, sums, strict=True) if row[0]}


def _page_of(pages: Category, event: Array) -> Array:
    """Return the page of some events, int64; -1 where there is no event."""
    codes = np.append(pages.codes, -1)
    found: Array = np.where(event >= 0, codes[event], -1)
    return found


def _exits(found: Found, pages: Category) -> dict[str, Array]:
    """Return by page: times seen by sessions, sessions that ended there, customers of those."""
    size = len(pages.labels)
    last = _page_of(pages, found.edges[:, 3])
    seen = np.bincount(pages.codes[found.shown], minlength=size)
    ended = last >= 0
    pairs = distinct(last[ended], found.owner[ended])
    sums = np.column_stack(
        (seen, np.bincount(last[ended], minlength=size), np.bincount(pairs[:, 0], minlength=size))
    )
    return {label: row for label, row in zip(pages.labels, sums, strict=True) if row[0] or row[1]}


def _tally(found: Found, period: Array) -> Tally:
    """Add the figures up by period; a customer counts once in each."""
    figures = found.figures
    fresh = np.ones(len(period), bool)  # sessions of a customer are in order of time
    fresh[1:] = (found.owner[1:] != found.owner[:-1]) | (period[1:] != period[:-1])
    figures[:, 1] = fresh
    first = int(period.min()) if len(period) else 0
    size = int(period.max()) - first + 1 if len(period) else 0
    rows = by_key(period - first, figures, size)
    there = np.flatnonzero(rows[:, 0])
    return Tally(first + there[:, None], rows[there])


def _lists(owner: Array, values: Array, size: int) -> pa.ListArray:
    """Gather distinct values into a list for each customer, ascending."""
    pairs = distinct(owner, values)
    ends = np.concatenate(([0], np.cumsum(np.bincount(pairs[:, 0], minlength=size))))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(pairs[:, 1], pa.int64()))


def _worded(owner: Array, key: Array, labels: tuple[str, ...], size: int) -> pa.ListArray:
    """Gather distinct labels into a list for each customer; key -1 is no label."""
    coded = _lists(owner[key >= 0], key[key >= 0], size)
    return pa.ListArray.from_arrays(coded.offsets, pa.array(labels, pa.string()).take(coded.values))
