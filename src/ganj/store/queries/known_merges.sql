select id from merges where id in (select unnest($ids))
