"""RFM's named segments: the map from scores, and what to do with each."""

from __future__ import annotations

import numpy as np

from ganj.histories import Array
from ganj.text import Text

SEGMENTS: tuple[tuple[str, Text], ...] = (
    ("champions", Text("Champions", "قهرمانان")),
    ("loyal", Text("Loyal", "وفاداران")),
    ("promising", Text("Promising", "امیدبخش")),
    ("new", Text("New", "تازه‌واردان")),
    ("attention", Text("Need attention", "نیازمند توجه")),
    ("sleepy", Text("About to sleep", "رو به خواب")),
    ("at_risk", Text("At risk", "در خطر")),
    ("cant_lose", Text("Can't lose", "از دست‌ندادنی")),
    ("hibernating", Text("Hibernating", "خواب‌رفته")),
    ("lost", Text("Lost", "از دست‌رفته")),
)
"""Names for programs and for people, best first."""
NONE = len(SEGMENTS)
BEFORE = (*SEGMENTS, ("none", Text("Not yet a buyer", "هنوز خریدار نبود")))

ACTIONS: tuple[tuple[str, Text], ...] = tuple(
    zip(
        (name for name, _ in SEGMENTS),
        (
            Text(
                "Reward them, ask for reviews and referrals, offer new things first.",
                "پاداش بدهید، از آنان نظر و معرفی بخواهید و کالای تازه را نخست به آنان نشان دهید.",
            ),
            Text(
                "Offer a membership and higher-priced goods; ask what they like.",
                "باشگاه مشتریان و کالای ارزشمندتر پیشنهاد کنید و نظرشان را بپرسید.",
            ),
            Text(
                "Bring the next order: related goods and a small reason to return soon.",
                "خرید بعدی را نزدیک کنید: کالای مرتبط و بهانه‌ای کوچک برای بازگشت.",
            ),
            Text(
                "Welcome them, help with the first order, offer the second.",
                "خوشامد بگویید، در خرید نخست کمک کنید و خرید دوم را پیشنهاد دهید.",
            ),
            Text(
                "A limited offer on what they bought before, before they drift away.",
                "پیش از آنکه دور شوند، پیشنهادی زمان‌دار روی خریدهای پیشین بدهید.",
            ),
            Text(
                "Remind them with popular goods and a light discount.",
                "با کالاهای پرطرفدار و تخفیفی سبک یادآوری کنید.",
            ),
            Text(
                "Write personally, ask what went wrong, win them back with an offer.",
                "پیام شخصی بفرستید، بپرسید چه شد و با پیشنهادی برشان گردانید.",
            ),
            Text(
                "Call them: they were among the best, and few are worth more effort.",
                "تماس بگیرید: از بهترین‌ها بوده‌اند و کمتر کسی این اندازه می‌ارزد.",
            ),
            Text(
                "A cheap reminder a few times a year, no more.",
                "سالی چند بار یادآوری کم‌هزینه بفرستید، نه بیشتر.",
            ),
            Text("One last offer; then leave them in peace.", "یک پیشنهاد آخر؛ سپس رهایشان کنید."),
        ),
        strict=True,
    )
)
"""What to do with each segment."""


def segments_of(r: Array, f: Array, m: Array, bins: int) -> Array:
    """Name the segment of each combination of scores: int32[n], codes into `SEGMENTS`.

    Scores of fewer bins are first spread over 1 … 5.  With v = (F + M) / 2: R 4–5 is new where F is 1,
    champions from v 4, loyal from 3, else promising; R 3 is loyal from v 4, attention from 2.5, else sleepy;
    R 1–2 is cant_lose from v 4, at_risk from 2.5, else hibernating (R 2) or lost (R 1).  Every combination
    has exactly one name.
    """
    r, f, m = (1 + np.rint((np.asarray(score) - 1) * 4 / (bins - 1)) for score in (r, f, m))
    value = (f + m) / 2
    code = {name: number for number, (name, _) in enumerate(SEGMENTS)}
    rules = (
        ((r >= 4) & (f == 1), "new"),
        ((r >= 4) & (value >= 4), "champions"),
        ((r >= 4) & (value >= 3), "loyal"),
        (r >= 4, "promising"),
        ((r == 3) & (value >= 4), "loyal"),
        ((r == 3) & (value >= 2.5), "attention"),
        (r == 3, "sleepy"),
        (value >= 4, "cant_lose"),
        (value >= 2.5, "at_risk"),
        (r == 2, "hibernating"),
    )
    named: Array = np.select([true for true, _ in rules], [code[name] for _, name in rules], code["lost"])
    return named.astype(np.int32)
