"""Names of persons in texts, so that they can be hidden.

What stands behind «آقای», «خانم», “Mr” or “my name is” is a name, whatever it is.  Given names that are nothing else are hidden
wherever they stand, with the word behind them where that ends like a family name; given names that are also words
(«آرزو», «نسیم») only behind a title or before a family name.  A name that none of these rules knows stays.
"""

from __future__ import annotations

import re

from ganj.models.words.lexicon import listed
from ganj.persian import ZWNJ, match_form

GIVEN = listed("""
    محمد علی حسین رضا مهدی امیر احمد محمود حمید سعید مجید مسعود منصور مرتضی مصطفی مجتبی محسن ابوالفضل عباس
    جعفر حامد علیرضا محمدرضا امیرحسین امیرعلی محمدعلی محمدحسین غلامرضا عبدالله ابراهیم اسماعیل یوسف یعقوب
    ایوب بهرام بهنام بهزاد بهروز بابک بیژن پرویز پوریا پدرام تورج جمشید جهانگیر خسرو داریوش داود داوود رامین
    روح‌الله سجاد سهراب سهیل سیامک سیاوش سینا شهرام طاها عقیل فرامرز فرزاد فرزین فرشاد فرشید فرهاد فریدون
    قاسم کامبیز کامران کاوه کیانوش کیوان مازیار مهران مهرداد مهرزاد مهیار نیما هاشم هومن یاسر یاسین آرش
    آرمین آرین ارسلان اردشیر ارشیا اسفندیار افشین فاطمه زهرا مریم زینب معصومه سکینه رقیه خدیجه اکرم لیلا
    سمیه سمیرا سارا ساره سمانه سمن سودابه سوگند شیما شهلا شهناز شهره صغری طیبه عاطفه غزاله فائزه فرزانه
    فریبا فریده فهیمه کبری کتایون گلناز لادن ماندانا مرضیه مهسا مهشید مهناز مینا میترا منیره منیژه ناهید
    نازنین نسرین نوشین نیره هاجر هانیه هنگامه آتنا آتوسا آزیتا آناهیتا آیدا الناز الهه المیرا الینا پریسا
    پروین پریا ثریا ریحانه روژان ژاله ژیلا حمیدرضا
    mohammad muhammad ali reza hossein hassan hasan mehdi amir ahmad mahmoud hamid saeed majid masoud mohsen
    fatemeh zahra maryam zeinab sara leila nazanin niloofar james john robert michael william david richard
    joseph thomas charles christopher daniel matthew anthony donald steven paul andrew joshua kenneth kevin
    brian george edward jennifer elizabeth linda barbara susan jessica sarah karen nancy lisa margaret betty
    sandra ashley kimberly emily donna michelle amanda melissa deborah stephanie rebecca laura
""")
"""Given names that are no other word."""
ALSO_WORDS = listed("""
    آرزو نسیم لاله ستاره شکوفه شیرین سحر شبنم پروانه غزل مژده هدیه ترانه حدیث فرشته نگین سوسن نرگس یلدا
    آزاده صبا افسانه یگانه ایمان احسان عرفان رویا صالح صادق هادی کاظم ناصر رسول آریا مانی لیلی نگار یاس اعظم
    اکبر اصغر اشرف ماهان صدیقه طاهره فروغ مهتاب بهاره پگاه حسن عفت یاسمن نسترن نیلوفر شقایق میلاد آرمان جواد
    هما حمیده پویا سامان الهام پیمان شهریار نادر شیوا مژگان شهاب سپیده کوروش مهین راحله فرانک
""")
"""Given names that are words, too."""
TITLES = listed("آقای آقا خانم جناب سرکار مهندس دکتر سید سیده حاجی اینجانب mr mrs ms miss dr")
CALLED = re.compile(rf"(?:نام من|اسم من|اسمم|my name is|mr\.|mrs\.|ms\.|dr\.)[ {ZWNJ}]*$", re.IGNORECASE)
"""What ends just before a name."""
NO_NAMES = listed("""
    محترم محترمه عزیز گرامی پشتیبان پشتیبانی فروشنده پیک مسئول راننده مدیر مامور پستچی اپراتور که با از به در را و هم بود است شد
    تماس گفت گفتند جواب پاسخ خیلی بسیار واقعا خوب بد من ما شما او این آن یک هر دو برای بی عالی لطفا ممنون خوش مودب
    ولی اما اگر چون تا هنوز دیگر دیگه نیست نبود هست دارد دارم داشت کرد کردم کردند کنید فرستاد آورد داد اومد آمد ها
    and or the is was were who from at in on to for not has had very customer support
""")
"""Words behind a title or a name that are no name."""
FAMILY = re.compile("(?:زاده|پور|نژاد|نیا|فر|وند|خانی|لو|یان|آبادی|منش|راد|[دسمرنلبتقشزکگ]ی|ایی|وی)$")
"""How family names end."""
CLEARLY = re.compile("(?:زاده|پور|نژاد|نیا|وند|خانی|یان|آبادی|منش)$")
"""How nothing else ends."""
WORD = re.compile(rf"[\w{ZWNJ}'’-]+")
SHORTEST = 4
"""Letters of a family name, at least."""


def without_names(text: str, hidden: str) -> str:
    """Return a text with names of persons replaced."""
    words = list(WORD.finditer(text))
    forms = [match_form(one.group()) for one in words]
    out, end, named = [], 0, False
    for place, (one, form) in enumerate(zip(words, forms, strict=True)):
        gap = text[end : one.start()]
        beside = place > 0 and not gap.strip(f" .{ZWNJ}")
        family = named and not gap.strip() and _family(one.group(), form)
        led = (beside and forms[place - 1] in TITLES) or CALLED.search(text[: one.start()]) is not None
        following = forms[place + 1] if place + 1 < len(forms) else ""
        named = not family and _given(form, following, led=led)
        out += [gap, hidden if named or family else one.group()]
        end = one.end()
    return "".join([*out, text[end:]])


def _given(form: str, following: str, *, led: bool) -> bool:
    """Tell whether a word is a name by itself, by what leads to it, or by what follows."""
    if led:
        return form not in NO_NAMES and form not in TITLES
    clearly = CLEARLY.search(following) is not None and following not in NO_NAMES
    return form in GIVEN or (form in ALSO_WORDS and clearly)


def _family(word: str, form: str) -> bool:
    """Tell whether a word behind a name goes on with it."""
    if len(form) < SHORTEST or form in NO_NAMES:
        return form in GIVEN
    return form in GIVEN or FAMILY.search(form) is not None or (word.isascii() and word[0].isupper())
