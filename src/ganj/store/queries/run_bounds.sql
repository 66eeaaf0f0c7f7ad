-- Whose events there are in runs, by bucket.
select 0, bucket, min(first_customer), max(last_customer) from runs group by bucket order by bucket
