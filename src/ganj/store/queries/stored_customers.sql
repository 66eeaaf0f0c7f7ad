with told as (
    select coalesce(moved.customer, identifiers.customer) as customer, kind, value, first
    from identifiers left join moved on moved.origin = identifiers.customer
)
select
    customers.customer,
    any_value(told.value order by told.first, told.value) filter (told.kind = 'customer_id') as customer_id,
    any_value(told.value order by told.first, told.value) filter (told.kind = 'email') as email,
    any_value(told.value order by told.first, told.value) filter (told.kind = 'phone') as phone,
    any_value(told.value order by told.first, told.value) filter (told.kind = 'national_code') as national_code
from (select customer from customers anti join moved on moved.origin = customers.customer) customers
left join told using (customer)
group by customers.customer
order by customers.customer
