insert into arriving
select
    bucket_of(customer, $buckets), customer, time, id,
    events.code, coalesce(amount, 'nan'::double), product, -1,
    coalesce(channels.code, -1), coalesce(sources.code, -1), $batch,
    case when counted then [product] else [] end,
    case when counted then [coalesce(quantity, 'nan'::double)] else [] end,
    case when counted then [coalesce(price, 'nan'::double)] else [] end,
    case when counted then [coalesce(amount, 'nan'::double)] else [] end,
    [], properties, facts
from (select *, quantity is not null or price is not null as counted from lines where "order" is null)
left join facts using (properties)
join names events on events.kind = 'event' and events.name = event
left join names channels on channels.kind = 'channel' and channels.name = channel
left join names sources on sources.kind = 'source' and sources.name = source
