delete from fresh_files where file in (select unnest($files))
