insert into earlier
select
    customer, time, message_id, event, "order", channel, source, line_product, line_quantity,
    line_price, line_amount, line_properties, properties,
    bucket_of(customer, $buckets), false
from read_parquet($files, union_by_name = true)
semi join grown using ("order", event, customer)
where message_id not in (select message_id from replaced)
