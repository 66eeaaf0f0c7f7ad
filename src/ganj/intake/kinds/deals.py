"""Deals: one row an opportunity, as it stands now; its beginning and its end are events."""

from ganj.intake.fields import CHANNEL, SOURCE, Field, time
from ganj.intake.kinds import Kind
from ganj.intake.kinds.orders import PRODUCT, PRODUCT_NAME
from ganj.text import Text

DEAL = Field(
    "deal", Text("Deal", "معامله"), "id",
    "opportunity id|deal id|potential id|record id|opportunity|deal name|potential name|deal|id|name|شناسه معامله|عنوان معامله|عنوان|معامله|فرصت|کد معامله",
)  # fmt: skip
STAGE = Field(
    "stage", Text("Stage", "مرحله"), "text",
    "deal stage|stage|sales stage|pipeline stage|status|stage name|مرحله|مرحله کاریز|وضعیت|وضعیت معامله",
)  # fmt: skip
VALUE = Field(
    "amount", Text("Value", "ارزش"), "money",
    "close value|amount|deal value|deal amount|expected revenue|opportunity amount|value|revenue|مبلغ|ارزش معامله|مبلغ معامله|ارزش|قیمت",
)  # fmt: skip
CLOSED = time(
    "close date|closing date|closed at|closed date|won date|expected close date|date closed|تاریخ بستن|تاریخ انجام|تاریخ بسته شدن|تاریخ موفقیت",
    Text("Closed", "تاریخ بستن"), "closed",
)  # fmt: skip
OWNER = Field(
    "owner", Text("Sales rep", "کارشناس فروش"), "text",
    "sales agent|owner|deal owner|potential owner|assigned user|assigned to|salesperson|sales person|sales rep|مسئول|کارشناس|کارشناس فروش|مسئول فروش",
)  # fmt: skip

KIND = Kind(
    name="deals",
    label=Text("Deals", "معاملات"),
    says=Text("One row a deal as it stands.", "هر سطر یک معامله است، در وضعیتی که اکنون دارد."),
    fields=(
        DEAL,
        STAGE,
        VALUE,
        time(
            "engage date|opened at|open date|created date|date entered|تاریخ شروع",
            Text("Opened", "تاریخ ایجاد"),
        ),
        CLOSED,
        OWNER,
        PRODUCT,
        PRODUCT_NAME,
        CHANNEL,
        SOURCE,
    ),
    needs=(("stage",), ("time", "closed"), ("amount", "deal")),
    signs="stage|deal|opportunity|potential|pipeline|probability|close date|won|lost|معامله|کاریز|فرصت|مرحله|مسئول",
    strict=("amount",),
    required=("begun",),
    query="""
        with dated as (
            select *, coalesce(time, closed) as begun,
                case
                    when regexp_matches(lower(stage), '(won|موفق)') and not regexp_matches(lower(stage), '(ناموفق|نا موفق|not won)')
                        then 'Deal Won'
                    when regexp_matches(lower(stage), '(lost|ناموفق|نا موفق|شکست|از دست|abandon|dead)') then 'Deal Lost'
                    else 'Deal Stage Changed'
                end as verdict_
            from t
        ), told as (
            select *, 'Deal Created' as event, begun as moment, null::double as worth, deal_key || 'created' as told from dated
            union all
            select *, verdict_, coalesce(case when verdict_ <> 'Deal Stage Changed' then closed end, begun), amount * factor,
                deal_key || verdict_ || coalesce(stage, '')
            from dated
        )
        select row, unhex(md5(told)) as content, event, moment as time, null::varchar as "order",
            customer_id, email, phone, national_code, account, worth as amount,
            coalesce(product, product_name) as product, null::double as quantity, null::double as price,
            channel, source, properties, traits, product_traits
        from told
    """,
)
