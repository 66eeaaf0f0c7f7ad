"""The provinces of Iran: names, cities, people, and where each stands on a map of equal tiles.

Population: census of 1395 (2016), Statistical Centre of Iran; the provinces add up to 79,926,270.  Provinces and cities
are those of the division of the country after 1389, when Alborz became the thirty-first province.  The tiles keep
neighbours together and every province as large as another, so that small ones with many customers are seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ganj.persian import match_form
from ganj.text import Text


@dataclass(frozen=True, slots=True)
class Province:
    """A province.

    Attributes
    ----------
    name : for programs
    label : for people
    people : inhabitants in 1395
    tile : column from the west, row from the north
    cities : the capital first
    also : other names it goes by
    """

    name: str
    label: Text
    people: int
    tile: tuple[int, int]
    cities: tuple[str, ...]
    also: tuple[str, ...] = ()


def _province(line: str) -> Province:
    """Read ``name | English | Persian | people | column row | cities | other names``."""
    name, en, fa, people, tile, cities, also = (part.strip() for part in line.split("|"))
    across, down = (int(place) for place in tile.split())
    split = ([one.strip() for one in text.split(",") if one.strip()] for text in (cities, also))
    return Province(name, Text(en, fa), int(people), (across, down), *(tuple(found) for found in split))


TOLD = """
tehran | Tehran | تهران | 13267637 | 4 1 | تهران, اسلامشهر, شهریار, ری, پردیس, ورامین, پاکدشت, قدس, ملارد, قرچک, رباط‌کریم, دماوند, پرند, بومهن, رودهن, پیشوا, فیروزکوه, شمیرانات, لواسان, نسیم‌شهر, اندیشه, شهرری | Teheran
razavi_khorasan | Razavi Khorasan | خراسان رضوی | 6434501 | 6 1 | مشهد, نیشابور, سبزوار, تربت حیدریه, کاشمر, قوچان, تربت جام, تایباد, چناران, گناباد, سرخس, خواف, درگز, فریمان, طرقبه, شاندیز, بردسکن | Khorasan Razavi, Khorasan-e Razavi, خراسان
isfahan | Isfahan | اصفهان | 5120850 | 4 2 | اصفهان, کاشان, نجف‌آباد, خمینی‌شهر, شاهین‌شهر, فولادشهر, مبارکه, شهرضا, گلپایگان, آران و بیدگل, زرین‌شهر, فلاورجان, نطنز, سمیرم, اردستان, نایین, خوانسار | Esfahan
fars | Fars | فارس | 4851274 | 4 3 | شیراز, مرودشت, جهرم, فسا, کازرون, داراب, فیروزآباد, آباده, لار, لارستان, نی‌ریز, اقلید, استهبان, لامرد, صدرا, سپیدان, ممسنی, نورآباد ممسنی, اوز |
khuzestan | Khuzestan | خوزستان | 4710509 | 1 4 | اهواز, دزفول, آبادان, خرمشهر, بندر ماهشهر, ماهشهر, اندیمشک, بهبهان, شوشتر, ایذه, شوش, مسجدسلیمان, رامهرمز, امیدیه, شادگان, سوسنگرد, هندیجان, رامشیر | Khouzestan
east_azerbaijan | East Azerbaijan | آذربایجان شرقی | 3909652 | 1 0 | تبریز, مراغه, مرند, میانه, اهر, بناب, سراب, شبستر, آذرشهر, عجب‌شیر, هشترود, جلفا, ملکان, اسکو, سهند, کلیبر, بستان‌آباد | Azarbaijan-e Sharqi, East Azarbaijan
mazandaran | Mazandaran | مازندران | 3283582 | 4 0 | ساری, بابل, آمل, قائم‌شهر, قائمشهر, بهشهر, چالوس, بابلسر, نوشهر, تنکابن, رامسر, نکا, محمودآباد, فریدون‌کنار, جویبار, نور, عباس‌آباد, کلاردشت, سوادکوه |
west_azerbaijan | West Azerbaijan | آذربایجان غربی | 3265219 | 0 0 | ارومیه, خوی, بوکان, مهاباد, میاندوآب, سلماس, نقده, پیرانشهر, سردشت, تکاب, ماکو, شاهین‌دژ, اشنویه, چالدران | Azarbaijan-e Gharbi, West Azarbaijan
kerman | Kerman | کرمان | 3164718 | 5 3 | کرمان, رفسنجان, جیرفت, سیرجان, بم, زرند, شهربابک, کهنوج, بردسیر, بافت, عنبرآباد, راور |
sistan_baluchestan | Sistan and Baluchestan | سیستان و بلوچستان | 2775014 | 6 3 | زاهدان, زابل, چابهار, ایرانشهر, سراوان, خاش, کنارک, نیک‌شهر, سرباز, زهک | Sistan & Baluchestan, Sistan va Baluchestan
alborz | Alborz | البرز | 2712400 | 3 1 | کرج, فردیس, نظرآباد, هشتگرد, ساوجبلاغ, کمال‌شهر, محمدشهر, ماهدشت, مشکین‌دشت, اشتهارد, طالقان, گرمدره, مهرشهر |
gilan | Gilan | گیلان | 2530696 | 3 0 | رشت, انزلی, بندر انزلی, لاهیجان, لنگرود, رودسر, صومعه‌سرا, تالش, آستارا, فومن, آستانه اشرفیه, رودبار, ماسال, شفت, سیاهکل, رضوانشهر | Guilan
kermanshah | Kermanshah | کرمانشاه | 1952434 | 0 2 | کرمانشاه, اسلام‌آباد غرب, کنگاور, سنقر, هرسین, جوانرود, پاوه, صحنه, سرپل ذهاب, گیلانغرب, قصر شیرین |
golestan | Golestan | گلستان | 1868819 | 5 0 | گرگان, گنبد کاووس, گنبد, علی‌آباد کتول, بندر ترکمن, آق‌قلا, کردکوی, آزادشهر, مینودشت, کلاله, بندر گز, رامیان, گالیکش |
hormozgan | Hormozgan | هرمزگان | 1776415 | 5 4 | بندرعباس, بندر عباس, میناب, قشم, بندر لنگه, کیش, رودان, بستک, جاسک, پارسیان | Hormuzgan
lorestan | Lorestan | لرستان | 1760649 | 1 3 | خرم‌آباد, بروجرد, دورود, الیگودرز, کوهدشت, ازنا, پلدختر, الشتر | Luristan
hamadan | Hamadan | همدان | 1738234 | 1 2 | همدان, ملایر, نهاوند, تویسرکان, اسدآباد, کبودرآهنگ, بهار, رزن, فامنین | Hamedan
kurdistan | Kurdistan | کردستان | 1603011 | 0 1 | سنندج, سقز, مریوان, بانه, قروه, کامیاران, بیجار, دیواندره, دهگلان, سروآباد | Kordestan
markazi | Markazi | مرکزی | 1429475 | 2 2 | اراک, ساوه, خمین, محلات, دلیجان, شازند, تفرش, آشتیان, مهاجران, زرندیه |
qom | Qom | قم | 1292283 | 3 2 | قم, جعفریه, قنوات, کهک | Ghom
qazvin | Qazvin | قزوین | 1273761 | 2 1 | قزوین, الوند, تاکستان, آبیک, بوئین‌زهرا, اقبالیه, محمدیه, آوج | Ghazvin
ardabil | Ardabil | اردبیل | 1270420 | 2 0 | اردبیل, پارس‌آباد, مشگین‌شهر, خلخال, گرمی, نمین, بیله‌سوار, سرعین | Ardebil
bushehr | Bushehr | بوشهر | 1163400 | 3 4 | بوشهر, برازجان, دشتستان, گناوه, بندر گناوه, کنگان, عسلویه, خورموج, دیر, جم, دیلم, تنگستان | Bushire
yazd | Yazd | یزد | 1138533 | 5 2 | یزد, میبد, اردکان, بافق, ابرکوه, تفت, مهریز, اشکذر, بهاباد, مروست |
zanjan | Zanjan | زنجان | 1057461 | 1 1 | زنجان, ابهر, خرمدره, قیدار, ماهنشان, هیدج, خدابنده, طارم |
chaharmahal | Chaharmahal and Bakhtiari | چهارمحال و بختیاری | 947763 | 2 3 | شهرکرد, بروجن, لردگان, فارسان, فرخ‌شهر, هفشجان, اردل, سامان, جونقان | Chaharmahal & Bakhtiari, چهار محال و بختیاری, Chahar Mahaal and Bakhtiari
north_khorasan | North Khorasan | خراسان شمالی | 863092 | 6 0 | بجنورد, شیروان, اسفراین, آشخانه, جاجرم, فاروج, گرمه |
south_khorasan | South Khorasan | خراسان جنوبی | 768898 | 6 2 | بیرجند, قائن, قاین, طبس, فردوس, نهبندان, سربیشه, بشرویه, سرایان |
kohgiluyeh | Kohgiluyeh and Boyer-Ahmad | کهگیلویه و بویراحمد | 713052 | 3 3 | یاسوج, دوگنبدان, گچساران, دهدشت, سی‌سخت, لیکک | کهکیلویه و بویراحمد, Kohgiluyeh & Boyer-Ahmad, Kohgiluyeh va Boyer Ahmad
semnan | Semnan | سمنان | 702360 | 5 1 | سمنان, شاهرود, دامغان, گرمسار, مهدی‌شهر, ایوانکی, سرخه, شهمیرزاد |
ilam | Ilam | ایلام | 580158 | 0 3 | ایلام, دهلران, ایوان, آبدانان, دره‌شهر, مهران, سرابله, بدره |
"""
LATIN = """
Tehran=تهران Mashhad=مشهد Isfahan=اصفهان Esfahan=اصفهان Karaj=کرج Shiraz=شیراز Tabriz=تبریز Qom=قم Ahvaz=اهواز Ahwaz=اهواز
Kermanshah=کرمانشاه Urmia=ارومیه Orumiyeh=ارومیه Rasht=رشت Zahedan=زاهدان Hamadan=همدان Hamedan=همدان Kerman=کرمان Yazd=یزد
Ardabil=اردبیل Arak=اراک Eslamshahr=اسلامشهر Zanjan=زنجان Sanandaj=سنندج Qazvin=قزوین Khorramabad=خرم‌آباد Gorgan=گرگان
Sari=ساری Kashan=کاشان Dezful=دزفول Nishapur=نیشابور Neyshabur=نیشابور Babol=بابل Amol=آمل Sabzevar=سبزوار Abadan=آبادان
Borujerd=بروجرد Bojnurd=بجنورد Bojnord=بجنورد Birjand=بیرجند Bushehr=بوشهر Ilam=ایلام Semnan=سمنان Shahroud=شاهرود
Shahrekord=شهرکرد Yasuj=یاسوج Saveh=ساوه Maragheh=مراغه Khoy=خوی Rafsanjan=رفسنجان Ray=ری Rey=ری Kish=کیش Qeshm=قشم
"""
"""Latin spellings that are in use; others are told apart by their provinces only."""

PROVINCES = tuple(_province(line) for line in TOLD.strip().splitlines())
PEOPLE = sum(one.people for one in PROVINCES)
ELSEWHERE, UNTOLD = len(PROVINCES), len(PROVINCES) + 1
CHOICES: tuple[tuple[str, Text], ...] = (
    *((one.name, one.label) for one in PROVINCES),
    ("elsewhere", Text("Not recognised", "شناخته نشد")),
    ("untold", Text("Not told", "گفته نشده")),
)


@cache
def _by_province() -> dict[str, int]:
    """Return places in `PROVINCES` by the match forms of their names."""
    return {
        plain(word): at
        for at, one in enumerate(PROVINCES)
        for name in (one.label.fa, one.label.en, one.name, *one.also)
        for word in (name, f"استان {name}", f"{name} province")
    }


@cache
def _by_city() -> dict[str, int]:
    found = {plain(city): at for at, one in enumerate(PROVINCES) for city in one.cities}
    latin = dict(pair.split("=") for pair in LATIN.split())
    return found | {plain(word): found[plain(city)] for word, city in latin.items()}


def plain(name: str) -> str:
    """Return what spellings of a place have in common: no spaces, signs or capitals."""
    return "".join(letter for letter in match_form(name).lower() if letter.isalnum())


@cache
def province_of(province: str, city: str) -> int:
    """Return the place in `PROVINCES` of a told province, else of a told city; `ELSEWHERE` or `UNTOLD` where there is none."""
    if not province and not city:
        return UNTOLD
    found = _by_province().get(plain(province)) if province else None
    if found is None and city:
        found = _by_city().get(plain(city), _by_city().get(plain(city.removeprefix("شهر "))))
    return ELSEWHERE if found is None else found
