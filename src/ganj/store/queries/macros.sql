-- The rows of an import that were not loaded before.  One row of a file may be two: an order and its return.
create or replace temp macro unseen(staged) as table
select * from read_parquet(staged) anti join left_out using (row, content);

create or replace temp macro bucket_of(customer, buckets) as
case when customer < 0 then buckets else customer % buckets end;
