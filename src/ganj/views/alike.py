"""Figures by which customers are likened: what they are called, and how they are folded from histories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ganj.breakdown import PRODUCT, parted, spread
from ganj.calendar import local_day
from ganj.errors import BadParameter, TooLittleData
from ganj.events import ORDER, REFUND
from ganj.filters import divided, marks
from ganj.histories import Array, Category, Histories
from ganj.kernels.orders import EVER, NEVER_ENDS, roles, totals
from ganj.miner import Column, Reads
from ganj.models.clustering.crowd import Crowd, few_labels
from ganj.text import Text
from ganj.views.traits import called

SHARES = 40
"""A trait of products has no more values, where shares of these are figures."""
LEAST = 50
"""Fewer customers are not divided."""
Named = Literal["recency", "orders", "basket", "revenue", "tenure", "rhythm", "returns", "activity", "none"]


@dataclass(frozen=True, slots=True)
class Figure:
    """What customers are likened by.

    Attributes
    ----------
    label, unit : as of a column
    high, low : how customers are called who have much of it, and little
    """

    name: str
    label: Text
    unit: str
    high: Text
    low: Text

    def column(self, name: str = "") -> Column:
        """Return the column of a mean of it."""
        return Column(name=name or self.name, label=self.label, unit=self.unit)


def _figure(
    name: str, unit: str, label: tuple[str, str], high: tuple[str, str], low: tuple[str, str]
) -> Figure:
    return Figure(name, Text(*label), unit, Text(*high), Text(*low))


FIGURES: dict[str, Figure] = {
    one.name: one
    for one in (
        _figure(
            "recency",
            "days",
            ("Days since the last order", "روز از آخرین سفارش"),
            ("long since an order", "مدت‌هاست نخریده"),
            ("bought lately", "به‌تازگی خریده"),
        ),
        _figure(
            "orders", "ratio", ("Orders", "سفارش‌ها"), ("many orders", "پرسفارش"), ("few orders", "کم‌سفارش")
        ),
        _figure(
            "basket",
            "money",
            ("Mean order", "میانگین هر سفارش"),
            ("large orders", "سفارش‌های بزرگ"),
            ("small orders", "سفارش‌های کوچک"),
        ),
        _figure(
            "revenue", "money", ("Revenue", "درآمد"), ("high spending", "پرخرید"), ("low spending", "کم‌خرید")
        ),
        _figure(
            "tenure",
            "days",
            ("Days since the first order", "روز از نخستین سفارش"),
            ("customers for long", "مشتری قدیمی"),
            ("new customers", "مشتری تازه"),
        ),
        _figure(
            "rhythm",
            "days",
            ("Days between orders", "فاصلهٔ سفارش‌ها"),
            ("long between orders", "فاصلهٔ خرید زیاد"),
            ("short between orders", "فاصلهٔ خرید کم"),
        ),
        _figure(
            "returns",
            "percent",
            ("Orders returned", "سفارش‌های برگشتی"),
            ("many returns", "پرمرجوعی"),
            ("few returns", "کم‌مرجوعی"),
        ),
        _figure(
            "activity",
            "ratio",
            ("Events of any kind", "رویدادها از هر نوع"),
            ("very active", "پرفعالیت"),
            ("little active", "کم‌فعالیت"),
        ),
    )
}
NOTHING = "none"
"""Asked for where traits alone liken customers."""
CHOICES = {name: one.label for name, one in FIGURES.items()} | {
    NOTHING: Text("None: by traits alone", "هیچ؛ تنها با ویژگی‌ها")
}


def asked_for(figures: Sequence[str]) -> tuple[str, ...]:
    """Return the figures of behaviour, without the word for none."""
    return tuple(name for name in figures if name != NOTHING)


def of_trait(name: str) -> Figure:
    """Return a trait that is a number as a figure, or a share of what is bought."""
    if parted(name)[0] == PRODUCT:
        bought = name.partition("=")[2]
        return Figure(
            name,
            Text(f"Share of {bought}", f"سهم {bought}"),
            "percent",
            Text(f"buy {bought}", f"خریدار {bought}"),
            Text(f"hardly buy {bought}", f"کم‌خریدار {bought}"),
        )
    label = called(name)
    high, low = (label.map(*words) for words in ((" high", " بالا"), (" low", " پایین")))
    return Figure(name, label, "ratio", high, low)


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Customers by what they are likened by.

    Attributes
    ----------
    crowd : rows of the figures asked for, of traits that are numbers, and the former again as of an earlier day where
        one is compared with; added up are revenue, orders, and each of the figures and numbers where it is known
    numbers, kinds : traits that are numbers, and traits that are categories
    """

    crowd: Crowd
    numbers: tuple[str, ...]
    kinds: tuple[str, ...]

    def __add__(self, other: Alike) -> Alike:
        return replace(self, crowd=self.crowd + other.crowd)


