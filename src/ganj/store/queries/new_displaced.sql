-- Where events of those who changed lie in runs, if that is not where they belong now.
insert into displaced
select changed.origin, places.customer
from changed
join (
    select origin, customer from placed
    union
    select origin, origin from changed
) places using (origin)
where
    places.customer <> changed.customer
    and exists (
        from runs
        where
            runs.bucket = places.customer % $buckets
            and places.customer between runs.first_customer and runs.last_customer
    )
