insert into ledger
select coalesce(surplus.id, unseen.content), $batch
from unseen($staged) unseen
left join surplus using (row, content)
