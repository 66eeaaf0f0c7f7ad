-- Where events may lie in runs: whose there are in each bucket (0), and of some origins those known to lie under the
-- number of another (1) and those known to lie where they do not belong (2).
select 0, bucket, min(first_customer), max(last_customer) from runs group by bucket
union all
select 1, origin, customer, customer from placed where list_contains($origins::integer[], origin)
union all
select 2, origin, customer, customer from displaced where list_contains($origins::integer[], origin)
