select count(*)::bigint from read_parquet($staged)
