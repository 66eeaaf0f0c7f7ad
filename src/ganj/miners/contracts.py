"""Contracts: how long do customers stay, what makes it shorter, and what is staying worth?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

import msgspec
import numpy as np

from ganj.errors import BadParameter, TooLittleData
from ganj.events import ORDER
from ganj.filters import divided, marks, reading
from ganj.histories import DAY, Array, Histories
from ganj.miner import Asked, Miner, Reads, Report, Scores, column
from ganj.models.contracts import SBG
from ganj.models.learning.sample import Sample, mixed
from ganj.models.staying.lifetimes import log_rank
from ganj.parameters import Duration, in_words, param
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.answers import number_of, yes_or_no
from ganj.views.contracts import Staying
from ganj.views.contracts_fold import (
    LEAST,
    LEFT,
    Held,
    Learned,
    Stay,
    lacking,
    payments,
    tried,
)
from ganj.views.contracts_influences import growing, influences
from ganj.views.foresight import of_traits, taking, trait_of
from ganj.views.groups import GROUPED, grouped, largest, names_of, told_apart

PERIODS: dict[str, tuple[float, Text]] = {
    "day": (1.0, Text("Day", "روز")),
    "week": (7.0, Text("Week", "هفته")),
    "month": (30.4375, Text("Month", "ماه")),
    "quarter": (91.3125, Text("Quarter", "فصل")),
    "year": (365.25, Text("Year", "سال")),
}
"""Days of a period, and its name."""
KEPT, ENDED = 0, 1
STATES = (("kept", Text("Stays", "مانده")), ("ended", Text("Left", "رفته")))


class Contracts(Miner[Held, Learned], frozen=True, kw_only=True):
    """Tell how long customers stay who renew once a period, and what staying is worth.

    Age is counted in periods: who left in the first has age 1 and renewed never.  The share that stays is told as it
    was (Kaplan-Meier), and carried on by the shifted beta-geometric model, in which every customer has a chance of
    their own to leave at a renewal: those who are left are those who are hard to lose.  Cox's regression says by how
    much each trait makes leaving likelier at every age.

    Notes
    -----
    State: counts of distinct (age, left, group), and at most 65,536 customers, drawn by lot, for the regression.
    One pass, O(events).
    Source: P. S. Fader, B. G. S. Hardie, How to project customer retention, 2007; docs/analyses/contracts.md.
    """

    title = Text("Contracts and renewals", "قراردادها و تمدید")
    question = Text(
        "How long do customers stay, what makes it shorter, and what is staying worth?",
        "مشتریان چه مدت می‌مانند، چه چیز آن را کوتاه می‌کند و ماندنشان چه ارزشی دارد؟",
    )
    family = "predictive"
    scored = (
        column("contract_state", "State", "وضعیت", "category", choices=STATES),
        column("contract_age", "Periods as a customer", "دوره‌های مشتری بودن", "count"),
        column("contract_group", "Group", "گروه", "text"),
        column("contract_renews", "Chance to renew next", "احتمال تمدید بعدی", "percent"),
        column("contract_ahead", "Renewals to come, discounted", "تمدیدهای آینده (تنزیل‌شده)", "ratio"),
        column("contract_value", "Value of staying", "ارزش ماندن", "money"),
    )
    example: ClassVar[dict[str, Any]] = {"silence": "120d"}

    label: Annotated[
        str,
        param(
            "Event or trait that says who left (empty: a long silence)",
            "رویداد یا ویژگی‌ای که می‌گوید چه کسی رفته (خالی: سکوت طولانی)",
            of="fact",
        ),
    ] = ""
    length: Annotated[
        str,
        param(
            "Trait that says for how many periods (only where who left is a trait)",
            "ویژگی‌ای که می‌گوید چند دوره (تنها اگر رفتن را ویژگی بگوید)",
            of="trait",
        ),
    ] = ""
    activity: Annotated[str, param("What counts as a purchase", "چه چیزی خرید است", of="event")] = ORDER
    silence: Annotated[
        Duration, param("Without a label: left after a silence of", "بدون برچسب: رفته پس از سکوتی به طول")
    ] = Duration(days=90)
    period: Annotated[
        Literal["day", "week", "month", "quarter", "year"],
        param(
            "Renewed once a",
            "دورهٔ تمدید",
            choices={name: words for name, (_, words) in PERIODS.items()},
        ),
    ] = "month"
    by: Annotated[str, param("Compare by", "مقایسه بر پایهٔ", of="part", help=GROUPED)] = ""
    traits: Annotated[
        tuple[str, ...],
        param(
            "Traits that may make staying shorter",
            "ویژگی‌هایی که شاید ماندن را کوتاه کنند",
            of="trait",
            max_length=30,
            help=Text(
                "Where who left is a trait, all are taken if none is named.",
                "اگر رفتن را ویژگی بگوید و نامی نیاید، همهٔ ویژگی‌ها به کار می‌روند.",
            ),
        ),
    ] = ()
    without: Annotated[
        tuple[str, ...],
        param("But not these traits", "به‌جز این ویژگی‌ها", of="trait", max_length=100, advanced=True),
    ] = ()
    yes: Annotated[
        str, param("Value that means yes, of a trait", "مقداری از ویژگی که یعنی بله", advanced=True)
    ] = ""
    worth: Annotated[
        float,
        param(
            "Worth of one period",
            "ارزش هر دوره",
            unit="money",
            ge=0,
            help=Text("0: what the customer paid in a period.", "با صفر: پرداخت خود مشتری در هر دوره."),
        ),
    ] = 0.0
    discount: Annotated[
        float, param("Discount a year (percent)", "نرخ تنزیل سالانه (درصد)", unit="percent", gt=0, le=1000)
    ] = 10.0
    seed: Annotated[int, param("Seed", "بذر تصادف", ge=0, le=1 << 30, advanced=True)] = 0

    def __post_init__(self) -> None:
        """Refuse a silence that is over at once."""
        if self.silence < timedelta(days=1):
            why = Text("it is too short.", "بیش از اندازه کوتاه است.")
            raise BadParameter(parameter="silence", value=in_words(self.silence), why=why)

    def knowing(self, traits: Mapping[str, str]) -> Self:
        """Take all traits where one says who left and none is named."""
        if self.label in traits and not self.length:
            why = Text("name the trait that says for how long.", "ویژگی‌ای را که طول مدت را می‌گوید نام ببرید.")
            raise BadParameter(parameter="length", value="", why=why)
        if self.traits or self.label not in traits:
            return self
        return msgspec.structs.replace(self, traits=taking(traits, {self.label, self.length})[:30])

    def asks(self) -> tuple[Asked, ...]:
        return (Asked(self.label, ("event", "trait")),) if self.label else ()

    def reads(self) -> Reads:
        named = (*self._known(), self.label, self.length)
        traits = tuple(dict.fromkeys(name for name in named if name))
        whole = Reads(columns=("time", "event", "amount"), traits=traits, lots=True)
        return divided(reading(whole, tuple(name for name in (self.activity, self.label) if name)), self.by)

    def window(self) -> tuple[int | None, int | None]:
        return None, self.instant(self.until)  # the first purchase may lie before `since`

    def _known(self) -> tuple[str, ...]:
        return tuple(name for name in self.traits if name not in {*self.without, self.label, self.length})

    def scan(self, histories: Histories) -> Held:
        who, age, left, money = self._stays(histories)
        code, labels = self._group(histories)
        keys = np.column_stack((age, left, code[who]))
        held = Tally.of(keys, np.column_stack((np.ones(len(who)), money)))
        facts = np.column_stack((age, left)).astype(np.float64)[:, None, :]
        numbers, categories = of_traits(histories, self._known())
        customer = histories.customer
        nothing = np.zeros((len(histories), 1, 0), np.float32)
        told = np.zeros((len(histories), 1, 2))
        told[who] = facts
        sample = Sample(
            mixed(histories.lots, self.seed), customer, told, (), nothing, numbers, categories, len(histories)
        )
        known = who[age > 0] if self._known() else who[:0]
        return Held(held, labels, sample.take(known).smallest())

    def learn(self, state: Held) -> Learned:
        held = state.held
        try:
            enough(held)
        except TooLittleData as why:
            return Learned(state, None, {}, np.nan, (), (), np.nan, None, why)
        whole = Stay.of(held, None)
        told = largest(held.keys[:, 2], held.values[:, 0]) if self.by else []
        code = told_apart(held.keys[:, 2], told)
        parts = {one: Tally(held.keys[code == one], held.values[code == one]) for one in told}
        groups = {one: Stay.of(part, whole.fit) for one, part in parts.items()}
        apart = log_rank([one.ages for one in groups.values() if one.ages.size]) if groups else np.nan
        out = growing(state.sample)
        found, ordered = influences(state.sample, out)
        return Learned(state, whole, groups, apart, found, out, ordered, tried(whole.ages), None)

    def report(self, model: Learned) -> Report:
        words = PERIODS[self.period][1]
        view = Staying(model, words, self.by, self._discount, self.worth, self._steady)
        return Report(view.tables(), view.charts(), tuple(view.findings()))

    def score(self, histories: Histories, model: Learned) -> Scores:
        who, age, left, money = self._stays(histories)
        code = model.group_of(self._group(histories)[0][who])
        renews, ahead, paid = (np.full(len(who), np.nan) for _ in range(3))
        periods, one_each = payments(age, left), np.ones(len(who))
        for one in np.unique(code) if model.whole is not None else ():
            stay = model.stay(int(one))
            at = np.flatnonzero((code == one) & (left == KEPT))
            if stay is not None and len(at):
                renews[at] = SBG.renewal(stay.fit.parameters, age[at])
                ahead[at] = SBG.remaining(stay.fit.parameters, age[at], self._discount)
                paid[at] = stay.paid(money[at], one_each[at], periods[at], self._steady)
        values = {
            "contract_state": left,
            "contract_age": age,
            "contract_group": names_of(code, model.state.labels, [*model.groups]),
            "contract_renews": 100 * renews,
            "contract_ahead": ahead,
            "contract_value": ahead * (self.worth or paid),
        }
        return Scores(histories.customer[who], values)

    @property
    def _discount(self) -> float:
        """Discount of one period, as a share."""
        return float((1 + self.discount / 100) ** (PERIODS[self.period][0] / 365.25) - 1)

    @property
    def _steady(self) -> float:
        """Periods for which what all pay counts beside what one paid: a quarter of a year."""
        return PERIODS["quarter"][0] / PERIODS[self.period][0]

    def _group(self, histories: Histories) -> tuple[Array, tuple[str, ...]]:
        """Return each customer's code of a group, by the first purchase where no trait says it, and what codes say."""
        return grouped(histories, self.by, marks(histories, (self.activity,)) > 0)

    def _stays(self, histories: Histories) -> tuple[Array, Array, Array, Array]:
        """Return customers' positions int64[n], their age int64[n], whether they left int32[n], and money a period."""
        answer = trait_of(histories, self.label)
        if answer is None:
            return self._seen(histories)
        told = yes_or_no(answer, self.yes, self.label)
        length = trait_of(histories, self.length)
        age = np.full(len(told), np.nan) if length is None else number_of(length, self.length)
        who = np.flatnonzero(~np.isnan(told) & (np.nan_to_num(age, nan=-1) >= 0))
        left = (told[who] > 0).astype(np.int32)
        return who, np.maximum(np.rint(age[who]).astype(np.int64), left), left, np.full(len(who), self.worth)

    def _seen(self, histories: Histories) -> tuple[Array, Array, Array, Array]:
        """Return the same from events: from the first purchase until the label, or the last before a long silence."""
        owner, time, size = histories.owner, histories.time, len(histories)
        end = self.instant(self.until) or int(time.max(initial=0)) + 1
        bought = marks(histories, (self.activity,)) > 0
        first, last = edges(owner[bought], time[bought], size)
        if self.since is not None:
            first = np.where(first >= (self.instant(self.since) or 0), first, NEVER)
        if self.label:
            gone = (marks(histories, (self.label,)) > 0) & (time >= first[owner])
            leaves = edges(owner[gone], time[gone], size)[0]
        else:
            leaves = np.where(end - last > self.silence / timedelta(microseconds=1), last, NEVER)
        who = np.flatnonzero(first != NEVER)
        left = (leaves[who] != NEVER).astype(np.int32)
        until = np.where(left == ENDED, leaves[who], end)
        spell = PERIODS[self.period][0] * DAY
        age = ((until - first[who]) / spell).astype(np.int64) + left
        paid = np.bincount(owner[bought], np.nan_to_num(histories.amount[bought]), size)[who]
        return who, age, left, paid / payments(age, left)


NEVER = np.iinfo(np.int64).max


def edges(owner: Array, time: Array, size: int) -> tuple[Array, Array]:
    """Return each customer's first and last time, `NEVER` where there is none: int64[size] each.

    Parameters
    ----------
    owner, time : int64[events], by customer and time
    """
    first, last = np.full(size, NEVER), np.full(size, NEVER)
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    ends = np.append(begins[1:], len(owner))[: len(begins)] - 1
    first[owner[begins]], last[owner[begins]] = time[begins], time[ends]
    return first, last


def enough(held: Tally) -> None:
    """Refuse too few customers."""
    count, left = held.values[:, 0], held.keys[:, 1] == ENDED
    size, gone = float(count.sum()), float(count[left].sum())
    if size < LEAST or min(gone, size - gone) < LEFT:
        raise lacking(size, gone)
