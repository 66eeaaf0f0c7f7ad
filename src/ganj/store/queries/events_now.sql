-- Events under the customers they belong to now, without those whose new form is fresh.
create view events_now as
select stored.* replace (coalesce(moved.customer, stored.origin) as customer)
from (
    select * from stored_runs anti join stored_replaced using (message_id)
    union all by name
    select * from stored_fresh
) stored
left join stored_moved moved on moved.origin = stored.origin
