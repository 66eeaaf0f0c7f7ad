delete from rejected where id in (select unnest($ids))
