-- What each customer is said to be, by the source that spoke last.
select
    customer, arg_max(value, (time, batch, row, source)) as value,
    arg_max({number: number}, (time, batch, row, source)).number as number
from traits
where name = $name
group by customer
order by customer
