select count(*)::bigint from arriving
