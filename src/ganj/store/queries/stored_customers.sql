select
    customers.customer,
    any_value(identifiers.value order by identifiers.first, identifiers.value) filter (identifiers.kind = 'customer_id') as customer_id,
    any_value(identifiers.value order by identifiers.first, identifiers.value) filter (identifiers.kind = 'email') as email,
    any_value(identifiers.value order by identifiers.first, identifiers.value) filter (identifiers.kind = 'phone') as phone,
    any_value(identifiers.value order by identifiers.first, identifiers.value) filter (identifiers.kind = 'national_code') as national_code
from customers left join identifiers using (customer)
group by customers.customer
order by customers.customer
