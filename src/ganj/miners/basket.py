"""Basket: what is bought together, beyond chance?"""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from ganj.errors import BadParameter
from ganj.events import ORDER
from ganj.filters import marks, reading
from ganj.histories import Array, Histories
from ganj.kernels.itemsets import Itemsets, frequent
from ganj.miner import Asked, Miner, Reads, Report, Scores, column
from ganj.models.rules import Measure, Rules, Wanted, rules
from ganj.parameters import param
from ganj.text import Text
from ganj.views.basket import report
from ganj.views.basket_fold import Baskets, Carts, carts_of
from ganj.views.basket_found import Found, Items, Sought, items_of, known, lists, offered, sides, worth

FEW = 10
"""Orders of several products below which no rule is sought."""
MOST = 500_000
"""Sets above which the least support is doubled."""
PICTURED, LISTED, LINKED = 12, 50, 30
"""Products in the picture of pairs and in the table; pairs in the network."""


class Basket(Miner[Baskets, Found], frozen=True, kw_only=True):
    """Find sets of products that orders hold together, and rules: who buys this also buys that.

    A basket is the different products of one order.  A rule has one product on its right; its chance is Fisher's
    exact test on one side, corrected by Holm over every rule that could have been formed of the frequent sets,
    so that nothing is shown which shuffled baskets would show as well.

    Notes
    -----
    State: the orders and codes of their products, four bytes a line and twenty an order, at most 8,388,608 lines:
    exact up to as many; of more, every second, fourth … order, drawn by lot, as the report then says.  One
    pass; mining by occurrence deliver (LCM) and bits.
    Source: Agrawal & Srikant, VLDB 1994; Uno et al., FIMI 2004; Holm, Scand. J. Statist. 6, 1979.
    """

    title = Text("Baskets", "سبد خرید")
    question = Text("What is bought together?", "چه چیزهایی با هم خریده می‌شوند؟")
    family = "diagnostic"
    scored = (
        column("together", "Sets bought together", "مجموعه‌های خریده‌شده با هم", "list"),
        column("offers", "Rules to offer by", "قاعده‌های پیشنهاد", "list"),
    )
    example: ClassVar[dict[str, Any]] = {"support": 0.0005}

    support: Annotated[
        float,
        param(
            "Least support",
            "کمترین پشتیبان",
            ge=0,
            le=1e9,
            help=Text(
                "Below 1 a share of orders, from 1 a number of orders.",
                "کمتر از ۱ سهمی از سفارش‌ها و از ۱ به بالا شمار سفارش است.",
            ),
        ),
    ] = 0.001
    confidence: Annotated[
        float, param("Least confidence (0 to 1)", "کمترین اطمینان (۰ تا ۱)", ge=0, le=1)
    ] = 0.1
    lift: Annotated[float, param("Least lift", "کمترین خیز (lift)", ge=0, le=1e9)] = 1.0
    level: Annotated[
        float,
        param(
            "Level of significance (1 for any)",
            "سطح معناداری (۱ یعنی هر چه هست)",
            ge=0,
            le=1,
        ),
    ] = 0.05
    kind: Annotated[
        Literal["all", "closed", "maximal"],
        param(
            "Sets listed",
            "مجموعه‌های فهرست",
            choices={
                "all": Text("All", "همه"),
                "closed": Text("Closed", "بسته"),
                "maximal": Text("Maximal", "بیشینه"),
            },
        ),
    ] = "all"
    ranked_by: Annotated[
        Measure,
        param(
            "Best by",
            "بهترین بر پایهٔ",
            choices={
                "lift": Text("Lift", "خیز"),
                "support": Text("Support", "پشتیبان"),
                "confidence": Text("Confidence", "اطمینان"),
                "leverage": Text("Leverage", "اهرم"),
                "conviction": Text("Conviction", "قطعیت"),
                "chance": Text("Chance", "احتمال تصادف"),
            },
        ),
    ] = "lift"
    top: Annotated[int, param("Rules and sets shown", "شمار قاعده‌ها و مجموعه‌ها", ge=1, le=100_000)] = 50
    longest: Annotated[
        int,
        param(
            "Products in a set at most (0 for any)", "بیشترین کالای یک مجموعه (۰ یعنی هر چند)", ge=0, le=20
        ),
    ] = 4
    contains: Annotated[
        tuple[str, ...], param("With one of the products", "دارای یکی از کالاها", of="product", max_length=20)
    ] = ()
    consequent: Annotated[
        tuple[str, ...], param("That leads to", "که برسد به کالای", of="product", max_length=20)
    ] = ()
    goods: Annotated[
        Literal["product", "category"],
        param(
            "Of what",
            "از چه",
            choices={"product": Text("Products", "کالاها"), "category": Text("Categories", "دسته‌های کالا")},
        ),
    ] = "product"
    price_least: Annotated[
        float,
        param(
            "Together they cost at least",
            "بهای روی‌هم، دست‌کم",
            unit="money",
            ge=0,
            help=Text(
                "One piece of each product of the set, at its mean price.",
                "از هر کالای مجموعه یک عدد، به میانگین قیمت آن.",
            ),
        ),
    ] = 0.0
    price_most: Annotated[
        float, param("… at most (0 for any)", "… حداکثر (۰ یعنی هر چه)", unit="money", ge=0)
    ] = 0.0
    without: Annotated[
        tuple[str, ...],
        param("Without the products", "بدون کالاهای", of="product", max_length=20, advanced=True),
    ] = ()
    events: Annotated[
        tuple[str, ...],
        param(
            "What is a basket", "چه رویدادی سبد است", of="event", min_length=1, max_length=10, advanced=True
        ),
    ] = (ORDER,)

    def __post_init__(self) -> None:
        """Refuse what no set can be."""
        if self.price_most and self.price_most < self.price_least:
            why = Text("it is below the least price asked for.", "از کمترین بهای خواسته‌شده کمتر است.")
            raise BadParameter(parameter="price_most", value=self.price_most, why=why)
        both = sorted({*self.without} & {*self.contains, *self.consequent})
        if both:
            why = Text("it is asked for and ruled out at once.", "هم خواسته شده و هم کنار گذاشته شده است.")
            raise BadParameter(parameter="without", value=both[0], why=why)

    def asks(self) -> tuple[Asked, ...]:
        """Name the products, or the categories, that are asked for."""
        of = "product" if self.goods == "product" else f"product.{self.goods}"
        told = () if self.goods == "product" else (Asked(of, ("item",)),)
        named = (*self.contains, *self.consequent, *self.without)
        return (*told, *(Asked(name, (of,)) for name in named))

    def reads(self) -> Reads:
        of = () if self.goods == "product" else (self.goods,)
        return reading(Reads(lines=True, nobody=True, products=of, lots=True), self.events)

    def scan(self, histories: Histories) -> Baskets:
        return Baskets((self._carts(histories),)).fitted()

    def learn(self, state: Baskets) -> Found:
        carts = state.whole()
        several = int((np.diff(carts.offsets) > 1).sum())
        longest = self.longest if several >= FEW else 1
        asked = self._least(len(carts.key))
        every, least = _mined(carts, asked, longest)
        sets = every
        if self.kind != "all":
            sets = frequent(carts.offsets, carts.product, least, kind=self.kind, longest=longest)
        price = carts.price
        passed = rules(every, self._wanted(carts.labels))
        passed = passed.chosen(self._affordable(worth(every, price))[passed.whole])
        best, shown = passed.best(self.top, self.ranked_by), self._shown(sets, carts)
        links = _links(passed, self.ranked_by)
        count = np.bincount(carts.product, minlength=len(carts.labels)).astype(np.int64)
        often = np.argsort(-count, kind="stable")
        pairs = _pairs(carts, np.sort(often[:PICTURED])) if longest != 1 else ()
        sought = _sought(best, shown, [(a, b) for a, b, _ in pairs], often[:LISTED], links)
        people = known(carts)
        had = sought.had(people.customer, people)
        return Found(
            labels=carts.labels,
            orders=len(carts.key),
            several=several,
            least=least,
            raised=least > asked,
            level=state.level,
            sets=shown,
            many=len(sets),
            rules=best,
            passed=len(passed),
            count=count,
            price=price,
            pairs=pairs,
            links=links,
            sought=sought,
            customers=np.bincount(had[:, 1], minlength=len(sought.sets)),
            offers=np.bincount(offered(best, sought, had)[:, 1], minlength=len(best)),
        )

    def report(self, model: Found) -> Report:
        return report(model, self.level, few=FEW)

    def score(self, histories: Histories, model: Found) -> Scores:
        own = self._carts(histories)
        code = {label: number for number, label in enumerate(model.labels)}
        renamed = np.array([code.get(label, -1) for label in own.labels], np.int32)[own.product]
        real = histories.customer >= 0
        people = known(Carts(own.key, own.customer, own.offsets, renamed, model.labels, own.prices))
        customer = histories.customer[real]
        had = model.sought.had(np.searchsorted(customer, people.customer), people)
        values = {
            "together": lists(had, len(customer)),
            "offers": lists(offered(model.rules, model.sought, had), len(customer)),
        }
        return Scores(customer, values)

    def _carts(self, histories: Histories) -> Carts:
        return carts_of(histories, marks(histories, self.events) > 0, self.goods)

    def _least(self, orders: int) -> int:
        """Return the least number of orders; a share never means a single order."""
        if self.support >= 1:
            return math.ceil(self.support)
        return max(math.ceil(self.support * orders - 1e-9), 2)

    def _wanted(self, labels: tuple[str, ...]) -> Wanted:
        return Wanted(
            self.confidence,
            self.lift,
            self.level,
            contains=_codes(labels, self.contains),
            right=_codes(labels, self.consequent) or None,
            without=_codes(labels, self.without),
        )

    def _affordable(self, price: Array) -> Array:
        """Tell which prices are as asked: bool[n]; one that is not known only where nothing is asked."""
        fits: Array = price >= self.price_least if self.price_least else np.ones(len(price), bool)
        return fits & (price <= self.price_most) if self.price_most else fits

    def _shown(self, sets: Itemsets, carts: Carts) -> Itemsets:
        """Return the most frequent sets of two products or more that are asked for."""
        owner = np.repeat(np.arange(len(sets)), sets.size)
        kept = (sets.size > 1) & self._affordable(worth(sets, carts.price))
        for names, good in ((self.contains, True), (self.without, False)):
            if names:
                kept &= (
                    np.isin(np.arange(len(sets)), owner[np.isin(sets.items, _codes(carts.labels, names))])
                    == good
                )
        some = sets.chosen(kept)
        return some.chosen(np.argsort(-some.count, kind="stable")[: self.top])


