"""Answers: one row an answer to a survey, or a review of a product."""

from ganj.intake.fields import CHANNEL, RECORD, SOURCE, Field, time
from ganj.intake.kinds import Kind
from ganj.intake.kinds.orders import PRODUCT, PRODUCT_NAME
from ganj.text import Text

SCORE = Field(
    "score", Text("Score", "امتیاز"), "number",
    "nps|score|rating|stars|satisfaction|csat|sentiment|امتیاز|نمره|رضایت|ستاره",
)  # fmt: skip
WORDS = Field(
    "words", Text("Words", "متن"), "text",
    "review|text|comment|comments|answer|explication|feedback|opinion|متن|نظر|پاسخ|توضیح|دیدگاه|متن نظر",
)  # fmt: skip

KIND = Kind(
    name="answers",
    label=Text("Answers and reviews", "پاسخ‌ها و نظرها"),
    says=Text("One row an answer to a survey, or a review.", "هر سطر پاسخ یک نظرسنجی است، یا یک نظر."),
    fields=(
        time(
            "answered at|response date|review time|tweet created|review date|submitted at|تاریخ پاسخ|تاریخ نظر"
        ),
        SCORE,
        WORDS,
        RECORD,
        PRODUCT,
        PRODUCT_NAME,
        CHANNEL,
        SOURCE,
    ),
    needs=(("time",), ("score", "words")),
    signs="nps|review|rating|satisfaction|survey|comment|sentiment|csat|نظر|نظرسنجی|امتیاز|رضایت",
    strict=("time",),
    required=("time",),
    identity=("record", "product", "score", "words", "wall", "who"),
    query="""
        select row, unhex(md5(key)) as content,
            case when coalesce(product, product_name) is not null then 'Product Reviewed' else 'Survey Answered' end as event,
            time, null::varchar as "order", customer_id, email, phone, national_code, account,
            null::double as amount, coalesce(product, product_name) as product, null::double as quantity,
            null::double as price, channel, source, properties, traits, product_traits
        from t
    """,
)
