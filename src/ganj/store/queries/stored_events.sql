select
    (select coalesce(sum(rows), 0) from runs)::bigint
    - (select count(*) from replaced)
    + (select count(*) from fresh)
    + (select coalesce(sum(rows), 0) from fresh_files)::bigint
