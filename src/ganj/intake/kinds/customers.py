"""Customers: one row a customer; every column becomes a trait."""

from ganj.intake.fields import CUSTOMER as CUSTOMERS
from ganj.intake.fields import Field, time
from ganj.intake.kinds import Kind
from ganj.text import Text

CUSTOMER = Field("customer_id", CUSTOMERS.label, "id", CUSTOMERS.words + "|id|کد|شناسه")

KIND = Kind(
    name="customers",
    label=Text("Customers", "مشتریان"),
    says=Text(
        "One row a customer; its columns become traits.", "هر سطر یک مشتری است؛ ستون‌ها ویژگی‌های او می‌شوند."
    ),
    fields=(
        time(
            "signup date|registered at|registration date|joined at|member since|dt customer|تاریخ ثبت نام|تاریخ عضویت",
            Text("Signed up", "تاریخ عضویت"),
            usual=False,
        ),
        CUSTOMER,
    ),
    needs=(
        ("customer_id", "email", "phone", "national_code", "contact_id", "lead_id", "account_id", "account"),
    ),
    signs="gender|age|recency|newbie|frequency|monetary|balance|tenure|churn|segment|income|city|birth|education|marital|household|contacts|accounts|members|demographics|sector|employees|جنسیت|سن|شهر|تولد|تحصیلات|استان|آدرس|نشانی",
    query="""
        select row, unhex(md5(key)) as content, case when time is not null then coalesce(named, 'Signed Up') end as event, time,
            null::varchar as "order", customer_id, email, phone, national_code, account,
            null::double as amount, null::varchar as product, null::double as quantity,
            null::double as price, null::varchar as channel, null::varchar as source,
            properties, traits, product_traits
        from t
    """,
)
