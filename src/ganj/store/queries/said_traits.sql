-- What the import says last of each customer, by name and source.
create or replace temp table said_traits as
with told as (
    select
        customer, traits, account, coalesce(source, '') as source,
        max((coalesce(time, $now), row)) as said
    from incoming($staged)
    where customer >= 0 and (traits is not null or account is not null)
    group by all
),
pairs as (
    select
        customer, pair.key as name, source, pair.value ->> '$' as value,
        case
            when pair.type in ('DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT') then try_cast(pair.value ->> '$' as double)
        end as number,
        said
    from told, json_each(told.traits) pair
    where pair.type <> 'NULL'
    union all
    select customer, 'account', source, account, null, said from told where account is not null
)
select
    customer, name, source, arg_max(value, said) as value,
    arg_max({number: number}, said).number as number,
    max(said)[1] as time, max(said)[2] as row
from pairs
where value <> ''
group by customer, name, source
