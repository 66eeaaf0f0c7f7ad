select coalesce(max(customer) + 1, 0)::bigint from customers
