"""The forecast's sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganj.errors import TooLittleData
from ganj.miner import Finding, Table, Where
from ganj.models.series.forecasting import Forecast
from ganj.text import Text
from ganj.views.forecast import Seen
from ganj.views.forecast_plan import PERIODS

STRONG = 3.0
"""Percent below which a coming effect is not spoken of."""
NO_TABLE = Table((), {})


def findings(seen: Seen) -> Iterator[Finding]:
    """Say what comes, how far it can be trusted, what moves it, and whether the target is reached."""
    line = seen.whole
    if line.refused is not None:
        said, unit = TooLittleData.says, PERIODS[seen.drawn.plan.period]
        needs, has = (
            Text(
                "{periods:count} whole %s with {least:count} events",
                "{periods:count} %s کامل با دست‌کم {least:count} رویداد",
            ),
            Text("{size:count} %s with {events:count}", "{size:count} %s با {events:count} رویداد"),
        )
        needs, has = (Text(one.en % unit.en, one.fa % unit.fa) for one in (needs, has))
        text = Text(said.en.format(needs=needs, has=has), said.fa.format(needs=needs, has=has))
        yield Finding(text=text, evidence=line.refused, tone="warn", weight=1.0)
    if line.found is None:
        return
    yield _ahead(seen, line.found)
    yield _trust(line.found)
    yield from _target(seen)
    yield from _coming(seen)
    yield from _suppose(seen)
    yield from _groups(seen)


def _ahead(seen: Seen, found: Forecast) -> Finding:
    total, low, high = seen.together(found)
    before, unit, period = seen.before(seen.whole), seen.written, PERIODS[seen.drawn.plan.period]
    evidence = {"ahead": seen.drawn.plan.ahead, "total": total, "low": low, "high": high}
    mean = seen.mean
    lead = Text("will average about", "به طور میانگین نزدیک") if mean else Text("will come to about", "نزدیک")
    text = Text(
        f"{seen.name.en} of the next {{ahead:count}} {period.en} {lead.en} {{total:{unit}}}, with 80% certainty "
        f"between {{low:{unit}}} and {{high:{unit}}}",
        f"{seen.name.fa} در {{ahead:count}} {period.fa} آینده {lead.fa} {{total:{unit}}} خواهد بود و با اطمینان ۸۰٪ میان "
        f"{{low:{unit}}} تا {{high:{unit}}}",
    )
    tail = Text(".", ".")
    change = 100 * (total / before - 1) if before > 0 else float("nan")
    if not np.isnan(change):
        word = Text("more", "بیشتر") if change >= 0 else Text("less", "کمتر")
        tail = Text(
            f": {{change:percent}} {word.en} than in as many before.",
            f"؛ {{change:percent}} {word.fa} از دورهٔ مشابه پیشین.",
        )
        evidence["change"] = abs(change)
    return Finding(
        text=Text(text.en + tail.en, text.fa + tail.fa),
        evidence=evidence,
        tone="good" if change > 0 else "bad" if change < 0 else "plain",
        weight=1.0,
    )


def _trust(found: Forecast) -> Finding:
    error, naive = found.error, found.naive
    if np.isnan(error):
        text = Text(
            "There is too little past to try the forecast on; its limits are not known.",
            "گذشته برای آزمودن پیش‌بینی کوتاه است؛ دامنهٔ آن روشن نیست.",
        )
        return Finding(text=text, tone="warn", weight=0.9)
    better = error < naive
    judged = (
        Text("it can be trusted more than habit", "پس از تکرار گذشته بهتر است")
        if better
        else Text("habit serves as well here", "پس اینجا تکرار گذشته هم به همین خوبی است")
    )
    return Finding(
        text=Text(
            f"Tried on the past ({{origins:count}} times), it was off by {{error:percent}}; repeating the last season by {{naive:percent}}: {judged.en}.",
            f"در {{origins:count}} بار آزمون روی گذشته {{error:percent}} خطا داشت و تکرار دورهٔ پیش {{naive:percent}}؛ {judged.fa}.",
        ),
        evidence={"origins": len(found.trial.origins), "error": error, "naive": naive},
        tone="good" if better else "warn",
        weight=0.8,
    )


def _target(seen: Seen) -> Iterator[Finding]:
    if not seen.target:
        return
    table = seen.tables["summary"].values
    total, chance = float(table["expected"][0]), float(table["chance"][0])
    if np.isnan(chance):
        return
    part = Text("above", "بالاتر از") if total >= seen.target else Text("below", "پایین‌تر از")
    yield Finding(
        text=Text(
            f"That is {{gap:percent}} {part.en} the target of {{target:{seen.written}}}; the chance of reaching it is {{chance:percent}}.",
            f"این {{gap:percent}} {part.fa} هدف {{target:{seen.written}}} است؛ احتمال رسیدن به هدف {{chance:percent}} است.",
        ),
        evidence={"gap": abs(100 * (total / seen.target - 1)), "target": seen.target, "chance": chance},
        tone="good" if chance >= 50 else "bad",
        weight=0.95,
    )


def _coming(seen: Seen) -> Iterator[Finding]:
    """Name the strongest effects that lie ahead."""
    table = seen.tables.get("effects", NO_TABLE)
    if not len(table):
        return
    effect, ahead = np.asarray(table.values["effect"]), np.asarray(table.values["ahead"])
    rows = [n for n in range(len(table)) if ahead[n] > 0.5 and abs(effect[n]) >= STRONG]
    for place, n in enumerate(sorted(rows, key=lambda n: -abs(effect[n]))[:3]):
        label = table.columns[0].choices[n][1]
        up = effect[n] > 0
        yield Finding(
            text=Text(
                f"Ahead lies “{label.en}”: it {'raises' if up else 'lowers'} the figure by {{effect:percent}} while it lasts.",
                f"«{label.fa}» در پیش است و تا هست این شاخص را {{effect:percent}} {'بالا می‌برد' if up else 'پایین می‌آورد'}.",
            ),
            evidence={"effect": abs(float(effect[n]))},
            tone="good" if up else "bad",
            weight=0.7 - 0.01 * place,
        )


def _suppose(seen: Seen) -> Iterator[Finding]:
    if not seen.drawn.others:
        return
    table = seen.tables["suppose"]
    for n in range(len(table)):
        difference, label = float(table.values["difference"][n]), table.columns[0].choices[n][1]
        word = Text("more", "بیشتر") if difference >= 0 else Text("less", "کمتر")
        yield Finding(
            text=Text(
                f"{label.en}: {{difference:{seen.written}}} {word.en} than without.",
                f"{label.fa}: {{difference:{seen.written}}} {word.fa} از حالت بدون آن.",
            ),
            evidence={"difference": abs(difference)},
            tone="good" if difference > 0 else "plain",
            weight=0.85,
        )


def _groups(seen: Seen) -> Iterator[Finding]:
    """Name the series that moves most against what it was."""
    moved = []
    for line in seen.drawn.lines[1:]:
        before = seen.before(line)
        if line.found is not None and before > 0:
            moved.append((seen.together(line.found)[0] - before, before, line.label))
    if not moved:
        return
    gap, before, label = max(moved, key=lambda row: abs(row[0]))
    word = Text("more", "بیشتر") if gap >= 0 else Text("less", "کمتر")
    yield Finding(
        text=Text(
            f"The largest move is expected in {{group}}: {{gap:{seen.written}}} ({{change:percent}}) {word.en} than before.",
            f"بزرگ‌ترین جابه‌جایی در «{{group}}» انتظار می‌رود: {{gap:{seen.written}}} ({{change:percent}}) {word.fa} از دورهٔ پیشین.",
        ),
        evidence={"group": label, "gap": abs(gap), "change": abs(100 * gap / before)},
        opens=(Where("forecast_groups", "has", label),),
        tone="good" if gap > 0 else "bad",
        weight=0.6,
    )
