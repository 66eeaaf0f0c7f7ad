"""The sessions' tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from ganj.calendar import period_words
from ganj.events import STANDARD, value_words, words
from ganj.histories import Array
from ganj.kernels.intervals import newcombe, wilson
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.sketches import Groups, Largest, Rows, Tally
from ganj.text import Text

PERIODS = period_words("day", "week", "month", "quarter")
UNKNOWN = Text("unknown", "نامشخص")
FEW = 100
"""Shares of fewer sessions are not spoken of."""


class Visits(Protocol):
    """Sums over sessions, see `ganj.miners.sessions.Visits`."""

    @property
    def total(self) -> Array:
        """float64[6]: sessions, customers, bounced, pages, µs, with a purchase."""

    @property
    def lengths(self) -> Rows:
        """How long sessions took."""

    @property
    def pages(self) -> Rows:
        """How many pages they had."""

    @property
    def periods(self) -> Tally:
        """The six figures by period."""

    @property
    def groups(self) -> Groups:
        """The six figures by label."""

    @property
    def entries(self) -> Largest:
        """The six figures by the page where sessions began."""

    @property
    def exits(self) -> Largest:
        """Times seen, sessions ended, customers, by page."""

    @property
    def messages(self) -> Groups:
        """Sent, opened, clicked and the customers of each, by channel."""


@dataclass(frozen=True, slots=True, eq=False)
class Visited:
    """Sessions laid out.

    Attributes
    ----------
    period, calendar : what a period is
    top : how many pages are shown
    of : the sums
    """

    period: str
    calendar: str
    top: int
    of: Visits

    def figures(self) -> Table:
        """Say what a session is like."""
        total, lengths = self.of.total[None, :], self.of.lengths.numbers()
        opens: list[Opens | None] = [(Where("sessions", ">=", 1),)]
        return Table.of(
            Text("Figures", "شاخص‌ها"),
            *_basic(total, opens),
            *_rates(total),
            (column("pages", "Pages per session", "صفحه در هر نشست"), _share(total[:, 3], total[:, 0])),
            (column("median_pages", "Median", "میانهٔ صفحه"), np.array([self.of.pages.numbers().median])),
            (column("mean_time", "Mean time", "میانگین زمان", "duration"), _share(total[:, 4], total[:, 0])),
            (column("median_time", "Median time", "میانهٔ زمان", "duration"), np.array([lengths.median])),
        )

    def periods(self) -> Table:
        """Say the figures of each period."""
        when, rows = self.of.periods.keys[:, 0], self.of.periods.values
        told = column("period", "Period", "دوره", "period", period=self.period, calendar=self.calendar)
        return Table.of(
            Text("Period by period", "دوره به دوره"),
            (told, when),
            *_basic(rows, [(Where("visited_in", "has", int(p)),) for p in when]),
            *_rates(rows),
            *_depth(rows),
        )

    def groups(self) -> Table:
        """Say the figures of each group, largest first."""
        labels, rows = _sorted(self.of.groups.values)
        return Table.of(
            Text("By group", "به تفکیک گروه"),
            (_kinds("group", Text("Group", "گروه"), labels), np.arange(len(labels))),
            *_basic(rows, [(Where("session_groups", "has", label),) for label in labels]),
            *_rates(rows),
            *_depth(rows),
        )

    def entries(self) -> Table:
        """Say where sessions begin, and what becomes of them."""
        labels, rows = _sorted(self.of.entries.values, self.top)
        return Table.of(
            Text("Where visits begin", "صفحه‌های ورود"),
            (_kinds("page", Text("Page", "صفحه"), labels), np.arange(len(labels))),
            *_basic(rows, [(Where("entered_at", "has", label),) for label in labels]),
            (column("share", "Share", "سهم", "percent"), 100 * _share(rows[:, 0], self.of.total[0])),
            *_rates(rows),
        )

    def exits(self) -> Table:
        """Say where sessions end, and of how many views of that page."""
        every = {label: row for label, row in self.of.exits.values.items() if row[1]}
        labels = sorted(every, key=lambda label: (-every[label][1], label))[: self.top]
        rows = np.array([every[label] for label in labels]).reshape(len(labels), 3)
        low, high = wilson(rows[:, 1], rows[:, 0])
        return Table.of(
            Text("Where visits end", "صفحه‌های خروج"),
            (_kinds("page", Text("Page", "صفحه"), labels), np.arange(len(labels))),
            (
                column("ended", "Sessions that ended here", "نشست‌های پایان‌یافته", "count"),
                rows[:, 1].astype(np.int64),
            ),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                rows[:, 2].astype(np.int64),
                [(Where("left_at", "has", label),) for label in labels],
            ),
            (column("views", "Times seen", "شمار نمایش", "count"), rows[:, 0].astype(np.int64)),
            (column("exit_rate", "Exit rate", "نرخ خروج", "percent"), 100 * _share(rows[:, 1], rows[:, 0])),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
        )

    def messages(self) -> Table:
        """Say what becomes of messages, by channel."""
        labels, rows = _sorted(self.of.messages.values)
        sent, opened, clicked = rows[:, :3].T
        low, high = wilson(clicked, sent)
        count = "count"
        return Table.of(
            Text("Messages", "پیام‌ها"),
            (_kinds("channel", Text("Channel", "کانال"), labels), np.arange(len(labels))),
            (column("sent", "Sent", "فرستاده", count), sent.astype(np.int64)),
            (
                column("customers", "To customers", "به مشتریان", "customers"),
                rows[:, 3].astype(np.int64),
                [(Where("messaged_by", "has", label),) for label in labels],
            ),
            (column("opened", "Opened", "بازشده", count), opened.astype(np.int64)),
            (column("open_rate", "Open rate", "نرخ بازشدن", "percent"), 100 * _share(opened, sent)),
            (column("clicked", "Clicked", "کلیک‌شده", count), clicked.astype(np.int64)),
            (
                column("clickers", "Customers who clicked", "مشتریان کلیک‌کرده", "customers"),
                rows[:, 5].astype(np.int64),
                [(Where("clicked_by", "has", label),) for label in labels],
            ),
            (column("click_rate", "Click-through rate", "نرخ کلیک", "percent"), 100 * _share(clicked, sent)),
            (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
            (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
        )

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away."""
        sessions, customers, bounced, _, _, bought = self.of.total
        if not sessions:
            text = Text("Nobody has visited in this range.", "در این بازه هیچ بازدیدی ثبت نشده است.")
            yield Finding(text=text, tone="warn")
            return
        yield Finding(
            text=Text(
                "{customers:count} customers visited {sessions:count} times; {rate:percent} of the visits brought an order, "
                "{bounced:percent} bounced.",
                "{customers:count} مشتری {sessions:count} بار بازدید کردند؛ {rate:percent} از نشست‌ها به خرید رسید و "
                "{bounced:percent} پرید.",
            ),
            evidence={
                "customers": int(customers),
                "sessions": int(sessions),
                "rate": 100 * bought / sessions,
                "bounced": 100 * bounced / sessions,
            },
            opens=(Where("sessions", ">=", 1),),
            weight=1.0,
        )
        yield from self._apart()
        yield from self._leaky()
        yield from self._others()

    def _apart(self) -> Iterator[Finding]:
        """Name the two groups whose conversion differs most, where chance does not explain it."""
        fit = {k: v for k, v in self.of.groups.values.items() if v[0] >= FEW}
        if len(fit) < 2:
            return
        order = sorted(fit, key=lambda label: (fit[label][5] / fit[label][0], label))
        worst, best = order[0], order[-1]
        pair = np.array([fit[worst], fit[best]])
        _, least, most = newcombe(pair[:, 5], pair[:, 0])
        if least <= 0:
            return
        yield Finding(
            text=Text(
                "Visits by {best} bring an order more often than by {worst}: {high:percent} against {low:percent} "
                "(difference {least:percent} to {most:percent}).",
                "نشست‌های «{best}» بیش از «{worst}» به خرید می‌رسند: {high:percent} در برابر {low:percent} "
                "(اختلاف {least:percent} تا {most:percent}).",
            ),
            evidence={
                "best": _named(best),
                "worst": _named(worst),
                "high": 100 * pair[1, 5] / pair[1, 0],
                "low": 100 * pair[0, 5] / pair[0, 0],
                "least": 100 * least,
                "most": 100 * most,
            },
            opens=(Where("session_groups", "has", worst),),
            weight=0.9,
        )

    def _others(self) -> Iterator[Finding]:
        """Say that there are more pages than are told apart."""
        pages = self.of.entries
        if not np.any(pages.rest):
            return
        yield Finding(
            text=Text(
                "Only the {kept:count} busiest pages are told apart; {share:percent} of visits began at others. "
                "A page shown may lack up to {missed:count} visits.",
                "تنها {kept:count} صفحهٔ پربازدید از هم جدا شده‌اند؛ {share:percent} از نشست‌ها در صفحه‌های دیگر آغاز "
                "شده‌اند. شمار هر صفحه حداکثر {missed:count} نشست کمتر از واقع است.",
            ),
            evidence={
                "kept": len(pages.values),
                "share": 100 * np.atleast_1d(pages.rest)[0] / self.of.total[0],
                "missed": int(pages.missed),
            },
            tone="warn",
            weight=0.3,
        )

    def _leaky(self) -> Iterator[Finding]:
        """Name the entry page on which surely more bounce than elsewhere."""
        fit = {k: v for k, v in self.of.entries.values.items() if v[0] >= FEW}
        if len(fit) < 2:
            return
        lows = {label: float(wilson(row[2], row[0])[0]) for label, row in fit.items()}
        page = max(lows, key=lambda label: (lows[label], label))
        usual = self.of.total[2] / self.of.total[0]
        if lows[page] <= usual:
            return
        yield Finding(
            text=Text(
                "Of the visits that begin at {page} {rate:percent} bounce; of all, {usual:percent}.",
                "از نشست‌هایی که از «{page}» آغاز می‌شوند {rate:percent} می‌پرند؛ در همهٔ نشست‌ها {usual:percent}.",
            ),
            evidence={"page": words(page), "rate": 100 * fit[page][2] / fit[page][0], "usual": 100 * usual},
            opens=(Where("entered_at", "has", page),),
            tone="bad",
            weight=0.8,
        )


