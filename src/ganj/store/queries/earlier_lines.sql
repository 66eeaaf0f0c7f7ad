-- The lines that grown orders had before, to be grouped again with the new ones.
create or replace temp table earlier_lines as
select
    place - 1_000_000_000_000 as row, events.name as event, earlier.time, orders.name as "order",
    earlier.customer, nullif(line_amount[place], 'nan'::double) as amount,
    line_product[place] as product, line_quantity[place] as quantity, line_price[place] as price,
    channels.name as channel, sources.name as source,
    case when len(line_properties) > 0 then line_properties[place] else properties end as properties,
    message_id as id
from (select *, unnest(range(1, len(line_product) + 1)) as place from earlier) earlier
join orders on orders.code = earlier."order"
join names events on events.kind = 'event' and events.code = earlier.event
left join names channels on channels.kind = 'channel' and channels.code = earlier.channel
left join names sources on sources.kind = 'source' and sources.code = earlier.source
