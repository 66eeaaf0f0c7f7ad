"""What texts speak of: their frequent words and pairs of words, and which of them belong to complaints.

Words that say little by themselves, words that only praise or blame, and verbs are left out: what stays is mostly
what customers speak *of*.  Persian endings are cut where the rest occurs as a word of its own in the same texts, so that
«قیمتش» and «قیمت» are one and «دانش» stays whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ganj.histories import Array
from ganj.models.words.lexicon import folded, listed, polar, surfaces

MOST = 40
"""Topics that are followed."""
LEAST, LEAST_SHARE = 5, 0.005
"""Texts that must speak of a topic: so many, and this share."""
COVERED = 0.8
"""A word that occurs in one pair this often is told by the pair."""
PRIOR = 500.0
"""Weight of what all texts say, in words, against which both sides are weighed."""
ENDINGS = ("هایشان", "هایش", "هاشون", "هایی", "های", "هاش", "ها", "شان", "شون", "اش", "ش", "یم", "s")
DULL = listed("""
    و در به از که این آن را با برای تا هم یا اما ولی اگر چون چه چرا کجا کجاست کی کسی هر همه هیچ یک دو سه چند بار من تو
    او ما شما آنها است بود شد شده باشد هست هستم هستند بودم بودند نیست نیستم نبود کرد کردم کرده کنم کنید کنند کن شود
    شوم داد دادم داده دهد دارد دارم دارید داشت داشتم نداره ندارد داره ندارم گفت گفتم بعد قبل پس خیلی واقعا بسیار
    کاملا اصلا فقط دیگر دیگه هنوز باز الان روز هفته ماه سال خودم خود خرید خریدم خریدن اینکه همین چیز چیزی روی زیر بین
    مثل بدون نسبت حد انتظارم انتظار شاید باید لطفا سلام هستش بودش رو تو یه اون ای ها های تر ترین بی پیش سر دست کار نظر
    حتی البته ضمن نه بله آیا طور جور یعنی وقتی حالا همیشه هرگز تقریبا حدود بیشتر کمتر کم زیاد خوبی بهترین مورد استفاده
    مادرم پدرم همسرم پسرم دخترم خواهرم برادرم باشه کردن بودن نداشت توی توجه داخل کمی ام هام کنین زدن زد گرفتم گرفت
    گرفته پیدا نکرد اینه کنه کنن شدم شدن بشه بشود شوند خواهش رفت آمد اومد رسید رسیده دقیقا معمولی درست متوسط محل خانه هدیه تولد
    خرم بخرم بخرید بخریم خریدیم خورد خورده ارزد ارزید صرفه موجود اول آخر دستم دستمون دوستم دوستانم خوشم زود کامل
    قرار دوباره فرستادید کشیده دیروز برسد طول خوش امروز دیشب فردا فرق
    the and but for with from are was were been being its this that these those you your they them his her their not
    did done does doing have has had having will would can could should just too very really than then there here what
    when where which who how why all any some more most much many get got one two also only even about after before
    again out down off over because like dont didnt cant wont amp http https www didn't don't can't won't i'm i've it's
    that's isn't wasn't doesn't couldn't going make made still now ever every back use used using try tried trying want
    need know think say said see way lot bit thing things day days time times take taking took yes another first last
    new old please today tomorrow yesterday people guy guys always since through own same other getting put give gave
""")
"""Words that say little by themselves."""
ROOTS = listed("""
    کیفیت قیمت جنس ارسال بسته بسته‌بندی رنگ اندازه ساخت طعم مزه صدا باتری دوربین صفحه وزن ظاهر طراحی پارچه دوخت سایز جعبه
    پشتیبانی تحویل پیک گارانتی خدمات برخورد رفتار سرعت سفارش پول محصول کالا
