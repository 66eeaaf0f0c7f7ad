-- New events go to whoever stands for their customer now.
update arriving
set customer = moved.customer, bucket = bucket_of(moved.customer, $buckets)
from moved
where moved.origin = arriving.origin
