insert into traits
select customer, name, source, value, number, time, $batch, row
from said_traits said
where (customer, name, source) not in (select (customer, name, source) from traits)
order by customer, name, source
