update fresh
set
    customer = changed.customer, bucket = changed.customer % $buckets
from changed
where fresh.origin = changed.origin
