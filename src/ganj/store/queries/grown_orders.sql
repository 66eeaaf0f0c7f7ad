-- Orders that are stored and get new lines now.
create or replace temp table grown as
select distinct orders.code as "order", names.code as event, incoming.customer
from incoming($staged) incoming
join orders on orders.name = incoming."order" and orders.code < $first_new
join names on names.kind = 'event' and names.name = incoming.event
