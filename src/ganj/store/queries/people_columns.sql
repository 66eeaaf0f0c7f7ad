-- Traits and identifiers of some customers, by the number they have now.
with asked as (
    select unnest($origins) as origin, unnest($customers) as customer
)
select customer, name, said.value as value
from (
    select
        asked.customer, traits.name,
        arg_max(
            {value: value},
            (trust(preferred.rule, preferred.sources, source, time, value), time, batch, row, source)
        ) as said
    from traits
    join asked on asked.origin = traits.customer
    left join preferred on preferred.name = traits.name
    where traits.name in (select unnest($names))
    group by all
)
where said.value is not null
union all
select asked.customer, kind, min_by(value, (coalesce(first, 0), value))
from identifiers join asked on asked.origin = identifiers.customer
where kind in (select unnest($names)) and kind <> 'account'
group by asked.customer, kind
