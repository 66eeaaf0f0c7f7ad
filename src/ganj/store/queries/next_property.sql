select coalesce(max(number) + 1, 0)::bigint from properties
