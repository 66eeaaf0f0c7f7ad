"""Who is about to leave: the question that churn asks, and that offers are weighed by."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import numpy as np

from ganj.errors import BadParameter
from ganj.histories import Array
from ganj.kernels.features import BEFORE, COUNT, DAYS, EVENTS, SILENCE, SINCE, SPAN
from ganj.models.learning.rhythm import limits
from ganj.models.learning.sample import Sample
from ganj.parameters import Duration, in_words, param
from ganj.text import Text
from ganj.views.likely import Chances
from ganj.views.likely_tables import Words

FAR = 1e6
"""Days since the last purchase of those without one."""
WORDS = Words(
    states=(("active", Text("Still here", "مشتری مانده")), ("gone", Text("Gone already", "رفته"))),
    chance=Text("Chance of leaving", "احتمال ریزش"),
    stake=Text("Expected loss", "زیان مورد انتظار"),
    expected=Text("Expected to leave", "ریزش مورد انتظار"),
    came=Text("Left", "رفتند"),
    tenths=Text("Who leaves? Tenths of customers by chance", "چه کسی می‌رود؟ دهک‌های مشتریان بر پایهٔ احتمال ریزش"),
    why=Text("Why would they leave?", "چرا ممکن است بروند؟"),
    people=Text("With whom is most at stake?", "بیشترین زیان با رفتن چه کسانی است؟"),
    rule=Text("how near the silence is to the end of the own rhythm", "نزدیکی سکوت به مرز آهنگ خود مشتری"),
    ahead=Text(
        "Of {open:count} customers who are still here, {expected:count} are expected to leave in the next {days:count} "
        "days, and with them {stake:short} of sales in as many days.",
        "از {open:count} مشتری مانده، انتظار می‌رود {expected:count} نفر در {days:count} روز آینده بروند و با آنان "
        "{stake:short} از فروشِ همین مدت از دست برود.",
    ),
    timeless=Text(
        "Of {open:count} customers who are still here, {expected:count} look like those who left.",
        "از {open:count} مشتری مانده، {expected:count} نفر به کسانی می‌مانند که رفته‌اند.",
    ),
    caught=Text(
        "When tried, the tenth of customers with the highest chance held {caught:percent} of those who left: "
        "{lift:ratio} times as many as a tenth drawn by lot.",
        "در آزمون، دهک نخست مشتریان {caught:percent} از رفتگان را در خود داشت: {lift:ratio} برابر دهکی که به قرعه برگزیده شود.",
    ),
)  # fmt: skip


class Leaving(Chances, frozen=True, kw_only=True):
    """Ask who of those within their own rhythm leaves, or of whom an event or a trait says so."""

    prefix, seeks, words = "churn", "label", WORDS

    label: Annotated[
        str,
        param(
            "Event or trait that says who left (empty: beyond own rhythm)",
            "رویداد یا ویژگی‌ای که می‌گوید چه کسی رفته (خالی: سکوت فراتر از آهنگ خود مشتری)",
            of="fact",
        ),
    ] = ""
    doubt: Annotated[
        float,
        param(
            "Chance that a silence beyond the rhythm is only chance",
            "احتمال آنکه سکوتِ فراتر از آهنگ تنها تصادف باشد",
            gt=0,
            le=0.5,
            advanced=True,
        ),
    ] = 0.05
    longest: Annotated[
        Duration, param("No rhythm is longer than", "آهنگ هیچ مشتری بلندتر نباشد از", advanced=True)
    ] = Duration(days=180)

    def __post_init__(self) -> None:
        """Refuse a rhythm of no time."""
        super().__post_init__()
        if self.longest < timedelta(days=1):
            why = Text("it is too short.", "بیش از اندازه کوتاه است.")
            raise BadParameter(parameter="longest", value=in_words(self.longest), why=why)

    def risk(self, sample: Sample, moment: int, usual: float) -> tuple[Array, Array]:
        """Ask of those who bought and are within their rhythm; or of those whom no event has ended yet."""
        known, came = sample.figures[:, moment], sample.facts[:, moment]
        if self.label:
            return (known[:, EVENTS] > 0) & (came[:, BEFORE] == 0), came[:, COUNT] > 0
        limit = self._limits(known, usual)
        bought = known[:, DAYS] > 0
        return bought & (known[:, SILENCE] <= limit), (came[:, COUNT] == 0) & (came[:, SINCE] > limit)

    def rule(self, sample: Sample, moment: int, usual: float) -> Array:
        """Order by the silence against the end of the rhythm."""
        known = sample.figures[:, moment]
        silence = np.nan_to_num(known[:, SILENCE].astype(np.float64), nan=FAR)
        return silence if self.label else silence - self._limits(known, usual)

    def _limits(self, known: Array, usual: float) -> Array:
        return limits(known[:, DAYS], known[:, SPAN], usual, self.doubt, self.longest / timedelta(days=1))
