insert into tallies
select source, event, day, accepted, duplicates, rejected, late, future, old, "unknown", unpriced, off_plan, last from told
