select name, value, source, time
from traits
where customer in (select unnest($members))
order by name, time desc nulls last, batch desc, row desc, source
