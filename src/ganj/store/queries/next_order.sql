select coalesce(max(code) + 1, 0)::bigint from orders