""")
"""Names of what is often spoken of, whose endings are always cut, also those that say whose it is."""
WHOSE = ("ام", "مان", "تان", "مون", "تون", "م", "ت")
NOUNS = {
    noun + ending
    for noun in ("میز", "میوه", "میدان", "میهمان", "میکروفون", "میکروویو", "میله", "میخ", "میکاپ")
    for ending in ("", *ENDINGS, *WHOSE)
}
"""What begins like a verb and is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Topics:
    """What is followed.

    Attributes
    ----------
    terms : in match form, a word or two words with a space
    shown : as people write them
    stems : words with an ending, and what they are counted as
    """

    terms: tuple[str, ...]
    shown: tuple[str, ...]
    stems: dict[str, str]

    def spoken(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """Return which text speaks of which topic: int64[n] texts and int64[n] topics, each pair once."""
        code = {term: number for number, term in enumerate(self.terms)}
        pairs = [
            (row, code[term])
            for row, words in enumerate(_split(texts))
            for term in sorted(_terms(words, self.stems) & code.keys())
        ]
        both = np.array(pairs, np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]


NOTHING = Topics((), (), {})


def topics(texts: Sequence[str], weight: Array) -> Topics:
    """Choose the topics: the most frequent ones that are not told by a longer one.

    Parameters
    ----------
    texts : different ones
    weight : int64[n], how often each was written
    """
    words = list(_split(texts))
    alone: Counter[str] = Counter()
    for row, number in zip(words, weight.tolist(), strict=True):
        for word in set(row):
            alone[word] += number
    stems = {word: stem for word in alone if (stem := _stem(word, alone)) != word}
    count: Counter[str] = Counter()
    for row, number in zip(words, weight.tolist(), strict=True):
        for term in _terms(row, stems):
            count[term] += number
    least = max(LEAST, LEAST_SHARE * int(weight.sum()))
    often = {term: number for term, number in count.items() if number >= least}
    covered = {
        word
        for pair, number in often.items()
        for word in pair.split(" ")
        if " " in pair and number >= COVERED * often.get(word, 0)
    }
    ranked = sorted(often.keys() - covered, key=lambda term: (-often[term], term))[:MOST]
    return Topics(tuple(ranked), _shown(texts, ranked, stems), stems)


def _split(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the match forms of each text's words."""
    for text in texts:
        yield [folded(word) for word in surfaces(text)]


def _stem(word: str, known: Counter[str]) -> str:
    """Cut an ending where the rest is a word of its own."""
    for ending in ENDINGS:
        rest = word.removesuffix(ending)
        if len(rest) > 2 and rest != word and (known[rest] or rest in ROOTS) and rest not in DULL:
            return rest
    return next((word.removesuffix(one) for one in WHOSE if word.removesuffix(one) in ROOTS), word)


def _terms(words: Sequence[str], stems: dict[str, str]) -> set[str]:
    """Return the words and neighbouring words that may be topics."""
    kept = [stems.get(word, word) if _tells(word) else "" for word in words]
    pairs = {f"{a} {b}" for a, b in pairwise(kept) if a and b and a != b}
    return {word for word in kept if word} | pairs


def _tells(word: str) -> bool:
    """Tell whether a word names something."""
    if len(word) < 3 or word in DULL or word in polar() or not word.isalpha():
        return False
    return not word.startswith(("می", "نمی")) or word in NOUNS


def _shown(
    texts: Sequence[str], terms: Sequence[str], stems: dict[str, str], most: int = 5_000
) -> tuple[str, ...]:
    """Return topics as people mostly write them."""
    wanted = {word for term in terms for word in term.split(" ")}
    seen: dict[str, Counter[str]] = {word: Counter() for word in wanted}
    for text in texts[:most]:
        for surface in surfaces(text):
            word = folded(surface)
            if word in wanted:
                seen[word][surface] += 1
            elif stems.get(word) in wanted:
                seen[stems[word]][stems[word]] += 0
    best = {word: max(found, key=lambda one: (found[one], one), default=word) for word, found in seen.items()}
    return tuple(" ".join(best[word] for word in term.split(" ")) for term in terms)


def keyness(left: Array, right: Array, prior: float = PRIOR) -> Array:
    """Say how much more each word belongs to one side than to the other: z of the difference of log-odds.

    Both sides are weighed against what both say together, so that rare words do not lead by chance.

    Parameters
    ----------
    left, right : float64[words], how often each side says it
    prior : see `PRIOR`

    Returns
    -------
    z : float64[words], above 0 for the left; 0 for what nobody says, or what is all that is said

    Source: B. Monroe, M. Colaresi, K. Quinn, Fightin' Words, Political Analysis 16, 2008, eq. 15, 20 and 22.
    """
    left, right = np.asarray(left, np.float64), np.asarray(right, np.float64)
    both = left + right
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead = prior * both / both.sum()
        a, b = left + ahead, right + ahead
        odds = np.log(a / (left.sum() + prior - a)) - np.log(b / (right.sum() + prior - b))
        z: Array = np.nan_to_num(odds / np.sqrt(1 / a + 1 / b), posinf=0, neginf=0)
    return z
