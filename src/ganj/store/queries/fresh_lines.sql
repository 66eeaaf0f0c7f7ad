-- The lines of fresh events, in the order of the events.
select lines.* exclude (message_id, row), events.place
from fresh_lines lines
join (
    select
        message_id,
        row_number() over (partition by bucket order by customer, time, message_id) - 1 as place
    from fresh
) events using (message_id)
order by lines.bucket, events.place, lines.row
