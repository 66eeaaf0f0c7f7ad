"""How sequences are told: tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np

from ganj.histories import Array
from ganj.miner import Chart, Finding, Opens, Report, Table, Where, column
from ganj.text import Text
from ganj.views.sampled import limits
from ganj.views.sequence_found import Found

JOINED = " › "


def report(found: Found, level: float, few: int, within: timedelta) -> Report:
    """Tell what was found; ``few`` customers with several moments are too few to seek an order in."""
    tables = {"moves": _moves(found), "sequences": _sequences(found, level)}
    used = {name: table for name, table in tables.items() if len(table)}
    used["steps"] = _steps(found)
    return Report(used, tuple(_charts(used)), tuple(_findings(found, level, few, within)))


def _words(found: Found, number: int) -> str:
    return JOINED.join(found.labels[step] for step in found.sought.steps[number])


def _opens(found: Found, name: str, numbers: Array) -> list[Opens | None]:
    """Open who is behind numbers; of a sample nothing is opened, since the number is not that of all customers."""
    return [None if found.level else (Where(name, "has", int(number)),) for number in numbers]


def _customers(found: Found, numbers: Array) -> tuple[Array, list[Opens | None]]:
    return found.places.customers[numbers], _opens(found, "sequences", numbers)


def _ends(found: Found) -> tuple[Array, Array, Array, Array]:
    """Return of each move its two steps, and the numbers of the sequences of one step each."""
    two = np.array([found.sought.steps[number] for number in found.moves], np.int64).reshape(-1, 2)
    before, after = (found.sought.numbers([(int(step),) for step in side]) for side in two.T)
    return two[:, 0], two[:, 1], before, after


def _moves(found: Found) -> Table:
    first, second, before, _ = _ends(found)
    count, opens = _customers(found, found.moves)
    had, had_opens = _customers(found, before)
    expected = found.order.expected[found.moves]
    told: list[Any] = [
        (column("move", "Move", "گام", "text"), [_words(found, number) for number in found.moves]),
        (column("from", "From", "از", "text"), [found.labels[step] for step in first]),
        (column("to", "To", "به", "text"), [found.labels[step] for step in second]),
        (column("customers", "Customers", "مشتریان", "customers"), count, opens),
        (column("had", "Had the first", "دارندگان نخستین", "customers"), had, had_opens),
        (column("share", "Share who moved on", "سهم گذر کرده", "percent"), 100 * count / np.maximum(had, 1)),
        (column("days", "Half of them within days", "میانهٔ فاصله", "days"), found.places.days()[found.moves]),
        (
            column("expected", "Customers, if order meant nothing", "انتظار، اگر ترتیب بی‌معنا بود", "ratio"),
            expected,
        ),
        (column("lift", "Against chance", "در برابر تصادف", "ratio"), found.order.lift[found.moves]),
        (column("holm", "Chance, corrected", "احتمال تصادف، تصحیح‌شده"), found.order.holm[found.moves]),
        (
            column("ready", "Customers to offer the second to", "مشتریانِ درخور پیشنهاد", "customers"),
            found.ready,
            _opens(found, "moves_open", np.arange(len(found.moves))),
        ),
    ]
    if np.isfinite(found.price).any():
        dearer = column("price", "Price against the first", "قیمت در برابر نخستین", "ratio")
        told.append((dearer, found.price[second] / found.price[first]))
    return Table.of(Text("Moves from one to another", "گذر از یکی به دیگری"), *told)


def _sequences(found: Found, level: float) -> Table:
    shown, outcome = found.shown, found.outcome
    count, opens = _customers(found, shown)
    low, high = (limit[shown] for limit in outcome.limits)
    beyond = (found.order.holm[shown] <= level) & (found.order.lift[shown] > 1)
    return Table.of(
        Text("Frequent sequences", "توالی‌های پرتکرار"),
        (column("sequence", "Sequence", "توالی", "text"), [_words(found, number) for number in shown]),
        (column("steps", "Steps", "گام‌ها", "count"), [len(found.sought.steps[number]) for number in shown]),
        (column("customers", "Customers", "مشتریان", "customers"), count, opens),
        (column("share", "Share", "سهم", "percent"), 100 * count / max(found.trails_count, 1)),
        (column("days", "Half of them within days", "میانهٔ فاصله", "days"), found.places.days()[shown]),
        (
            column("expected", "Customers, if order meant nothing", "انتظار، اگر ترتیب بی‌معنا بود", "ratio"),
            found.order.expected[shown],
        ),
        (column("lift", "Against chance", "در برابر تصادف", "ratio"), found.order.lift[shown]),
        (column("holm", "Chance, corrected", "احتمال تصادف، تصحیح‌شده"), found.order.holm[shown]),
        (column("beyond", "Order matters", "ترتیب معنا دارد", "flag"), beyond),
        (column("then", "Hoped-for event follows", "رویداد خوشایند در پی", "percent"), 100 * outcome.share[shown]),
        (column("low", "At least (95 %)", "دست‌کم (۹۵٪)", "percent"), 100 * low),
        (column("high", "At most (95 %)", "دست‌بالا (۹۵٪)", "percent"), 100 * high),
        (column("outcome_lift", "Against any step of theirs", "در برابر گام‌های دیگرشان", "ratio"), outcome.share[shown] / np.where(outcome.usual[shown] > 0, outcome.usual[shown], np.nan)),
        (column("outcome_holm", "Chance of that, corrected", "احتمال تصادفِ آن، تصحیح‌شده"), outcome.chance(shown)),
    )  # fmt: skip


def _steps(found: Found) -> Table:
    count, opens = _customers(found, found.singles)
    return Table.of(
        Text("Steps", "گام‌ها"),
        (column("step", "Step", "گام", "text"), [_words(found, number) for number in found.singles]),
        (column("customers", "Customers", "مشتریان", "customers"), count, opens),
        (column("share", "Share", "سهم", "percent"), 100 * count / max(found.trails_count, 1)),
    )


def _charts(tables: dict[str, Table]) -> Iterator[Chart]:
    if "moves" in tables:
        title = Text("Who moves from what to what", "مشتریان از چه به چه می‌رسند")
        yield Chart(
            kind="sankey",
            table="moves",
            title=title,
            x="from",
            series="to",
            y=("customers",),
            options={"sides": True, "most": 12},
        )
        title = Text("How far beyond chance", "چند برابر تصادف")
        yield Chart(kind="hbar", table="moves", title=title, x="move", y=("lift",))
        title = Text("After how many days", "پس از چند روز")
        yield Chart(kind="hbar", table="moves", title=title, x="move", y=("days",))
    if "sequences" in tables:
        title = Text("Most frequent sequences", "پرتکرارترین توالی‌ها")
        yield Chart(kind="hbar", table="sequences", title=title, x="sequence", y=("customers",))
    if "moves" not in tables:
        title = Text("Steps by customers", "گام‌ها به ترتیب شمار مشتری")
        yield Chart(kind="hbar", table="steps", title=title, x="step", y=("customers",))  # fmt: skip


def _findings(found: Found, level: float, few: int, within: timedelta) -> Iterator[Finding]:
    if found.moving < few:
        yield _too_little(found, few)
        return
    if len(found.moves):
        yield _strongest(found)
        yield from _ready(found)
        yield _how_many(found, level)
    else:
        yield _nothing(found, level)
    yield from _outcome(found, level, within)
    yield from _limits(found)


def _too_little(found: Found, few: int) -> Finding:
    return Finding(
        text=Text(
            "What follows what needs {few:count} customers with steps at several moments; there are {moving:count} among "
            "{customers:count} customers.",
            "برای یافتن توالی، {few:count} مشتری با دست‌کم دو گام در زمان‌های جدا لازم است؛ از {customers:count} مشتری، "
            "{moving:count} نفر چنین‌اند.",
        ),
        evidence={"few": few, "moving": found.moving, "customers": found.trails_count},
        tone="warn",
        weight=1.0,
    )


def _strongest(found: Found) -> Finding:
    first, second, before, _ = _ends(found)
    number = int(found.moves[0])
    count, had = (int(found.places.customers[k]) for k in (number, before[0]))
    return Finding(
        text=Text(
            "{customers:count} of {had:count} customers with “{first}” later went on to “{second}”, half of them within "
            "{days:number} days: {lift:ratio} times as many as if order meant nothing.",
            "{customers:count} نفر از {had:count} مشتریِ «{first}» بعد به «{second}» رسیده‌اند، نیمی از آنان ظرف "
            "{days:number} روز؛ {lift:ratio} برابرِ آنچه ترتیب تصادفی می‌داد.",
        ),
        evidence={
            "customers": count,
            "had": had,
            "first": found.labels[first[0]],
            "second": found.labels[second[0]],
            "days": round(float(found.places.days()[number])),
            "lift": float(found.order.lift[number]),
        },
        opens=_opens(found, "sequences", found.moves[:1])[0],
        tone="good",
        weight=1.0,
    )


def _ready(found: Found) -> Iterator[Finding]:
    """Name the move that most customers have not made yet."""
    if not found.ready.any() or found.level:
        return
    best = int(found.ready.argmax())
    first, second, *_ = _ends(found)
    yield Finding(
        text=Text(
            "{customers:count} customers have “{first}” and never took “{second}”: offer it, as half of those who move on "
            "do within {days:number} days.",
            "{customers:count} مشتری «{first}» را دارند و هرگز سراغ «{second}» نرفته‌اند؛ پیشنهادش دهید: نیمی از کسانی که "
            "گذر می‌کنند ظرف {days:number} روز چنین می‌کنند.",
        ),
        evidence={
            "customers": int(found.ready[best]),
            "first": found.labels[first[best]],
            "second": found.labels[second[best]],
            "days": round(float(found.places.days()[found.moves[best]])),
        },
        opens=(Where("moves_open", "has", best),),
        weight=0.9,
    )


def _how_many(found: Found, level: float) -> Finding:
    text = Text(
        "Of {tested:count} sequences tried, {moves:count} moves are more frequent than with their order drawn by lot; the "
        "chance that even one of them is accidental is at most {level:percent}.",
        "از {tested:count} توالیِ آزموده، {moves:count} گذر پرتکرارتر از ترتیب تصادفی است؛ احتمال اینکه حتی یکی از آن‌ها "
        "اتفاقی باشد حداکثر {level:percent} است.",
    )
    if level >= 1:
        text = Text(
            "{moves:count} moves of {tested:count} sequences tried are listed; chance was not ruled out.",
            "از {tested:count} توالیِ آزموده {moves:count} گذر آمده است؛ تصادفی‌بودن آن‌ها کنار گذاشته نشده است.",
        )
    evidence = {"tested": found.order.tested, "moves": len(found.moves), "level": 100 * level}
    return Finding(text=text, evidence=evidence, tone="plain" if level < 1 else "warn", weight=0.6)


def _nothing(found: Found, level: float) -> Finding:
    return Finding(
        text=Text(
            "The order of steps tells nothing: of {tested:count} sequences tried, none that leads from one thing to another "
            "is more frequent than with the order drawn by lot (at {level:percent}).",
            "ترتیب گام‌ها چیزی نمی‌گوید: از {tested:count} توالیِ آزموده، هیچ گذری از یکی به دیگری پرتکرارتر از ترتیب "
            "تصادفی نیست (در سطح {level:percent}).",
        ),
        evidence={"tested": found.order.tested, "level": 100 * level},
        tone="warn",
        weight=1.0,
    )


def _outcome(found: Found, level: float, within: timedelta) -> Iterator[Finding]:
    """Name the sequence after which what is hoped for comes most often, beyond chance."""
    chance, share = found.outcome.chance(found.shown), found.outcome.share[found.shown]
    good = np.flatnonzero((chance <= level) & (share > found.outcome.usual[found.shown]))
    if not len(good):
        return
    best = good[int(share[good].argmax())]
    number = int(found.shown[best])
    low, high = (100 * float(limit[number]) for limit in found.outcome.limits)
    yield Finding(
        text=Text(
            "After “{sequence}” the hoped-for event follows within {days:count} days in {share:percent} "
            "({low:percent} to {high:percent}); after any step of the same customers in {usual:percent}.",
            "پس از «{sequence}» رویداد خوشایند ظرف {days:count} روز در {share:percent} موارد می‌آید "
            "({low:percent} تا {high:percent})؛ پس از هر گام همان مشتریان در {usual:percent}.",
        ),
        evidence={
            "sequence": _words(found, number),
            "days": round(within / timedelta(days=1)),
            "share": 100 * float(share[best]),
            "low": low,
            "high": high,
            "usual": 100 * float(found.outcome.usual[number]),
        },
        opens=_opens(found, "sequences", np.array([number]))[0],
        tone="good",
        weight=0.8,
    )


def _limits(found: Found) -> Iterator[Finding]:
    return limits(
        found.least if found.raised else 0,
        found.level,
        Text(
            "So many sequences are this frequent that only those of at least {least:count} customers were looked at.",
            "توالی‌های پرتکرار آن‌قدر زیادند که تنها آن‌هایی بررسی شد که دست‌کم {least:count} مشتری پیموده‌اند.",
        ),
        Text(
            "All figures are of a sample, one customer in {part:count}, drawn by lot.",
            "همهٔ رقم‌ها از نمونه‌ای تصادفی است: از هر {part:count} مشتری یکی.",
        ),
    )
