"""RFM's segments, tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganj.histories import Array
from ganj.miner import Chart, Finding, Opens, Table, Where, column
from ganj.sketches import Numbers
from ganj.text import Text
from ganj.views.rfm_segments import ACTIONS, BEFORE, NONE, SEGMENTS

LOSING = ("at_risk", "cant_lose")


@dataclass(frozen=True, slots=True, eq=False)
class Buyers:
    """Groups of buyers with equal figures, scored and named.

    Attributes
    ----------
    count : int64[k], buyers
    sums : float64[k, 3], sums of recency (days), orders and money
    scores : int64[k, 3], R, F, M
    segment, before : int32[k], codes into `SEGMENTS` and `BEFORE`; before is -1 where nothing is compared
    bins, asked : scores run from 1 to ``bins``; to ``asked`` was asked for
    as_of : µs UTC
    exact : whether figures are exact (see `ganj.sketches.Rows`)
    """

    count: Array
    sums: Array
    scores: Array
    segment: Array
    before: Array
    bins: int
    asked: int
    as_of: int
    exact: bool

    @property
    def compared(self) -> bool:
        """Tell whether an earlier date is compared with."""
        return bool(len(self.before)) and int(self.before.min()) >= 0

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        found = {
            "summary": self.summary(),
            "segments": self.segments(),
            "grid": self.grid(),
            "scores": self.by_score(),
        }
        return found | ({"transitions": self.transitions()} if self.compared else {})

    def figure(self, which: int, chosen: Array | None = None) -> Numbers:
        """Return the distribution of recency, frequency or monetary over some rows."""
        at = np.arange(len(self.count)) if chosen is None else np.flatnonzero(chosen)
        order = at[np.argsort(self.sums[at, which] / self.count[at], kind="stable")]
        total = self.sums[order, which]
        return Numbers(order, self.count[order], total)

    def added(self, groups: Array, size: int) -> tuple[Array, Array]:
        """Add up buyers (int64[size]) and money (float64[size]) by group number."""
        buyers = np.bincount(groups, self.count, size).astype(np.int64)
        return buyers, np.bincount(groups, self.sums[:, 2], size)

    def summary(self) -> Table:
        """Say the main figures in one row."""
        recency, frequency, monetary = (self.figure(k) for k in range(3))
        one = np.array
        return Table.of(
            Text("At a glance", "در یک نگاه"),
            (column("buyers", "Buyers", "خریداران", "customers"), one([recency.size]), [()]),
            (column("as_of", "As of", "تا تاریخ", "date"), one([self.as_of])),
            (column("orders", "Orders", "سفارش‌ها", "orders"), one([int(frequency.sum)])),
            (column("revenue", "Revenue", "درآمد", "money"), one([monetary.sum])),
            (column("recency_median", "Median recency", "میانهٔ تازگی", "days"), one([recency.median])),
            (column("recency_mean", "Mean recency", "میانگین تازگی", "days"), one([recency.mean])),
            (column("frequency_median", "Median orders", "میانهٔ تکرار"), one([frequency.median])),
            (column("frequency_mean", "Mean orders", "میانگین تکرار"), one([frequency.mean])),
            (column("monetary_median", "Median value", "میانهٔ ارزش پولی", "money"), one([monetary.median])),
            (column("monetary_mean", "Mean value", "میانگین ارزش پولی", "money"), one([monetary.mean])),
            (column("bins", "Scores from 1 to", "امتیاز از ۱ تا"), one([self.bins])),
        )

    def segments(self) -> Table:
        """Say how many each segment has and what they bring, best first; all ten, also the empty."""
        buyers, money = self.added(self.segment, NONE)
        which = np.arange(NONE)
        inside = [self.segment == code for code in which]
        opens = [_in("rfm_segment", name) for name, _ in SEGMENTS]
        return Table.of(
            Text("Segments", "بخش‌ها"),
            (column("segment", "Segment", "بخش", "category", choices=SEGMENTS), which),
            (column("customers", "Customers", "مشتریان", "customers"), buyers, opens),
            (column("share", "Of customers", "سهم از مشتریان", "percent"), percent(buyers), opens),
            (column("revenue", "Revenue", "درآمد", "money"), money, opens),
            (column("revenue_share", "Of revenue", "سهم از درآمد", "percent"), percent(money), opens),
            (
                column("recency", "Median recency", "میانهٔ تازگی", "days"),
                np.array([self.figure(0, rows).median for rows in inside]),
            ),
            (
                column("frequency", "Mean orders", "میانگین تکرار"),
                np.array([self.figure(1, rows).mean for rows in inside]),
            ),
            (
                column("monetary", "Mean value", "میانگین ارزش پولی", "money"),
                np.array([self.figure(2, rows).mean for rows in inside]),
            ),
            (column("action", "What to do", "چه کنیم", "category", choices=ACTIONS), which),
        )

    def grid(self) -> Table:
        """Lay recency against frequency: bins × bins cells, the best recency first."""
        size = self.bins * self.bins
        buyers, money = self.added((self.scores[:, 0] - 1) * self.bins + self.scores[:, 1] - 1, size)
        r, f = np.divmod(np.arange(size), self.bins)
        opens: list[Opens] = [
            (Where("rfm_r", "=", int(a)), Where("rfm_f", "=", int(b)))
            for a, b in zip(r + 1, f + 1, strict=True)
        ]
        return Table.of(
            Text("Recency by frequency", "تازگی در برابر تکرار"),
            (column("r", "Recency score", "امتیاز تازگی"), r + 1),
            (column("f", "Frequency score", "امتیاز تکرار"), f + 1),
            (column("customers", "Customers", "مشتریان", "customers"), buyers, opens),
            (column("share", "Of customers", "سهم از مشتریان", "percent"), percent(buyers), opens),
            (column("revenue", "Revenue", "درآمد", "money"), money, opens),
            (column("revenue_share", "Of revenue", "سهم از درآمد", "percent"), percent(money), opens),
        )

    def by_score(self) -> Table:
        """Say for each score its limits, buyers and revenue."""
        figures = (
            ("r", Text("Recency (days)", "تازگی (روز)")),
            ("f", Text("Frequency (orders)", "تکرار (سفارش)")),
            ("m", Text("Monetary", "ارزش پولی")),
        )
        which, score = np.divmod(np.arange(3 * self.bins), self.bins)
        limits = np.array([self._limits(int(k), int(s) + 1) for k, s in zip(which, score, strict=True)])
        added = [self.added(self.scores[:, k] - 1, self.bins) for k in range(3)]
        buyers, money = (np.concatenate([pair[n] for pair in added]) for n in range(2))
        shares = [np.concatenate([percent(pair[n]) for pair in added]) for n in range(2)]
        opens: list[Opens] = [
            (Where(f"rfm_{'rfm'[k]}", "=", int(s) + 1),) for k, s in zip(which, score, strict=True)
        ]
        return Table.of(
            Text("Limits of the scores", "مرز امتیازها"),
            (column("figure", "Figure", "سنجه", "category", choices=figures), which),
            (column("score", "Score", "امتیاز"), score + 1),
            (column("least", "From", "از"), limits[:, 0]),
            (column("most", "To", "تا"), limits[:, 1]),
            (column("customers", "Customers", "مشتریان", "customers"), buyers, opens),
            (column("share", "Of customers", "سهم از مشتریان", "percent"), shares[0], opens),
            (column("revenue", "Revenue", "درآمد", "money"), money, opens),
            (column("revenue_share", "Of revenue", "سهم از درآمد", "percent"), shares[1], opens),
        )

    def _limits(self, which: int, score: int) -> tuple[float, float]:
        rows = self.scores[:, which] == score
        values = self.sums[rows, which] / self.count[rows]
        return (float(values.min()), float(values.max())) if len(values) else (np.nan, np.nan)

    def transitions(self) -> Table:
        """Say who moved from which segment to which."""
        size = NONE + 1
        buyers, money = self.added(self.before.astype(np.int64) * size + self.segment, size * size)
        at = np.flatnonzero(buyers)
        was, now = np.divmod(at, size)
        opens = [
            _in("rfm_before", BEFORE[a][0]) + _in("rfm_segment", SEGMENTS[b][0])
            for a, b in zip(was, now, strict=True)
        ]
        return Table.of(
            Text("Moves between segments", "جابه‌جایی میان بخش‌ها"),
            (column("source", "Was", "پیش‌تر", "category", choices=BEFORE), was),
            (column("target", "Is", "اکنون", "category", choices=SEGMENTS), now),
            (column("customers", "Customers", "مشتریان", "customers"), buyers[at], opens),
            (column("revenue", "Revenue", "درآمد", "money"), money[at], opens),
        )

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away."""
        if not len(self.count):
            nothing = Text("There are no orders to score yet.", "هنوز سفارشی برای امتیازدهی نیست.")
            yield Finding(text=nothing, tone="warn")
            return
        buyers, money = self.added(self.segment, NONE)
        yield from self._best(buyers, money)
        yield from self._losing(buyers, money)
        if self.compared:
            yield from self._moved()
        if self.bins != self.asked:
            yield Finding(
                text=Text(
                    "There are only {buyers:count} buyers, so scores run from 1 to {bins:count}.",
                    "تنها {buyers:count} خریدار هست؛ از این رو امتیازها از ۱ تا {bins:count} است.",
                ),
                evidence={"buyers": int(buyers.sum()), "bins": self.bins},
                tone="warn",
                weight=0.4,
            )
        if not self.exact:
            rounded = Text(
                "Figures were rounded to fit: there are very many buyers.",
                "به سبب شمار بسیار خریداران، ارقام گرد شده‌اند.",
            )
            yield Finding(text=rounded, weight=0.1)

    def _best(self, buyers: Array, money: Array) -> Iterator[Finding]:
        if not buyers[0] or money.sum() <= 0:
            return
        yield Finding(
            text=Text(
                "Champions are {share:percent} of buyers and bring {revenue:percent} of revenue.",
                "قهرمانان {share:percent} خریداران‌اند و {revenue:percent} درآمد را می‌آورند.",
            ),
            evidence={"share": percent(buyers)[0], "revenue": percent(money)[0], "customers": int(buyers[0])},
            opens=_in("rfm_segment", "champions"),
            tone="good",
            weight=1.0,
        )

    def _losing(self, buyers: Array, money: Array) -> Iterator[Finding]:
        codes = [code for code, (name, _) in enumerate(SEGMENTS) if name in LOSING]
        gone, brought = int(buyers[codes].sum()), float(money[codes].sum())
        if not gone or money.sum() <= 0:
            return
        yield Finding(
            text=Text(
                "{count:count} good customers have not bought for long; they brought {money:short} "
                "({share:percent} of revenue).",
                "{count:count} مشتری خوب مدت‌هاست خرید نکرده‌اند؛ آنان {money:short} آورده بودند "
                "({share:percent} درآمد).",
            ),
            evidence={"count": gone, "money": brought, "share": 100 * brought / float(money.sum())},
            opens=(Where("rfm_segment", "in", list(LOSING)),),
            tone="bad",
            weight=0.9,
        )

    def _moved(self) -> Iterator[Finding]:
        """Count those who rose to champions and those who fell from them."""
        was, now = self.before == 0, self.segment == 0
        fell, rose = int(self.count[was & ~now].sum()), int(self.count[~was & now].sum())
        if not fell and not rose:
            return
        yield Finding(
            text=Text(
                "Since the earlier date {rose:count} customers have become champions and {fell:count} are no longer.",
                "از تاریخ پیشین {rose:count} مشتری به قهرمانان پیوسته‌اند و {fell:count} نفر از آنان جدا شده‌اند.",
            ),
            evidence={"rose": rose, "fell": fell, "were": int(self.count[was].sum())},
            opens=(
                Where("rfm_before", "=" if fell else "!=", "champions"),
                Where("rfm_segment", "!=" if fell else "=", "champions"),
            ),
            tone="good" if rose >= fell else "bad",
            weight=0.8,
        )


