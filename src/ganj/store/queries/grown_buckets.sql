-- The buckets in which events of orders that grow may lie.
select distinct bucket_of(customer, $buckets) as bucket
from (
    select customer from grown
    union all
    select placed.customer from placed semi join grown on grown.customer = placed.origin
)
