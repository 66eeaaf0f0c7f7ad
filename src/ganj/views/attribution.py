"""Attribution: tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ganj.errors import BadParameter
from ganj.events import value_words
from ganj.histories import Array
from ganj.kernels.attribution import MODELS, removal
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.sequences import OTHERS, Named
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.attribution_draws import Draws, interval

NAMES = {
    "first": Text("First touch", "نخستین تماس"),
    "last": Text("Last touch", "آخرین تماس"),
    "linear": Text("Linear", "خطی"),
    "position": Text("Position", "جایگاهی"),
    "decay": Text("Time decay", "زوال زمانی"),
    "shapley": Text("Shapley", "شپلی"),
    "markov": Text("Removal effect", "اثر حذف"),
}
STATES = (
    ("neither", Text("Neither", "هیچ‌کدام")),
    ("touched", Text("Touched, not converted", "تماس بی تبدیل")),
    ("led", Text("Converted after a touch", "تبدیل پس از تماس")),
    ("direct", Text("Converted without a touch", "تبدیل بی تماس")),
)
REST = Text("Other channels", "کانال‌های دیگر")
_AT_LEAST = Text("At least (95 %)", "دست‌کم (۹۵٪)")
_AT_MOST = Text("At most (95 %)", "دست‌بالا (۹۵٪)")
_DRAWN = Text(
    "Where the credit lies for 95 % of the draws of as many customers.",
    "جایی که سهم در ۹۵٪ نمونه‌گیری‌های دوباره از مشتریان می‌افتد.",
)
_NO_COST = Text(
    "No cost of a channel is known; import a file of costs (date, channel, cost) to see what a conversion costs.",
    "هزینهٔ هیچ کانالی دانسته نیست؛ فایل هزینه‌ها (تاریخ، کانال، هزینه) را وارد کنید تا هزینهٔ هر تبدیل دیده شود.",
)
MOST = 200
"""Channels kept apart in a report."""
STATES_MOST = 2_000
"""States of a chain that are solved."""


@dataclass(frozen=True)
class Shares:
    """Credits laid out.

    Attributes
    ----------
    sums, totals, states : see `ganj.miners.attribution.Credits`
    model : the rule that costs are held against
    order : touches the chain remembers
    draws : the same credit for customers drawn anew
    """

    sums: Named
    totals: Array
    states: Array
    model: str
    order: int
    draws: Draws

    @cached_property
    def drawn(self) -> Array | None:
        """Return what each draw credits by the rule chosen: float64[2, rows, replicates], None where it is not told."""
        shown, _ = self.order_of
        rows = {self.sums.labels[code]: row for row, code in enumerate(shown) if code >= 0}
        return self.draws.credits(self.model, rows, len(shown))

    def between(self, at: int) -> tuple[Array, Array]:
        """Return between what the conversions (``at`` 0) or the value (1) of each channel lie; nan where not told."""
        unknown = np.full(len(self.order_of[0]), np.nan)
        return (unknown, unknown) if self.drawn is None else interval(self.drawn[at])

    @cached_property
    def order_of(self) -> tuple[list[int], Array]:
        """Return the channels shown, most touches first, and int64[labels + 3] the row of each code."""
        labels = self.sums.labels
        touches = self._by_code("touches", 0)
        costs = self._by_code("costs", 1)
        best = sorted(range(len(labels)), key=lambda code: (-touches[code], -costs[code], labels[code]))
        shown = best[:MOST] + ([OTHERS] if len(best) > MOST or touches[OTHERS] else [])
        row = np.full(len(labels) + 3, len(shown) - 1, np.int64)
        row[shown] = np.arange(len(shown))
        return shown, row

    def _by_code(self, name: str, at: int) -> Array:
        tally = self.sums.tallies[name]
        out = np.zeros(len(self.sums.labels) + 3)
        np.add.at(out, tally.keys[:, 0], tally.values[:, at])
        return out

    def _of(self, name: str, at: int) -> Array:
        """Return float64[rows]: a sum of each channel shown."""
        shown, row = self.order_of
        return np.bincount(row, self._by_code(name, at), minlength=len(shown)) if shown else np.zeros(0)

    @property
    def costs(self) -> Array:
        """Return float64[rows]: what each channel shown cost."""
        return self._of("costs", 1)

    @property
    def paid(self) -> bool:
        """Whether a cost is known of any channel."""
        return bool((self.costs > 0).any())

    @cached_property
    def effects(self) -> tuple[Array, float]:
        """Return the removal effect of each channel shown, and the chance of a conversion.

        Raises
        ------
        BadParameter
            The chain has too many states to be solved.
        """
        shown, row = self.order_of
        told = self.sums.tallies["moves"]
        keys = told.keys.copy()
        coded = keys[:, 1:]
        keys[:, 1:] = np.where(coded == -1, -1, row[coded])
        joined = Tally.of(keys, told.values)
        size = len(np.unique(joined.keys[:, 1:-1], axis=0))
        if size > STATES_MOST:
            why = Text(
                f"the chain would have {size} states; remember fewer.",
                f"زنجیره {size} حالت دارد؛ حافظه را کوتاه‌تر کنید.",
            )
            raise BadParameter(parameter="order", value=self.order, why=why)
        if not self.totals[0]:
            return np.zeros(len(shown)), 0.0
        return removal(joined.keys, joined.values[:, 0], len(shown))

    def credit(self, model: str, at: int = 0) -> Array:
        """Return the conversions (``at`` 0) or their value (1) of each channel by a rule: float64[rows]."""
        if model != "markov":
            credited: Array = self._of("credits", 2 * MODELS.index(model) + at)
            return credited
        effect = self.effects[0]
        whole = effect.sum()
        share: Array = effect / whole if whole else np.zeros(len(effect))
        taken: Array = share * self.totals[at]
        return taken

    def _channel(self) -> Column:
        names = tuple(
            (self.sums.labels[code], value_words(self.sums.labels[code])) if code >= 0 else ("~others", REST)
            for code in self.order_of[0]
        )
        return Column(name="channel", label=Text("Channel", "کانال"), unit="category", choices=names)

    # ---- tables

    def channels(self) -> Table:
        """Lay out the channels: who met them, what each rule credits, what they cost."""
        shown = self.order_of[0]
        rules = {
            name: (Column(name=name, label=label, unit="number"), self.credit(name))
            for name, label in NAMES.items()
        }
        labels = [self.sums.labels[code] if code >= 0 else None for code in shown]
        met = [(Where("touched_by", "has", label),) if label is not None else None for label in labels]
        low, high = self.between(0)
        return Table.of(
            Text("Channels", "کانال‌ها"),
            (self._channel(), np.arange(len(shown))),
            (column("touches", "Touches", "تماس‌ها", "count"), self._of("touches", 0).astype(np.int64)),
            (
                column("customers", "Customers touched", "مشتریان تماس‌یافته", "customers"),
                self._of("touches", 1).astype(np.int64),
                met,
            ),
            (
                column("converted", "Of them converted after it", "تبدیل‌شده پس از آن", "customers"),
                *self._led(),
            ),
            rules.pop(self.model),
            (Column(name="low", label=_AT_LEAST, unit="number", help=_DRAWN), low),
            (Column(name="high", label=_AT_MOST, unit="number", help=_DRAWN), high),
            *self._money(),
            *rules.values(),
        )

    def _money(self) -> list[tuple[Column, Array]]:
        """Return the columns of what channels brought and, as far as that is known, cost."""
        cost, credit, value = self.costs, self.credit(self.model), self.credit(self.model, 1)
        paid = np.where(cost > 0, cost, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            each, back = paid / credit, value / paid
        worth = (column("value", "Value by the rule chosen", "ارزش به قاعدهٔ برگزیده", "money"), value)
        if not self.paid:
            return [worth]
        gain, low, high = (100 * (one / paid - 1) for one in (value, *self.between(1)))
        return [
            worth,
            (column("cost", "Cost", "هزینه", "money"), paid),
            (
                column("cpa", "Cost of one conversion", "هزینهٔ هر تبدیل", "money"),
                np.where(np.isfinite(each), each, np.nan),
            ),
            (column("roas", "Value for each unit spent", "ارزش به ازای هر واحد هزینه", "ratio"), back),
            (column("roi", "Return on the cost", "بازده هزینه", "percent"), gain),
            (column("roi_low", "Return, at least (95 %)", "بازده، دست‌کم (۹۵٪)", "percent"), low),
            (column("roi_high", "Return, at most (95 %)", "بازده، دست‌بالا (۹۵٪)", "percent"), high),
        ]

    def credits(self) -> Table:
        """Lay out what each rule gives each channel, one row each."""
        shown = self.order_of[0]
        led, opens = self._led()
        rule = Column(
            name="model", label=Text("Rule", "قاعده"), unit="category", choices=tuple(NAMES.items())
        )
        return Table.of(
            Text("Credit by rule", "سهم به تفکیک قاعده"),
            (self._channel(), np.tile(np.arange(len(shown)), len(NAMES))),
            (rule, np.repeat(np.arange(len(NAMES)), len(shown))),
            (
                column("conversions", "Conversions", "تبدیل‌ها"),
                np.concatenate([self.credit(name) for name in NAMES]),
            ),
            (
                column("value", "Value", "ارزش", "money"),
                np.concatenate([self.credit(name, 1) for name in NAMES]),
            ),
            (
                column("converted", "Customers converted after it", "مشتریان تبدیل‌شده پس از آن", "customers"),
                np.tile(led, len(NAMES)),
                opens * len(NAMES),
            ),
        )

    def _led(self) -> tuple[Array, list[Opens | None]]:
        """Return how many customers converted after each channel, and open them."""
        labels = [self.sums.labels[code] if code >= 0 else None for code in self.order_of[0]]
        opens: list[Opens | None] = [
            (Where("led_by", "has", label),) if label is not None else None for label in labels
        ]
        return self._of("led", 1).astype(np.int64), opens

    def customers(self) -> Table:
        """Lay out the customers by what became of them."""
        return Table.of(
            Text("What became of customers", "سرانجام مشتریان"),
            (
                Column(name="state", label=Text("State", "وضعیت"), unit="category", choices=STATES),
                np.arange(len(STATES)),
            ),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                self.states,
                [(Where("attribution_state", "=", name),) for name, _ in STATES],
            ),
        )

    # ---- sentences

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away."""
        if not self.totals[0]:
            yield self._nothing()
            return
        credit = self.credit(self.model)
        best = int(credit.argmax())
        name = self._channel().choices[best]
        yield Finding(
            text=Text(
                "By the rule “{rule}”, {channel} stands behind {share:percent} of the {all:count} conversions that followed a touch.",
                "با قاعدهٔ «{rule}»، {channel} پشت {share:percent} از {all:count} تبدیلی است که پس از تماس رخ داده.",
            ),
            evidence={
                "rule": NAMES[self.model],
                "channel": name[1],
                "share": 100 * credit[best] / self.totals[0],
                "all": int(self.totals[0]),
            },
            opens=(Where("led_by", "has", name[0]),)
            if self.states.sum() and self._of("led", 1)[best] and name[0] != "~others"
            else None,
            weight=1.0,
        )
        yield from self._overlooked()
        yield from self._direct()
        yield from self._dear()

    def _nothing(self) -> Finding:
        if self.totals[2]:
            none = Text(
                "No conversion followed a touch in time; none of the conversions can be credited to a channel.",
                "هیچ تبدیلی پس از تماس و در مهلت آن رخ نداده است؛ سهمی برای کانال‌ها نیست.",
            )
        else:
            none = Text(
                "There are no conversions after a touch yet.", "هنوز هیچ تبدیلی پس از تماس رخ نداده است."
            )
        return Finding(text=none, tone="warn", weight=1.5)

    def _overlooked(self) -> Iterator[Finding]:
        """Name the channel that the last touch credits too little."""
        gain = self.credit("markov") - self.credit("last")
        best = int(gain.argmax())
        if gain[best] < 0.05 * self.totals[0] / max(len(gain), 1) or gain[best] < 1:
            return
        yield Finding(
            text=Text(
                "The last touch hides {channel}: it credits {last:number} conversions, the removal effect {fair:number}.",
                "«آخرین تماس» سهم {channel} را پنهان می‌کند: {last:number} تبدیل در برابر {fair:number} با اثر حذف.",
            ),
            evidence={
                "channel": self._channel().choices[best][1],
                "last": float(self.credit("last")[best]),
                "fair": float(self.credit("markov")[best]),
            },
            weight=0.8,
        )

    def _direct(self) -> Iterator[Finding]:
        if self.totals[2]:
            yield Finding(
                text=Text(
                    "{direct:count} conversions ({share:percent}) had no touch in time and are credited to nobody.",
                    "{direct:count} تبدیل ({share:percent}) در مهلت خود تماسی نداشته‌اند و به نام هیچ کانالی نیستند.",
                ),
                evidence={
                    "direct": int(self.totals[2]),
                    "share": 100 * self.totals[2] / (self.totals[0] + self.totals[2]),
                },
                opens=(Where("attribution_state", "=", "direct"),) if self.states[3] else None,
                weight=0.6,
            )

    def _dear(self) -> Iterator[Finding]:
        """Name the channel whose conversions cost most."""
        cost, credit = self.costs, self.credit(self.model)
        fit = np.flatnonzero((cost > 0) & (credit >= 1))
        if not self.paid:
            yield Finding(text=_NO_COST, weight=0.2)
        if not len(fit):
            return
        each = cost[fit] / credit[fit]
        dear, cheap = (int(fit[at]) for at in (each.argmax(), each.argmin()))
        names = self._channel().choices
        one = Text(
            "A conversion costs {high:money} by {dear}.", "هر تبدیل با {dear} {high:money} هزینه دارد."
        )
        two = Text(
            "A conversion costs {high:money} by {dear} and {low:money} by {cheap}.",
            "هر تبدیل با {dear} {high:money} و با {cheap} {low:money} هزینه دارد.",
        )
        yield Finding(
            text=one if dear == cheap else two,
            evidence={
                "dear": names[dear][1],
                "cheap": names[cheap][1],
                "high": float(each.max()),
                "low": float(each.min()),
            },
            weight=0.9,
        )


def charts(view: Shares) -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    ends = {"low": "low", "high": "high"} if view.drawn is not None else {}
    rule = NAMES[view.model]
    led = Text(f"Conversions by channel: {rule.en}", f"تبدیل‌های هر کانال با «{rule.fa}»")
    credit = Chart(kind="hbar", table="channels", title=led, x="channel", y=(view.model,), options=ends)
    rules = Chart(
        kind="bar",
        table="credits",
        title=Text("What each rule credits", "سهم هر کانال با هر قاعده"),
        x="channel",
        y=("conversions",),
        series="model",
    )
    if not view.paid:
        return credit, rules
    sure = {"low": "roi_low", "high": "roi_high"} if ends else {}
    title = Text("Return on what each channel cost", "بازده هزینهٔ هر کانال")
    return (
        credit,
        Chart(kind="hbar", table="channels", title=title, x="channel", y=("roi",), options=sure),
        rules,
    )
