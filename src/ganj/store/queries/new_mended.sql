insert into mended select unnest($ids)
