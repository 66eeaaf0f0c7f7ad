select name, count(number) = count(value) as is_number, count(distinct value)::bigint as labels
from traits
group by name
having count(value) > 0
order by name
