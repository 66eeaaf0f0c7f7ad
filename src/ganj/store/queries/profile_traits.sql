select name, said.value, said.source, said.time
from (
    select
        traits.name,
        arg_max(
            {value: value, source: source, time: time},
            (trust(preferred.rule, preferred.sources, source, time, value), time, batch, row, source)
        ) as said
    from traits left join preferred on preferred.name = traits.name
    where customer in (select unnest($members))
    group by all
)
where said.value is not null
order by name
