-- What of one bucket is not in runs, in order.
select * exclude (bucket)
from (
    select * from fresh where bucket = $bucket
    union all
    select * from arriving where bucket = $bucket
)
order by customer, time, message_id
