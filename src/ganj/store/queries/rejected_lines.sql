-- A line that came again is shown once, with how often it came.
select id, any_value(source), max(received) as last, any_value(code), any_value(line), sum(times)::bigint
from rejected
where ($source is null or source = $source) and id not in (select id from mended)
group by id
order by last desc, id
limit $limit
