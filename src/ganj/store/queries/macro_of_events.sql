-- One slice of the new events: lines of one order become one.  Nothing of an event depends on the order in which its
-- lines came; sums are of decimals, so they are exact.
create or replace temp macro events_of(staged, moment, buckets, given, slices, slice) as table
with grouped as (
    select
        bucket, customer, min(time) as time, message_id, event,
        sum(case when isnan(amount) then null else amount end::decimal(38, 6))::double as amount,
        case when min(product) = max(product) then min(product) else -1 end as product, "order",
        min(channel) as channel, min(source) as source,
        min(properties) is not distinct from max(properties)
        and count(properties) in (0, count(*)) as alike,
        min(properties) as properties, null::integer[] as facts
    from arriving_lines
    where "order" is not null and bucket % slices = slice
    group by bucket, customer, message_id, event, "order"
    union all
    select
        bucket_of(customer, buckets), customer, coalesce(time, moment), id, event, amount,
        coalesce(products.code, -1), null, channel, source, true, incoming.properties, facts.facts
    from incoming(staged) incoming
    left join products on products.name = incoming.product
    left join facts on facts.properties = incoming.properties
    where event is not null and "order" is null and bucket_of(customer, buckets) % slices = slice
)
select
    grouped.bucket, grouped.customer, grouped.customer as origin, grouped.time, grouped.message_id, events.code as event,
    coalesce(grouped.amount, 'nan'::double) as amount, grouped.product,
    coalesce(orders.code, -1) as "order", coalesce(channels.code, -1) as channel,
    coalesce(sources.code, -1) as source, given::integer as batch, grouped.alike,
    case when grouped.alike then grouped.properties end as properties, grouped.facts
from grouped
join names events on events.kind = 'event' and events.name = grouped.event
left join orders on orders.name = grouped."order"
left join names channels on channels.kind = 'channel' and channels.name = grouped.channel
left join names sources on sources.kind = 'source' and sources.name = grouped.source
order by bucket;
