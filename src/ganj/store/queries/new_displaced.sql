-- Where events of those who changed lie in runs, if that is not where they belong now.
insert into displaced
select distinct places.origin, places.customer
from (
    select origin, placed.customer, changed.customer as now from changed join placed using (origin)
    union all
    select origin, origin, customer from changed
) places (origin, customer, now)
join runs on
    runs.bucket = places.customer % $buckets
    and places.customer between runs.first_customer and runs.last_customer
where places.customer <> places.now
