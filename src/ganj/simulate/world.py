"""Every parameter of the simulated shop, as values.

Nothing random happens here and nothing is hidden elsewhere: what this file says is what
``Shop.truth`` repeats, and what later analyses are tested for finding.
"""

from __future__ import annotations

import msgspec

DEVICES = ("mobile", "desktop", "app")
CHANNELS = ("site", "app", "instagram", "phone")
SOURCES = ("direct", "google", "instagram", "torob", "divar", "email", "sms", "referral")


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A latent kind of customer.

    Attributes
    ----------
    share : share of the customers
    buys : share who ever order
    r, alpha : Gamma of the purchase rate, per day of operational time (shape, rate)
    a, b : Beta of the chance to leave for good after a repeat order
    p, q, gamma : Gamma-Gamma of an order's value in rial of the first day
    lines : mean number of order lines, at least 1
    tastes : weight of each category
    devices : share of visits by device
    offline : share of orders by phone and through Instagram
    content : mean satisfaction, in standard deviations
    """

    key: str
    share: float
    buys: float
    r: float
    alpha: float
    a: float
    b: float
    p: float
    q: float
    gamma: float
    lines: float
    tastes: dict[str, float]
    devices: dict[str, float]
    offline: dict[str, float]
    content: float


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """The chance of each next step of a visit: product viewed, added, checkout started, paid."""

    view: float
    add: float
    checkout: float
    pay: float

    @property
    def whole(self) -> float:
        """The share of visits that end in an order."""
        return self.view * self.add * self.checkout * self.pay


class Seasons(msgspec.Struct, frozen=True, kw_only=True):
    """How busy a moment is, as factors that are multiplied; the mean over the period is then made 1."""

    months: tuple[float, ...] = (0.92, 0.95, 0.97, 0.96, 0.94, 1.05, 1.04, 0.98, 1.0, 0.98, 1.02, 1.15)
    weekdays: tuple[float, ...] = (1.02, 1.0, 1.02, 0.95, 0.86, 1.1, 1.05)  # Monday first
    esfand_rush: float = 1.6  # 12–28 Esfand
    nowruz_holiday: float = 0.42  # 1–13 Farvardin
    yalda: float = 1.75  # 23–30 Azar
    ramadan: float = 0.85
    black_friday: float = 2.1  # the last Friday of November and the day before
    mourning: float = 0.5  # Tasua and Ashura
    hours: tuple[float, ...] = (
        *(1.6, 0.8, 0.4, 0.2, 0.15, 0.2, 0.5, 1.2, 2.4, 3.8, 5.0, 5.6),
        *(5.4, 4.8, 4.2, 4.4, 5.0, 5.6, 5.8, 5.6, 6.0, 6.6, 5.8, 3.6),
    )
    ramadan_hours: tuple[float, ...] = (
        *(4.6, 3.4, 2.2, 1.6, 1.2, 0.5, 0.3, 0.6, 1.4, 2.8, 4.0, 4.6),
        *(4.4, 4.0, 3.4, 3.0, 2.8, 2.4, 2.2, 3.4, 6.2, 7.6, 7.4, 6.2),
    )


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """A planted anomaly: one payment gateway fails in one channel for some days."""

    channel: str = "app"
    gateway: str = "درگاه الف"
    begins: float = 0.82  # of the period
    days: int = 6
    loss: float = 0.85  # of the orders that would have been paid there


class Slump(msgspec.Struct, frozen=True, kw_only=True):
    """A planted reason: a new courier delivers late in one province, and orders there fall."""

    province: str = "خراسان رضوی"
    last_days: int = 60
    loss: float = 0.45
    days_to_deliver: tuple[int, int] = (3, 8)  # before and after
    late_tickets: float = 0.20  # chance of a ticket for each order sent there


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign that is run every Jalali year on its date, with a random hold-out.

    Attributes
    ----------
    date : Jalali month and day
    audience : ``active`` (ordered within 180 days), ``lapsed`` (last order 120 days ago or earlier)
    reach : share of the audience that is drawn
    holdout : share of those drawn who get nothing
    effects : by segment, how many more orders within 14 days a message brings, on average
    opens, clicks : share of messages opened; of those opened, clicked
    """

    key: str
    name: str
    channel: str
    date: tuple[int, int]
    audience: str
    reach: float
    holdout: float
    effects: dict[str, float]
    opens: float
    clicks: float


