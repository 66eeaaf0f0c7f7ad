"""Praise and complaint by a list of words, for texts that nobody has marked.

Polar words are looked up as written and without their Persian endings; a negation after a Persian word
(«خوب نبود») or before an English one (“not good”) turns it round.  The list is ours and small: where customers'
own marks are there to learn from, `ganj.models.words.moods` does better and says by how much.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from ganj.histories import Array
from ganj.models.words import urgency
from ganj.persian import ZWNJ, display_form, match_form

WORD = re.compile(rf"[\w{ZWNJ}'’]+|[^\w\s]")
GOOD = """
عالی خوب راضی خوشحال ممنون سپاس سپاسگزار تشکر مرسی زیبا قشنگ شیک تمیز سریع راحت آسان محشر فوق‌العاده بی‌نظیر معرکه
پیشنهاد توصیه ارزان به‌صرفه می‌ارزد می‌ارزه باکیفیت خوش‌برخورد مودب محترم حرفه‌ای دقیق سالم محکم خوشمزه خوش‌طعم لذت
دوست‌داشتنی جذاب کاربردی مطمئن درجه‌یک عاشق عالیییی دمتون دمتان مناسب مفید بهترین بهتر روان خوشگل نرم لطیف باحال پسندیدم
excellent good great love loved loves best nice happy satisfied thanks thank perfect awesome amazing delicious fantastic
wonderful helpful friendly fast easy quick recommend recommended favorite enjoy enjoyed pleased tasty fresh smooth
comfortable reliable beautiful clean polite cheap affordable works impressed superb outstanding 👍 ❤ 😍 😊 🙏 👏 🌹
"""
BAD = """
بد افتضاح خراب شکسته ناراضی پشیمان ضعیف گران گرانی کند دیر تأخیر تاخیر پاره تقلبی فیک کلاهبرداری کلاهبردار دزدی دزد
نرسید نرسیده نمی‌ارزد نمی‌ارزه بی‌کیفیت بی‌ارزش بی‌ادب بدقول مزخرف آشغال داغون داغان مشکل ایراد عیب معیوب خطا اشتباه
شکایت متأسفانه متاسفانه حیف ناراحت عصبانی کثیف له آسیب ضربه سخت معطل ناقص کهنه بیات بدمزه بدبو مرجوع پسش پس‌فرستادم ناموجود
هنگ قطع بدتر بدترین نامناسب نامرغوب چرت ضایع فاجعه وحشتناک دروغ فریب شلخته شل زشت ناامید
bad worst terrible awful horrible poor disappointed disappointing broken late delayed delay slow rude hate hated useless waste
refund scam fake never damaged defective wrong problem problems issue issues error unhappy angry dirty expensive stale
cancelled canceled cancel lost missing fail failed fails worse unacceptable ridiculous frustrating annoying stuck complaint
overpriced bland disgusting nasty stuffing sucks crap 😡 👎 😠 💔 😞
"""
PHRASES = {
    "حرف ندارد": 2.0,
    "حرف نداره": 2.0,
    "حرف نداشت": 2.0,
    "دست شما درد نکند": 1.5,
    "دستتون درد نکنه": 1.5,
    "پنج ستاره": 1.5,
    "مثل روز اول": 1.5,
    "باز هم می‌خرم": 1.5,
    "به دستم رسید": 0.0,
    "دیگر نمی‌خرم": -2.0,
    "دیگه نمی‌خرم": -2.0,
    "به درد نمی‌خورد": -2.0,
    "به درد نمی‌خوره": -2.0,
    "پاسخ نمی‌دهد": -1.5,
    "جواب نمی‌دهند": -1.5,
    "جواب نمی‌دن": -1.5,
    "کار نمی‌کند": -1.5,
    "کار نمی‌کنه": -1.5,
    "باز شده بود": -1.0,
    "کم شد": -1.0,
    "بد نیست": 0.3,
    "بدک نیست": 0.3,
    "ربطی به عکس نداشت": -1.5,
    "هیچ ربطی": -1.0,
    "no problem": 1.0,
    "no problems": 1.0,
    "not bad": 0.5,
    "on hold": -1.0,
    "customer service": 0.0,
    "thank you": 1.0,
}
"""What several words say together, instead of each of them."""


def listed(words: str) -> frozenset[str]:
    """Return the match forms of words that stand in a text."""
    return frozenset(match_form(word) for word in words.split())


TURNS_BEFORE = listed(
    "not no never without hardly cannot cant dont didnt doesnt isnt wasnt wont بدون هیچ نه عدم"
)
TURNS_AFTER = listed("""
    نیست نیستم نیستند نیستن نبود نبودم نبودند نبودن ندارد نداره ندارم ندارند نداشت نداشتم نداشته نشد نشدم نکردم نکنید نمی
