select
    source, '' as event, sum(accepted)::bigint, sum(duplicates)::bigint, sum(rejected)::bigint, sum(late)::bigint,
    sum(future)::bigint, sum(old)::bigint, sum("unknown")::bigint, sum(unpriced)::bigint,
    sum(off_plan)::bigint, max(last)
from tallies
where day >= $since
group by source
order by source