class Care(msgspec.Struct, frozen=True, kw_only=True):
    """Tickets, answers and reviews.

    A ticket is solved after a log-normal wait; the satisfaction mark of 1–5 after it is
    ``mark - wait_hurts · ln(1 + hours / 24) + content · satisfaction + noise``.
    """

    tickets: float = 0.055  # of the orders
    wait_median: float = 14.0  # hours
    wait_sigma: float = 1.0  # of ln hours
    answered: float = 0.45
    mark: float = 4.5
    wait_hurts: float = 0.9
    content: float = 0.45
    noise: float = 0.6
    reviews: float = 0.09  # of the order lines' orders
    review_mark: float = 4.0
    review_product: float = -1.6  # a product of poor quality
    nps: float = 0.035  # of the customers with an order, each quarter
    nps_mark: float = 7.6
    nps_content: float = 1.5
    nps_noise: float = 1.4


class Sales(msgspec.Struct, frozen=True, kw_only=True):
    """The sales team for companies.

    A deal is won with the odds of ``logit = base + rep + source + 0.15 · meetings``; each step of the
    pipeline takes a Gamma time, and a lost deal is lost at a random step.
    """

    companies: int = 400
    deals: float = 1.9  # per company
    stages: tuple[str, ...] = ("نیازسنجی", "پیش‌فاکتور", "مذاکره", "قرارداد")
    base: float = -0.75
    reps: tuple[float, ...] = (0.9, 0.4, 0.2, 0.0, 0.0, -0.2, -0.5, -0.9)
    sources: dict[str, float] = msgspec.field(
        default_factory=lambda: {"معرفی": 0.8, "نمایشگاه": 0.2, "سایت": 0.0, "تماس سرد": -0.7}
    )
    meeting: float = 0.15
    step_days: float = 9.0
    amount_log_mean: float = 20.6  # ln rial: about 880 million
    amount_log_sigma: float = 0.8
    reasons: dict[str, float] = msgspec.field(
        default_factory=lambda: {"قیمت": 0.45, "رقیب": 0.25, "انصراف": 0.2, "زمان تحویل": 0.1}
    )


