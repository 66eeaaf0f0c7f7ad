-- All that is not in runs, in order.
select *
from (from fresh union all by name from arriving)
order by bucket, customer, time, message_id
