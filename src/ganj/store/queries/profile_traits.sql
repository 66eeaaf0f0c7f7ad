select name, said.value, said.source, said.time
from (
    select
        name,
        arg_max({value: value, source: source, time: time}, (time, batch, row, source)) as said
    from traits
    where customer in (select unnest($members))
    group by name
)
where said.value is not null
order by name
