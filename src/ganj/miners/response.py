"""Response: who will do it, why, and whom is it worth asking?"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import numpy as np

from ganj.events import ORDER
from ganj.histories import Array
from ganj.kernels.features import BEFORE, COUNT, EVENTS, IDLE
from ganj.models.learning.sample import Sample
from ganj.parameters import param
from ganj.text import Text
from ganj.views.likely import Chances
from ganj.views.likely_tables import Words

WORDS = Words(
    states=(("candidate", Text("Candidates", "نامزدها")), ("done", Text("Did it already", "پیش‌تر انجام داده"))),
    chance=Text("Chance of the outcome", "احتمال نتیجه"),
    stake=Text("Expected gain", "درآمد مورد انتظار"),
    expected=Text("Expected to do it", "نتیجهٔ مورد انتظار"),
    came=Text("Did it", "انجام دادند"),
    tenths=Text("Who will? Tenths of customers by chance", "چه کسی انجام می‌دهد؟ دهک‌های مشتریان بر پایهٔ احتمال"),
    why=Text("Why would they?", "چرا ممکن است انجام دهند؟"),
    people=Text("Of whom is most expected?", "از چه کسانی بیشترین انتظار می‌رود؟"),
    rule=Text("how lately the customer was heard of", "تازگی آخرین رویداد مشتری"),
    ahead=Text(
        "Of {open:count} candidates, {expected:count} are expected to do it in the next {days:count} days; they are worth "
        "{stake:short}.",
        "از {open:count} نامزد، انتظار می‌رود {expected:count} نفر در {days:count} روز آینده آن را انجام دهند؛ ارزش آنان {stake:short} است.",
    ),
    timeless=Text(
        "Of {open:count} candidates, {expected:count} look like those who did it.",
        "از {open:count} نامزد، {expected:count} نفر به کسانی می‌مانند که آن را انجام داده‌اند.",
    ),
    caught=Text(
        "When tried, the tenth of customers with the highest chance held {caught:percent} of those who did it: "
        "{lift:ratio} times as many as a tenth drawn by lot.",
        "در آزمون، دهک نخست مشتریان {caught:percent} از انجام‌دهندگان را در خود داشت: {lift:ratio} برابر دهکی که به قرعه برگزیده شود.",
    ),
)  # fmt: skip


class Response(Chances, frozen=True, kw_only=True):
    """Tell each customer's chance of any yes or no: an order, a deal won, a campaign's answer, joining a programme.

    The outcome is an event, which is looked for after cut-offs and learned from what was known before them, or a trait of an
    imported table, with the customers of whom it is not known yet as candidates.  How it is learned, tried and explained
    is as of churn.

    Notes
    -----
    State: what is known of at most 65,536 customers, drawn by lot, at four moments.  One pass, O(events) for each moment.
    Source: docs/analyses/response.md.
    """

    title = Text("Response", "پیش‌بینی پاسخ")
    question = Text(
        "Who will do it, why, and whom is it worth asking?",
        "چه کسی این کار را می‌کند، چرا، و از چه کسی خواستنش می‌ارزد؟",
    )
    prefix, seeks, words = "response", "outcome", WORDS
    example: ClassVar[dict[str, Any]] = {"horizon": "30d", "cost": 100_000.0}

    outcome: Annotated[str, param("Outcome: an event or a trait", "نتیجه: رویداد یا ویژگی", of="fact")] = (
        ORDER
    )
    once: Annotated[
        bool, param("Leave out who did it before", "کسانی که پیش‌تر انجام داده‌اند کنار گذاشته شوند")
    ] = False

    def risk(self, sample: Sample, moment: int, usual: float) -> tuple[Array, Array]:
        del usual
        known, came = sample.figures[:, moment], sample.facts[:, moment]
        there = known[:, EVENTS] > 0
        return there & (came[:, BEFORE] == 0) if self.once else there, came[:, COUNT] > 0

    def rule(self, sample: Sample, moment: int, usual: float) -> Array:
        del usual
        return -np.nan_to_num(sample.figures[:, moment, IDLE].astype(np.float64), nan=1e6)
