"""Sentences about a yes or no that was foreseen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganj.errors import TooLittleData
from ganj.miner import Finding, Where
from ganj.models.learning.foreseen import Foreseen
from ganj.models.learning.trial import RULE
from ganj.text import Text
from ganj.views.foresight_names import TRAIT, label_of
from ganj.views.likely_tables import Likely
from ganj.views.sampled import refusal

EVEN = 0.5
"""Order by lot is right so often."""
OFF = 0.25
"""A sum of chances that misses what came by a larger share is told."""


def sampled(size: int, whole: int) -> Iterator[Finding]:
    """Say that counts are of a sample, where they are."""
    if size < whole:
        yield Finding(
            text=Text(
                "Counts are estimated from {size:count} of {whole:count} customers, drawn by lot; what opens is exact.",
                "شمارها برآوردی از {size:count} مشتریِ قرعه‌ای از میان {whole:count} مشتری است؛ فهرستی که باز می‌شود دقیق است.",
            ),
            evidence={"size": size, "whole": whole},
            weight=0.1,
        )


def findings(view: Likely, refused: TooLittleData | None) -> Iterator[Finding]:
    """Say what a manager takes away, or why nothing can be said."""
    if view.found is None:
        if refused is not None:
            yield refusal(refused)
        return
    yield _ahead(view)
    yield _tried(view, view.found)
    yield from _by_lot(view.found)
    yield from _pays(view, view.found)
    yield _caught(view, view.found)
    yield from _why(view, view.found)
    yield from _suspects(view.found)
    yield from _drifted(view.found)
    yield from sampled(len(view.sample), view.sample.size)


def _ahead(view: Likely) -> Finding:
    told, share = view.told, view.sample.share
    evidence = {
        "open": view.count(told.state == 0),
        "expected": round(float(np.nansum(told.chance)) * share),
        "stake": float(np.nansum(told.stake)) * share,
        "days": view.days,
    }
    said = view.words.ahead if view.timed else view.words.timeless
    opens = view.opens("state", view.words.states[0][0]) if evidence["open"] else None
    return Finding(text=said, evidence=evidence, opens=opens, weight=1.0)


def _tried(view: Likely, found: Foreseen) -> Finding:
    """Say how well customers are put in order, beside what anybody would say."""
    trial = found.trial
    best, rule = trial.measured[trial.chosen], trial.measured[RULE]
    apart = best.draws[:, 0] - rule.draws[:, 0]
    low = float(np.nanpercentile(apart, 2.5)) if np.isfinite(apart).any() else np.nan
    by = view.words.rule if view.timed else Text("the one best trait", "گویاترین ویژگی")
    on = Text("later days that it had not seen", "روزهای بعدی که مدل ندیده بود")
    if not trial.ahead:
        on = Text("customers that it had not seen", "مشتریانی که مدل ندیده بود")
    return Finding(
        text=Text(
            f"Tried on {{tried:count}} customers, on {on.en}: of two customers the right one comes first {{auc:percent}} "
            f"of the time (between {{low:percent}} and {{high:percent}}); by {by.en} alone, {{rule:percent}}.",
            f"در آزمون روی {{tried:count}} مشتری ({on.fa})، از هر دو مشتری در {{auc:percent}} موارد ترتیب درست بود "
            f"(میان {{low:percent}} و {{high:percent}})؛ تنها با {by.fa}: {{rule:percent}}.",
        ),
        evidence={
            "tried": len(trial.tried),
            "auc": 100 * best.value[0],
            "low": 100 * best.low[0],
            "high": 100 * best.high[0],
            "rule": 100 * rule.value[0],
        },
        tone="good" if low > 0 else "warn",
        weight=0.8,
    )


def _by_lot(found: Foreseen) -> Iterator[Finding]:
    """Say when customers are put in order no better than by lot."""
    if found.trial.measured[found.trial.chosen].low[0] <= EVEN:
        yield Finding(
            text=Text(
                "What is known of customers does not tell who it will be: these chances are no better than drawing by lot.",
                "از آنچه دربارهٔ مشتریان دانسته است نمی‌توان گفت نوبت کیست: این احتمال‌ها بهتر از قرعه نیستند.",
            ),
            tone="bad",
            weight=0.95,
        )


def _pays(view: Likely, found: Foreseen) -> Iterator[Finding]:
    """Say whom it pays to contact, where what a contact costs is told."""
    pays = view.told.pays == 0
    if not view.cost or not np.nansum(view.told.stake):
        return
    gain = float((view.told.stake[pays] * view.success - view.cost).sum()) * view.sample.share
    if not pays.any():
        yield Finding(
            text=Text(
                "At this cost and success it pays to contact nobody.",
                "با این هزینه و موفقیت، تماس با هیچ‌کس نمی‌ارزد.",
            ),
            tone="warn",
            weight=0.7,
        )
        return
    told = view.profit(found)
    yield Finding(
        text=Text(
            "It pays to contact {pays:count} customers: an expected gain of {gain:short} after the cost. When tried, "
            "the same rule expected {best:short} and would have brought {came:short}.",
            "تماس با {pays:count} مشتری می‌ارزد: سود مورد انتظار {gain:short} پس از هزینه. در آزمون، همین قاعده "
            "{best:short} انتظار داشت و {came:short} می‌آورد.",
        ),
        evidence={"pays": view.count(pays), "gain": gain, "best": told.best, "came": told.came},
        opens=(Where(f"{view.prefix}_pays", "=", "yes"),),
        tone="good" if told.came > 0 else "warn",
        weight=0.7,
    )


def _caught(view: Likely, found: Foreseen) -> Finding:
    table = view.tenths(found).values
    return Finding(
        text=view.words.caught,
        evidence={"caught": float(table["caught"][0]), "lift": float(table["lift"][0])},
        opens=view.opens("tenth", 1) if table["customers"][0] else None,
        weight=0.6,
    )


def _why(view: Likely, found: Foreseen) -> Iterator[Finding]:
    first = view.told.reasons[:, 0]
    if not (first >= 0).any():
        return
    most = int(np.bincount(first[first >= 0]).argmax())
    name = found.groups[most]
    label = label_of(name)
    opens = None if name.startswith(TRAIT) else view.opens("reason", name)
    yield Finding(
        text=Text(
            "What most often raises the chance is “{name.en}”: the main reason of {count:count} customers.",
            "آنچه بیش از همه احتمال را بالا می‌برد «{name.fa}» است: دلیل اصلی {count:count} مشتری.",
        ),
        evidence={"name": label, "count": view.count(first == most)},
        opens=opens,
        weight=0.5,
    )


def _suspects(found: Foreseen) -> Iterator[Finding]:
    for one in found.suspects:
        used = one.name in found.judge.design.names
        left = Text("It was kept, as asked.", "به خواست شما به کار رفت.")
        if not used:
            left = Text("It was left out.", "کنار گذاشته شد.")
        yield Finding(
            text=Text(
                f"{{name}} seems to know the outcome (AUC {{auc:ratio}} by itself): was it known beforehand? {left.en}",
                f"«{{name}}» گویا نتیجه را می‌داند (AUC به‌تنهایی {{auc:ratio}}): آیا پیش از نتیجه معلوم بوده است؟ {left.fa}",
            ),
            evidence={"name": one.name.removeprefix(TRAIT), "auc": one.strength},
            tone="warn",
            weight=0.75,
        )


def _drifted(found: Foreseen) -> Iterator[Finding]:
    """Say when the sum of chances missed what came."""
    trial = found.trial
    said, came = float(trial.chances[trial.chosen].sum()), float(trial.tried.label.sum())
    if came and abs(said / came - 1) > OFF:
        yield Finding(
            text=Text(
                "When tried, the chances added up to {said:count} customers and {came:count} came: times have changed "
                "since the days it was learned from. The chances above are set right by the latest days.",
                "در آزمون، جمع احتمال‌ها {said:count} مشتری بود و {came:count} مشتری رخ داد: شرایط نسبت به روزهای آموزش "
                "عوض شده است. احتمال‌های بالا با تازه‌ترین روزها تنظیم شده‌اند.",
            ),
            evidence={"said": said, "came": came},
            tone="warn",
            weight=0.65,
        )
