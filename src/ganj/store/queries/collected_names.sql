-- Everything that customers who are named in this load are called.
select customer, string_agg(value, ' ' order by list_position(['name', 'full_name', 'first_name', 'last_name', 'company'], name)) as words
from (
    select customer, name, arg_max(value, (time, batch, row, source)) as value
    from traits
    where
        name in ('name', 'full_name', 'first_name', 'last_name', 'company')
        and customer in (
            select customer from told
            where name in ('name', 'full_name', 'first_name', 'last_name', 'company')
        )
    group by customer, name
)
group by customer
order by customer
