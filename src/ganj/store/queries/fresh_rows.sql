select count(*)::bigint from fresh
