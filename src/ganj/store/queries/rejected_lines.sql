select id, source, received, code, line, times
from rejected
where $source is null or source = $source
order by received desc, id
limit $limit
