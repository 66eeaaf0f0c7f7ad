-- Lines of one order become one event.  Nothing depends on the order in which lines came, but the
-- order of the lines themselves.
insert into arriving
select
    bucket_of(customer, $buckets), customer, time,
    md5(concat_ws(chr(31), "order", event, customers.kind, customers.value))::uuid,
    events.code, coalesce(amount, 'nan'::double), product, orders.code,
    coalesce(channels.code, -1), coalesce(sources.code, -1), $batch,
    list_transform(lines, lambda line: line.product),
    list_transform(lines, lambda line: line.quantity),
    list_transform(lines, lambda line: line.price),
    list_transform(lines, lambda line: line.amount),
    case when alike then [] else list_transform(lines, lambda line: line.properties) end,
    case when alike then properties end,
    facts
from (
    select
        "order", event, customer, min(time) as time, sum(amount order by amount) as amount,
        case when min(product) = max(product) then min(product) else -1 end as product,
        min(channel) as channel, min(source) as source,
        list(
            {
                product: product, quantity: coalesce(quantity, 'nan'::double),
                price: coalesce(price, 'nan'::double), amount: coalesce(amount, 'nan'::double),
                properties: properties
            }
            order by row
        ) as lines,
        count(distinct properties) + max((properties is null)::integer) <= 1 as alike,
        min(properties) as properties,
        list_distinct(flatten(list(facts.facts))) as facts
    from lines left join facts using (properties)
    where "order" is not null
    group by "order", event, customer
)
join names events on events.kind = 'event' and events.name = event
join orders on orders.name = "order"
left join names channels on channels.kind = 'channel' and channels.name = channel
left join names sources on sources.kind = 'source' and sources.name = source
left join customers using (customer)
