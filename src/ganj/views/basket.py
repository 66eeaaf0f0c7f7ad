"""How baskets are told: tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganj.histories import Array
from ganj.miner import Chart, Finding, Opens, Report, Table, Where, column
from ganj.text import Text
from ganj.views.basket_found import Found, Items, items_of, sides, worth
from ganj.views.sampled import limits

LISTED = 50
"""Products in the table."""
JOINED = " + "


def report(found: Found, level: float, few: int) -> Report:
    """Tell what was found; ``few`` orders of several products are too little to seek rules in."""
    tables = {"rules": _rules(found), "itemsets": _sets(found), "pairs": _pairs(found)}
    used = {name: table for name, table in tables.items() if len(table)}
    used |= {"links": _links(found)} if len(found.links) else {}
    used["products"] = _products(found)
    return Report(used, tuple(_charts(used)), tuple(_findings(found, level, few)))


def _words(found: Found, items: Items) -> str:
    return JOINED.join(found.labels[item] for item in items)


def _opens(found: Found, sets: list[Items]) -> list[Opens | None]:
    """Open who had a set; of a sample nothing is opened, since the number is not that of all customers."""
    if found.level:
        return [None] * len(sets)
    return [(Where("together", "has", found.sought.number[one]),) for one in sets]


def _customers(found: Found, sets: list[Items]) -> Array:
    return np.array([found.customers[found.sought.number[one]] for one in sets], np.int64)


def _rules(found: Found) -> Table:
    rules = found.rules
    told = list(sides(rules))
    both = [whole for _, _, whole in told]
    offers = [None if found.level else (Where("offers", "has", rule),) for rule in range(len(told))]
    conviction = np.where(np.isinf(rules.conviction), np.nan, rules.conviction)
    return Table.of(
        Text("Rules", "قاعده‌ها"),
        (column("rule", "Rule", "قاعده", "text"), [_rule(found, one) for one in told]),
        (column("if", "Who buys", "هر که بخرد", "text"), [_words(found, left) for left, _, _ in told]),
        (
            column("then", "Also buys", "این را هم می‌خرد", "text"),
            [found.labels[right] for _, right, _ in told],
        ),
        (column("orders", "Orders", "سفارش‌ها", "orders"), rules.count),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            _customers(found, both),
            _opens(found, both),
        ),
        (
            column("offer_to", "Customers to offer it to", "مشتریانِ درخور پیشنهاد", "customers"),
            found.offers,
            offers,
        ),
        (column("support", "Support", "پشتیبان", "percent"), 100 * rules.support),
        (column("confidence", "Confidence", "اطمینان", "percent"), 100 * rules.confidence),
        (column("lift", "Lift", "خیز", "ratio"), rules.lift),
        (column("leverage", "Leverage", "اهرم", "percent"), 100 * rules.leverage),
        (column("conviction", "Conviction", "قطعیت", "ratio"), conviction),
        (
            column("price", "Price together", "بهای روی‌هم", "money"),
            worth(rules.sets, found.price)[rules.whole],
        ),
        (column("p", "Chance", "احتمال تصادف"), rules.chance),
        (column("holm", "Chance, corrected", "احتمال تصادف، تصحیح‌شده"), rules.holm),
    )


def _rule(found: Found, told: tuple[Items, int, Items]) -> str:
    return f"{_words(found, told[0])} ⇒ {found.labels[told[1]]}"


def _sets(found: Found) -> Table:
    sets = items_of(found.sets, np.arange(len(found.sets)))
    share = 100 * found.sets.count / max(found.orders, 1)
    return Table.of(
        Text("Bought together", "با هم خریده‌شده"),
        (column("items", "Products", "کالاها", "text"), [_words(found, one) for one in sets]),
        (column("size", "How many", "چند کالا", "count"), found.sets.size),
        (column("orders", "Orders", "سفارش‌ها", "orders"), found.sets.count),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            _customers(found, sets),
            _opens(found, sets),
        ),
        (column("support", "Support", "پشتیبان", "percent"), share),
        (column("price", "Price together", "بهای روی‌هم", "money"), worth(found.sets, found.price)),
    )


def _links(found: Found) -> Table:
    """Lay out which single product leads to which."""
    links, told = found.links, list(sides(found.links))
    both = [whole for _, _, whole in told]
    return Table.of(
        Text("Which product goes with which", "کدام کالا با کدام می‌آید"),
        (column("product", "Product", "کالا", "text"), [_words(found, left) for left, _, _ in told]),
        (column("other", "Leads to", "می‌رسد به", "text"), [found.labels[right] for _, right, _ in told]),
        (column("orders", "Orders", "سفارش‌ها", "orders"), links.count),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            _customers(found, both),
            _opens(found, both),
        ),
        (column("lift", "Lift", "خیز", "ratio"), links.lift),
        (column("confidence", "Confidence", "اطمینان", "percent"), 100 * links.confidence),
    )


def _products(found: Found) -> Table:
    often = np.argsort(-found.count, kind="stable")[:LISTED]
    sets: list[Items] = [(int(code),) for code in often]
    return Table.of(
        Text("Products", "کالاها"),
        (column("product", "Product", "کالا", "text"), [found.labels[code] for code in often]),
        (column("orders", "Orders", "سفارش‌ها", "orders"), found.count[often]),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            _customers(found, sets),
            _opens(found, sets),
        ),
        (column("support", "Support", "پشتیبان", "percent"), 100 * found.count[often] / max(found.orders, 1)),
    )


def _pairs(found: Found) -> Table:
    """Lay out how the most sold products go together, both ways round."""
    rows = [(a, b, n) for a, b, n in found.pairs] + [(b, a, n) for a, b, n in found.pairs]
    rows.sort(key=lambda row: (-found.count[row[0]], row[0], -found.count[row[1]], row[1]))
    one, other, both = np.array(rows, np.int64).reshape(-1, 3).T
    sets: list[Items] = [(min(a, b), max(a, b)) for a, b, _ in rows]
    first, second = found.count[one], found.count[other]
    n = found.orders
    with np.errstate(invalid="ignore", divide="ignore"):
        lift = both * n / (first * second)
        phi = (n * both - first * second) / np.sqrt(first * (n - first) * 1.0 * second * (n - second))
    return Table.of(
        Text("Pairs of the most sold products", "جفت‌های پرفروش‌ترین کالاها"),
        (column("product", "Product", "کالا", "text"), [found.labels[a] for a in one]),
        (column("other", "With", "همراه با", "text"), [found.labels[b] for b in other]),
        (column("orders", "Orders", "سفارش‌ها", "orders"), both),
        (
            column("customers", "Customers", "مشتریان", "customers"),
            _customers(found, sets),
            _opens(found, sets),
        ),
        (column("lift", "Lift", "خیز", "ratio"), lift),
        (column("phi", "Correlation", "همبستگی", "ratio"), phi),
    )


def _charts(tables: dict[str, Table]) -> Iterator[Chart]:
    """Draw the network first, and the square of pairs last, where pages are widest."""
    if "links" in tables:
        yield Chart(
            kind="network",
            table="links",
            title=tables["links"].title,
            x="product",
            series="other",
            y=("lift", "orders", "confidence"),
        )
    yield from _bars(tables)
    if "pairs" in tables:
        yield Chart(
            kind="matrix",
            table="pairs",
            title=Text("The most sold products together", "پرفروش‌ترین کالاها در کنار هم"),
            x="other",
            series="product",
            y=("phi",),
            options={"reach": 0.5},
        )


def _bars(tables: dict[str, Table]) -> Iterator[Chart]:
    """Draw the rules, or where there are none what sells."""
    if "rules" not in tables:
        title = Text("Products by orders", "کالاها به ترتیب سفارش")
        yield Chart(kind="hbar", table="products", title=title, x="product", y=("orders",))
        return
    title = Text("Strongest rules, by lift", "نیرومندترین قاعده‌ها بر پایهٔ خیز")
    yield Chart(kind="hbar", table="rules", title=title, x="rule", y=("lift",))
    yield Chart(
        kind="scatter",
        table="rules",
        title=Text("How often, and how surely", "چند بار و با چه اطمینانی"),
        x="support",
        y=("confidence", "lift"),
        options={"name": "rule"},
    )


def _findings(found: Found, level: float, few: int) -> Iterator[Finding]:
    if found.several < few:
        yield _too_little(found, few)
        return
    if len(found.rules):
        yield _strongest(found)
        yield _how_many(found, level)
        yield from _offer(found)
    else:
        yield _nothing(found, level)
    yield from _limits(found)


def _too_little(found: Found, few: int) -> Finding:
    return Finding(
        text=Text(
            "What goes together needs {few:count} orders of two products or more; there are {several:count} "
            "among {orders:count} orders with known products.",
            "برای یافتن آنچه با هم خریده می‌شود {few:count} سفارشِ دست‌کم دوکالایی لازم است؛ از {orders:count} سفارش با "
            "کالای روشن، {several:count} سفارش چنین است.",
        ),
        evidence={"few": few, "several": found.several, "orders": found.orders},
        tone="warn",
        weight=1.0,
    )


def _strongest(found: Found) -> Finding:
    left, right, whole = next(sides(found.rules))
    return Finding(
        text=Text(
            "Who buys “{left}” buys “{right}” in the same order {lift:ratio} times as often as others do: in "
            "{orders:count} orders, {confidence:percent} of those with the first.",
            "هر که «{left}» می‌خرد، «{right}» را در همان سفارش {lift:ratio} برابرِ انتظار می‌خرد: در {orders:count} سفارش، "
            "یعنی {confidence:percent} از سفارش‌های کالای نخست.",
        ),
        evidence={
            "left": _words(found, left),
            "right": found.labels[right],
            "lift": float(found.rules.lift[0]),
            "orders": int(found.rules.count[0]),
            "confidence": float(100 * found.rules.confidence[0]),
        },
        opens=_opened(found, whole),
        tone="good",
        weight=1.0,
    )


def _opened(found: Found, one: Items) -> Opens | None:
    """Open who had a set, where somebody who is known had."""
    return _opens(found, [one])[0] if found.customers[found.sought.number[one]] else None


def _how_many(found: Found, level: float) -> Finding:
    text = Text(
        "{passed:count} rules of {tested:count} that {sets:count} sets could form are as asked; the chance that even one "
        "of them is accidental is at most {level:percent}.",
        "از {tested:count} قاعدهٔ ممکنِ {sets:count} مجموعه، {passed:count} قاعده چنان است که خواسته‌اید؛ احتمال اینکه حتی "
        "یکی از آن‌ها تصادفی باشد حداکثر {level:percent} است.",
    )
    if level >= 1:
        text = Text(
            "{passed:count} rules of {tested:count} that {sets:count} sets could form are as asked; chance was not ruled out.",
            "از {tested:count} قاعدهٔ ممکنِ {sets:count} مجموعه، {passed:count} قاعده چنان است که خواسته‌اید؛ تصادفی‌بودن "
            "آن‌ها سنجیده نشده است.",
        )
    evidence = {
        "passed": found.passed,
        "tested": found.rules.tested,
        "sets": found.many,
        "level": 100 * level,
    }
    return Finding(text=text, evidence=evidence, tone="plain" if level < 1 else "warn", weight=0.8)


def _offer(found: Found) -> Iterator[Finding]:
    """Name the rule by which most customers may be offered something."""
    if not found.offers.any() or found.level:
        return
    best = int(found.offers.argmax())
    left, right, _ = list(sides(found.rules))[best]
    yield Finding(
        text=Text(
            "{customers:count} customers have bought “{left}” and never “{right}”: offer it to them.",
            "{customers:count} مشتری «{left}» خریده‌اند و هرگز «{right}» نخریده‌اند؛ آن را به ایشان پیشنهاد دهید.",
        ),
        evidence={
            "customers": int(found.offers[best]),
            "left": _words(found, left),
            "right": found.labels[right],
        },
        opens=(Where("offers", "has", best),),
        weight=0.7,
    )


def _nothing(found: Found, level: float) -> Finding:
    return Finding(
        text=Text(
            "Nothing goes together as asked: of {tested:count} possible rules none is beyond chance at "
            "{level:percent} with the confidence and lift wanted. Do not build offers on these baskets.",
            "هیچ دو کالایی چنان که خواسته‌اید با هم نمی‌آیند: از {tested:count} قاعدهٔ ممکن، هیچ‌یک در سطح {level:percent} و با "
            "اطمینان و خیزِ خواسته‌شده معنادار نیست. بر پایهٔ این سبدها پیشنهادی نسازید.",
        ),
        evidence={"tested": found.rules.tested, "level": 100 * level},
        tone="warn",
        weight=1.0,
    )


def _limits(found: Found) -> Iterator[Finding]:
    return limits(
        found.least if found.raised else 0,
        found.level,
        Text(
            "So many sets are this frequent that only those in at least {least:count} orders were looked at.",
            "مجموعه‌های پرتکرار آن‌قدر زیادند که تنها آن‌هایی بررسی شد که دست‌کم در {least:count} سفارش آمده‌اند.",
        ),
        Text(
            "All figures are of a sample, one order in {part:count}, drawn by lot.",
            "همهٔ رقم‌ها از نمونه‌ای تصادفی است: از هر {part:count} سفارش یکی.",
        ),
    )
