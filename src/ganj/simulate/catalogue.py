"""What the shop sells: twelve categories, some 300 products, and what goes with what.

Brands are invented.  Prices are in toman on the first day, before two years of inflation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ganj.histories import Array

RIAL = 10  # rials in a toman


class Category(NamedTuple):
    """A shelf of the shop.

    Attributes
    ----------
    name, margin, returns : words, share of the price earned, share of lines sent back
    brands : invented brand names with their price level
    types : kinds of goods with the price in toman of a brand at level 1
    """

    name: str
    margin: float
    returns: float
    brands: dict[str, float]
    types: dict[str, int]


class Products(NamedTuple):
    """The products as columns.

    Attributes
    ----------
    name, sku, type, brand : tuple[str, ...]
    category : int64[products], position in `CATEGORIES`
    price : float64[products], rial on the first day
    margin, returns : float64[products], share of the price and share of lines sent back
    weight : float64[products], popularity within the category; sums to 1 there
    """

    name: tuple[str, ...]
    sku: tuple[str, ...]
    type: tuple[str, ...]
    brand: tuple[str, ...]
    category: Array
    price: Array
    margin: Array
    returns: Array
    weight: Array


class Affinity(NamedTuple):
    """Goods that go together: who has all of ``given`` also takes ``then`` with this probability."""

    given: tuple[str, ...]
    then: str
    probability: float


class Sequence(NamedTuple):
    """Goods that follow: the order after one with ``given`` holds ``then`` with this probability."""

    given: str
    then: str
    probability: float


PHONES = Category(
    "موبایل",
    0.06,
    0.04,
    {"نوا": 1.0, "آترا": 0.72, "ویرا": 1.35},
    {
        "گوشی اقتصادی ۶۴ گیگ": 5_900_000,
        "گوشی میان‌رده ۱۲۸ گیگ": 9_800_000,
        "گوشی پرچم‌دار ۲۵۶ گیگ": 24_500_000,
        "گوشی ۵۱۲ گیگ پرو": 38_000_000,
        "ساعت هوشمند": 3_200_000,
        "مچ‌بند سلامت": 1_150_000,
        "تبلت ۱۰ اینچ": 11_500_000,
        "گوشی ساده": 1_400_000,
    },
)
GADGETS = Category(
    "لوازم جانبی",
    0.32,
    0.04,
    {"نوا": 1.2, "تکیار": 1.0, "سیما": 0.7},
    {
        "قاب گوشی": 120_000,
        "محافظ صفحه": 85_000,
        "شارژر سریع": 390_000,
        "کابل تایپ‌سی": 110_000,
        "پاوربانک": 890_000,
        "هندزفری بی‌سیم": 1_250_000,
        "پایهٔ نگهدارندهٔ خودرو": 210_000,
        "اسپیکر همراه": 980_000,
        "کارت حافظه": 340_000,
    },
)
COMPUTERS = Category(
    "رایانه",
    0.09,
    0.04,
    {"رایا": 1.0, "پرداز": 0.85, "ویرا": 1.4},
    {
        "لپ‌تاپ ۱۴ اینچ": 27_000_000,
        "لپ‌تاپ بازی": 52_000_000,
        "موس بی‌سیم": 420_000,
        "صفحه‌کلید": 680_000,
        "کیف لپ‌تاپ": 590_000,
        "هارد بیرونی": 2_900_000,
        "فلش مموری": 310_000,
        "مودم": 1_650_000,
        "مانیتور ۲۴ اینچ": 7_400_000,
    },
)
APPLIANCES = Category(
    "لوازم خانگی",
    0.14,
    0.03,
    {"خانه‌نو": 1.0, "مهرآسا": 0.8, "آرام": 1.3},
    {
        "چای‌ساز": 2_400_000,
        "اسپرسوساز": 7_900_000,
        "جاروبرقی": 5_600_000,
        "اتو بخار": 1_900_000,
        "مخلوط‌کن": 1_700_000,
        "سشوار": 1_200_000,
        "پنکهٔ رومیزی": 980_000,
        "سرخ‌کن بدون روغن": 4_300_000,
        "آسیاب قهوه": 1_350_000,
    },
)
KITCHEN = Category(
    "آشپزخانه",
    0.30,
    0.02,
    {"زرین‌پخت": 1.0, "سفره": 0.75, "ماهور": 1.25},
    {
        "ماهی‌تابهٔ گرانیتی": 690_000,
        "قابلمهٔ چدن": 980_000,
        "سرویس چاقو": 540_000,
        "قوری چینی": 260_000,
        "فنجان و نعلبکی": 430_000,
        "فلاسک": 480_000,
        "ظرف نگهدارنده": 190_000,
        "تختهٔ برش": 140_000,
        "سینی چوبی": 230_000,
    },
)
FOOD = Category(
    "خوراکی",
    0.18,
    0.005,
    {"گلبرگ": 1.0, "دشت سبز": 0.85, "باغ ایرانی": 1.3},
    {
        "چای سیاه ۵۰۰ گرم": 210_000,
        "قند شکسته ۱ کیلو": 68_000,
        "برنج ایرانی ۵ کیلو": 590_000,
        "زعفران یک مثقال": 480_000,
        "خرمای مضافتی": 135_000,
        "آجیل مخلوط ۱ کیلو": 690_000,
        "پستهٔ اکبری": 520_000,
        "عسل کوهستان": 340_000,
        "زرشک": 165_000,
        "نبات": 95_000,
    },
)
COFFEE = Category(
    "قهوه و نوشیدنی",
    0.27,
    0.005,
    {"دم‌کده": 1.0, "کافه‌کوچه": 0.85, "سپیده‌دم": 1.25},
    {
        "دان قهوهٔ عربیکا": 390_000,
        "قهوهٔ فوری": 145_000,
        "فیلتر کاغذی قهوه": 78_000,
        "شیر خشک قهوه": 98_000,
        "دمنوش گیاهی": 88_000,
        "شکلات داغ": 160_000,
        "فرنچ‌پرس": 310_000,
        "شربت زعفران": 125_000,
    },
)
BEAUTY = Category(
    "آرایشی و بهداشتی",
    0.35,
    0.02,
    {"گلنار": 1.0, "ماهک": 0.7, "سیمین": 1.5},
    {
        "کرم مرطوب‌کننده": 185_000,
        "ضدآفتاب": 290_000,
        "شامپو": 130_000,
        "نرم‌کنندهٔ مو": 125_000,
        "رژ لب": 160_000,
        "ریمل": 190_000,
        "عطر": 980_000,
        "ماسک صورت": 95_000,
        "مسواک برقی": 890_000,
    },
)
CLOTHES = Category(
    "پوشاک",
    0.42,
    0.09,
    {"تن‌پوش": 1.0, "ساده": 0.7, "شیدا": 1.5},
    {
        "پیراهن": 490_000,
        "مانتو": 1_150_000,
        "شلوار جین": 790_000,
        "تی‌شرت": 290_000,
        "روسری": 340_000,
        "کاپشن": 1_900_000,
        "ژاکت": 880_000,
        "جوراب": 55_000,
    },
)
SHOES = Category(
    "کیف و کفش",
    0.38,
    0.08,
    {"گام": 1.0, "رهوار": 0.8, "شیدا": 1.45},
    {
        "کفش ورزشی": 1_290_000,
        "کفش رسمی": 1_480_000,
        "صندل": 520_000,
        "کیف دستی": 980_000,
        "کوله‌پشتی": 870_000,
        "کمربند": 290_000,
        "کیف پول": 340_000,
        "واکس کفش": 48_000,
    },
)
BOOKS = Category(
    "کتاب و نوشت‌افزار",
    0.24,
    0.01,
    {"دانا": 1.0, "کاغذین": 0.8, "قلم": 1.2},
    {
        "رمان": 145_000,
        "کتاب کودک": 85_000,
        "کتاب کمک‌درسی": 210_000,
        "دفتر ۱۰۰ برگ": 45_000,
        "مداد رنگی": 160_000,
        "خودکار": 28_000,
        "جامدادی": 110_000,
        "تقویم و سررسید": 180_000,
    },
)
BABY = Category(
    "کودک و نوزاد",
    0.22,
    0.03,
    {"نی‌نی": 1.0, "بادبادک": 0.8, "مهربان": 1.25},
    {
        "پوشک بزرگ": 360_000,
        "دستمال مرطوب": 62_000,
        "شیشهٔ شیر": 190_000,
        "لباس نوزاد": 310_000,
        "اسباب‌بازی آموزشی": 420_000,
        "کالسکه": 4_900_000,
        "شامپوی بچه": 98_000,
        "پازل": 150_000,
    },
)

CATEGORIES = (
    PHONES,
    GADGETS,
    COMPUTERS,
    APPLIANCES,
    KITCHEN,
    FOOD,
    COFFEE,
    BEAUTY,
    CLOTHES,
    SHOES,
    BOOKS,
    BABY,
)

AFFINITIES = (
    Affinity(("چای سیاه ۵۰۰ گرم گلبرگ",), "قند شکسته ۱ کیلو گلبرگ", 0.30),
    Affinity(("دان قهوهٔ عربیکا دم‌کده",), "فیلتر کاغذی قهوه دم‌کده", 0.35),
    Affinity(("پوشک بزرگ نی‌نی",), "دستمال مرطوب نی‌نی", 0.40),
    Affinity(("شامپو گلنار",), "نرم‌کنندهٔ مو گلنار", 0.32),
    Affinity(("برنج ایرانی ۵ کیلو دشت سبز",), "زرشک دشت سبز", 0.22),
    Affinity(("کفش رسمی گام",), "واکس کفش گام", 0.25),
    Affinity(("دفتر ۱۰۰ برگ دانا",), "خودکار دانا", 0.38),
    Affinity(("رژ لب سیمین",), "ریمل سیمین", 0.28),
    Affinity(("لپ‌تاپ ۱۴ اینچ رایا",), "موس بی‌سیم رایا", 0.30),
    Affinity(("قوری چینی سفره",), "فنجان و نعلبکی سفره", 0.26),
    Affinity(("چای سیاه ۵۰۰ گرم گلبرگ", "قند شکسته ۱ کیلو گلبرگ"), "نبات گلبرگ", 0.30),
    Affinity(("پوشک بزرگ نی‌نی", "دستمال مرطوب نی‌نی"), "شامپوی بچه نی‌نی", 0.28),
    Affinity(("دان قهوهٔ عربیکا دم‌کده", "فیلتر کاغذی قهوه دم‌کده"), "شیر خشک قهوه دم‌کده", 0.25),
)
"""Pairs and triples planted within one order, in the order in which they are applied."""

SEQUENCES = (
    Sequence("گوشی میان‌رده ۱۲۸ گیگ نوا", "قاب گوشی نوا", 0.40),
    Sequence("قاب گوشی نوا", "محافظ صفحه نوا", 0.25),
    Sequence("لپ‌تاپ ۱۴ اینچ رایا", "کیف لپ‌تاپ رایا", 0.30),
    Sequence("قهوهٔ فوری کافه‌کوچه", "دان قهوهٔ عربیکا کافه‌کوچه", 0.18),
    Sequence("دان قهوهٔ عربیکا کافه‌کوچه", "آسیاب قهوه خانه‌نو", 0.10),
    Sequence("لباس نوزاد بادبادک", "اسباب‌بازی آموزشی بادبادک", 0.22),
)
"""What the next order holds: accessories after the phone, and the way up from instant coffee."""

BRUISED = ("پاوربانک سیما", "هندزفری بی‌سیم سیما", "ماهی‌تابهٔ گرانیتی سفره", "کاپشن ساده")
"""Products of poor quality: reviews of them are 1.6 points lower."""

GIVEN = frozenset(name for rule in AFFINITIES for name in rule.given) | {rule.given for rule in SEQUENCES}
"""Products that planted rules begin with; they are made popular, so that the rules have support."""


def products() -> Products:
    """Return the catalogue; the same every time, so that two shops differ only in their customers."""
    rows = [
        (f"{kind} {brand}", kind, brand, c, price * level * RIAL)
        for c, category in enumerate(CATEGORIES)
        for kind, price in category.types.items()
        for brand, level in category.brands.items()
    ]
    category = np.array([row[3] for row in rows])
    return Products(
        name=tuple(row[0] for row in rows),
        sku=tuple(f"G{10_000 + 7 * n}" for n in range(len(rows))),
        type=tuple(row[1] for row in rows),
        brand=tuple(row[2] for row in rows),
        category=category,
        price=np.array([row[4] for row in rows], float),
        margin=np.array([CATEGORIES[c].margin for c in category]),
        returns=np.array([CATEGORIES[c].returns for c in category]),
        weight=_weights([row[0] for row in rows], category),
    )


def _weights(names: list[str], category: Array) -> Array:
    """Return popularity: a long tail in each category, products of planted rules among the popular."""
    rank = np.array([(11 * n) % 29 for n in range(len(names))])
    weight = np.where([name in GIVEN for name in names], 0.25, 1.0 / (rank + 4.0))
    total: Array = np.bincount(category, weight)
    return weight / total[category]


def position(names: tuple[str, ...]) -> dict[str, int]:
    """Return each product's position by its name."""
    return {name: n for n, name in enumerate(names)}
