-- One slice (every `slices`-th bucket) of the new order lines, coded, beside the earlier lines of orders that grow.
create or replace temp macro lines_of(staged, moment, buckets, slices, slice) as table
select
    bucket_of(line.customer, buckets) as bucket, line.customer,
    case
        when line."order" is null then line.id
        else md5(concat_ws(chr(31), line."order", line.event, customers.kind, customers.value))::uuid
    end as message_id,
    line.row, line.time, line.event, line."order", line.channel, line.source, line.product,
    coalesce(line.quantity, 'nan'::double) as quantity, coalesce(line.price, 'nan'::double) as price,
    coalesce(line.amount, 'nan'::double) as amount, line.properties, facts.facts
from (
    select
        row, event, coalesce(time, moment) as time, "order", customer, amount,
        coalesce(products.code, -1) as product, quantity, price, channel, source, properties, id
    from incoming(staged) incoming
    left join products on products.name = incoming.product
    where event is not null and ("order" is not null or quantity is not null or price is not null)
    union all
    select
        row, event, time, "order", customer, amount, product, quantity, price, channel, source,
        properties, id
    from earlier_lines
) line
left join (
    select * from customers where bucket_of(customer, buckets) % slices = slice
) customers on customers.customer = line.customer
left join facts on facts.properties = line.properties
where bucket_of(line.customer, buckets) % slices = slice
order by bucket;
