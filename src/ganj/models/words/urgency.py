"""Which complaints cannot wait, and why: rules of words, each with a weight, in Persian and English.

A rule says what it saw, so that a person can judge it; several together weigh more: the chance that none of them
matters is the product of the chances that each does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from ganj.histories import Array
from ganj.persian import match_form
from ganj.text import Text

RULES: tuple[tuple[str, Text, float, str], ...] = (
    (
        "danger",
        Text("Danger to people", "خطر برای جان یا سلامت"),
        0.8,
        "آتش گرفت|منفجر|برق گرفت|مسموم|حساسیت شدید|زخمی|سوختگی|بیمارستان|caught fire|exploded|injured|poison|electric shock|hospital\\b|allergic",
    ),
    (
        "law",
        Text("Threatens to go to law", "تهدید به پیگیری قانونی"),
        0.7,
        "تعزیرات|دادگاه|دادسرا|پلیس فتا|وکیل|شکایت میکنم|شکایت کنم|پیگیری قانونی|نماد اعتماد|lawyer|lawsuit|sue you|police|legal action|bbb",
    ),
    (
        "money",
        Text("Money gone", "پول رفته و کاری انجام نشده"),
        0.6,
        "پول کم شد|دو بار پول|دو بار کم|پولم را پس|پولمو|کلاهبردار|مبلغ کسر|پول برنگشت|charged twice|double charged|scam|fraud|stole|money back|unauthori[sz]ed",
    ),
    (
        "leaving",
        Text("Says they are leaving", "می‌گوید دیگر نمی‌آید"),
        0.5,
        "دیگر نمیخرم|دیگه نمیخرم|دیگر خرید نمی|دیگه خرید نمی|آخرین خرید|خداحافظ برای همیشه|لغو اشتراک|never again|never (?:buy|order|fly|use)|last time|switch(?:ing)? to|cancel my|close my account|unsubscribe",
    ),
    (
        "again",
        Text("Not the first time", "بار نخست نیست"),
        0.4,
        "چند بار|چندمین بار|بارها|صد بار|هر بار|هزار بار|چندین بار|third time|again and again|every time|multiple times|several times|still (?:not|no)",
    ),
    (
        "waiting",
        Text("Waiting in vain", "منتظر مانده است"),
        0.4,
        "منتظر|معطل|هنوز نرسید|هنوز نیامد|به دستم نرسید|کجاست|طول کشید|طول میکشد|پاسخ نمی|جواب نمی|پاسخگو نیست|دیر رسید|تاخیر|قرار بود|رسیدگی کنید|still waiting|waiting (?:for|on|since)|no (?:response|reply|answer)|on hold|hasn['’]?t arrived|not arrived|delayed|where is my",
    ),
    (
        "anger",
        Text("Very angry", "بسیار عصبانی است"),
        0.3,
        "افتضاح|فاجعه|مزخرف|وحشتناک|خجالت بکش|بی شرف|!!!|worst|terrible|horrible|unacceptable|disgusting|ridiculous|outrag",
    ),
)
"""Name, words people read, weight from 0 to 1, and what is looked for in the match form."""
NAMES = tuple((name, text) for name, text, _, _ in RULES)
WAITING = [name for name, *_ in RULES].index("waiting")
WEIGHTS = np.array([weight for _, _, weight, _ in RULES])
SOUNDS = 0.3
"""What a complaint's sound adds at most: its mood counts as one more rule."""


@cache
def _rules() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile("|".join(match_form(part) for part in looked.split("|"))) for *_, looked in RULES)


def seen(texts: Sequence[str]) -> Array:
    """Tell which rules each text fits: bool[texts, rules]."""
    found = np.zeros((len(texts), len(RULES)), bool)
    for row, text in enumerate(map(match_form, texts)):
        found[row] = [rule.search(text) is not None for rule in _rules()]
    return found


def urgency(fits: Array, mood: Array) -> Array:
    """Weigh what was seen: float64[n] from 0 to 100; nothing that sounds like praise is urgent.

    Parameters
    ----------
    fits : bool[n, rules]
    mood : float64[n], -1 complaint … 1 praise
    """
    calm = np.prod(1 - fits * WEIGHTS, axis=1) * (1 - SOUNDS * np.maximum(-mood, 0))
    return np.where(fits.any(axis=1) & (mood < CHEERFUL), 100 * (1 - calm), 0.0)


CHEERFUL = 0.5
"""A mood from which words such as “never again so easy” are no complaint."""
