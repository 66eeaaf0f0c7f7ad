select distinct bucket_of(customer, $buckets) as bucket from grown