def _in(name: str, segment: str) -> Opens:
    return (Where(name, "=", segment),)


def percent(parts: Array) -> Array:
    """Return each part in percent of all; zeros where there is nothing."""
    whole = parts.sum()
    return 100 * parts / whole if whole else np.zeros(len(parts))


def charts(*, compared: bool) -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    pictures = [
        Chart(
            kind="grid",
            table="grid",
            title=Text("Recency by frequency", "تازگی در برابر تکرار"),
            x="f",
            y=("r",),
            color="revenue_share",
            options={"text": ["share", "revenue_share"]},
        ),
        Chart(
            kind="treemap",
            table="segments",
            title=Text("Revenue by segment", "درآمد هر بخش"),
            x="segment",
            y=("revenue",),
            color="segment",
        ),
        Chart(
            kind="hbar",
            table="segments",
            title=Text("Share of customers and of revenue", "سهم از مشتریان و از درآمد"),
            x="segment",
            y=("share", "revenue_share"),
        ),
    ]
    if compared:
        moves: dict[str, Any] = {"source": "source", "target": "target", "value": "customers"}
        pictures.append(
            Chart(
                kind="sankey",
                table="transitions",
                title=Text("Moves between segments", "جابه‌جایی میان بخش‌ها"),
                options=moves,
            )
        )
    return tuple(pictures)
