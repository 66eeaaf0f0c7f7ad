-- Another slice of the new events.
insert into arriving
select * from events_of($staged, $now, $buckets, $batch, $slices, $slice)
