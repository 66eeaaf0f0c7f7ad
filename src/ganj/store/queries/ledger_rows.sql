select batch, count(*)::bigint from ledger group by batch
