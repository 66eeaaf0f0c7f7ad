"""Tickets: one row a case of the help desk; its opening and its solution are events."""

from ganj.intake.fields import CHANNEL, RECORD, SOURCE, STATUS, Field, time
from ganj.intake.kinds import Kind
from ganj.text import Text

SOLVED = time(
    "solved at|closed at|resolved at|resolution date|closed time|close date|date closed|تاریخ حل|تاریخ بستن|تاریخ پاسخ",
    Text("Solved", "تاریخ حل"), "solved",
)  # fmt: skip
TICKET = Field(
    "record",
    RECORD.label,
    "id",
    "ticket id|case id|case number|ticket number|ticket|شماره تیکت|کد تیکت|شناسه تیکت",
)

KIND = Kind(
    name="tickets",
    label=Text("Tickets", "تیکت‌ها"),
    says=Text("One row a ticket as it stands.", "هر سطر یک تیکت است، در وضعیتی که اکنون دارد."),
    fields=(TICKET, time("opened at|open date|تاریخ تیکت"), SOLVED, STATUS, CHANNEL, SOURCE),
    needs=(("time",), ("record", "solved")),
    signs="ticket|case|priority|solved|resolved|case origin|days to closed|تیکت|پشتیبانی|شکایت|اولویت",
    strict=("time",),
    required=("time",),
    query="""
        with told as (
            select *, 'Ticket Opened' as event, time as moment, key || 'opened' as told from t
            union all
            select *, 'Ticket Solved', solved, key || 'solved' from t where solved is not null
        )
        select row, unhex(md5(told)) as content, event, moment as time, null::varchar as "order",
            customer_id, email, phone, national_code, account, null::double as amount,
            null::varchar as product, null::double as quantity, null::double as price,
            channel, source, properties, traits, product_traits
        from told
    """,
    identity=("record", "wall", "who"),
)
