-- Imported events go to whoever stands for their customer now, before they are sealed.
update fresh
set customer = stands.customer, bucket = stands.customer % $buckets
from (
    select message_id, coalesce(moved.customer, fresh.origin) as customer
    from fresh left join moved using (origin)
) stands
where stands.message_id = fresh.message_id and stands.customer <> fresh.customer
