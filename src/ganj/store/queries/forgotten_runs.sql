delete from runs where file in (select unnest($files))
