-- A line that comes again is counted, not kept twice.
update rejected set times = rejected.times + again.times
from (select id, count(*) as times from told group by id) again
where again.id = rejected.id;

insert into rejected
select id, any_value(source), max(received), any_value(code), any_value(line), null, count(*)
from told
where id not in (select id from rejected)
group by id;
