select *
from merges
where
    ($members is null or one in (select unnest($members::integer[])) or other in (select unnest($members::integer[])))
    and ($before is null or time < $before)
order by time desc, id desc
limit $limit
