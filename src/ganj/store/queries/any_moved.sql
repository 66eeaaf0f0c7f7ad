select count(*)::bigint from moved
