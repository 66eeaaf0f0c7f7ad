-- What each customer is said to be, by whoever wins; an empty value says that it is known no more.
select customer, said.value as value, said.number as number
from (
    select
        coalesce(moved.customer, traits.customer) as customer,
        arg_max(
            {value: value, number: number},
            (trust(preferred.rule, preferred.sources, source, time, value), time, batch, row, source)
        ) as said
    from traits
    left join moved on moved.origin = traits.customer
    left join preferred on preferred.name = traits.name
    where traits.name = $name
    group by all
) told
where said.value is not null
order by customer
