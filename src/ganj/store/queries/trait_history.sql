-- All that was ever said of a person: each different thing by each source, when last.
select name, value, source, max(time) as time
from traits
where customer in (select unnest($members))
group by name, value, source
order by name, time desc nulls last, max(batch) desc, max(row) desc, source
