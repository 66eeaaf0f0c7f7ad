-- The lines of one bucket's events that are not in runs, in the order of the events.
select lines.* exclude (bucket, message_id, row), events.place
from (
    select * from fresh_lines where bucket = $bucket
    union all by name
    select bucket, message_id, row, product, quantity, price, amount, properties, facts
    from arriving_lines
    where bucket = $bucket
) lines
join (
    select message_id, row_number() over (order by customer, time, message_id) - 1 as place
    from (
        select bucket, customer, time, message_id from fresh where bucket = $bucket
        union all
        select bucket, customer, time, message_id from arriving where bucket = $bucket
    )
) events using (message_id)
order by events.place, lines.row
