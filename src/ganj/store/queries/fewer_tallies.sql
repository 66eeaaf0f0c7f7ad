-- Figures of one (source, event, day) as one row.
create or replace temp table tallied as
select
    source, event, day, sum(accepted) as accepted, sum(duplicates) as duplicates, sum(rejected) as rejected,
    sum(late) as late, sum(future) as future, sum(old) as old, sum("unknown") as "unknown",
    sum(unpriced) as unpriced, sum(off_plan) as off_plan, max(last) as last
from tallies
group by all;
delete from tallies;
insert into tallies by name select * from tallied;
