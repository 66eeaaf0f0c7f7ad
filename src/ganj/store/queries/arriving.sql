-- Every new event: its first slice.
create or replace temp table arriving as
select * from events_of($staged, $now, $buckets, $batch, $slices, $slice)
