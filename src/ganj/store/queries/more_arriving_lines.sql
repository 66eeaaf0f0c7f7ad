-- Another slice of the new order lines.
insert into arriving_lines
select * from lines_of($staged, $now, $buckets, $slices, $slice)
