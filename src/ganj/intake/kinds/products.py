"""Products: one row a product; every column describes it."""

from ganj.intake.fields import Field
from ganj.intake.kinds import Kind
from ganj.intake.kinds.orders import PRODUCT, PRODUCT_NAME
from ganj.text import Text

NAMED = Field("product", PRODUCT.label, "id", PRODUCT.words)

KIND = Kind(
    name="products",
    label=Text("Products", "محصولات"),
    says=Text("One row a product; its columns describe it.", "هر سطر یک محصول است؛ ستون‌ها آن را وصف می‌کنند."),
    fields=(NAMED, PRODUCT_NAME),
    needs=(("product", "product_name"),),
    signs="category|brand|manufacturer|department|series|weight|price|stock|products|دسته|برند|سازنده|موجودی|وزن",
    query="""
        select row, unhex(md5(key)) as content, null::varchar as event, null::bigint as time,
            null::varchar as "order", null::varchar as customer_id, null::varchar as email,
            null::varchar as phone, null::varchar as national_code, null::varchar as account,
            null::double as amount, coalesce(product, product_name) as product,
            null::double as quantity, null::double as price, null::varchar as channel,
            null::varchar as source, null::varchar as properties, null::varchar as traits, product_traits
        from t
        where coalesce(product, product_name) is not null
    """,
)
