-- The lines of all events that are not in runs, in the order of the events.
select lines.* exclude (message_id, row), events.place
from (
    from fresh_lines
    union all by name
    select bucket, message_id, row, product, quantity, price, amount, properties, facts from arriving_lines
) lines
join (
    select
        message_id,
        row_number() over (partition by bucket order by customer, time, message_id) - 1 as place
    from (
        select bucket, customer, time, message_id from fresh
        union all
        select bucket, customer, time, message_id from arriving
    )
) events using (message_id)
order by lines.bucket, events.place, lines.row
