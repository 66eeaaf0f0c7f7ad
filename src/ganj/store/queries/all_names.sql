-- Everything that customers named in this import are called.
select customer, string_agg(value, ' ' order by list_position($names, name)) as words
from (
    select customer, name, arg_max(value, (time, batch, row, source)) as value
    from traits
    where
        name in (select unnest($names))
        and customer in (select customer from said_traits where name in (select unnest($names)))
    group by customer, name
)
group by customer
order by customer
