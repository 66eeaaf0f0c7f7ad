-- What an analyst may ask of.  Times are UTC.
create view events as
select
    nullif(stored.customer, -1) as customer, make_timestamp(stored.time) as time, event.name as event,
    case when isnan(stored.amount) then null else stored.amount end as amount,
    product.name as product, stored_orders.name as order_id, channel.name as channel,
    source.name as source, stored.batch as import, stored.properties::json as properties
from events_now stored
join stored_names event on event.kind = 'event' and event.code = stored.event
left join stored_names channel on channel.kind = 'channel' and channel.code = stored.channel
left join stored_names source on source.kind = 'source' and source.code = stored.source
left join stored_products product on product.code = stored.product
left join stored_orders on stored_orders.code = stored."order";

create view customers as from stored_customers;

create view products as select name as product, traits from stored_products;

create view orders as
select
    stored_orders.name as order_id, nullif(stored.customer, -1) as customer,
    make_timestamp(stored.time) as time, event.name as event,
    case when isnan(stored.amount) then null else stored.amount end as amount,
    len(stored.line_product) as lines, channel.name as channel, stored.properties::json as properties
from events_now stored
join stored_names event on event.kind = 'event' and event.code = stored.event
join stored_orders on stored_orders.code = stored."order"
left join stored_names channel on channel.kind = 'channel' and channel.code = stored.channel
where event.name in ('Order Completed', 'Order Refunded', 'Order Cancelled', 'Free Order Completed');

create view order_lines as
select
    stored_orders.name as order_id, nullif(line.customer, -1) as customer,
    make_timestamp(line.time) as time, event.name as event, product.name as product,
    case when isnan(line.quantity) then null else line.quantity end as quantity,
    case when isnan(line.price) then null else line.price end as price,
    case when isnan(line.amount) then null else line.amount end as amount
from (
    select
        "order", customer, time, event, unnest(line_product) as product,
        unnest(line_quantity) as quantity, unnest(line_price) as price, unnest(line_amount) as amount
    from events_now
    where "order" >= 0
) line
join stored_names event on event.kind = 'event' and event.code = line.event
join stored_orders on stored_orders.code = line."order"
left join stored_products product on product.code = line.product
where event.name in ('Order Completed', 'Order Refunded', 'Order Cancelled', 'Free Order Completed');

-- A deal or ticket as it is now: its events, folded.
create view deals as
select
    order_id as deal, arg_max(customer, time) as customer,
    min(time) filter (event = 'Deal Created') as created,
    min(time) filter (event in ('Deal Won', 'Deal Lost')) as closed,
    case
        when max(time) filter (event = 'Deal Won') is not null then 'won'
        when max(time) filter (event = 'Deal Lost') is not null then 'lost'
        else 'open'
    end as status,
    arg_max(amount, time) as amount, arg_max(product, time) as product,
    arg_max(properties, time) as properties
from events
where starts_with(event, 'Deal ') and order_id is not null
group by order_id;

create view tickets as
select
    order_id as ticket, arg_max(customer, time) as customer,
    min(time) filter (event = 'Ticket Opened') as opened,
    max(time) filter (event = 'Ticket Solved') as solved,
    arg_max(channel, time) as channel, arg_max(properties, time) as properties
from events
where starts_with(event, 'Ticket ') and order_id is not null
group by order_id;
