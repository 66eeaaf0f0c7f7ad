select name, count(number) = count(*) as is_number, count(distinct value)::bigint as labels
from traits
group by name
order by name
