-- One part of the new rows, coded.
create or replace temp table lines as
select
    row, event, coalesce(time, $now) as time, "order", customer, amount,
    coalesce(products.code, -1) as product, quantity, price, channel, source, properties, id
from incoming($staged) incoming
left join products on products.name = incoming.product
where event is not null and coalesce(hash("order"), row::ubigint) % $parts = $part
