"""Persian first and family names with the Latin spelling people use in e-mail addresses.

Written from common knowledge, most common first; no register was copied.
"""

from __future__ import annotations

from typing import NamedTuple


class Name(NamedTuple):
    """A name in Persian and in Latin letters."""

    fa: str
    latin: str


WOMEN_TEXT = """
فاطمه:fatemeh زهرا:zahra مریم:maryam زینب:zeinab معصومه:masoumeh سمیه:somayeh لیلا:leila نرگس:narges
سارا:sara الهام:elham مینا:mina نسرین:nasrin شیما:shima نگین:negin پریسا:parisa مهسا:mahsa نازنین:nazanin
ریحانه:reyhaneh حدیث:hadis سحر:sahar الهه:elaheh ندا:neda شادی:shadi پگاه:pegah یاسمن:yasaman هانیه:haniyeh
مهناز:mahnaz فرزانه:farzaneh اعظم:azam طاهره:tahereh مرضیه:marzieh راضیه:razieh سپیده:sepideh آزاده:azadeh
شبنم:shabnam ستاره:setareh غزل:ghazal بهاره:bahareh هدیه:hedieh نیلوفر:niloofar آیدا:aida ترانه:taraneh
شقایق:shaghayegh رویا:roya مژگان:mozhgan شیرین:shirin سودابه:soudabeh کیمیا:kimia مائده:maedeh عاطفه:atefeh
محدثه:mohaddeseh پروانه:parvaneh فریبا:fariba ناهید:nahid پروین:parvin مهدیه:mahdieh سمانه:samaneh
مبینا:mobina باران:baran آرزو:arezoo لاله:laleh نگار:negar هستی:hasti رها:raha یلدا:yalda ساناز:sanaz
بنفشه:banafsheh صبا:saba الناز:elnaz پریناز:parinaz ملیکا:melika فائزه:faezeh شهرزاد:shahrzad گلنار:golnar
"""

MEN_TEXT = """
محمد:mohammad علی:ali حسین:hossein مهدی:mahdi رضا:reza حسن:hasan امیر:amir احمد:ahmad محمود:mahmoud
مجتبی:mojtaba مصطفی:mostafa سعید:saeid حمید:hamid مجید:majid وحید:vahid امیرحسین:amirhossein
محمدرضا:mohammadreza علیرضا:alireza حمیدرضا:hamidreza امیرعلی:amirali ابوالفضل:abolfazl عباس:abbas
اکبر:akbar اصغر:asghar جواد:javad هادی:hadi میلاد:milad پویا:pouya آرش:arash بهنام:behnam بهزاد:behzad
فرهاد:farhad کامران:kamran کیوان:keyvan سینا:sina پیمان:peyman پدرام:pedram شهرام:shahram بهرام:bahram
ایمان:iman احسان:ehsan یاسر:yaser میثم:meysam صادق:sadegh کاظم:kazem ناصر:naser منصور:mansour
مسعود:masoud یوسف:yousef ابراهیم:ebrahim اسماعیل:esmaeil داوود:davoud جعفر:jafar رسول:rasoul
مرتضی:morteza یونس:younes فرزاد:farzad فرشاد:farshad سهراب:sohrab سیاوش:siavash نیما:nima کوروش:kourosh
داریوش:dariush آرمین:armin آرین:arian پارسا:parsa ماهان:mahan طاها:taha یاسین:yasin امید:omid نوید:navid
سامان:saman ساسان:sasan بابک:babak هومن:houman شایان:shayan
"""

