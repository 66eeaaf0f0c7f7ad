"""Orders: one row a line of an order, or one row a whole order."""

from ganj.intake.fields import CHANNEL, SOURCE, STATUS, Field, time
from ganj.intake.kinds import Kind
from ganj.text import Text

ORDER_ID = Field(
    "order", Text("Order number", "شمارهٔ سفارش"), "id",
    "order id|invoice no|invoice|order number|order no|invoice number|invoice id|basket id|transaction id|transaction number|transaction no|receipt no|"
    "order|cart id|bill no|sale id|order ref|order reference|order key|name of order|شماره سفارش|کد سفارش|شناسه سفارش|شماره فاکتور|فاکتور|کد فاکتور|سفارش|"
    "شماره سریال فاکتور|شناسه فاکتور|شماره پیش فاکتور",
)  # fmt: skip
PRODUCT = Field(
    "product", Text("Product", "محصول"), "id",
    "product id|items|item description|stock code|sku|product code|item code|item id|product sku|product|item|product key|lineitem sku|"
    "article|کد کالا|شناسه کالا|کد محصول|شناسه محصول|شناسه تنوع|کالا|محصول|کد تنوع",
)  # fmt: skip
PRODUCT_NAME = Field(
    "product_name", Text("Product name", "نام محصول"), "text",
    "product name|description|item description|item name|title|item|order lines product|lineitem name|line item name|نام کالا|نام محصول|شرح کالا|شرح|عنوان کالا|عنوان محصول|عنوان تنوع",
)  # fmt: skip
QUANTITY = Field(
    "quantity", Text("Quantity", "تعداد"), "number",
    "quantity|qty|quantity ordered|units|item quantity|count|num items|quantity invoiced|lineitem quantity|order lines quantity|تعداد|مقدار|تعداد سفارش|تعداد کالا|تعداد اقلام",
)  # fmt: skip
PRICE = Field(
    "price", Text("Unit price", "قیمت واحد"), "money",
    "unit price|price each|price|item price|list price|price per unit|sell price|item cost|lineitem price|order lines unit price|قیمت واحد|قیمت|فی|بها|قیمت فروش|مبلغ واحد|قیمت هر واحد",
)  # fmt: skip
AMOUNT = Field(
    "amount", Text("Amount", "مبلغ"), "money",
    "order total|line total|item total|total amount|total price|amount|sales|sales value|revenue|total|grand total|net total|payment value|order total amount|"
    "monetary|value|spend|subtotal|line subtotal|total paid|order value|sales amount|transaction amount|order amount|مبلغ کل|جمع کل|مبلغ|جمع|مبلغ سفارش|مبلغ فاکتور|مبلغ نهایی|مبلغ پرداختی|"
    "قابل پرداخت|مبلغ قابل پرداخت|جمع فاکتور|قیمت کل|مبلغ خرید|فروش|ارزش کل",
)  # fmt: skip
DISCOUNT = Field(
    "discount", Text("Discount", "تخفیف"), "money",
    "discount amount|discount total|line discount|total discount|item discount|order discount|discount|مبلغ تخفیف|تخفیف|تخفیف سطر",
)  # fmt: skip
REFUNDED = Field(
    "refunded", Text("Refunded amount", "مبلغ بازگشتی"), "money",
    "refund amount|order refund amount|total refunded|refunded amount|amount refunded|مبلغ مرجوعی|مبلغ برگشتی|مبلغ بازگشتی",
)  # fmt: skip

KIND = Kind(
    name="orders",
    label=Text("Orders", "سفارش‌ها"),
    says=Text(
        "One row a line of an order, or one row a whole order.", "هر سطر یک قلم سفارش است، یا یک سفارش کامل."
    ),
    fields=(
        time(
            "order date|invoice date|purchase date|transaction timestamp|transaction date|order created date|sale date|order purchase timestamp|"
            "paid date|date of purchase|day|order created at|تاریخ سفارش|تاریخ فاکتور|تاریخ خرید|تاریخ ثبت سفارش|تاریخ فروش|تاریخ پرداخت|تاریخ ثبت فاکتور"
        ),
        ORDER_ID,
        PRODUCT,
        PRODUCT_NAME,
        QUANTITY,
        PRICE,
        AMOUNT,
        DISCOUNT,
        REFUNDED,
        STATUS,
        CHANNEL,
        SOURCE,
    ),
    needs=(
        ("time",),
        ("amount", "price", "product"),
        (
            "order",
            "product",
            "customer_id",
            "email",
            "phone",
            "national_code",
            "contact_id",
            "account_id",
            "account",
        ),
    ),
    signs="order|invoice|basket|sku|stock|quantity|qty|sales|product|transaction|price|سفارش|فاکتور|کالا|خرید|تعداد",
    strict=("time", "quantity", "price", "amount"),
    required=("time",),
    identity=("order", "product", "product_name", "quantity", "price", "amount", "discount", "wall", "who"),
    query="""
        with valued as (
            select *,
                coalesce(quantity, 1) as units,
                coalesce(amount, price * coalesce(quantity, 1) - coalesce(discount, 0), price) as value
            from t
        ), judged as (
            select *,
                -- of what was cancelled, what would have been paid: an earlier file may have counted it
                coalesce(
                    case when verdict is distinct from 'cancelled' then price end,
                    case when units <> 0 then value / units end
                ) as each,
                case
                    when prefixed is not null then prefixed
                    when price < 0 or (price = 0 and quantity < 0 and who is null) then 'Order Adjusted'
                    when verdict = 'cancelled' then 'Order Cancelled'
                    when units < 0 or value < 0 then 'Order Refunded'
                    when value = 0 then 'Free Order Completed'
                    else 'Order Completed'
                end as called
            from valued
        ), told as (
            -- a refunded order was an order first: both are told, and together they come to nothing
            select *, unnest(case when called = 'Order Completed' and (verdict = 'refunded' or abs(refunded) > 0)
                then [1, -1] else [1] end) as sign
            from judged
        ), doubled as (
            select *,
                case when sign > 0 then called else 'Order Refunded' end as event,
                case when sign > 0 or verdict = 'refunded' then value else refunded end as total,
                case when sign > 0 then key else key || chr(30) || 'refund' end as known
            from told
        )
        select row, unhex(md5(known)) as content, event, time, "order",
            customer_id, email, phone, national_code, account,
            case
                when verdict = 'cancelled' and units >= 0 and value >= 0 and prefixed is null then 0
                when event in ('Order Cancelled', 'Order Refunded') then -abs(total)
                else total
            end * factor as amount,
            coalesce(product, product_name) as product,
            case when sign < 0 and verdict is distinct from 'refunded' then null else sign * quantity end as quantity,
            each * factor as price, channel, source, properties, traits, product_traits
        from doubled
    """,
)
