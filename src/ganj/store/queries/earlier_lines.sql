-- The lines that grown orders had before, to be grouped again with the new ones.
insert into lines
select
    place - 1_000_000_000_000, events.name, earlier.time, orders.name, earlier.customer,
    nullif(line_amount[place], 'nan'::double), line_product[place], line_quantity[place], line_price[place],
    channels.name, sources.name,
    case when len(line_properties) > 0 then line_properties[place] else properties end, message_id
from (select *, unnest(range(1, len(line_product) + 1)) as place from earlier) earlier
join orders on orders.code = earlier."order"
join names events on events.kind = 'event' and events.code = earlier.event
left join names channels on channels.kind = 'channel' and channels.code = earlier.channel
left join names sources on sources.kind = 'source' and sources.code = earlier.source
where hash(orders.name) % $parts = $part
