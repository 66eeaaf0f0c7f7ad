select coalesce(customer, -1)::integer as customer from marks order by mark