FAMILY_TEXT = """
محمدی:mohammadi حسینی:hosseini احمدی:ahmadi رضایی:rezaei کریمی:karimi موسوی:mousavi جعفری:jafari
صادقی:sadeghi رحیمی:rahimi ابراهیمی:ebrahimi حیدری:heydari هاشمی:hashemi مرادی:moradi اکبری:akbari
قاسمی:ghasemi اسدی:asadi رستمی:rostami نوری:nouri محمودی:mahmoudi امینی:amini صالحی:salehi باقری:bagheri
زارعی:zarei عباسی:abbasi یوسفی:yousefi سلیمانی:soleimani میرزایی:mirzaei شریفی:sharifi نظری:nazari
کاظمی:kazemi یعقوبی:yaghoubi طاهری:taheri جلالی:jalali عزیزی:azizi فتحی:fathi قربانی:ghorbani
عبداللهی:abdollahi سعیدی:saeidi اسماعیلی:esmaeili نجفی:najafi ملکی:maleki رحمانی:rahmani شفیعی:shafiei
محسنی:mohseni خسروی:khosravi بهرامی:bahrami فرهادی:farhadi امیری:amiri شیرازی:shirazi اصفهانی:esfahani
تهرانی:tehrani یزدی:yazdi تبریزی:tabrizi همدانی:hamedani کرمانی:kermani گیلانی:gilani مازندرانی:mazandarani
کاشانی:kashani قمی:ghomi اهوازی:ahvazi بختیاری:bakhtiari لرستانی:lorestani خراسانی:khorasani
نیشابوری:neyshabouri سبزواری:sabzevari شوشتری:shoushtari دزفولی:dezfouli اردبیلی:ardabili
دهقان:dehghan دهقانی:dehghani بنایی:banaei زرگر:zargar زرگری:zargari نجار:najjar حداد:haddad حدادی:haddadi
صراف:sarraf عطار:attar عطاری:attari خیاط:khayyat صباغ:sabbagh آهنگر:ahangar کشاورز:keshavarz باغبان:baghban
چوپانی:choupani شکوهی:shokouhi روشن:roshan روشنی:roshani افشار:afshar قاجار:ghajar ترکمان:torkaman
کیانی:kiani پارسا:parsa پهلوان:pahlavan جهانی:jahani جهانگیری:jahangiri فروتن:foroutan مهدوی:mahdavi
طباطبایی:tabatabaei حسنی:hasani علوی:alavi رضوی:razavi مصطفوی:mostafavi مرتضوی:mortazavi نبوی:nabavi
تقوی:taghavi صفوی:safavi سجادی:sajjadi عسگری:asgari نقوی:naghavi منصوری:mansouri ناصری:naseri فرجی:faraji
حبیبی:habibi حمیدی:hamidi خلیلی:khalili داوودی:davoudi رجبی:rajabi رمضانی:ramezani شعبانی:shabani
صفری:safari عظیمی:azimi غلامی:gholami فلاحی:fallahi کمالی:kamali گودرزی:goudarzi لطفی:lotfi مقدم:moghaddam
ملایی:mollaei نادری:naderi نعمتی:nemati وحیدی:vahidi هدایتی:hedayati یاری:yari آقایی:aghaei بیات:bayat
پناهی:panahi ترابی:torabi ثابتی:sabeti جوادی:javadi چراغی:cheraghi حاتمی:hatami خدایی:khodaei دلاوری:delavari
ذاکری:zakeri راد:rad زمانی:zamani ساعدی:saedi شاکری:shakeri صدری:sadri ضیایی:ziaei عابدی:abedi فاضلی:fazeli
قنبری:ghanbari کوهی:kouhi گلزار:golzar مجیدی:majidi نیکزاد:nikzad وفایی:vafaei همتی:hemmati آذری:azari
"""

STEMS_TEXT = """
حسین:hossein علی:ali حسن:hasan محمد:mohammad احمد:ahmad عباس:abbas تقی:taghi نقی:naghi مهدی:mahdi قاسم:ghasem
جعفر:jafar کاظم:kazem ابراهیم:ebrahim اسماعیل:esmaeil یوسف:yousef رحیم:rahim کریم:karim عبدالله:abdollah
سلطان:soltan میرزا:mirza رستم:rostam
"""

SUFFIXES = (Name("زاده", "zadeh"), Name("پور", "pour"), Name("نژاد", "nejad"), Name("نیا", "nia"))

BUSINESS_WORDS = (
    "آریا",
    "پارس",
    "البرز",
    "دماوند",
    "سپهر",
    "آفتاب",
    "کیمیا",
    "پیشگام",
    "نگین",
    "مهر",
    "امید",
    "ستاره",
    "سپید",
    "باران",
    "آینده",
    "روشن",
    "پویا",
    "کاوش",
    "سحر",
    "نوید",
    "آرمان",
    "بهار",
    "آسمان",
    "کوه",
    "زرین",
    "پرتو",
    "همراه",
    "توسن",
    "آوا",
    "رایان",
)

BUSINESS_KINDS = (
    "صنایع غذایی",
    "بازرگانی",
    "پخش",
    "هتل",
    "رستوران",
    "کافه",
    "شرکت مهندسی",
    "آموزشگاه",
    "درمانگاه",
    "دفتر فنی",
    "فروشگاه",
    "گروه صنعتی",
    "شرکت خدماتی",
    "بیمهٔ",
)

REPS = (
    "مریم کریمی",
    "علی صادقی",
    "نگار رحیمی",
    "حامد موسوی",
    "سارا نوری",
    "رضا بهرامی",
    "الهام فتحی",
    "کامران یزدی",
)


def _names(text: str) -> tuple[Name, ...]:
    return tuple(Name(*word.split(":")) for word in text.split())


def _compound() -> tuple[Name, ...]:
    """Return family names such as حسین‌زاده: a first name and what makes a family of it."""
    return tuple(
        Name(f"{stem.fa}\u200c{suffix.fa}", stem.latin + suffix.latin)
        for suffix in SUFFIXES
        for stem in _names(STEMS_TEXT)
    )


WOMEN = _names(WOMEN_TEXT)
MEN = _names(MEN_TEXT)
FAMILIES = _names(FAMILY_TEXT) + _compound()
