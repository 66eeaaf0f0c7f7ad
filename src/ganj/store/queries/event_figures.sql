select
    source, event, sum(accepted)::bigint, sum(duplicates)::bigint, sum(rejected)::bigint, sum(late)::bigint,
    sum(future)::bigint, sum(old)::bigint, sum("unknown")::bigint, sum(unpriced)::bigint,
    sum(off_plan)::bigint, max(last)
from tallies
where source = $source and day >= $since
group by source, event
order by sum(accepted) desc, event