@dataclass(frozen=True, slots=True)
class Fold:
    """How customers' histories become figures.

    Attributes
    ----------
    figures : names in `FIGURES`
    traits : names of traits
    origin : the local day that recency and tenure are counted to
    zone : of local days
    before : µs UTC and local day of an earlier day; None where nothing is compared
    mix : trait of products whose shares of what a customer buys are figures; empty for none
    """

    figures: tuple[str, ...]
    traits: tuple[str, ...]
    origin: int
    zone: str
    before: tuple[int, int] | None = None
    mix: str = ""

    def reads(self) -> Reads:
        """Say what is read."""
        events = None if "activity" in self.figures else (ORDER, REFUND)
        whole = Reads(events=events, columns=("time", "event", "amount"), traits=self.traits)
        return divided(whole, self.mix, traits=False)

    def scan(self, histories: Histories) -> Alike:
        """Count the customers of a part."""
        who, kinds, figures, sums = self.read(histories)
        del who
        numbers, names = split(histories, self.traits)
        bought = mixed(histories, self.mix)[0] if self.mix else ()
        return Alike(Crowd.of(kinds, figures, sums), (*numbers, *bought), names)

    def read(self, histories: Histories) -> tuple[Array, list[Category], Array, Array]:
        """Return positions of customers int64[n], their categories, figures float64[n, d] and sums float64[n, s]."""
        now = _totals(histories, NEVER_ENDS)
        numbers, names = split(histories, self.traits)
        known = [np.asarray(histories.traits[name], np.float64)[:, None] for name in numbers]
        known += [mixed(histories, self.mix)[1]] if self.mix else []
        kinds = [category(histories, name) for name in names]
        figures = [self._figures(now, self.origin), *known]
        own = np.concatenate(figures, axis=1)
        if self.before is not None:
            until, day = self.before
            figures.append(self._figures(_totals(histories, until), day))
        whole = np.concatenate(figures, axis=1)
        who = np.flatnonzero(now[:, 0] > 0) if self.figures else _told(own, kinds)
        sums = np.column_stack((now[:, 1], now[:, 0], np.nan_to_num(own)))
        return who, [Category(one.codes[who], one.labels) for one in kinds], whole[who], sums[who]

    def _figures(self, total: Array, origin: int) -> Array:
        """Return float64[customers, figures]; nan where unknown, and everything of who had not bought."""
        orders = np.where(total[:, 0] > 0, total[:, 0], np.nan)
        first, last = (
            np.where(orders > 0, local_day(np.nan_to_num(total[:, at]).astype(np.int64), self.zone), np.nan)
            for at in (2, 3)
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            found = {
                "recency": origin - last,
                "orders": total[:, 0],
                "basket": total[:, 1] / orders,
                "revenue": total[:, 1],
                "tenure": origin - first,
                "rhythm": np.where(orders > 1, (last - first) / (orders - 1), np.nan),
                "returns": 100 * np.minimum(total[:, 4] / orders, 1),
                "activity": total[:, 6],
            }
        chosen = [np.where(total[:, 0] > 0, found[name], np.nan) for name in self.figures]
        return np.stack(chosen, axis=1) if chosen else np.zeros((len(total), 0))


def mixed(histories: Histories, by: str) -> tuple[tuple[str, ...], Array]:
    """Return the names of the shares of what customers buy, and these: float64[customers, names], percent, nan without orders.

    Every order counts alike; within it, products count by their money.
    """
    told = spread(histories, by, np.flatnonzero(marks(histories, (ORDER,)) > 0))
    size = len(told.labels)
    if size > SHARES:
        why = Text(f"it has more than {SHARES} different values.", "بیش از ۴۰ مقدار گوناگون دارد.")
        raise BadParameter(parameter="mix", value=by, why=why)
    there = told.codes >= 0
    place = histories.owner[told.event[there]] * size + told.codes[there]
    sums = np.bincount(place, told.share[there], len(histories) * size).reshape(len(histories), size)
    whole = sums.sum(axis=1, keepdims=True)
    share = np.divide(100 * sums, whole, out=np.full_like(sums, np.nan), where=whole > 0)
    return tuple(f"{by}={label}" for label in told.labels), share


def split(histories: Histories, traits: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the traits that are numbers, and those that are categories or that nobody has."""
    numbers = tuple(name for name in traits if isinstance(histories.traits.get(name), np.ndarray))
    return numbers, tuple(name for name in traits if name not in numbers)


def category(histories: Histories, name: str) -> Category:
    """Return a trait of few values; one that nobody has is unknown of everyone."""
    told = histories.traits.get(name)
    if not isinstance(told, Category):
        return Category(np.full(len(histories), -1, np.int32), ())
    return few_labels(name, told)


def _told(figures: Array, kinds: list[Category]) -> Array:
    """Return positions of customers of whom anything is known."""
    known = ~np.isnan(figures).all(axis=1) if figures.shape[1] else np.zeros(len(figures), bool)
    for kind in kinds:
        known |= kind.codes >= 0
    return np.flatnonzero(known)


def _totals(histories: Histories, until: int) -> Array:
    h = histories
    role = roles(len(h.names.get("event", ())), h.codes((ORDER,)), h.codes((REFUND,)))
    return totals(h.offsets, h.time, h.event, h.amount, role, EVER, until)


def enough(crowd: Crowd, figures: Sequence[str]) -> None:
    """Refuse too few customers; those who are likened by behaviour are buyers.

    Raises
    ------
    TooLittleData
        Saying how many are needed.
    """
    if crowd.size < LEAST:
        needs = Text(
            f"{LEAST} customers of whom what was named is known",
            f"{LEAST} مشتری که ویژگی‌های نام‌برده‌شان دانسته باشد",
        )
        if figures:
            needs = Text(
                f"{LEAST} buyers (without orders, liken customers by traits and ask for no behaviour: none)",
                f"{LEAST} خریدار (اگر سفارشی در کار نیست، ویژگی‌ها را برگزینید و در رفتار «هیچ» را)",
            )
        raise TooLittleData(needs=needs, has=Text(f"{crowd.size} of them", f"{crowd.size} مشتری"))


def likened(figures: Sequence[str], traits: Sequence[str], mix: str = "") -> None:
    """Refuse to liken customers by nothing.

    Raises
    ------
    BadParameter
        Neither a figure nor a trait is named, or what is bought is told by no trait of products.
    """
    if mix and not (parted(mix)[0] == PRODUCT and parted(mix)[1]):
        why = Text(
            "name a trait of products, such as product.category.",
            "ویژگی‌ای از کالا را نام ببرید، مانند product.category.",
        )
        raise BadParameter(parameter="mix", value=mix, why=why)
    if not figures and not traits and not mix:
        why = Text("choose a figure or a trait.", "یک سنجه یا ویژگی برگزینید.")
        raise BadParameter(parameter="figures", value="", why=why)
