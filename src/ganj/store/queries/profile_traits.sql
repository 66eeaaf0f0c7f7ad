select
    name, arg_max(value, (time, batch, row, source)), arg_max(source, (time, batch, row, source)),
    max(time)
from traits
where customer = $customer
group by name
order by name