""")
STRONGER = listed("خیلی واقعا بسیار کاملا حسابی very really so extremely absolutely totally")
PARTS = listed(". ! ? ؟ ، , ؛ ; ولی اما but however")
"""What ends the reach of a negation."""
ENDINGS = (
    "یه",
    "ه",
    "م",
    "ام",
    "یم",
    "ی",
    "ن",
    "ند",
    "تر",
    "ترین",
    "ش",
    "اش",
    "ید",
    "ست",
    "است",
    "ها",
    "های",
)
REACH = 3
"""Words over which a negation is felt."""
PHRASE_SIZES = (4, 3, 2, 1)
TURNED, LOUDER = -0.8, 1.5
CLEAR = 0.25
"""A sum below this is neither praise nor complaint."""


def words(text: str) -> list[str]:
    """Split a text into the match forms of its words and signs."""
    return [folded(word) for word in surfaces(text)]


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """Return the match form of a word; most words come again and again."""
    return match_form(word)


def surfaces(text: str) -> list[str]:
    """Split a text into words and signs as people read them."""
    return WORD.findall(display_form(text))


@cache
def polar() -> dict[str, float]:
    """Return what each known word says, +1 praise, -1 complaint; phrases say up to ±2."""
    known: dict[str, float] = {}
    for text, weight in ((GOOD, 1.0), (BAD, -1.0)):
        for word in sorted(listed(text)):
            known.setdefault(word, weight)
    for word, weight in tuple(known.items()):
        if not word.isascii() and len(word) > 1:
            for ending in ENDINGS if len(word) > 2 else ENDINGS[:2]:
                known.setdefault(word + ending, weight)
    return known | {match_form(phrase): weight for phrase, weight in PHRASES.items()}


@cache
def _firsts() -> frozenset[str]:
    """Return the words that some phrase begins with."""
    return frozenset(phrase.split(" ")[0] for phrase in polar() if " " in phrase)


def said(text: str) -> float:
    """Add up praise and complaint of a text."""
    tokens = words(text)
    known, firsts, total, place = polar(), _firsts(), 0.0, 0
    while place < len(tokens):
        sizes = PHRASE_SIZES if tokens[place] in firsts else (1,)
        left = len(tokens) - place
        size = next((n for n in sizes if n <= left and " ".join(tokens[place : place + n]) in known), 0)
        if size:
            weight = known[" ".join(tokens[place : place + size])]
            total += weight * (_turned(tokens, place, size, known) if size == 1 else 1.0)
        place += max(size, 1)
    return total


def _turned(tokens: Sequence[str], place: int, size: int, known: dict[str, float]) -> float:
    """Return by what a word's weight is multiplied: negations around it, and words that make it stronger."""
    before = _near(tokens[max(place - REACH, 0) : place][::-1], known)
    after = _near(tokens[place + size : place + size + REACH], known)
    turned = any(word in TURNS_BEFORE or word.endswith(("n't", "n’t")) for word in before)
    turned |= any(word in TURNS_AFTER or word.startswith("نمی") for word in after)
    louder = LOUDER if any(word in STRONGER for word in before[:1]) else 1.0
    return louder * (TURNED if turned else 1.0)


def _near(tokens: Sequence[str], known: dict[str, float]) -> list[str]:
    """Return the words up to the next one that says something itself, or that begins another clause."""
    found = []
    for word in tokens:
        if word in PARTS or (word in known and word not in TURNS_BEFORE):
            break
        found.append(word)
    return found


def judged(texts: Sequence[str]) -> Array:
    """Return how each text sounds: float64[n] from -1 complaint to 1 praise; 0 where nothing polar is said.

    What makes a complaint urgent, such as a parcel that has not come, is a complaint without any polar word.
    """
    pressing = urgency.seen(texts).any(axis=1)
    sums = np.array([said(text) for text in texts], np.float64) - pressing
    return np.where(np.abs(sums) < CLEAR, 0.0, np.tanh(sums / 2))
