"""Costs: one row what a channel cost on a day, in a week, by a bill; of no customer."""

from ganj.intake.fields import SOURCE, Field, time
from ganj.intake.kinds import Kind
from ganj.text import Text

CHANNEL = Field(
    "channel", Text("Channel", "کانال"), "text",
    "channel|marketing channel|ad channel|medium|platform|network|کانال|کانال تبلیغ|رسانه|بستر",
)  # fmt: skip
COST = Field(
    "amount", Text("Cost", "هزینه"), "money",
    "cost|costs|spend|spent|ad spend|ad cost|marketing cost|budget spent|هزینه|هزینه تبلیغ|هزینه تبلیغات|مبلغ هزینه|خرج",
)  # fmt: skip

KIND = Kind(
    name="costs",
    label=Text("Costs", "هزینه‌ها"),
    says=Text("One row what a channel cost.", "هر سطر هزینهٔ یک کانال است."),
    fields=(time("cost date|spend date|bill date|تاریخ هزینه"), CHANNEL, COST, SOURCE),
    needs=(("time",), ("channel",), ("amount",)),
    signs="cost|costs|spend|هزینه|خرج",
    strict=("time", "amount"),
    required=("time", "channel", "amount"),
    event="Cost Recorded",
    identity=("channel", "amount", "wall"),
    query="""
        select row, unhex(md5(key)) as content, 'Cost Recorded' as event, time, null::varchar as "order",
            null::varchar as customer_id, null::varchar as email, null::varchar as phone,
            null::varchar as national_code, null::varchar as account, amount * factor as amount,
            null::varchar as product, null::double as quantity, null::double as price,
            channel, source, properties, null::varchar as traits, null::varchar as product_traits
        from t
    """,
)
