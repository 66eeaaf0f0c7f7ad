create or replace temp table earlier as
select
    origin as customer, time, message_id, event, "order", channel, source, line_product, line_quantity,
    line_price, line_amount, line_properties, properties, bucket, true as is_fresh
from (
    select * from fresh
    semi join grown on
        grown."order" = fresh."order" and grown.event = fresh.event and grown.customer = fresh.origin
) fresh
left join (
    select
        message_id, list(product order by row) as line_product,
        list(quantity order by row) as line_quantity, list(price order by row) as line_price,
        list(amount order by row) as line_amount, list(properties order by row) as line_properties
    from fresh_lines
    group by message_id
) using (message_id)
