insert into earlier
select
    origin, time, message_id, event, "order", channel, source, line_product, line_quantity,
    line_price, line_amount, line_properties, properties,
    bucket_of(customer, $buckets), false
from read_parquet($files, union_by_name = true) runs
semi join grown on
    grown."order" = runs."order" and grown.event = runs.event and grown.customer = runs.origin
where message_id not in (select message_id from replaced)
