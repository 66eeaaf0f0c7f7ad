insert into traits
select customer, name, source, value, number, time, $batch, row
from said_traits said
where not exists (
    from traits
    where
        traits.customer = said.customer and traits.name = said.name and traits.source = said.source
        and traits.time > said.time
)
order by customer, name, source
