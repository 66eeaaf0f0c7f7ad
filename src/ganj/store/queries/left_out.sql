-- Rows that were loaded before, and those of orders that a collected event told before.
create or replace temp table left_out as
select incoming.row, incoming.content
from (
    select staged.row, staged.content, coalesce(surplus.id, staged.content) as id
    from read_parquet($staged) staged left join surplus using (row, content)
) incoming
semi join ledger on ledger.id = incoming.id
union
select staged.row, staged.content
from (from read_parquet($staged) where "order" is not null and event is not null) staged
join orders on orders.name = staged."order"
join names events on events.kind = 'event' and events.name = staged.event
semi join collected_orders told on told."order" = orders.code and told.event = events.code
