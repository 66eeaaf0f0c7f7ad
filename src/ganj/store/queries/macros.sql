-- The rows of an import that were not loaded before.
create or replace temp macro unseen(staged) as table
select * from read_parquet(staged) anti join left_out using (row);

create or replace temp macro bucket_of(customer, buckets) as
case when customer < 0 then buckets else customer % buckets end;
