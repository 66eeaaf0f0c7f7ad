"""Events: who did what and when; a click stream, a web log, calls, meetings, members of a campaign."""

from ganj.intake.fields import CHANNEL, RECORD, SOURCE, Field, time
from ganj.intake.kinds import Kind
from ganj.intake.kinds.orders import PRODUCT, PRODUCT_NAME
from ganj.text import Text

EVENT = Field(
    "event", Text("Event", "رویداد"), "text",
    "event|event name|event type|action|activity|activity name|page|step|رویداد|نام رویداد|نوع رویداد|فعالیت|عملیات",
)  # fmt: skip
VALUE = Field("amount", Text("Amount", "مبلغ"), "money", "amount|revenue|value|مبلغ")

KIND = Kind(
    name="events",
    label=Text("Events", "رویدادها"),
    says=Text("One row a thing that a customer did.", "هر سطر کاری است که یک مشتری کرده است."),
    fields=(
        time(
            "event time|occurred at|start time|call start time|start datetime|visit time|زمان رویداد|تاریخ رویداد|زمان شروع|تاریخ شروع"
        ),
        EVENT,
        RECORD,
        PRODUCT,
        PRODUCT_NAME,
        VALUE,
        CHANNEL,
        SOURCE,
    ),
    needs=(
        ("time",),
        ("customer_id", "email", "phone", "national_code", "contact_id", "lead_id", "account_id", "account"),
        ("event",),
    ),
    signs="event|action|page|session|url|click|visit|رویداد|بازدید|صفحه",
    strict=("time",),
    required=("time", "event"),
    identity=("event", "record", "product", "amount", "wall", "who"),
    query="""
        select row, unhex(md5(key)) as content, event, time, null::varchar as "order",
            customer_id, email, phone, national_code, account, amount * factor as amount,
            coalesce(product, product_name) as product, null::double as quantity, null::double as price,
            channel, source, properties, traits, product_traits
        from t
    """,
)