def _codes(labels: tuple[str, ...], names: tuple[str, ...]) -> tuple[int, ...]:
    """Return the codes of products; -1, which is in no set, for one that nobody bought."""
    return tuple(labels.index(name) if name in labels else -1 for name in names)


def _mined(carts: Carts, least: int, longest: int) -> tuple[Itemsets, int]:
    """Return all frequent sets, and the support at which they are few enough to be laid out."""
    while True:
        found = frequent(carts.offsets, carts.product, least, longest=longest, most=MOST)
        if found.complete:
            return found, least
        least *= 2


def _links(passed: Rules, by: Measure) -> Rules:
    """Return the best rules of one product on each side, of the two ways round the surer one."""
    single = passed.chosen(passed.sets.size[passed.whole] == 2)
    surer = single.chosen(np.argsort(-single.confidence, kind="stable"))
    first = np.sort(np.unique(surer.whole, return_index=True)[1])
    return surer.chosen(first).best(LINKED, by)


def _sought(best: Rules, shown: Itemsets, pairs: list[Items], often: Array, links: Rules) -> Sought:
    """Gather the sets that some cell shows."""
    return Sought.of(
        [whole for _, _, whole in sides(best)],
        [left for left, _, _ in sides(best)],
        [(right,) for _, right, _ in sides(best)],
        items_of(shown, np.arange(len(shown))),
        pairs,
        [(int(code),) for code in often],
        [whole for _, _, whole in sides(links)],
    )


def _pairs(carts: Carts, codes: Array) -> tuple[tuple[int, int, int], ...]:
    """Count the orders of each pair of some products."""
    two: list[Items] = [(int(a), int(b)) for a in codes for b in codes if a < b]
    had = Sought.of(two).had(np.arange(len(carts.key)), carts)
    return tuple(
        (pair[0], pair[1], int(n))
        for pair, n in zip(two, np.bincount(had[:, 1], minlength=len(two)), strict=True)
    )
