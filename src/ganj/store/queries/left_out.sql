-- Rows that were loaded before.
create or replace temp table left_out as
select incoming.row
from (
    select staged.row, coalesce(surplus.id, staged.content) as id
    from read_parquet($staged) staged left join surplus on surplus.row = staged.row
) incoming
semi join ledger on ledger.id = incoming.id
