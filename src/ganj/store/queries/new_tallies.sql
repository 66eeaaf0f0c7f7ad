insert into tallies
select source, event, day, accepted, duplicates, rejected, late, future, old, "unknown", unpriced, last from told
