create or replace temp table earlier as
select
    customer, time, message_id, event, "order", channel, source, line_product, line_quantity,
    line_price, line_amount, line_properties, properties, bucket, true as is_fresh
from fresh
semi join grown using ("order", event, customer)