def _named(label: str) -> Text:
    return STANDARD.get(label, value_words(label)) if label else UNKNOWN


def _kinds(name: str, label: Text, labels: Sequence[str]) -> Column:
    return Column(
        name=name, label=label, unit="category", choices=tuple((one, _named(one)) for one in labels)
    )


def _sorted(groups: Mapping[str, Array], top: int = 0) -> tuple[list[str], Array]:
    labels = sorted(groups, key=lambda label: (-groups[label][0], label))[: top or None]
    return labels, np.array([groups[label] for label in labels]).reshape(len(labels), 6)


def _basic(rows: Array, opens: Sequence[Opens | None]) -> list[Any]:
    return [
        (column("sessions", "Sessions", "نشست‌ها", "count"), rows[:, 0].astype(np.int64)),
        (column("customers", "Customers", "مشتریان", "customers"), rows[:, 1].astype(np.int64), opens),
    ]


def _rates(rows: Array) -> list[Any]:
    low, high = wilson(rows[:, 5], rows[:, 0])
    return [
        (column("bounced", "Bounced", "پریده", "count"), rows[:, 2].astype(np.int64)),
        (column("bounce_rate", "Bounce rate", "نرخ پرش", "percent"), 100 * _share(rows[:, 2], rows[:, 0])),
        (column("converted", "With a purchase", "با خرید", "count"), rows[:, 5].astype(np.int64)),
        (column("conversion", "Conversion", "نرخ تبدیل", "percent"), 100 * _share(rows[:, 5], rows[:, 0])),
        (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
        (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
    ]


def _depth(rows: Array) -> list[Any]:
    return [
        (column("pages", "Pages per session", "صفحه در هر نشست"), _share(rows[:, 3], rows[:, 0])),
        (column("mean_time", "Mean time", "میانگین زمان", "duration"), _share(rows[:, 4], rows[:, 0])),
    ]


def _share(part: Array, whole: Any) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.asarray(part) / np.asarray(whole)
    return found


def charts(tables: Mapping[str, Table]) -> tuple[Chart, ...]:
    """Return the pictures of the tables that are there."""
    told = (
        ("line", "periods", Text("Sessions", "نشست‌ها"), "period", ("sessions",)),
        (
            "line",
            "periods",
            Text("Bounce rate and conversion", "نرخ پرش و نرخ تبدیل"),
            "period",
            ("bounce_rate", "conversion"),
        ),
        ("hbar", "groups", Text("Conversion by group", "نرخ تبدیل هر گروه"), "group", ("conversion",)),
        ("hbar", "entries", Text("Where visits begin", "صفحه‌های ورود"), "page", ("sessions",)),
        ("hbar", "exits", Text("Where visits end", "صفحه‌های خروج"), "page", ("ended",)),
        (
            "hbar",
            "messages",
            Text("Click-through rate by channel", "نرخ کلیک هر کانال"),
            "channel",
            ("click_rate",),
        ),
    )
    ranges = {"groups": {"low": "low", "high": "high"}, "messages": {"low": "low", "high": "high"}}
    return tuple(
        Chart(kind=kind, table=name, title=title, x=x, y=y, options=ranges.get(name, {}))
        for kind, name, title, x, y in told
        if name in tables
    )
