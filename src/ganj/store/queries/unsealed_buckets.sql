-- Buckets to be sealed: those with rows that are not in runs, or with runs to rewrite.
select distinct bucket
from (
    select bucket from fresh
    union all
    select bucket from arriving
    union all
    select bucket from replaced
    union all
    select customer % $buckets from displaced group by all having count(*) >= $many
)
order by bucket
