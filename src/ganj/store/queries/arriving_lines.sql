-- Every new order line, coded: its first slice.
create or replace temp table arriving_lines as
select * from lines_of($staged, $now, $buckets, $slices, $slice)