class Dirt(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in the records on purpose."""

    twins: float = 0.015  # customers with a second card: name written otherwise
    same_phone: float = 0.7  # of them, whose second card has the same mobile number
    contradictions: float = 0.002  # customers whom the CRM and the site know differently


class World(msgspec.Struct, frozen=True, kw_only=True):
    """All parameters of the shop."""

    zone: str = "Asia/Tehran"
    growth: float = 0.55  # sign-ups grow by this factor a year, beyond 1
    signup_season: float = 0.6  # sign-ups follow the seasons with this power
    first_order: tuple[float, float] = (0.55, 25.0)  # share at once, mean days of the others
    inflation: float = 0.38  # a year, stepping on the first day of each Jalali month
    price_noise: float = 0.012  # standard deviation of a product's own monthly step
    spend_fit: float = 0.30  # width, in ln price, in which a product fits what a customer will spend
    seasonal_taste: float = 4.0  # factor on goods in season
    cancelled: float = 0.03
    dissatisfaction: float = 0.5  # correlation of satisfaction with the chance to stay
    gateways: dict[str, float] = msgspec.field(
        default_factory=lambda: {"درگاه الف": 0.6, "درگاه ب": 0.3, "درگاه پ": 0.1}
    )
    segments: tuple[Segment, ...] = ()
    funnels: dict[str, Funnel] = {}
    seasons: Seasons = Seasons()
    outage: Outage = Outage()
    slump: Slump = Slump()
    campaigns: tuple[Campaign, ...] = ()
    care: Care = Care()
    sales: Sales = Sales()
    dirt: Dirt = Dirt()


MILLION = 1_000_000

PANTRY = Segment(
    key="pantry",
    share=0.20,
    buys=0.90,
    r=1.5,
    alpha=42.0,
    a=1.0,
    b=11.0,
    p=5.0,
    q=4.0,
    gamma=4.2 * MILLION,  # mean order 7 million rial
    lines=2.9,
    tastes={"خوراکی": 6, "قهوه و نوشیدنی": 4, "آشپزخانه": 1.5, "آرایشی و بهداشتی": 1, "لوازم خانگی": 0.3},
    devices={"mobile": 0.45, "desktop": 0.12, "app": 0.43},
    offline={"phone": 0.07, "instagram": 0.04},
    content=0.4,
)
PARENTS = Segment(
    key="parents",
    share=0.18,
    buys=0.88,
    r=1.3,
    alpha=70.0,
    a=0.9,
    b=6.5,
    p=4.5,
    q=4.0,
    gamma=6.0 * MILLION,  # 9 million
    lines=2.6,
    tastes={"کودک و نوزاد": 7, "کتاب و نوشت‌افزار": 2.5, "پوشاک": 1.5, "خوراکی": 1, "لوازم خانگی": 0.4},
    devices={"mobile": 0.55, "desktop": 0.10, "app": 0.35},
    offline={"phone": 0.08, "instagram": 0.10},
    content=0.1,
)
TECH = Segment(
    key="tech",
    share=0.20,
    buys=0.80,
    r=0.9,
    alpha=120.0,
    a=0.7,
    b=3.2,
    p=2.6,
    q=3.6,
    gamma=46 * MILLION,  # 46 million
    lines=1.6,
    tastes={"موبایل": 4, "لوازم جانبی": 4, "رایانه": 3, "لوازم خانگی": 1.5, "کتاب و نوشت‌افزار": 0.4},
    devices={"mobile": 0.36, "desktop": 0.38, "app": 0.26},
    offline={"phone": 0.05, "instagram": 0.03},
    content=0.0,
)
STYLE = Segment(
    key="style",
    share=0.24,
    buys=0.84,
    r=1.0,
    alpha=80.0,
    a=0.9,
    b=4.5,
    p=4.0,
    q=3.8,
    gamma=9.8 * MILLION,  # 14 million
    lines=2.2,
    tastes={"پوشاک": 5, "کیف و کفش": 4, "آرایشی و بهداشتی": 5, "کتاب و نوشت‌افزار": 0.4, "خوراکی": 0.4},
    devices={"mobile": 0.66, "desktop": 0.08, "app": 0.26},
    offline={"phone": 0.03, "instagram": 0.22},
    content=0.0,
)
BARGAIN = Segment(
    key="bargain",
    share=0.18,
    buys=0.70,
    r=0.6,
    alpha=150.0,
    a=1.0,
    b=1.8,
    p=3.5,
    q=4.0,
    gamma=5.1 * MILLION,  # 6 million
    lines=1.5,
    tastes={"لوازم جانبی": 2, "پوشاک": 2, "آشپزخانه": 2, "خوراکی": 2, "آرایشی و بهداشتی": 1.5, "رایانه": 0.5},
    devices={"mobile": 0.70, "desktop": 0.16, "app": 0.14},
    offline={"phone": 0.04, "instagram": 0.06},
    content=-0.5,
)

CAMPAIGNS = (
    Campaign(
        key="nowruz",
        name="نوروز",
        channel="sms",
        date=(12, 8),
        audience="active",
        reach=0.7,
        holdout=0.15,
        effects={"pantry": 0.07, "parents": 0.05, "tech": 0.03, "style": 0.09, "bargain": 0.02},
        opens=0.0,
        clicks=0.0,
    ),
    Campaign(
        key="yalda",
        name="یلدا",
        channel="email",
        date=(9, 20),
        audience="active",
        reach=0.8,
        holdout=0.15,
        effects={"pantry": 0.10, "parents": 0.03, "tech": 0.0, "style": 0.02, "bargain": 0.02},
        opens=0.34,
        clicks=0.22,
    ),
    Campaign(
        key="mehr",
        name="بازگشایی مدرسه‌ها",
        channel="push",
        date=(6, 18),
        audience="active",
        reach=0.8,
        holdout=0.20,
        effects={"pantry": 0.0, "parents": 0.12, "tech": 0.02, "style": 0.0, "bargain": 0.0},
        opens=0.16,
        clicks=0.35,
    ),
    Campaign(
        key="summer",
        name="تابستانهٔ شگفت",
        channel="email",
        date=(4, 10),
        audience="active",
        reach=0.8,
        holdout=0.20,
        effects={"pantry": 0.0, "parents": 0.0, "tech": 0.0, "style": 0.0, "bargain": 0.0},  # moves nobody
        opens=0.30,
        clicks=0.15,
    ),
    Campaign(
        key="winback_spring",
        name="دلتنگ شماییم، بهار",
        channel="sms",
        date=(2, 15),
        audience="lapsed",
        reach=0.6,
        holdout=0.25,
        effects={"pantry": 0.09, "parents": 0.06, "tech": 0.02, "style": 0.05, "bargain": 0.01},
        opens=0.0,
        clicks=0.0,
    ),
    Campaign(
        key="winback_autumn",
        name="دلتنگ شماییم، پاییز",
        channel="email",
        date=(8, 12),
        audience="lapsed",
        reach=0.8,
        holdout=0.25,
        effects={"pantry": 0.06, "parents": 0.04, "tech": 0.02, "style": 0.03, "bargain": 0.0},
        opens=0.21,
        clicks=0.18,
    ),
)

WORLD = World(
    segments=(PANTRY, PARENTS, TECH, STYLE, BARGAIN),
    funnels={
        "mobile": Funnel(view=0.85, add=0.55, checkout=0.66, pay=0.78),
        "desktop": Funnel(view=0.88, add=0.58, checkout=0.73, pay=0.84),
        "app": Funnel(view=0.92, add=0.64, checkout=0.78, pay=0.88),
    },
    campaigns=CAMPAIGNS,
)
"""The shop that ``ganj demo`` writes."""
