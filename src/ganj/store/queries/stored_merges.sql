select merges.*, coalesce(moved.customer, least(one, other)) as customer
from merges left join moved on moved.origin = least(one, other)
where
    ($members is null or one in (select unnest($members::integer[])) or other in (select unnest($members::integer[])))
    and ($before is null or time < $before)
order by time desc, id desc
limit $limit
